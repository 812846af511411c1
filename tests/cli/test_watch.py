"""``salviewer watch``: a line a frame, areas from a project, streams that die, Ctrl+C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from salviewer.core.areas import Rectangle
from salviewer.media.project import Project, ProjectPicture, save_project
from tests.cli.conftest import Ended
from tests.cli.test_main import usual_signals
from tests.video.loopback import mjpeg
from tests.video.videos import make_video, numbered


@pytest.fixture
def watch(salviewer: Callable[..., Ended], model_folder: Path) -> Callable[..., Ended]:
    """``salviewer watch *arguments --model RANDOM --device cpu``."""

    def run(*arguments: object) -> Ended:
        return salviewer("watch", *arguments, "--model", model_folder, "--device", "cpu")

    return run


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mkv", "ffv1", 8)


def without_clocks(line: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in line.items() if key not in ("time", "monotonic")}


def test_every_frame_of_a_file_as_json(clip: Path, watch: Callable[..., Ended]) -> None:
    ended = watch(clip, "--jsonl", "--hotspots", 2, "--follow")
    assert (ended.code, ended.err) == (0, [])
    first, *frames, last = map(json.loads, ended.out)
    assert without_clocks(first) == {
        "event": "open", "name": "clip.mkv", "kind": "file", "size": [96, 64], "rate": 25.0, "frames": None,
    }  # fmt: skip
    assert [line["frame"] for line in frames] == list(range(8))
    assert [line["seconds"] for line in frames] == pytest.approx([index / 25 for index in range(8)], abs=1e-3)
    for line in frames:
        assert 1 <= len(line["hotspots"]) <= 2
        for spot in line["hotspots"]:
            assert 0 <= spot["x"] <= 96
            assert 0 <= spot["y"] <= 64
            assert 0 < spot["share"] <= 1
        assert "captured" not in line
        assert "areas" not in line
    assert without_clocks(last) == {"event": "end", "frames": 8, "interrupted": False, "error": None}


def test_areas_of_a_project(tmp_path: Path, clip: Path, watch: Callable[..., Ended]) -> None:
    left = Rectangle(left=0, top=0, right=0.5, bottom=1, name="Left")
    all_of_it = Rectangle(left=0, top=0, right=1, bottom=1, name="All")
    picture = tmp_path / "design.png"
    Image.fromarray(numbered(0)).save(picture)
    project = tmp_path / "p.salviewer.json"
    save_project(project, Project((ProjectPicture(picture, (left, all_of_it)), ProjectPicture(clip))))
    lines = [json.loads(line) for line in watch(clip, "--jsonl", "--project", project, "--frames", 2).out]
    for line in lines[1:3]:
        areas = {area["name"]: area for area in line["areas"]}
        assert areas["All"]["share"] == pytest.approx(1, abs=1e-4)
        assert 0 < areas["Left"]["share"] < 1
        assert areas["Left"]["id"] == left.id
    other = ProjectPicture(clip, (all_of_it,))  # the video's own come first
    save_project(project, Project((ProjectPicture(picture, (left,)), other)))
    lines = [json.loads(line) for line in watch(clip, "--jsonl", "--project", project, "--frames", 1).out]
    assert [area["name"] for area in lines[1]["areas"]] == ["All"]
    named = watch(clip, "--jsonl", "--project", project, "--picture", "design.png", "--frames", 1)
    assert [area["name"] for area in json.loads(named.out[1])["areas"]] == ["Left"]
    with mjpeg() as served:
        refused = watch(served.url, "--project", project)
    assert refused.code == 2
    assert "design.png, clip.mkv" in refused.err[-1]


def test_lines_for_people_and_the_path_of_a_region(
    tmp_path: Path, clip: Path, watch: Callable[..., Ended]
) -> None:
    ended = watch(clip, "--follow", "--path", tmp_path / "path.csv", "--regions", 1, "--motion", 1)
    assert ended.code == 0
    assert ended.out[0] == "clip.mkv: 96 x 64, 25 frames/s"
    assert ended.out[3].split()[:4] == ["0.080", "s", "frame", "2"]
    assert ended.out[-1] == "8 frames"
    rows = (tmp_path / "path.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == (
        "track,frame,seconds,left,top,right,bottom,confidence,left_pixels,top_pixels,right_pixels,bottom_pixels"
    )
    for row in rows[1:]:
        left, top, right, bottom, _, *pixels = map(float, row.split(",")[3:])
        assert pixels == pytest.approx([96 * left, 64 * top, 96 * right, 64 * bottom], abs=0.06)
    assert any("region" in line for line in ended.out) == (len(rows) > 1)


def test_a_stream_that_dies_ends_with_one_sentence(watch: Callable[..., Ended]) -> None:
    with mjpeg(last=15) as served:
        ended = watch(served.url, "--jsonl")
    lines = [json.loads(line) for line in ended.out]
    assert ended.code == 1
    assert len(ended.err) == 1
    assert served.url in ended.err[0]
    assert lines[0]["event"] == "open"
    assert [line["event"] for line in lines[-2:]] == ["lost", "end"]
    assert lines[-1]["error"] == ended.err[0].removeprefix("salviewer: ")
    assert not lines[-1]["interrupted"]
    frames = [line for line in lines if line["event"] == "frame"]
    assert frames
    assert all("captured" in line and "dropped" in line for line in frames)


def test_no_line_has_a_password(watch: Callable[..., Ended]) -> None:
    with mjpeg(last=15) as served:
        address = served.url.replace("http://", "http://user:se@cret@") + "?token=secret"
        ended = watch(address, "--jsonl")
    assert served.url in ended.out[0]
    for said in (*ended.out, *ended.err):
        assert "cret" not in said


def test_it_opens_a_stream_again(watch: Callable[..., Ended]) -> None:
    with mjpeg(rate=100, last=20) as served:
        ended = watch(served.url, "--jsonl", "--reconnect", 0.05, "--frames", 12)
        assert served.asked >= 1
    assert ended.code == 0
    events = [json.loads(line)["event"] for line in ended.out]
    assert events.count("frame") == 12


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["97"], 1, "there is no camera 97"),
        (["nothing.mp4"], 1, "nothing.mp4: there is no such file"),
        (["clip.mkv", "--reconnect", "1"], 2, "cameras and streams"),
        (["clip.mkv", "--path", "x.csv"], 2, "--path needs --follow"),
        (["clip.mkv", "--picture", "x"], 2, "--picture needs --project"),
        (["clip.mkv", "--size", "big"], 2, "WIDTHxHEIGHT"),
        (["clip.mkv", "--hotspots", "0"], 2, "of at least 1"),
    ],
)
def test_refusals_are_one_sentence(
    watch: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], code: int, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    ended = watch(*arguments)
    assert ended.code == code
    assert said in ended.err[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_and_its_like_end_cleanly(model_folder: Path, name: str) -> None:
    with mjpeg() as served:
        command = [sys.executable, "-m", "salviewer", "watch", served.url, "--jsonl"]
        command += ["--model", str(model_folder), "--device", "cpu"]
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=usual_signals
        )
        assert running.stdout is not None
        while '"frame"' not in running.stdout.readline():
            assert running.poll() is None
        running.send_signal(getattr(signal, name))
        said, complained = running.communicate(timeout=60)
    assert (running.returncode, complained) == (0, "")
    assert json.loads(said.splitlines()[-1])["interrupted"] is True


def test_a_detector_of_ones_own(tmp_path: Path, clip: Path, watch: Callable[..., Ended]) -> None:
    boxes = tmp_path / "boxes.py"
    boxes.write_text(
        "seen = []\n"
        "def find(frame):\n"
        "    seen.append(1)\n"
        "    if len(seen) > 3:\n"
        "        raise RuntimeError('tired')\n"
        "    return [(84, 0, 12, 64)]\n"
    )
    left = Rectangle(left=0, top=0, right=0.85, bottom=1, name="Left")
    project = tmp_path / "p.salviewer.json"
    save_project(project, Project((ProjectPicture(clip, (left,)),)))
    usual = ("--jsonl", "--project", project, "--half-life", 0)
    ended = watch(clip, *usual, "--detector", f"{boxes}:find")
    assert (ended.code, ended.err) == (0, [])
    lines = [json.loads(line) for line in ended.out]
    assert [line["text"] for line in lines if line["event"] == "note"] == [
        f"{boxes}: find raised RuntimeError: tired (line 5); from there on, objects are the map's own regions"
    ]
    plain = [json.loads(line) for line in watch(clip, *usual).out]

    def shares(events: list[dict[str, object]]) -> list[float]:
        return [line["areas"][0]["share"] for line in events if line["event"] == "frame"]  # type: ignore[index]

    assert all(
        with_it < without - 0.1 for with_it, without in zip(shares(lines)[:3], shares(plain), strict=False)
    )
    assert len(shares(lines)) == 8
    refused = watch(clip, "--detector", tmp_path / "none.py")
    assert (refused.code, refused.out) == (1, [])
    assert refused.err == [f"salviewer: {tmp_path / 'none.py'}: there is no such file"]
