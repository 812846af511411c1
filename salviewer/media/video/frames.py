"""Define the interface of all sources of frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from salviewer.core.planes import Planes

Kind = Literal["camera", "stream", "screen", "file", "frames"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source.

    Attributes:
        pixels: uint8, (H, W, 3) sRGB, upright. Must not be changed.
        index: 0 for the first of a file; for a live source, the number of frames since it was opened.
        ticks: its time in units of `SourceInfo.tick`; for a live source, since it was opened.
        seconds: the same in seconds.
        source_seconds: the source's own time, of the container or RTP, in seconds from an origin of its own;
            None if there is none.
        source_utc: the sender's wall clock (NTP, by RTCP), in Unix seconds; None if it is not sent.
        planes: the same picture as its codec holds it; None for sources that are not stored so. Must not be
            changed.
    """

    pixels: NDArray[np.uint8]
    index: int
    ticks: int
    seconds: float
    source_seconds: float | None = None
    source_utc: float | None = None
    planes: Planes | None = None


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Facts about an open source.

    Attributes:
        name: for display, without passwords.
        kind: its kind.
        size: (width, height) of its upright frames. A stream may change it on the way.
        rate: mean frames per second; 0 if unknown.
        tick: the unit of `Frame.ticks`, in seconds.
        count: number of frames that the file declares; None if unknown or endless.
        seconds: its length; None if unknown or endless.
        audio: whether there is sound.
        path: of a file or folder.
        pixel_aspect: width of a stored pixel divided by its height.
        origin: the file's time, in seconds, that counts as 0.
        remarks: about how its frames are shown: as SDR, without every second line; a live
            source adds them when such frames come.
        clock: the clock of `Frame.source_seconds`: "container", "rtp", or "" for none.
    """

    name: str
    kind: Kind
    size: tuple[int, int]
    rate: float = 0.0
    tick: Fraction = Fraction(1, 1000)
    count: int | None = None
    seconds: float | None = None
    audio: bool = False
    path: Path | None = None
    pixel_aspect: Fraction = Fraction(1)
    origin: Fraction = Fraction(0)
    clock: Literal["", "container", "rtp"] = ""
    remarks: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it sets the time itself, and the newest frame counts."""
        return self.kind in ("camera", "stream", "screen")


class FrameSource(ABC):
    """Delivers frames one by one. One thread opens, reads and closes it.

    Opening (the constructor) and `read` end within their time limits, with a frame or a `SourceError`.
    """

    info: SourceInfo
    note: str = ""
    """A remark after `read` has returned None: that the file is damaged, for example."""

    @abstractmethod
    def read(self) -> Frame | None:
        """Return the next frame; None at the end of a file. A live source does not end but fails.

        Raises:
            SourceError: it no longer gives frames. It can be opened again.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the device or file; may be called twice."""


class SeekableSource(FrameSource):
    """A source with random access to its frames: a file or a folder."""

    @abstractmethod
    def length(self) -> int:
        """Return the number of frames, counted."""

    @abstractmethod
    def time_of(self, index: int) -> float:
        """Return a frame's time in seconds."""

    @abstractmethod
    def index_at(self, seconds: float) -> int:
        """Return the frame shown at this time: the last one that is not later."""

    @abstractmethod
    def seek(self, index: int) -> None:
        """Let `read` continue with exactly this frame; an index outside is clipped.

        Raises:
            SourceError: as for `read`.
        """
