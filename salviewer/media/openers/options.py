"""How documents are opened: their resolution, and their passwords."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path

DEFAULT_DPI = 150.0
"""Pixels per inch of paper: an A4 page has 1240 x 1754, a slide of 13.3 inches 2000 x 1125."""

LEAST_DPI, MOST_DPI = 10.0, 1200.0


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open what has no pixels of its own.

    Attributes:
        dpi: pixels per inch of a page, `LEAST_DPI`..`MOST_DPI`; a drawing in CSS pixels has 96 to the inch.
        password: of encrypted documents; "" for none.

    Raises:
        ValueError: the resolution is outside its range.
    """

    dpi: float = DEFAULT_DPI
    password: str = ""

    def __post_init__(self) -> None:
        if not LEAST_DPI <= self.dpi <= MOST_DPI:
            raise ValueError(f"a resolution is {LEAST_DPI:g} to {MOST_DPI:g} pixels per inch")


_lock = threading.Lock()
_current = Opening()
_passwords: dict[str, str] = {}


def opening_of(path: Path | None = None) -> Opening:
    """Return how this program opens documents now, with the password that is known for a file."""
    with _lock:
        password = _passwords.get(_key(path)) if path is not None else None
        return _current if password is None else replace(_current, password=password)


def use_opening(opening: Opening) -> None:
    """Open all documents like this from now on; for the program's start and its settings."""
    global _current
    with _lock:
        _current = opening


def keep_password(path: Path, password: str) -> None:
    """Use a password for this file until the program ends; it is kept in memory only."""
    with _lock:
        _passwords[_key(path)] = password


def _key(path: Path) -> str:
    return os.path.realpath(path)
