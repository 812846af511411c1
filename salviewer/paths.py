"""Find shipped files: the only module that distinguishes source tree, wheel and bundle."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import platformdirs

DATA_VARIABLE = "SALVIEWER_DATA_DIR"
"""Environment variable with the folder of the user's own models and runs."""

_PACKAGE = Path(__file__).resolve().parent


@cache
def _shipped(folder: str) -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / folder] if frozen else []
    candidates += [_PACKAGE / folder, _PACKAGE.parent / folder]
    return next((path for path in candidates if path.is_dir()), candidates[-1])


def resources() -> Path:
    """Return the folder of icons, styles and sample pictures."""
    return _shipped("resources")


def model_weights() -> Path:
    """Return the folder with one subfolder per shipped model: ``weights.safetensors`` and ``card.json``."""
    return _shipped("model_weights")


def manual() -> Path:
    """Return the folder of the manual's pages, ``NAME.md``, and of some of their pictures; may be missing."""
    shipped = _shipped("manual")
    return shipped if shipped.is_dir() else _PACKAGE.parent / "docs"


def data_folder() -> Path:
    """Return the folder of the user's models and runs; ``SALVIEWER_DATA_DIR`` overrides it."""
    chosen = os.environ.get(DATA_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("salviewer", appauthor=False))


def user_models() -> Path:
    """Return the folder with the user's own models, one folder each."""
    return data_folder() / "models"
