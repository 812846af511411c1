"""``salviewer predict`` of videos: one to a file, several to a folder, frames, maps, refusals."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.media.video.files import VideoFile
from tests.cli.conftest import Ended
from tests.cli.test_main import usual_signals
from tests.folders import files_in
from tests.video.loopback import mjpeg
from tests.video.videos import make_video, numbered


def count(path: Path) -> int:
    with closing(VideoFile(path)) as video:
        return sum(1 for _ in iter(video.read, None))


def test_a_video_to_a_file_and_its_maps(tmp_path: Path, predict: Callable[..., Ended]) -> None:
    source, out = make_video(tmp_path / "clip.mp4", "mpeg4", 6), tmp_path / "out.mp4"
    ended = predict(source, "-o", out, "--save-map", "npy", "--view", "heatmap", "--half-life", 0)
    assert (ended.code, ended.err) == (0, [])
    assert ended.out[0].startswith(f"{source} -> {out}, {tmp_path / 'out.npz'} (6 frames; ")
    assert ended.out[-1].startswith("1 video written with")
    assert count(out) == 6
    assert np.load(tmp_path / "out.npz")["maps"].shape[0] == 6


def test_arrangement_and_engine_hold_for_videos(tmp_path: Path, predict: Callable[..., Ended]) -> None:
    source, out = make_video(tmp_path / "clip.mp4", "mpeg4", 3), tmp_path / "out.webm"
    ended = predict(source, "-o", out, "--arrangement", "side", "--outline", "--engine", "torch")
    assert (ended.code, ended.err) == (0, [])
    assert "OpenVINO" not in ended.out[-1]
    with closing(VideoFile(out)) as video:
        assert video.info.size[0] > 2 * 96 and video.info.size[1] == 64


def test_several_to_a_folder_and_the_one_that_fails(tmp_path: Path, predict: Callable[..., Ended]) -> None:
    make_video(tmp_path / "a.mp4", "mpeg4", 3)
    make_video(tmp_path / "b.webm", "libvpx-vp9", 3)
    (tmp_path / "broken.avi").write_bytes(b"no video")
    names = [tmp_path / name for name in ("a.mp4", "broken.avi", "b.webm")]
    ended = predict(*names, "-o", tmp_path / "out", "--frames", 2)
    assert ended.code == 1
    assert len(ended.err) == 1
    assert "broken.avi: it is no video" in ended.err[0]
    assert [(path.name, count(path)) for path in sorted(files_in(tmp_path / "out"))] == [
        ("a.mp4", 2), ("b.mp4", 2),
    ]  # fmt: skip


def test_an_unforeseen_error_costs_one_video_of_a_batch(
    tmp_path: Path, predict: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that breaks on the first of two clips stands for whatever nobody thought of."""
    real = VideoFile.read

    def read(self: VideoFile) -> object:
        if self.info.name == "a.mp4":
            raise IndexError("unforeseen")
        return real(self)

    monkeypatch.setattr(VideoFile, "read", read)
    names = [make_video(tmp_path / name, "mpeg4", 3) for name in ("a.mp4", "b.mp4")]
    ended = predict(*names, "-o", tmp_path / "out")
    assert ended.code == 1
    assert len(ended.err) == 1 and str(names[0]) in ended.err[0] and "unforeseen" in ended.err[0]
    assert [path.name for path in files_in(tmp_path / "out")] == ["b.mp4"]
    assert ended.out[-1].startswith("1 video written, 1 failed")


def test_no_line_and_no_file_name_has_a_password(tmp_path: Path, predict: Callable[..., Ended]) -> None:
    with mjpeg(last=15) as served:
        address = served.url.replace("http://", "http://user:se@cret@") + "?token=secret"
        done = predict(address, "-o", tmp_path, "--frames", 2)
        served.refuse.set()
        failed = predict(address, "-o", tmp_path / "more")
    assert (done.code, failed.code) == (0, 1)
    for said in (*done.out, *done.err, *failed.out, *failed.err):
        assert "cret" not in said
    assert served.url in done.out[0] and served.url in failed.err[0]
    assert [path.name for path in files_in(tmp_path) if path.is_file()] == ["live.mp4"]


