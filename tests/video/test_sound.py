"""Sound taken over: every codec into every container, in time, and never at the cost of the pictures."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from salviewer.media.video import sound as sounds
from salviewer.media.video.files import VideoFile
from salviewer.media.video.writer import video_writer
from tests.video.videos import numbered

SECONDS = 2.0
ONSET = 0.7
"""Second at which a tone begins after silence."""


def make(path: Path, codec: str, rate: int = 44100, layout: str = "stereo") -> Path:
    """A clip with a tone from `ONSET` on."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        audio = container.add_stream(codec, rate=rate)
        audio.layout = layout
        context = audio.codec_context
        context.open(strict=False)
        times = np.arange(int(rate * SECONDS)) / rate
        tone = np.where(times >= ONSET, 0.5 * np.sin(2 * np.pi * 440 * times), 0).astype(np.float32)
        channels = 1 if layout == "mono" else 2
        whole = av.AudioFrame.from_ndarray(np.tile(tone, (channels, 1)), "fltp", layout)
        whole.sample_rate = rate
        kind = context.codec.audio_formats[0].name
        queue = av.AudioFifo()
        resampler = av.AudioResampler(kind, layout, rate)
        for piece in [*resampler.resample(whole), *resampler.resample(None)]:
            piece.pts = None
            queue.write(piece)
        size, at = context.frame_size or 1024, 0
        for index in range(int(25 * SECONDS)):
            container.mux(video.encode(av.VideoFrame.from_ndarray(numbered(index), "rgb24")))
            while at < (index + 1) / 25 * rate and (piece := queue.read(size, True)) is not None:
                piece.pts, piece.time_base = at, Fraction(1, rate)
                at += piece.samples
                container.mux(audio.encode(piece))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return path


def take_over(source: Path, target: Path) -> str:
    """Write the pictures again with the sound; returns the writer's note."""
    with closing(VideoFile(source)) as video:
        size = video.info.size
        with video_writer(target, video.info, size, codec="vp9", sound=source) as writer:
            for frame in iter(video.read, None):
                writer.write(frame.pixels, frame.ticks)
        return writer.note


def heard(path: Path) -> tuple[str, float, float]:
    """(codec, seconds of sound, onset of the tone)."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        loud, total = None, 0.0
        last = -1
        for frame in container.decode(stream):
            assert frame.pts > last  # no time comes twice
            last = frame.pts
            values = np.abs(frame.to_ndarray().astype(np.float64))
            values /= 1 if frame.format.name.startswith("flt") else np.iinfo(frame.to_ndarray().dtype).max
            if loud is None and values.max() > 0.1:
                per = values.max(axis=0) if frame.format.is_planar else values.reshape(-1)
                first = np.argmax(per > 0.1) / (1 if frame.format.is_planar else frame.layout.nb_channels)
                loud = frame.time + first / frame.sample_rate
            total += frame.samples / frame.sample_rate
        assert loud is not None
        return stream.codec_context.codec.canonical_name, total, loud


def pictures(path: Path) -> int:
    with closing(VideoFile(path)) as video:
        return sum(1 for _ in iter(video.read, None))


@pytest.mark.parametrize("target", ["out.mp4", "out.mkv", "out.webm"])
@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("in.avi", "libmp3lame", 44100, "stereo"),
        ("in.avi", "mp2", 48000, "stereo"),
        ("in.avi", "pcm_s16le", 44100, "mono"),
        ("in.avi", "pcm_s16le", 37000, "stereo"),  # a rate that no encoder takes
        ("in.mkv", "libopus", 48000, "stereo"),
        ("in.mkv", "flac", 44100, "stereo"),
        ("in.ts", "aac", 48000, "mono"),
    ],
)
def test_in_time_in_every_container(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str, target: str
) -> None:
    source = make(tmp_path / name, codec, rate, layout)
    assert take_over(source, tmp_path / target) == ""
    assert pictures(tmp_path / target) == 50
    written, seconds, onset = heard(tmp_path / target)
    before = heard(source)
    assert seconds == pytest.approx(before[1], abs=0.06)
    assert onset == pytest.approx(before[2], abs=0.03)
    if codec == "libmp3lame":
        assert written == ("opus" if target == "out.webm" else "mp3")


@pytest.mark.parametrize("target", ["out.mp4", "out.mkv", "out.webm"])
@pytest.mark.parametrize(("name", "codec"), [("in.ts", "aac"), ("in.mkv", "flac"), ("in.avi", "libmp3lame")])
def test_damage_ends_the_sound_and_costs_no_picture(
    tmp_path: Path, name: str, codec: str, target: str
) -> None:
    source = make(tmp_path / name, codec)
    with av.open(str(source)) as container:
        stream = container.streams.audio[0]
        packets = [p for p in container.demux(stream) if p.size]
        middle = [p for p in packets if 0.9 <= p.pts * p.time_base - packets[0].pts * p.time_base <= 1.2]
        pieces = [bytes(p) for p in middle]
    data = bytearray(source.read_bytes())
    for piece in pieces:  # a TS cuts packets up; part of each is found all the same
        at = data.find(piece[:100])
        if at >= 0:
            data[at : at + 100] = bytes(100)
    source.write_bytes(data)
    note = take_over(source, tmp_path / target)
    assert pictures(tmp_path / target) == pictures(source) >= 48
    assert note.startswith("its sound is damaged and ends at ")
    assert 0.3 < float(note.split(" at ")[1].split(" s")[0]) < 1.3


def test_a_container_that_refuses_the_sound_takes_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "in.mkv", "flac")
    monkeypatch.setitem(sounds._COPIED, ".webm", None)  # FLAC is copied, and WebM's header refuses it
    assert take_over(source, tmp_path / "out.webm").startswith("its sound could not be taken over: ")
    assert pictures(tmp_path / "out.webm") == 50
    with av.open(str(tmp_path / "out.webm")) as container:
        assert not container.streams.audio
