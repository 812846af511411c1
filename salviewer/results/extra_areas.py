"""Whether the packages of the extra `areas` are installed, which find text and faces: docs/adr/0021."""

from __future__ import annotations

from importlib.util import find_spec

from salviewer.errors import SalviewerError

_READS = ("rapidocr", "omegaconf", "pyclipper", "shapely")


def texts_possible() -> bool:
    """Return whether texts can be found here."""
    return all(find_spec(name) is not None for name in _READS)


def faces_possible() -> bool:
    """Return whether faces can be found here."""
    return find_spec("skimage") is not None


def finders_possible() -> bool:
    """Return whether texts and faces can be found here."""
    return texts_possible() and faces_possible()


def check_texts() -> None:
    """Raise `SalviewerError` if texts cannot be found here."""
    if not texts_possible():
        raise SalviewerError("Finding texts needs rapidocr; install it with: pip install salviewer[areas]")


def check_faces() -> None:
    """Raise `SalviewerError` if faces cannot be found here."""
    if not faces_possible():
        message = "Finding faces needs scikit-image; install it with: pip install salviewer[areas]"
        raise SalviewerError(message)
