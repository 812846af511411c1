"""A folder of numbered frames as a video."""

from __future__ import annotations

from fractions import Fraction
from os import PathLike
from pathlib import Path

from salviewer.errors import ImageError, SourceError
from salviewer.media.images import find_pictures, load_picture
from salviewer.media.video.frames import Frame, SeekableSource, SourceInfo

RATE = 25.0


class FrameFolder(SeekableSource):
    """The pictures of a folder in natural order ("2" before "10"), one a frame, all of one size.

    Args:
        path: the folder.
        rate: frames a second, 0.01..1000.

    Raises:
        SourceError: it cannot be listed, or holds no picture.
        ValueError: a rate outside its range.
    """

    def __init__(self, path: str | PathLike[str], rate: float = RATE) -> None:
        if not 0.01 <= rate <= 1000:
            raise ValueError(f"a rate lies in 0.01..1000 frames a second, not {rate:g}")
        try:
            self._files = find_pictures([path])
            first = load_picture(self._files[0])
        except ImageError as error:
            raise SourceError(error.path, error.reason) from error
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
            seconds=float(len(self._files) * self._tick),
            path=Path(path),
        )

    def read(self) -> Frame | None:
        """The next picture."""
        if self._next >= len(self._files):
            return None
        file, index = self._files[self._next], self._next
        self._next += 1
        try:
            pixels = load_picture(file).pixels
        except ImageError as error:
            raise SourceError(error.path, error.reason) from error
        height, width = pixels.shape[:2]
        if (width, height) != self.info.size:
            size = "{} x {}".format(*self.info.size)
            raise SourceError(file, f"it is {width} x {height}, and the frames before are {size}")
        return Frame(pixels, index, index, float(index * self._tick))

    def length(self) -> int:
        """How many pictures there are."""
        return len(self._files)

    def time_of(self, index: int) -> float:
        """The seconds of a frame."""
        return float(min(max(index, 0), len(self._files) - 1) * self._tick)

    def index_at(self, seconds: float) -> int:
        """The frame shown at this time."""
        return min(max(int(seconds / self._tick + 1e-6), 0), len(self._files) - 1)

    def seek(self, index: int) -> None:
        """Go on with this picture."""
        self._next = min(max(index, 0), len(self._files) - 1)

    def close(self) -> None:
        """Nothing is held."""
