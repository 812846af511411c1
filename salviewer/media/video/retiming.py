"""Encode sound again, with times that are counted in samples.

A decoder gives frames of its codec's length (1,152 samples for MP3), and an encoder needs others (1,024 for
AAC). Samples wait in a queue between them, and each of the encoder's frames gets the time of its first
sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from salviewer.media.video.libav import load_av

_GAP = 0.1  # seconds; a smaller difference between a frame's time and the samples before it is jitter
_LONGEST_GAP = 3600.0  # seconds of silence to insert; a later time is broken
_USUAL_RATE = 48_000


class Retimed:
    """A stream of sound through a decoder, a resampler, a queue and an encoder.

    Attributes:
        out: the stream of the output.

    Args:
        stream: of the source.
        output: PyAV's output container.
        encoder: FFmpeg's name of it.
        origin: the source's time, in seconds, that is 0 in the output.
    """

    def __init__(self, stream: Any, output: Any, encoder: str, origin: Fraction) -> None:
        self._av = av = load_av()
        self._origin = origin
        rates = av.Codec(encoder, "w").audio_rates or ()
        self._rate = stream.rate if stream.rate in rates or not rates else _USUAL_RATE
        self.out = output.add_stream(encoder, rate=self._rate)
        self._layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self.out.layout = self._layout
        self._format = self.out.codec_context.codec.audio_formats[0].name
        self._queue = av.AudioFifo()
        self._resampler: Any = None
        self._takes: tuple[object, ...] = ()  # format for which the resampler was made
        self._in: int | None = None  # next sample to enter the queue; None before the first
        self._out = 0  # next sample to leave the queue

    def take(self, sound: Any) -> Iterator[Any]:
        """Yield packets after this decoded frame."""
        self._place(sound)
        sound.pts = None
        takes = (sound.format.name, sound.layout.name, sound.sample_rate)
        if takes != self._takes:  # a broadcast may change from stereo to 5.1
            yield from self._drained()
            self._resampler = self._av.AudioResampler(
                format=self._format, layout=self._layout, rate=self._rate
            )
            self._takes = takes
        for piece in self._resampler.resample(sound):
            self._put(piece)
        yield from self._encoded()

    def rest(self) -> Iterator[Any]:
        """Yield packets from the rest in resampler, queue and encoder."""
        yield from self._drained()
        yield from self._encoded(partial=True)
        if self._in is not None:
            yield from self.out.encode(None)

    def _place(self, sound: Any) -> None:
        """Fill a gap before a frame with silence, and set the time of the first frame."""
        if sound.pts is None or sound.time_base is None:
            self._in = self._in or 0
            return
        at = round((sound.pts * sound.time_base - self._origin) * self._rate)
        if self._in is None:
            self._in = self._out = max(at, 0)
        gap = at - self._in
        if _GAP * self._rate < gap < _LONGEST_GAP * self._rate:
            self._put(self._silence(gap))

    def _silence(self, samples: int) -> Any:
        channels = 1 if self._layout == "mono" else 2
        planar = self._format.endswith("p")
        shape = (channels, samples) if planar else (1, channels * samples)
        kind = np.float32 if self._format.startswith("flt") else np.int16
        silence = self._av.AudioFrame.from_ndarray(np.zeros(shape, kind), self._format, self._layout)
        silence.sample_rate = self._rate
        return silence

    def _put(self, piece: Any) -> None:
        piece.pts = None
        self._in = (self._in or 0) + piece.samples
        self._queue.write(piece)

    def _drained(self) -> Iterator[Any]:
        if self._resampler is not None:
            for piece in self._resampler.resample(None):
                self._put(piece)
            self._resampler = None
        yield from self._encoded()

    def _encoded(self, partial: bool = False) -> Iterator[Any]:
        context = self.out.codec_context
        if not context.is_open:
            context.open(strict=False)
        while (piece := self._queue.read(context.frame_size or 1024, partial)) is not None:
            piece.pts, piece.time_base = self._out, Fraction(1, self._rate)
            self._out += piece.samples
            yield from self.out.encode(piece)
