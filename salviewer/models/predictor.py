"""A network with its weights on a device: pictures in, saliency maps out."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import ModelError
from salviewer.models.architectures import ARCHITECTURES, Output
from salviewer.models.card import ModelCard
from salviewer.models.devices import Device
from salviewer.models.preprocess import normalised, resize


def density(raw: Tensor, output: Output) -> Tensor:
    """A network's raw output as fixation densities.

    Args:
        raw: (n, 1, h, w), logits or intensities.
        output: which of the two.

    Returns:
        float32 (n, h, w), non-negative, each summing to 1; uniform where intensities are nowhere positive.
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
    """Half-precision arithmetic where the device is faster with it."""
    if device.precision is torch.float32:
        return nullcontext()
    return torch.autocast(torch.device(device.name).type, device.precision)


class Predictor:
    """A trained network, ready to predict. One call at a time.

    Attributes:
        name: the catalogue name or path it was loaded by.
        card: its model card.
        device: torch's name of the device in use, e.g. ``"cpu"`` or ``"cuda:0"``.
        network: the network itself, in evaluation mode.
        device_title: the device and precision for people, e.g. ``"CPU, bfloat16"``.
    """

    def __init__(self, name: str, card: ModelCard, network: nn.Module, device: Device) -> None:
        self.name = name
        self.card = card
        self.device = device.name
        self.device_title = device.title
        self._device = device
        self._architecture = ARCHITECTURES[card.architecture]
        network = network.eval().requires_grad_(False).to(device.name)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        """Predict where people will look in one picture.

        Args:
            pixels: uint8 (H, W, 3) sRGB, upright, any size from 1x1.

        Returns:
            the map at the network's own resolution, covering the whole picture.

        Raises:
            ValueError: ``pixels`` is not such an array.
            ModelError: the network cannot run (out of memory, say) or gives no finite map.
        """
        if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or pixels.size == 0:
            raise ValueError(f"a picture is uint8 (H, W, 3), not {pixels.dtype} {pixels.shape}")
        start = time.perf_counter()
        stimulus = resize(pixels, self._architecture.input_size)
        maps = self.densities(np.ascontiguousarray(stimulus[None], dtype=np.uint8))
        elapsed = 1000 * (time.perf_counter() - start)
        size = (pixels.shape[1], pixels.shape[0])
        return SaliencyMap(maps[0], size, self.name, self.device, elapsed)

    def densities(self, stimuli: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Predict a batch already at the network's input size.

        Args:
            stimuli: uint8 (n, h, w, 3).

        Returns:
            float32 (n, h', w'), each map summing to 1.

        Raises:
            ModelError: as ``predict``.
        """
        try:
            with torch.inference_mode(), autocast(self._device):
                x = torch.from_numpy(normalised(stimuli)).permute(0, 3, 1, 2).to(self.device)
                maps = density(self.network(x), self.card.output).cpu().numpy()
        except (RuntimeError, MemoryError) as error:
            out_of_memory = isinstance(error, torch.OutOfMemoryError | MemoryError)
            reason = "there is not enough memory" if out_of_memory else str(error).splitlines()[0]
            raise ModelError(self.name, f"the network cannot run on {self.device_title}: {reason}") from error
        if not np.isfinite(maps).all():
            raise ModelError(self.name, "the network gave values that are not finite numbers")
        result: NDArray[np.float32] = maps
        return result
