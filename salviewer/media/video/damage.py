"""Find out how long a video file should be, and what was missing after it was read to the end."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

_DISCARD = 2  # AVINDEX_DISCARD_FRAME: left out by an edit list
_INDEXED = {"mov", "avi"}  # demuxers that know every frame once the file is open
_HOLE = 0.1  # seconds without sound that prove a gap between frames to be damage
_SHORT = 0.25  # seconds by which a file may end early without a remark


def promised_frames(container: Any, stream: Any) -> int | None:
    """Return the number of shown frames that the file declares; None if it declares none.

    An edit list may leave out most of the frames in an MP4, and an AVI's header counts places without a
    frame: if there is an index, it decides.
    """
    said = stream.frames or None
    if said is None or _INDEXED.isdisjoint(container.format.name.split(",")):
        return said
    entries = getattr(stream, "index_entries", ())
    shown = sum(1 for entry in entries if entry.size and not entry.flags & _DISCARD)
    return shown or said


def promised_seconds(av: Any, container: Any, stream: Any) -> tuple[float | None, bool]:
    """Return the declared length, and whether it is that of the pictures alone, not of the whole file."""
    if stream.duration is not None:
        return float(stream.duration * stream.time_base), True
    said = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", stream.metadata.get("DURATION", "").strip())
    if said is not None:  # Matroska
        return int(said[1]) * 3600 + int(said[2]) * 60 + float(said[3]), True
    if container.duration is not None:
        return float(Fraction(container.duration, av.time_base)), False
    return None, False


class Tally:
    """Counts what is read from a file, to report at its end what is missing.

    Args:
        index: of the video stream.
        step: seconds between two frames.
        origin: the file's time, in seconds, that counts as 0.
        begins: whether reading began at the first frame.
    """

    def __init__(self, index: int, step: float, origin: float, begins: bool = True) -> None:
        self._index = index
        self._step = step
        self._origin = origin
        self._begins = begins
        self.broken = 0
        self._last: float | None = None
        self._end = 0.0
        self._ends: dict[int, float] = {}
        self._holes: list[tuple[float, float]] = []  # between frames
        self._witnesses: list[tuple[float, float]] = []  # evidence that a hole is damage

    def packet(self, packet: Any) -> None:
        """Note a packet of any stream."""
        if packet.pts is None or packet.time_base is None:
            return
        at = float(packet.pts * packet.time_base) - self._origin
        end = at + float((packet.duration or 0) * packet.time_base)
        self._end = max(self._end, end)
        if packet.is_corrupt:
            self._witnesses.append((at, at))
        if packet.stream_index == self._index:
            return
        before = self._ends.get(packet.stream_index)
        if before is not None and packet.duration and at - before > _HOLE:
            self._witnesses.append((before, at))
        self._ends[packet.stream_index] = max(end, before or end)

    def frame(self, seconds: float) -> None:
        """Note a decoded frame."""
        if self._last is not None and seconds - self._last > 1.5 * self._step:
            self._holes.append((self._last, seconds))
        self._last = seconds

    def sentence(
        self,
        came: int,
        promised: int | None,
        seconds: float | None,
        own: bool,
        failure: str = "",
        broken_off: bool = False,
    ) -> str:
        """Return what is missing, a sentence; empty if nothing is.

        Args:
            came: number of frames that were read, from the start.
            promised, seconds, own: from `promised_frames` and `promised_seconds`.
            failure: why reading ended early.
            broken_off: of `transport_stream.breaks_off`.
        """
        if failure:
            return failure
        if promised is not None and came < promised:
            return f"it is damaged: {came} of {promised} frames could be read"
        if self.broken:
            if self.broken == 1:
                return "it is damaged: 1 frame could not be read"
            return f"it is damaged: {self.broken} frames could not be read"
        if promised is None and seconds:
            end = (
                (self._last or 0.0) + self._step if own else max(self._end, (self._last or 0.0) + self._step)
            )
            if seconds - end > max(_SHORT, 2.5 * self._step):
                return f"it is damaged: it ends after {end:.1f} of {seconds:.1f} s"
        if broken_off:
            return f"it breaks off at {max(self._end, self._last or 0.0):.1f} s: its last packet is not whole"
        missing = self._missing()
        if missing and self._begins:
            if missing == 1:
                return "it is damaged: about 1 frame is missing"
            return f"it is damaged: about {missing} frames are missing"
        return ""

    def _missing(self) -> int:
        """Return the frames missing in holes that are proved to be damage; variable rates leave holes too."""
        slack = 2 * self._step
        return sum(
            round((end - start) / self._step) - 1
            for start, end in self._holes
            if any(first <= end + slack and last >= start - slack for first, last in self._witnesses)
        )
