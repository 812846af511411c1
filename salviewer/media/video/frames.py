"""The interface of all sources of frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["camera", "stream", "file", "frames"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source.

    Attributes:
        pixels: uint8, (H, W, 3) sRGB, upright. Nobody else writes into it.
        index: 0 for the first of a file; of a live source, how many came before it since it was opened.
        ticks: its time in units of `SourceInfo.tick`; of a live source since it was opened.
        seconds: the same in seconds.
        source_seconds: the time that the source itself gives it: the container's, or RTP's, in seconds from
            an origin of its own; None where it gives none.
        source_utc: the sender's wall clock (NTP, by RTCP), in Unix seconds; None where it is not sent.
    """

    pixels: NDArray[np.uint8]
    index: int
    ticks: int
    seconds: float
    source_seconds: float | None = None
    source_utc: float | None = None


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source once it is open.

    Attributes:
        name: for people; passwords left out.
        kind: what it is.
        size: (width, height) of its upright frames. A stream may change it on the way.
        rate: frames a second, on average; 0 when unknown.
        tick: the unit of `Frame.ticks`, in seconds.
        count: how many frames there are, as far as the file says; None when unknown or endless.
        seconds: how long it is; None when unknown or endless.
        audio: whether there is sound.
        path: of a file or folder.
        pixel_aspect: width of a stored pixel divided by its height.
        origin: the time in the file, in seconds, that is 0 here.
        remarks: what to say of how its frames are shown: as SDR, without every second line.
        clock: what `Frame.source_seconds` counts by: "container", "rtp", or "" for nothing.
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
        """Whether frames come when they come, and the newest is what counts."""
        return self.kind in ("camera", "stream")


class FrameSource(ABC):
    """Delivers frames one by one. The same thread opens, reads and closes it.

    Opening (the constructor) and `read` end within their time limits, with a frame or a `SourceError`.
    """

    info: SourceInfo
    note: str = ""
    """What else there is to say, once `read` has given None: that the file is damaged, for example."""

    @abstractmethod
    def read(self) -> Frame | None:
        """The next frame; None at the end of a file. A live source has no end: it dies with an error.

        Raises:
            SourceError: it gives no frames any more. It can be opened anew.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the device or file; may be called twice."""


class SeekableSource(FrameSource):
    """A source whose frames lie there: a file or a folder."""

    @abstractmethod
    def length(self) -> int:
        """How many frames there are, counted."""

    @abstractmethod
    def time_of(self, index: int) -> float:
        """The seconds of a frame."""

    @abstractmethod
    def index_at(self, seconds: float) -> int:
        """The frame that is shown at this time: the last that is not later."""

    @abstractmethod
    def seek(self, index: int) -> None:
        """Let `read` go on with exactly this frame; an index outside is the nearest inside.

        Raises:
            SourceError: as of `read`.
        """
