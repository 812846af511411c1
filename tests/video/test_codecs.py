"""The system's own H.264 encoders are tried where a video is written, and VP9 takes over."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from salviewer.media.video import codecs
from salviewer.media.video.codecs import choose_encoder
from salviewer.media.video.files import VideoFile
from salviewer.media.video.frames import SourceInfo
from salviewer.media.video.writer import video_writer
from tests.video.videos import number_of, numbered

FULL_HD = (1920, 1080)


def test_an_encoder_that_is_not_here_is_passed_over_and_vp9_takes_over() -> None:
    """None of them raises, whichever system this is."""
    opened = [name for name in codecs._SYSTEM if codecs._opens(name, FULL_HD)]
    chosen = choose_encoder(Path("clip.mp4"), "auto", FULL_HD)
    assert chosen.name == (opened or ["libvpx-vp9"])[0]
    assert choose_encoder(Path("clip.webm"), "auto", FULL_HD).codec == "vp9"
    assert choose_encoder(Path("clip.mp4"), "auto", (1919, 1080)).codec == "vp9"


def test_the_first_of_the_systems_encoders_that_opens_writes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """x264 stands for one of a system, after one that no FFmpeg has."""
    if not codecs._opens("libx264", FULL_HD):
        pytest.skip("this PyAV has no other encoder of H.264")
    monkeypatch.setattr(codecs, "_SYSTEM", ("h264_of_no_system", "libx264"))
    target = tmp_path / "clip.mp4"
    with video_writer(target, SourceInfo("made", "file", (96, 64), rate=25), (96, 64)) as writer:
        assert writer.encoder.name == "libx264" and writer.encoder.codec == "h264"
        for index in range(5):
            writer.write(numbered(index), 40 * index)
    with closing(VideoFile(target)) as video:
        written = [number_of(frame.pixels) for frame in iter(video.read, None)]
    assert written == list(range(5))


def test_an_encoder_that_does_not_take_the_size_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a graphics card's has limits: x264 ends at 16,384 columns here."""
    if not codecs._opens("libx264", FULL_HD):
        pytest.skip("this PyAV has no other encoder of H.264")
    monkeypatch.setattr(codecs, "_SYSTEM", ("libx264",))
    assert choose_encoder(Path("clip.mp4"), "auto", FULL_HD).name == "libx264"
    wide = next((2**power, 64) for power in range(12, 18) if not codecs._opens("libx264", (2**power, 64)))
    assert choose_encoder(Path("clip.mp4"), "auto", wide).name == "libvpx-vp9"


def test_quality_goes_to_each_encoder_in_its_own_words() -> None:
    for name in codecs._SYSTEM:
        worst, best = codecs._options(name, 1), codecs._options(name, 100)
        assert worst.keys() == best.keys()
        assert name == "h264_amf" or worst != best
    assert np.all([codecs._opens("libvpx-vp9", size) for size in ((1, 1), (97, 65), FULL_HD)])
