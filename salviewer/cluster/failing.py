"""Kinds of failures: the picture's own fault, or a passing one that is worth another try."""

from __future__ import annotations

import errno

from salviewer.cluster.errors import StoreError
from salviewer.cluster.measured import failed_row
from salviewer.cluster.parts import AGAIN, FAILED, Row
from salviewer.cluster.units import Unit
from salviewer.errors import ExportError, ImageError
from salviewer.results.summary import sentence


def failure(unit: Unit, error: Exception | None) -> Row:
    """Return the row of a picture that failed."""
    error = error or RuntimeError("it gave no result")
    return failed_row(unit.shown, AGAIN if passing(error) else FAILED, _error_sentence(unit, error))


def _error_sentence(unit: Unit, error: Exception) -> str:
    text = sentence(error)
    return text if text.startswith(unit.shown) else f"{unit.shown}: {text}"


def passing(error: BaseException) -> bool:
    """Return whether it may go well another time: the store's or the machine's fault, not the picture's."""
    if isinstance(error, ImageError):
        cause = error.__cause__  # decoders raise OSError too, for what is damaged, without a number
        if isinstance(cause, OSError):
            return cause.errno not in (None, errno.ENOENT)
        return isinstance(cause, MemoryError)
    return isinstance(error, StoreError | ExportError | MemoryError | OSError)
