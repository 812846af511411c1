"""Choose engines for a network on a device, the best first, and prepare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from salviewer.errors import SalviewerError
from salviewer.models.card import ModelCard
from salviewer.models.devices import CPU_TITLE, choose_device, resolve
from salviewer.models.engines import openvino_engine
from salviewer.models.engines.base import TITLES, Engine, EngineName, EngineRequest
from salviewer.models.engines.runtime import present

Weights = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that may work.

    Attributes:
        name, device: as in `Engine`.
        make: prepares it; raises `EngineError`.
    """

    name: EngineName
    device: str
    make: Callable[[], Engine]

    @property
    def title(self) -> str:
        """For a sentence about its failure, such as ``"OpenVINO on the CPU"``."""
        return f"{TITLES[self.name]} on {'the ' + CPU_TITLE if self.device == 'cpu' else self.device}"


def candidates(
    card: ModelCard,
    weights: Weights,
    device: str = "auto",
    engine: EngineRequest = "auto",
    shared: bool = False,
) -> tuple[Candidate, ...]:
    """List the engines to try in turn: the best one for the request, then fallbacks.

    A graphics card falls back to the processor, OpenVINO to torch.

    Args:
        card, weights: from `read_arrays`.
        device: as for `resolve`.
        engine: the requested engine.
        shared: whether the processor has other work meanwhile; torch ignores it.

    Raises:
        SalviewerError: that device or engine is not available, or they do not fit together.
    """
    if engine == "openvino":
        _require_openvino(card.architecture, device)
        name = "cpu"
    else:
        name = resolve(device)
    places = (name,) if name == "cpu" else (name, "cpu")
    found = []
    for place in places:
        if place == "cpu" and engine != "torch" and openvino_engine.supports(card.architecture):
            found.append(Candidate("openvino", place, lambda: _openvino(card, weights, shared)))
        found.append(Candidate("torch", place, lambda place=place: torch_engine(card, weights, place)))  # type: ignore[misc]
    return tuple(found)


def available_engines(architecture: str) -> tuple[EngineName, ...]:
    """List the engines that are installed and support this architecture."""
    return ("torch", "openvino") if openvino_engine.supports(architecture) else ("torch",)


def torch_engine(card: ModelCard, weights: Weights, device: str) -> Engine:
    """Make torch's engine on this device.

    Raises:
        EngineError: it cannot be prepared.
    """
    from salviewer.models.checkpoints import to_tensor
    from salviewer.models.engines.torch_engine import TorchEngine

    network = card.form.build_empty()
    network.load_state_dict({name: to_tensor(value) for name, value in weights.items()}, assign=True)
    return TorchEngine(network, card.output, choose_device(device))


def _openvino(card: ModelCard, weights: Weights, shared: bool) -> Engine:
    return openvino_engine.OpenVinoEngine(card.form, weights, card.output, shared)


def _require_openvino(architecture: str, device: str) -> None:
    if device not in ("auto", "cpu"):
        raise SalviewerError(f"OpenVINO runs on the processor, not on {device!r}; leave out one of the two")
    if not present():
        raise SalviewerError("OpenVINO is not installed; install it with `pip install openvino`")
    if not openvino_engine.supports(architecture):
        raise SalviewerError(f"OpenVINO does not support the architecture {architecture}; use torch")
