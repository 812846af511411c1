"""Where what we ship lies: the one module that knows source tree, wheel and frozen bundle apart."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(folder: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / folder] if frozen else []
    candidates += [_PACKAGE / folder, _PACKAGE.parent / folder]
    return next((path for path in candidates if path.is_dir()), candidates[-1])


def resources() -> Path:
    """The folder of icons, styles and sample pictures."""
    return _shipped("resources")


def model_weights() -> Path:
    """The folder with one sub-folder a shipped model: ``weights.safetensors`` and ``card.json``."""
    return _shipped("model_weights")
