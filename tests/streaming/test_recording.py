"""Recordings: what was shown, when it was shown, and once."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from salviewer.core.following import Box, Tracked
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.media.video.files import VideoFile
from salviewer.media.video.frames import Frame, SourceInfo
from salviewer.streaming.recording import Recorded, Recorder
from tests.disks import small_disk
from tests.streaming.watching import Calls
from tests.video.videos import number_of, numbered

INFO = SourceInfo("camera", "camera", (96, 64), 30.0, Fraction(1, 1000))


def _frame(number: int, size: tuple[int, int] = (96, 64)) -> Frame:
    return Frame(numbered(number, size), number, 40 * number, number / 25)


def _read(path: Path) -> list[Frame]:
    with closing(VideoFile(path)) as source:
        return list(iter(source.read, None))


def test_frames_keep_the_times_at_which_they_came_and_each_is_there_once(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    recorder = Recorder(tmp_path / "out.mkv", INFO, ended, quality=95)
    frames = [_frame(number) for number in range(4)]
    for frame, at in zip(frames, (10.0, 10.1, 10.5, 10.54), strict=True):
        for _ in range(2):  # shown again with a map of its own
            recorder.add(frame, None, None, at)
    recorder.finish()
    assert ended.count(1)[0] == Recorded(tmp_path / "out.mkv", 4, 0)
    assert recorder.join(60)
    read = _read(tmp_path / "out.mkv")
    assert [number_of(frame.pixels) for frame in read] == [0, 1, 2, 3]
    assert np.allclose([frame.seconds for frame in read], [0, 0.1, 0.5, 0.54], atol=0.002)


def test_the_first_arrangement_holds_and_a_frame_without_a_map_is_bare(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    recorder = Recorder(tmp_path / "out.webm", INFO, ended, quality=95)
    hot = np.zeros((8, 12), np.float32)
    hot[2:6, 3:9] = 1
    side = Scene(arrangement="side")
    recorder.add(_frame(1), SaliencyMap(hot, (96, 64), "spot"), side, 0.0)
    recorder.add(_frame(2), None, side, 0.1)
    recorder.add(_frame(3), SaliencyMap(hot, (96, 64), "spot"), replace(side, arrangement="single"), 0.2)
    recorder.finish()
    assert ended.count(1)[0].frames == 3
    read = _read(tmp_path / "out.webm")
    assert {frame.pixels.shape for frame in read} == {read[0].pixels.shape}
    assert read[0].pixels.shape[1] > 2 * 96
    right = [frame.pixels[:, -96:].astype(int) for frame in read]
    assert np.abs(right[0] - numbered(1)).mean() > np.abs(right[1] - numbered(2)).mean() + 2


def test_a_frame_of_another_size_is_scaled_to_the_first(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    recorder = Recorder(tmp_path / "out.mkv", INFO, ended, quality=95)
    recorder.add(_frame(5), None, None, 0.0)
    recorder.add(_frame(6, (192, 128)), None, None, 0.1)
    recorder.add(_frame(7, (96, 32)), None, None, 0.2)
    recorder.finish()
    report = ended.count(1)[0]
    assert (report.path, report.frames, report.error) == (tmp_path / "out.mkv", 3, None)
    read = _read(tmp_path / "out.mkv")
    assert [frame.pixels.shape for frame in read] == [(64, 96, 3)] * 3
    assert [number_of(frame.pixels) for frame in read[:2]] == [5, 6]
    assert read[2].pixels[:12].max() < 40  # its shape is kept: black above and below
    assert number_of(read[2].pixels[16:48]) == 7


def test_the_followed_region_is_recorded_with_and_without_a_map(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    recorder = Recorder(tmp_path / "out.mkv", INFO, ended, quality=100)
    flat = SaliencyMap(np.full((8, 12), 1 / 96, np.float32), (96, 64), "flat")
    tracked = Tracked(1, Box(0.5, 0.6, 0.8, 0.95), 1.0)
    recorder.add(_frame(0), flat, Scene(), 0.0, tracked)
    recorder.add(_frame(1), None, Scene(), 0.1, tracked)
    recorder.add(_frame(2), flat, None, 0.2, tracked)
    recorder.add(_frame(3), flat, None, 0.3)
    recorder.finish()
    assert ended.count(1)[0].frames == 4

    def yellow(frame: Frame) -> int:
        red, green, blue = (frame.pixels[..., channel].astype(int) for channel in range(3))
        return int(((red > 140) & (green > 110) & (blue < 110)).sum())

    counts = [yellow(frame) for frame in _read(tmp_path / "out.mkv")]
    assert min(counts[:3]) > counts[3] + 20


def test_what_fails_while_it_is_drawn_ends_it_with_what_came_before(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    recorder = Recorder(tmp_path / "out.mkv", INFO, ended)
    recorder.add(_frame(0), None, None, 0.0)
    flat = SaliencyMap(np.full((8, 12), 1 / 96, np.float32), (96, 64), "spot")
    recorder.add(_frame(1), flat, Scene(style=None), 0.1)  # type: ignore[arg-type]
    report = ended.count(1)[0]
    assert (report.path, report.frames) == (tmp_path / "out.mkv", 1)
    assert report.error is not None
    assert len(_read(tmp_path / "out.mkv")) == 1


def test_a_full_disk_ends_it_with_what_came_before(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    random = np.random.default_rng(2)
    with small_disk(tmp_path / "disk", "600k") as disk:
        recorder = Recorder(disk / "out.mp4", INFO, ended, quality=100)
        for number in range(60):
            noise = random.integers(0, 255, (240, 320, 3), np.uint8)
            while not recorder.ended and recorder.written < number - 3:
                time.sleep(0.01)
            recorder.add(Frame(noise, number, 40 * number, number / 25), None, None, number / 25)
        report = ended.count(1)[0]
        assert report.path == disk / "out.mp4" and "the disk is full" in str(report.error)
        assert 3 <= len(_read(disk / "out.mp4")) <= report.frames
        assert [path.name for path in disk.iterdir() if path.name.startswith(".salviewer-")] == []


def test_nothing_came_and_nothing_is_left(tmp_path: Path) -> None:
    ended: Calls[Recorded] = Calls()
    Recorder(tmp_path / "out.mp4", INFO, ended).finish()
    assert ended.count(1)[0] == Recorded(None, 0, 0)
    assert not list(tmp_path.iterdir())
