"""Videos made by the tests, each frame of which shows its own number."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 8


def numbered(index: int, size: tuple[int, int] = (96, 64)) -> NDArray[np.uint8]:
    """A frame: its number as white (1) and black (0) columns above, a ramp with a moving square below."""
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    bits = [255 * (index >> bit & 1) for bit in range(BITS)]
    pixels[: height // 2] = np.repeat(bits, -(-width // BITS))[:width, None]
    pixels[height // 2 :] = np.linspace(40, 160, width).astype(np.uint8)[:, None]
    left = (3 * index) % (width - 12)
    pixels[height * 5 // 8 : height * 7 // 8, left : left + 12] = (230, 30, 30)
    return pixels


def number_of(pixels: NDArray[np.uint8]) -> int:
    """The number that a frame shows."""
    height, width = pixels.shape[:2]
    columns = (np.arange(BITS) * -(-width // BITS) + width // BITS // 2).clip(0, width - 1)
    return sum(1 << bit for bit, x in enumerate(columns) if pixels[height // 4, x].mean() > 127)


def make_video(
    path: Path,
    codec: str = "mpeg4",
    count: int = 30,
    *,
    size: tuple[int, int] = (96, 64),
    rate: int = 25,
    times: Sequence[int] | None = None,
    audio: bool = False,
    gop: int = 12,
    pixel_format: str = "yuv420p",
) -> Path:
    """Write a video of `numbered` frames.

    Args:
        times: of each frame, in milliseconds; even if None.
        audio: whether it has a tone as long as the pictures.
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.gop_size = gop
        if codec in ("mpeg4", "mpeg2video"):
            stream.options = {"qmin": "2", "qmax": "3"}
        if times is not None:
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        tone = (
            container.add_stream("aac" if path.suffix != ".webm" else "libopus", rate=48000)
            if audio
            else None
        )
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(numbered(index, size), "rgb24")
            if times is not None:
                frame.pts, frame.time_base = times[index], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if tone is not None:
            _add_tone(container, tone, count / rate)
    return path


def rotate(path: Path, turns: int) -> Path:
    """Let an MP4 say that it is to be shown turned clockwise by so many quarters."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    one = 0x10000
    a, b, c, d = {1: (0, one, -one, 0), 2: (-one, 0, 0, -one), 3: (0, -one, one, 0)}[turns]
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path


def _add_tone(container: av.container.OutputContainer, tone: av.AudioStream, seconds: float) -> None:
    samples = np.sin(np.arange(int(48000 * seconds)) * 2 * np.pi * 440 / 48000).astype(np.float32)
    for start in range(0, len(samples), 960):
        piece = samples[None, start : start + 960]
        sound = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), "flt", "mono")
        sound.sample_rate, sound.pts, sound.time_base = 48000, start, Fraction(1, 48000)
        container.mux(tone.encode(sound))
    container.mux(tone.encode())
