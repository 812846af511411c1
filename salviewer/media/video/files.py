"""Read video files frame by frame, with their own times."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import SourceError
from salviewer.media.video.damage import Tally, promised_frames, promised_seconds
from salviewer.media.video.frames import Frame, SeekableSource, SourceInfo
from salviewer.media.video.libav import load_av, reason
from salviewer.media.video.pixels import planes_of, remarks_on, to_rgb
from salviewer.media.video.rates import guesses_rate, measured_rate
from salviewer.media.video.transport_stream import breaks_off

_RETRIES = 3  # seeks, each to an earlier place, before a file is read from its start


class VideoFile(SeekableSource):
    """A video file. Variable rates keep their times, rotation is applied, damaged parts are skipped.

    Raises:
        SourceError: it cannot be opened, or has no video.
    """

    _container: Any = None

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)
        self._av = load_av()
        self._timeline: NDArray[np.int64] | None = None
        self._next_index = 0
        self._skip_to: int | None = None
        self._last_ticks: int | None = None
        self._last_seconds = 0.0
        self._own_length = False
        self._rate = 0.0
        self._remarks: tuple[str, ...] = ()
        self._open()
        first = self._peek()
        stream = self._stream
        height, width = first.shape[:2]
        upright = (width, height) == (stream.codec_context.width, stream.codec_context.height)
        aspect = Fraction(stream.sample_aspect_ratio or 1) or Fraction(1)
        length, self._own_length = promised_seconds(self._av, self._container, stream)
        self.info = SourceInfo(
            name=self._path.name,
            kind="file",
            size=(width, height),
            rate=self._rate,
            tick=self._tick,
            count=promised_frames(self._container, stream),
            seconds=length,
            audio=bool(self._container.streams.audio),
            path=self._path,
            pixel_aspect=aspect if upright else 1 / aspect,
            origin=self._origin * self._tick,
            clock="container",
            remarks=self._remarks,
        )

    def read(self) -> Frame | None:
        """Return the next frame; None at the end, and then `note` describes damage."""
        while True:
            try:
                picture = next(self._pictures, None)
            except self._av.error.FFmpegError as error:
                self._failure = f"it cannot be read after {self._last_seconds:.2f} s: {reason(error)}"
                picture = None
            if picture is None:
                self.note = self._tally.sentence(
                    self._next_index,
                    self.info.count,
                    self.info.seconds,
                    self._own_length,
                    self._failure,
                    self._container.format.name == "mpegts" and breaks_off(self._path),
                )
                return None
            ticks = self._ticks(picture)
            if self._skip_to is not None and ticks < self._skip_to:
                continue
            self._skip_to = None
            index, self._next_index = self._next_index, self._next_index + 1
            self._last_ticks, self._last_seconds = ticks, float(ticks * self._tick)
            self._tally.frame(self._last_seconds)
            own = float((ticks + self._origin) * self._tick)
            planes = planes_of(picture)
            return Frame(to_rgb(picture), index, ticks, self._last_seconds, own, planes=planes)

    def length(self) -> int:
        """Return the number of frames, counted in the file's packets."""
        return len(self._times())

    def time_of(self, index: int) -> float:
        """Return a frame's time in seconds."""
        times = self._times()
        return float(times[min(max(index, 0), len(times) - 1)] * self._tick)

    def index_at(self, seconds: float) -> int:
        """Return the frame shown at this time."""
        ticks = seconds / self._tick + 1e-6
        return max(0, int(np.searchsorted(self._times(), ticks, side="right")) - 1)

    def seek(self, index: int) -> None:
        """Continue with exactly this frame."""
        times = self._times()
        index = min(max(index, 0), len(times) - 1)
        if index == self._next_index and self._skip_to is None:
            return
        target = int(times[index])
        for attempt in range(_RETRIES):
            back = target - round((attempt * 2) / self._tick)
            if back < 0 and attempt:
                break
            try:
                self._container.seek(back + self._origin, stream=self._stream)
            except self._av.error.FFmpegError:
                break
            self._tally = self._new_tally(begins=False)
            if self._first_is_by(target):
                self._next_index, self._skip_to = index, target
                return
        self._open()
        self._next_index, self._skip_to = index, target

    def close(self) -> None:
        """Close the file."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def _open(self) -> None:
        self.close()
        try:
            self._container = self._av.open(str(self._path), metadata_errors="replace")
        except (self._av.error.FFmpegError, OSError, ValueError) as error:
            raise SourceError(self._path, reason(error)) from error
        streams = [s for s in self._container.streams.video if not _is_cover(s)]
        if not streams:
            self.close()
            raise SourceError(self._path, "there is no video in it")
        self._stream = streams[0]
        self._stream.thread_type = "AUTO"
        self._tick = Fraction(self._stream.time_base)
        start = self._container.start_time
        self._origin = 0 if start is None else round(Fraction(start, self._av.time_base) / self._tick)
        self._pictures: Iterator[Any] = self._decoded()
        self._next_index = 0
        self._skip_to = None
        self._last_ticks = None
        self._last_seconds = 0.0
        self._rate = self._rate or self._find_rate()
        self._tally = self._new_tally()
        self._failure = self.note = ""

    def _find_rate(self) -> float:
        said = float(self._stream.average_rate or self._stream.guessed_rate or 0)
        if not guesses_rate(self._container):
            return said
        try:
            with self._av.open(str(self._path), metadata_errors="replace") as container:
                return measured_rate(container, container.streams[self._stream.index], said)
        except (self._av.error.FFmpegError, OSError):
            return said

    def _new_tally(self, begins: bool = True) -> Tally:
        return Tally(self._stream.index, 1 / (self._rate or 25), float(self._origin * self._tick), begins)

    def _decoded(self) -> Iterator[Any]:
        for packet in self._container.demux():  # sound too, which reveals damage that pictures do not show
            self._tally.packet(packet)
            if packet.stream_index != self._stream.index:
                continue
            try:
                pictures = packet.decode()
            except (self._av.error.InvalidDataError, self._av.error.PatchWelcomeError):
                self._tally.broken += 1
                continue
            except self._av.error.EOFError:
                return
            yield from pictures

    def _peek(self) -> NDArray[np.uint8]:
        """Return the first frame's pixels; `read` will return it again."""
        try:
            first = next(self._pictures, None)
        except self._av.error.FFmpegError as error:
            self.close()
            raise SourceError(self._path, reason(error)) from error
        if first is None:
            self.close()
            raise SourceError(self._path, "no frame of it can be decoded")
        self._remarks = remarks_on(first)
        self._put_back(first)
        return to_rgb(first)

    def _first_is_by(self, target: int) -> bool:
        """Return whether, after a seek, decoding begins at or before the target, so that it is reached."""
        self._pictures = self._decoded()
        try:
            first = next(self._pictures, None)
        except self._av.error.FFmpegError:
            return False
        if first is None:
            return False
        self._last_ticks = None
        early = self._ticks(first) <= target
        self._put_back(first)
        return early

    def _put_back(self, picture: Any) -> None:
        rest = self._pictures

        def again() -> Iterator[Any]:
            yield picture
            yield from rest

        self._pictures = again()

    def _ticks(self, picture: Any) -> int:
        """Return a frame's own time; if it has none or it goes back, one frame after the last."""
        step = max(1, round(1 / (Fraction(self._rate or 25) * self._tick)))
        last = self._last_ticks
        if picture.pts is None:
            return 0 if last is None else last + step
        ticks = int(picture.pts) - self._origin
        return ticks if last is None or ticks > last else last + 1

    def _times(self) -> NDArray[np.int64]:
        """Return the ticks of all frames, in order, from the packets: nothing is decoded."""
        if self._timeline is None:
            times = []
            try:
                with self._av.open(str(self._path), metadata_errors="replace") as container:
                    stream = container.streams[self._stream.index]
                    for packet in container.demux(stream):
                        if packet.size and not packet.is_discard:
                            times.append(packet.pts if packet.pts is not None else packet.dts)
            except self._av.error.FFmpegError:
                pass  # keep what could be listed so far
            if not times or any(value is None for value in times):
                step = max(1, round(1 / (Fraction(self._rate or 25) * self._tick)))
                times = [self._origin + step * index for index in range(max(1, len(times)))]
            self._timeline = np.sort(np.asarray(times, np.int64)) - self._origin
        return self._timeline


def _is_cover(stream: Any) -> bool:
    """Return whether the stream is a cover picture, not a video."""
    return bool(int(getattr(stream, "disposition", 0)) & 0x400)
