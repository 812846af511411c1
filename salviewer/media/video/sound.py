"""Copy the sound of a file into another, or encode it again if the container cannot hold it.

Sound never costs the pictures: a track that is damaged, or that the container refuses, ends there, and a
remark says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from salviewer.media.video.libav import load_av, reason
from salviewer.media.video.retiming import Retimed

_COPIED = {
    ".mp4": {"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"},
    ".mkv": None,  # anything
    ".webm": {"opus", "vorbis"},
}
_ENCODED = {".mp4": "aac", ".mkv": "aac", ".webm": "libopus"}


class Sound:
    """All audio streams of a file, in step with the pictures.

    Attributes:
        note: a clause on what was left out; empty if nothing was.

    Args:
        source: the file with the sound.
        output: PyAV's output container, to which streams are added.
        suffix: of the container, lower case with the dot.
        origin: the source's time, in seconds, that is 0 in the output.

    Raises:
        FFmpegError: the source cannot be opened.
    """

    def __init__(self, source: Path, output: Any, suffix: str, origin: Fraction) -> None:
        self._av = load_av()
        self._input = self._av.open(str(source), metadata_errors="replace")
        self.note = ""
        self._tracks: dict[int, _Track] = {}
        for stream in self._input.streams.audio:
            try:
                self._tracks[stream.index] = _Track(self._av, stream, output, suffix, origin)
            except (self._av.error.FFmpegError, ValueError, AttributeError) as error:
                self.note = f"its sound could not be taken over: {reason(error)}"
        self._waiting: deque[tuple[float, Any]] = deque()
        self._coming = self._packets()

    def until(self, seconds: float) -> Iterator[Any]:
        """Yield output packets before this time, in the order in which to write them."""
        while True:
            if not self._waiting:
                entry = next(self._coming, None)
                if entry is None:
                    return
                self._waiting.append(entry)
            if self._waiting[0][0] > seconds:
                return
            yield self._waiting.popleft()[1]

    def refuse(self, packet: Any, error: BaseException) -> None:
        """End the track of a packet that the output refuses."""
        for track in self._tracks.values():
            if track.out is packet.stream:
                self._end(track, error)

    def close(self) -> None:
        """Close the source."""
        self._input.close()

    def _packets(self) -> Iterator[tuple[float, Any]]:
        """Yield (time in seconds, packet)."""
        if not self._tracks:
            return
        try:
            for packet in self._input.demux([self._input.streams[index] for index in self._tracks]):
                yield from self._taken(self._tracks[packet.stream.index], packet)
        except (self._av.error.FFmpegError, OSError) as error:
            for track in self._tracks.values():
                self._end(track, error)
        for track in self._tracks.values():
            yield from self._rest(track)

    def _taken(self, track: _Track, packet: Any) -> Iterator[tuple[float, Any]]:
        if track.ended:
            return
        try:
            yield from track.take(packet)
        except (self._av.error.FFmpegError, ValueError) as error:
            self._end(track, error)

    def _rest(self, track: _Track) -> Iterator[tuple[float, Any]]:
        try:
            yield from track.rest()
        except (self._av.error.FFmpegError, ValueError) as error:
            self._end(track, error)

    def _end(self, track: _Track, error: BaseException) -> None:
        if not track.ended:
            track.ended = True
            self.note = self.note or f"its sound is damaged and ends at {track.seconds:.1f} s: {_why(error)}"


class _Track:
    """One audio stream.

    Attributes:
        out: the stream of the output.
        seconds: time up to which it was written.
        ended: whether the rest of it is dropped.
    """

    def __init__(self, av: Any, stream: Any, output: Any, suffix: str, origin: Fraction) -> None:
        self._av = av
        self._origin = origin
        self.seconds = 0.0
        self.ended = False
        self._begun = False
        self._last: int | None = None
        self._may_begin_early = suffix == ".mp4"  # other containers would delay everything instead
        may = _COPIED[suffix]
        # A decoder's own name may differ: "mp3float" for MP3.
        copied = may is None or stream.codec_context.codec.canonical_name in may
        self._retimed: Retimed | None = None
        if copied:
            self.out = output.add_stream_from_template(stream)
        else:
            self._retimed = Retimed(stream, output, _ENCODED[suffix], origin)
            self.out = self._retimed.out

    def take(self, packet: Any) -> Iterator[tuple[float, Any]]:
        """Yield output packets after this one of the source.

        Raises:
            FFmpegError: it is damaged. Packets before the first whole one are skipped, since a cut may begin
                in the middle of one.
        """
        if packet.dts is None and not packet.size:
            return  # the demuxer's mark of the end
        try:
            sounds = packet.decode()  # copied tracks too, to find damage here rather than in a player
        except self._av.error.FFmpegError:
            if self._begun:
                raise
            return
        self._begun = self._begun or bool(sounds)
        if self._retimed is not None:
            for sound in sounds:
                yield from self._given(self._retimed.take(sound))
        elif packet.dts is not None:
            yield from self._copied(packet)

    def rest(self) -> Iterator[tuple[float, Any]]:
        """Yield the rest from the encoder."""
        if self._retimed is not None:
            yield from self._given(self._retimed.rest())

    def _copied(self, packet: Any) -> Iterator[tuple[float, Any]]:
        shift = round(self._origin / packet.time_base)
        for name in ("pts", "dts"):
            if getattr(packet, name) is not None:
                setattr(packet, name, getattr(packet, name) - shift)
        if self._last is not None and packet.dts <= self._last:
            packet.dts = self._last + 1
            packet.pts = max(packet.pts or packet.dts, packet.dts)
        packet.stream = self.out
        at = float(packet.dts * packet.time_base)
        if at >= 0 or self._may_begin_early:
            self._last, self.seconds = packet.dts, at
            yield at, packet

    def _given(self, packets: Iterator[Any]) -> Iterator[tuple[float, Any]]:
        for packet in packets:
            if packet.dts is not None:
                self.seconds = float(packet.dts * packet.time_base)
            yield self.seconds, packet


def _why(error: BaseException) -> str:
    if type(error).__name__ == "InvalidDataError":
        return "what follows cannot be decoded"
    return reason(error)
