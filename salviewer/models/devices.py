"""List the devices for networks, with the best precision of each. Loads torch only when needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from salviewer.errors import SalviewerError
from salviewer.models.availability import graphics_card_possible

if TYPE_CHECKING:
    import torch

CPU_TITLE = "CPU"


@dataclass(frozen=True, slots=True)
class Device:
    """A device of torch with its precision.

    Attributes:
        name: torch's name, e.g. ``"cpu"`` or ``"cuda:0"``.
        title: for display, with the precision.
        precision: the type autocast uses; ``torch.float32`` for none.
    """

    name: str
    title: str
    precision: torch.dtype


def available_devices() -> tuple[tuple[str, str], ...]:
    """List (name, title) of every device; the CPU is always last.

    Loads torch only where a graphics card is possible.
    """
    if not graphics_card_possible():
        return (("cpu", CPU_TITLE),)
    import torch

    found = [
        (f"cuda:{index}", torch.cuda.get_device_name(index)) for index in range(torch.cuda.device_count())
    ]
    if torch.backends.mps.is_available():
        found.append(("mps", "Apple GPU"))
    return (*found, ("cpu", CPU_TITLE))


def resolve(requested: str = "auto") -> str:
    """Return the name of a device.

    Args:
        requested: ``auto`` (a GPU if there is one, else the CPU), ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

    Raises:
        SalviewerError: that device is unknown or not available.
    """
    if requested == "cpu":
        return requested
    present = dict(available_devices())
    name = next(iter(present)) if requested == "auto" else "cuda:0" if requested == "cuda" else requested
    if name not in present:
        raise SalviewerError(f"the device {requested!r} is not present; there is {', '.join(present)}")
    return name


def choose_device(requested: str = "auto", training: bool = False) -> Device:
    """Choose a device and precision for torch.

    A processor predicts in float32: bfloat16 changes a map by some per cent of its peak, enough to make
    another spot the hottest, and all machines should show the same. It trains in bfloat16 if it can.

    Args:
        requested: as `resolve` takes it.
        training: whether a network will be trained there.

    Raises:
        SalviewerError: that device is unknown or not available.
    """
    import torch

    name = resolve(requested)
    if name.startswith("cuda"):
        return Device(name, f"{dict(available_devices())[name]}, float16", torch.float16)
    if name == "cpu":
        if training and cpu_has_bfloat16():
            return Device(name, f"{CPU_TITLE}, bfloat16", torch.bfloat16)
        return Device(name, f"{CPU_TITLE}, float32", torch.float32)
    return Device(name, f"{dict(available_devices())[name]}, float32", torch.float32)


def cpu_has_bfloat16() -> bool:
    """Return whether the processor has bfloat16; emulating it is slower than float32."""
    import torch

    capabilities = torch.backends.cpu.get_cpu_capability()
    if capabilities != "AVX512":
        return False
    return bool(torch.cpu._is_avx512_bf16_supported())
