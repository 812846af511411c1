"""Call the user's own object detector: a function in a Python file."""

from __future__ import annotations

import importlib.util
import itertools
import math
import re
import sys
import traceback
import weakref
from collections.abc import Callable, Iterable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.proposals import Region, on_picture
from salviewer.errors import DetectorError

FUNCTION = "detect"
"""The function to call if none is named."""

MOST_BOXES = 1000
"""Most boxes in one frame."""

_BOX = "(x, y, width, height[, weight[, label]])"
_loaded = itertools.count(1)


class Detector:
    """A function ``detect(frame)`` from a Python file.

    It gets a copy of each frame as uint8, (h, w, 3) sRGB, on which it may draw, and returns any number of
    boxes ``(x, y, width, height)``, ``(x, y, width, height, weight)`` or ``(x, y, width, height, weight,
    label)`` in pixels of the frame.

    Attributes:
        ref: ``FILE.py`` or ``FILE.py:FUNCTION``, as the user wrote it.

    Args:
        ref: the same. The file is executed; it can import modules beside it.

    Raises:
        DetectorError: the file or function is missing, or the file cannot be executed.
    """

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self._path, self._name = split(ref)
        self._written = _written(self._path)
        self._function = function_in(self._path, self._name, run_file(self, self._path))

    @property
    def stale(self) -> bool:
        """Whether the file has changed since it was loaded."""
        return _written(self._path) != self._written

    def find(self, pixels: NDArray[np.uint8]) -> tuple[Region, ...]:
        """Find objects in a frame. Boxes are clipped to it; those outside it or without area are left out.

        Args:
            pixels: uint8, (h, w, 3) sRGB.

        Raises:
            DetectorError: as of `boxes`.
        """
        regions = []
        for *sides, weight, label in self.boxes(pixels):
            if box := on_picture(*sides):
                regions.append(Region(*box, 0.0, weight, label))
        return tuple(regions)

    def boxes(self, pixels: NDArray[np.uint8]) -> list[tuple[float, float, float, float, float, str]]:
        """Return the function's boxes as they are: left, top, right, bottom, weight, label.

        Sides are in fractions of the frame, also outside 0..1; the largest weight is at most 1.

        Args:
            pixels: uint8, (h, w, 3) sRGB.

        Raises:
            DetectorError: the function raised, or did not return boxes.
        """
        height, width = pixels.shape[:2]
        try:
            found = self._function(pixels.copy())
            boxes = list(itertools.islice(found, MOST_BOXES + 1)) if isinstance(found, Iterable) else None
        except (Exception, SystemExit) as error:
            raise self._wrong(f"raised {describe_error(error, self._path)}") from error
        if boxes is None or isinstance(found, str | bytes):
            raise self._wrong(f"returned {_short(found)} in place of boxes")
        if len(boxes) > MOST_BOXES:
            raise self._wrong(f"returned more than {MOST_BOXES} boxes for one frame")
        read = [self._read(box) for box in boxes]
        most = max([1.0, *(box[4] for box, _ in read)])
        return [
            (x / width, y / height, (x + w) / width, (y + h) / height, weight / most, label)
            for (x, y, w, h, weight), label in read
        ]

    def _read(self, box: Any) -> tuple[tuple[float, float, float, float, float], str]:
        """Return (x, y, width, height, weight) of a box, and its label."""
        label = ""
        try:
            if isinstance(box, str | bytes):
                raise TypeError
            values = list(box)
            if len(values) in (5, 6) and isinstance(values[-1], str):
                label = " ".join(values.pop().split())
            numbers = [float(number) for number in values]
        except Exception:
            raise self._wrong(f"returned {_short(box)} where a box is {_BOX}") from None
        if len(numbers) not in (4, 5):
            raise self._wrong(f"returned a box of {len(numbers)} numbers; it is {_BOX}")
        shown = ", ".join(f"{number:g}" for number in numbers)
        if not all(map(math.isfinite, numbers)):
            raise self._wrong(f"returned the box ({shown}), which is not finite")
        x, y, width, height, weight = (*numbers, 1.0)[:5]
        if width < 0 or height < 0:
            raise self._wrong(f"returned the box ({shown}), whose size is negative")
        if weight < 0:
            raise self._wrong(f"returned the box ({shown}), whose weight is negative")
        return (x, y, width, height, weight), label

    def _wrong(self, what: str) -> DetectorError:
        return DetectorError(self._path, f"{self._name} {what}")


def split(ref: str, default: str = FUNCTION) -> tuple[Path, str]:
    """Split ``FILE.py[:FUNCTION]`` into file and function."""
    match = re.fullmatch(r"(.+\.py)(?::(.*))?", ref, re.IGNORECASE | re.DOTALL)
    if match is None:
        return Path(ref), default
    return Path(match[1]), default if match[2] is None else match[2]


def run_file(owner: object, path: Path, what: str = "a detector") -> ModuleType:
    """Execute the file as a new module, under a name of its own for the lifetime of `owner`.

    Raises:
        DetectorError: there is no such file, or running it fails; `what` says what it was to be.
    """
    if not path.exists():
        raise DetectorError(path, "there is no such file")
    if not path.is_file() or path.suffix.lower() != ".py":
        raise DetectorError(path, f"{what} is a Python file (.py)")
    name = f"_salviewer_detector_{next(_loaded)}"
    loader = _Loader(name, str(path.absolute()))
    spec = importlib.util.spec_from_file_location(name, loader.path, loader=loader)
    assert spec is not None  # there is a loader
    module = importlib.util.module_from_spec(spec)
    folder = str(path.absolute().parent)
    if folder not in sys.path:
        sys.path.append(folder)  # last, so that it cannot replace the program's own modules
    sys.modules[name] = module
    weakref.finalize(owner, sys.modules.pop, name, None)
    try:
        loader.exec_module(module)
    except SyntaxError as error:
        where = f" in line {error.lineno}" if error.lineno else ""
        raise DetectorError(path, f"it is not valid Python: {error.msg}{where}") from error
    except (Exception, SystemExit) as error:
        raise DetectorError(path, f"running it raised {describe_error(error, path)}") from error
    return module


class _Loader(SourceFileLoader):
    """Reads the source each time, and leaves no ``__pycache__`` beside the user's file."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def function_in(path: Path, name: str, module: ModuleType) -> Callable[..., Any]:
    """Return a function of a file.

    Raises:
        DetectorError: it has none of this name.
    """
    function = getattr(module, name, None)
    if not callable(function):
        raise DetectorError(path, f"it has no function {name!r}; FILE.py:FUNCTION names another")
    return function  # type: ignore[no-any-return]


def describe_error(error: BaseException, path: Path) -> str:
    """Return an exception in one line, with its line in the file."""
    lines = str(error).splitlines()
    what = f"{type(error).__name__}: {lines[0]}" if lines and lines[0] else type(error).__name__
    own = str(path.absolute())
    numbers = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == own]
    return f"{what} (line {numbers[-1]})" if numbers else what


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
