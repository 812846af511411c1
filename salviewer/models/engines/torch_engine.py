"""Run networks with torch, on any device."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from salviewer.models.architectures import Output
from salviewer.models.devices import Device
from salviewer.models.engines.base import EngineError
from salviewer.models.machine import sparing, usable_processors
from salviewer.models.preprocess import normalised


def density(raw: Tensor, output: Output) -> Tensor:
    """Convert a network's raw output to fixation densities.

    Args:
        raw: (n, 1, h, w), logits or intensities.
        output: which of the two.

    Returns:
        float32 (n, h, w), non-negative, each summing to 1; uniform if no intensity is positive.
    """
    flat = raw.float().flatten(1)
    if output == "logits":
        flat = flat.softmax(1)
    else:
        flat = flat.clamp_min(0)
        total = flat.sum(1, keepdim=True)
        flat = torch.where(total > 0, flat / total.clamp_min(1e-30), torch.full_like(flat, 1 / flat.shape[1]))
    return flat.reshape(raw.shape[0], *raw.shape[-2:])


def autocast(device: Device) -> AbstractContextManager[object]:
    """Return a context for half precision, if the device is faster with it."""
    if device.precision is torch.float32:
        return nullcontext()
    return torch.autocast(torch.device(device.name).type, device.precision)


def spare_a_core() -> None:
    """Set torch to `sparing` threads on the processor; call it in the thread that computes."""
    torch.set_num_threads(sparing(torch.get_num_threads(), usable_processors()))


class TorchEngine:
    """A network on one of torch's devices.

    Attributes:
        network: in evaluation mode, channels last.
    """

    name: Literal["torch"] = "torch"

    def __init__(self, network: nn.Module, output: Output, device: Device) -> None:
        """Move the network to the device.

        Raises:
            EngineError: it does not fit, or the device does not respond.
        """
        self.device = device.name
        self.title = device.title
        self._device = device
        self._output = output
        try:
            network = network.eval().requires_grad_(False).to(device.name)
            self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        except (RuntimeError, MemoryError, AssertionError) as error:  # the last if torch lacks CUDA
            raise EngineError(_reason(error)) from error

    def densities(
        self, stimuli: NDArray[np.uint8], aspects: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Compute a batch, as `Engine` describes."""
        try:
            with torch.inference_mode(), autocast(self._device):
                x = torch.from_numpy(normalised(stimuli)).permute(0, 3, 1, 2).to(self.device)
                known = () if aspects is None else (torch.from_numpy(aspects).to(self.device),)
                maps: NDArray[np.float32] = density(self.network(x, *known), self._output).cpu().numpy()
        except (RuntimeError, MemoryError) as error:
            raise EngineError(_reason(error)) from error
        return maps

    def step(
        self, stimulus: NDArray[np.uint8], state: NDArray[np.float32], seconds: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Compute a frame of a video, as `Engine` describes."""
        try:
            with torch.inference_mode(), autocast(self._device):
                x = torch.from_numpy(normalised(stimulus[None])).permute(0, 3, 1, 2).to(self.device)
                before = torch.from_numpy(state[None]).to(self.device)
                passed = torch.tensor([seconds], dtype=torch.float32, device=self.device)
                raw, after = self.network.step(x, before, passed)
                found: NDArray[np.float32] = density(raw, self._output)[0].cpu().numpy()
                kept: NDArray[np.float32] = after[0].float().cpu().numpy()
        except (RuntimeError, MemoryError) as error:
            raise EngineError(_reason(error)) from error
        return found, kept


def _reason(error: Exception) -> str:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return "there is not enough memory"
    return next(iter(str(error).splitlines()), "") or type(error).__name__
