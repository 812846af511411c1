"""Read a folder of numbered frames as a video."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from os import PathLike
from pathlib import Path

from salviewer.core.resizing import fit
from salviewer.errors import ImageError, SourceError
from salviewer.media.images import Picture, find_pictures, load_picture
from salviewer.media.openers.names import file_of
from salviewer.media.video.frames import Frame, SeekableSource, SourceInfo

RATE = 25.0


class FrameFolder(SeekableSource):
    """The pictures of a folder in natural order ("2" before "10"), one per frame, all of the first's size.

    If names are numbered in even steps, a missing number keeps its time. A picture of another size is scaled,
    one that is damaged or unreadable is left out; `note` reports all three.

    Args:
        path: the folder.
        rate: frames per second, 0.01..1000.

    Raises:
        SourceError: the folder cannot be listed, or has no readable picture.
        ValueError: the rate is out of range.
    """

    def __init__(self, path: str | PathLike[str], rate: float = RATE) -> None:
        if not 0.01 <= rate <= 1000:
            raise ValueError(f"a rate lies in 0.01..1000 frames a second, not {rate:g}")
        missed: list[ImageError] = []
        try:
            self._files = find_pictures([path], complain=missed.append)
            first = _first(self._files)
        except ImageError as error:
            raise SourceError(error.path, error.reason) from error
        self._places = places(self._files)
        self._scaled: list[str] = []
        self._left_out = [f"{Path(each.path).name} ({each.reason})" for each in missed]
        self._tick = 1 / Fraction(rate).limit_denominator(1001)
        self._next = 0
        height, width = first.pixels.shape[:2]
        self.info = SourceInfo(
            name=Path(path).name,
            kind="frames",
            size=(width, height),
            rate=rate,
            tick=self._tick,
            count=len(self._files),
            seconds=float((self._places[-1] + 1) * self._tick),
            path=Path(path),
        )

    def read(self) -> Frame | None:
        """Return the next picture."""
        while self._next < len(self._files):
            file, index = self._files[self._next], self._next
            self._next += 1
            try:
                pixels = load_picture(file).pixels
            except ImageError as error:
                if not file_of(file).exists():
                    raise SourceError(error.path, error.reason) from error
                self._left_out.append(f"{file.name} ({error.reason})")
                continue
            height, width = pixels.shape[:2]
            if (width, height) != self.info.size:
                self._scaled.append(f"{file.name} ({width} x {height})")
                pixels = fit(pixels, self.info.size)
            ticks = self._places[index]
            return Frame(pixels, index, ticks, float(ticks * self._tick))
        self.note = self._describe()
        return None

    def length(self) -> int:
        """Return the number of pictures."""
        return len(self._files)

    def time_of(self, index: int) -> float:
        """Return a frame's time in seconds."""
        return float(self._places[min(max(index, 0), len(self._files) - 1)] * self._tick)

    def index_at(self, seconds: float) -> int:
        """Return the frame shown at this time."""
        return max(bisect_right(self._places, seconds / self._tick + 1e-6) - 1, 0)

    def seek(self, index: int) -> None:
        """Continue with this picture."""
        self._next = min(max(index, 0), len(self._files) - 1)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _describe(self) -> str:
        missing = self._places[-1] + 1 - len(self._files)
        parts = [f"{missing} of the numbers are missing; their time is kept"] if missing else []
        if self._scaled:
            size = "{} x {}".format(*self.info.size)
            parts.append(f"{_some(self._scaled)} scaled to {size}")
        if self._left_out:
            parts.append(f"{_some(self._left_out)} left out")
        return "; ".join(parts)


def places(files: Sequence[Path]) -> list[int]:
    """Return the place of each picture, in frames from the first, by the number at the end of its name.

    Pictures follow each other if names have no numbers, repeated ones, or uneven steps (such as times in
    milliseconds): at least half of the steps must be the smallest, and all others multiples of it.
    """
    plain = list(range(len(files)))
    found = [re.search(r"(\d{1,18})\D*$", file.stem) for file in files]
    numbers = [int(match[1]) for match in found if match is not None]
    steps = [after - before for before, after in pairwise(numbers)]
    if len(numbers) < len(files) or not steps or min(steps) <= 0:
        return plain
    least = min(steps)
    if sum(step == least for step in steps) < len(steps) / 2 or any(step % least for step in steps):
        return plain
    return [(number - numbers[0]) // least for number in numbers]


def _first(files: Sequence[Path]) -> Picture:
    """Return the first picture that can be decoded; raise the first error if none can."""
    failure: ImageError | None = None
    for file in files:
        try:
            return load_picture(file)
        except ImageError as error:
            failure = failure or error
    assert failure is not None  # a listing is never empty
    raise failure


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}"