def test_numbered_frames_to_a_video_and_back(tmp_path: Path, predict: Callable[..., Ended]) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for index in range(3):
        Image.fromarray(numbered(index)).save(folder / f"{index}.png")
    assert predict(folder, "-o", tmp_path / "clip.webm").code == 0
    assert count(tmp_path / "clip.webm") == 3
    assert predict(tmp_path / "clip.webm", "-o", tmp_path / "out", "--format", "png").code == 0
    assert len(list((tmp_path / "out" / "clip").glob("frame_*.png"))) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.mp4", "b.png", "-o", "out"], "in separate commands"),
        (["a.mp4", "b.mp4", "-o", "out.mp4"], "one file"),
        (["a.mp4", "-o", "out.mp4", "--hotspots", "3"], "watch --jsonl"),
        (["a.mp4", "-o", "out", "--format", "jpg"], "--format png"),
        (["a.mp4", "x/a.webm", "-o", "out"], "same name"),
        (["a.mp4", "-o", "out.mp4", "--view", "focus", "--view", "heatmap"], "one view"),
        (["a.mp4", "-o", "out.mp4", "--view", "picture"], "a copy of it"),
        (["a.mp4", "-o", "out.mp4", "--size", "50%"], "keeps its size"),
        (["a.mp4", "-o", "out.mp4", "--quality", "80"], "--video-quality"),
        (["a.mp4", "-o", "out.mp4", "--report", "html"], "--report is for pictures"),
        (["a.mp4", "-o", "out.mp4", "--skip-done"], "--skip-done is for pictures"),
        (["a.mp4", "-o", "out.mp4", "--tables", "json"], "watch --jsonl"),
        (["a.mp4", "-o", "out.mp4", "--divider", "0.3"], "--arrangement swipe"),
        (["a.mp4", "-o", "out.mp4", "--half-life", "-3"], "half-life"),
    ],
)
def test_contradictions_are_usage_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, predict: Callable[..., Ended],
    arguments: list[str], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    ended = predict(*arguments)
    assert ended.code == 2
    assert said in ended.err[-1]


def begun(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """`salviewer predict`, as soon as it writes a video into the folder."""
    before = set(folder.glob(".salviewer-*.mkv"))
    running = subprocess.Popen(
        [sys.executable, "-m", "salviewer", "predict", *map(str, arguments), "--device", "cpu"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=usual_signals,
    )  # fmt: skip
    while not set(folder.glob(".salviewer-*.mkv")) - before:
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended by itself: {running.wait(timeout=0.05)}")
    return running


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interrupted_a_file_leaves_nothing_and_a_recording_is_kept(
    tmp_path: Path, model_folder: Path, live: bool, name: str
) -> None:
    out = tmp_path / "out.mkv"
    source = "" if live else str(make_video(tmp_path / "clip.mp4", "mpeg4", 1500))
    with mjpeg() as served:
        running = begun(tmp_path, source or served.url, "-o", out, "--model", model_folder)
        running.send_signal(getattr(signal, name))
        said, complained = running.communicate(timeout=120)
    if live:
        assert running.returncode == 0, complained
        assert count(out) >= 1
        assert "1 video written" in said
        assert [path.name for path in files_in(tmp_path)] == ["out.mkv"]
    else:
        assert running.returncode == 130
        assert complained.splitlines() == ["salviewer: interrupted"]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_what_a_kill_left_is_cleared_at_the_next_run(
    tmp_path: Path, model_folder: Path, predict: Callable[..., Ended]
) -> None:
    clip = make_video(tmp_path / "clip.mp4", "mpeg4", 1500)
    out = tmp_path / "out"
    out.mkdir()
    running = begun(out, clip, "--model", model_folder, "--save-map", "npy", "-o", out / "a.mkv")
    running.kill()
    running.communicate(timeout=60)
    assert any(out.glob(".salviewer-*"))
    folder = next(out.glob(".salviewer-*.mkv")).with_suffix("")  # as for frames: of the process that is gone
    folder.mkdir()
    (folder / "frame_000000.png").touch()
    other = out / f".salviewer-{'ab' * 8}.mkv"  # of another machine, whose process may be alive
    other.touch()
    assert predict(clip, "-o", out / "b.mkv", "--frames", 3, "--save-map", "npy").code == 0
    assert sorted(path.name for path in files_in(out)) == [other.name, "b.mkv", "b.npz"]


def test_a_detector_of_ones_own(tmp_path: Path, predict: Callable[..., Ended], photos: Path) -> None:
    source = make_video(tmp_path / "clip.mp4", "mpeg4", 3)
    boxes = tmp_path / "boxes.py"
    boxes.write_text("def detect(frame):\n    return [(0, 0, 24, 64)]\ndef bad(frame):\n    return 3\n")
    maps = {}
    for name, more in {
        "plain": (),
        "boxed": ("--detector", boxes),
        "bad": ("--detector", f"{boxes}:bad"),
    }.items():
        ended = predict(source, "-o", tmp_path / f"{name}.mp4", "--save-map", "npy", "--half-life", 0, *more)
        assert (ended.code, ended.err) == (0, [])
        note = f"{boxes}: bad returned 3 in place of boxes; from there on, objects are the map's own regions"
        assert (note in ended.out[0]) == (name == "bad")
        maps[name] = np.load(tmp_path / f"{name}.npz")["maps"]
    left = {name: each[:, :, : each.shape[2] // 4].sum(axis=(1, 2)) for name, each in maps.items()}
    assert (left["boxed"] > left["plain"] + 0.1).all()
    refused = predict(photos, "-o", tmp_path / "out", "--detector", boxes)
    assert refused.code == 2
    assert "--detector is for videos, and for crops, regions and words of pictures" in refused.err[-1]
