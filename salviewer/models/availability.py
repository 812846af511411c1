"""Find out what is available on this machine, without loading torch."""

from __future__ import annotations

import ctypes.util
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path

from salviewer.models.architectures import ARCHITECTURES

_DRIVERS = ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/nvhost-ctrl-gpu", "/dev/kfd", "/dev/dxg")
"""Linux: one of these exists if a driver for a graphics card (NVIDIA, AMD or Windows) is loaded."""


@cache
def graphics_card_possible() -> bool:
    """Return False if torch certainly has no GPU: it was built without, or there is no driver.

    True may still be wrong; only torch knows for sure.
    """
    if sys.platform == "darwin":
        return True
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    if built_for_processors(Path(spec.origin).with_name("version.py")):
        return False
    if sys.platform == "win32":
        return ctypes.util.find_library("nvcuda") is not None
    return any(Path(place).exists() for place in _DRIVERS)


def built_for_processors(version_file: Path) -> bool:
    """Return whether torch's ``version.py`` says that it was built without CUDA and without ROCm."""
    try:
        text = version_file.read_text(encoding="utf-8")
    except OSError:
        return False
    values = dict(re.findall(r"^(cuda|hip|xpu)\b[^=\n]*=\s*(.+?)\s*$", text, re.MULTILINE))
    return values.get("cuda") == "None" and values.get("hip", "None") == "None"


def imagenet_package(architecture: str) -> str:
    """Return the package with the ImageNet weights for this network's encoder; "" for none."""
    return ARCHITECTURES[architecture].imagenet


def imagenet_weights(architecture: str) -> bool:
    """Return whether the ImageNet weights for this encoder are installed, or none are needed."""
    package = imagenet_package(architecture)
    return not package or importlib.util.find_spec(package) is not None
