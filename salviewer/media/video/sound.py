"""Sound taken over from a file into another: copied where the container can hold it, else encoded anew."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from salviewer.media.video.libav import load_av, reason

_COPIED = {
    ".mp4": {"aac", "mp3", "ac3", "eac3", "alac"},
    ".mkv": None,  # anything
    ".webm": {"opus", "vorbis"},
}
_ENCODED = {".mp4": "aac", ".mkv": "aac", ".webm": "libopus"}
_OPUS_RATE = 48_000


class Sound:
    """All audio streams of a file, given out in step with the pictures.

    Args:
        source: the file whose sound is wanted.
        output: PyAV's container that is written; streams are added to it.
        suffix: of the container.
        origin: the time in the source, in seconds, that is 0 in the output.
    """

    def __init__(self, source: Path, output: Any, suffix: str, origin: Fraction) -> None:
        self._av = load_av()
        self._input = self._av.open(str(source), metadata_errors="replace")
        self.note = ""
        self._tracks = {
            stream.index: _Track(self._av, stream, output, suffix, origin)
            for stream in self._input.streams.audio
            if stream.codec_context is not None
        }
        self._waiting: deque[tuple[float, Any]] = deque()
        self._coming = self._packets()

    def until(self, seconds: float) -> Iterator[Any]:
        """Packets for the output that sound before this time, in the order to be written."""
        while True:
            if not self._waiting:
                entry = next(self._coming, None)
                if entry is None:
                    return
                self._waiting.append(entry)
            if self._waiting[0][0] > seconds:
                return
            yield self._waiting.popleft()[1]

    def close(self) -> None:
        """Close the source."""
        self._input.close()

    def _packets(self) -> Iterator[tuple[float, Any]]:
        """(its time in seconds, packet); what is damaged ends the sound and is noted."""
        if not self._tracks:
            return
        try:
            for packet in self._input.demux([self._input.streams[index] for index in self._tracks]):
                yield from self._tracks[packet.stream.index].take(packet)
            for track in self._tracks.values():
                yield from track.rest()
        except self._av.error.FFmpegError as error:
            self.note = f"its sound is damaged: {reason(error)}"


class _Track:
    def __init__(self, av: Any, stream: Any, output: Any, suffix: str, origin: Fraction) -> None:
        self._av = av
        self._origin = origin
        may = _COPIED[suffix]
        self._copied = may is None or stream.codec_context.name in may
        self._seconds = 0.0
        self._may_begin_early = suffix == ".mp4"  # the others would begin everything later instead
        if self._copied:
            self._out = output.add_stream_from_template(stream)
            return
        rate = _OPUS_RATE if suffix == ".webm" else stream.rate
        self._out = output.add_stream(_ENCODED[suffix], rate=rate)
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self._out.layout = layout
        self._resampler = av.AudioResampler(
            format=self._out.codec_context.codec.audio_formats[0].name, layout=layout, rate=rate
        )

    def take(self, packet: Any) -> Iterator[tuple[float, Any]]:
        """Packets of the output after this one of the source."""
        if packet.dts is None and not packet.size:
            return  # the demuxer's own mark of the end
        if self._copied:
            shift = round(self._origin / packet.time_base)
            for name in ("pts", "dts"):
                if getattr(packet, name) is not None:
                    setattr(packet, name, getattr(packet, name) - shift)
            packet.stream = self._out
            if packet.dts is not None:
                self._seconds = float(packet.dts * packet.time_base)
            if self._seconds >= 0 or self._may_begin_early:
                yield self._seconds, packet
            return
        for sound in packet.decode():
            yield from self._encoded(sound)

    def rest(self) -> Iterator[tuple[float, Any]]:
        """What the encoder still holds."""
        if not self._copied:
            for sound in self._resampler.resample(None):
                yield from self._given(self._out.encode(sound))
            yield from self._given(self._out.encode(None))

    def _encoded(self, sound: Any) -> Iterator[tuple[float, Any]]:
        if sound.pts is not None:
            sound.pts -= round(self._origin / sound.time_base)
        for piece in self._resampler.resample(sound):
            yield from self._given(self._out.encode(piece))

    def _given(self, packets: Any) -> Iterator[tuple[float, Any]]:
        for packet in packets:
            if packet.dts is not None:
                self._seconds = float(packet.dts * packet.time_base)
            yield self._seconds, packet
