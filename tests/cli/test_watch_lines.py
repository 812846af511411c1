"""The lines for programs: against their schema, over lost connections, at most so many a second."""

from __future__ import annotations

import doctest
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from salviewer.core.areas import Rectangle
from salviewer.media.project import Project, ProjectPicture, save_project
from salviewer.media.video import hdr, interlacing
from salviewer.streaming import watch as watching
from tests.cli.conftest import Ended
from tests.cli.test_watch import clip, watch  # noqa: F401
from tests.video.loopback import mjpeg, rtsp, serve_file
from tests.video.test_pixels import hdr_clip, interlaced_clip
from tests.video.videos import make_video

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "watch.schema.json").read_text(encoding="utf-8"))
Watch = Callable[..., Ended]


def lines_of(ended: Ended) -> list[dict[str, Any]]:
    """What was said, each line as the schema has it."""
    validator = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    lines = [json.loads(line) for line in ended.out]
    for line in lines:
        validator.validate(line)
    return lines


def frames_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["event"] == "frame"]


def test_the_schema_describes_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for kind in SCHEMA["oneOf"]:
        for name, field in kind["properties"].items():
            assert field.get("description") or name in ("event", "kind"), name


def test_a_file_with_all_there_is(tmp_path: Path, clip: Path, watch: Watch) -> None:  # noqa: F811
    area = Rectangle(left=0, top=0, right=0.5, bottom=1, name="Left")
    project = tmp_path / "p.salviewer.json"
    save_project(project, Project((ProjectPicture(clip, (area,)),)))
    lines = lines_of(watch(clip, "--jsonl", "--follow", "--project", project))
    frames = frames_of(lines)
    assert len(frames) == 8 and all(line["areas"] for line in frames)
    assert any("region" in line for line in frames)
    for line in frames:
        assert line["source_clock"] == "container"
        assert line["source_seconds"] == pytest.approx(line["seconds"], abs=1e-3)
        for spot in line["hotspots"]:
            assert np.allclose(np.multiply(spot["fractions"], line["size"]), spot["pixels"], atol=0.06)
        if "region" in line:
            size = line["size"] * 2
            assert np.allclose(
                np.multiply(line["region"]["fractions"], size), line["region"]["pixels"], atol=0.06
            )
    for line in lines:
        assert abs(line["monotonic"] - time.monotonic()) < 60


def test_how_a_stream_is_shown_is_said_once(tmp_path: Path, watch: Watch) -> None:  # noqa: F811
    interlaced, _, _ = interlaced_clip(tmp_path / "interlaced.ts")
    interlaced.write_bytes(interlaced.read_bytes() * 30)
    with serve_file(interlaced) as url:
        lines = lines_of(watch(url, "--jsonl", "--frames", "3"))
    notes = [line["text"] for line in lines if line["event"] == "note"]
    assert notes == [f"{url}: {interlacing.NOTE}"]
    wide = hdr_clip(tmp_path / "hdr.ts", hdr.PQ)
    wide.write_bytes(wide.read_bytes() * 30)
    with serve_file(wide) as url:
        lines = lines_of(watch(url, "--jsonl", "--frames", "1"))
    assert [line["text"] for line in lines if line["event"] == "note"] == [f"{url}: {hdr.NOTE}"]


def test_a_matroska_stream_claims_no_rate_that_it_does_not_know(tmp_path: Path, watch: Watch) -> None:  # noqa: F811
    path = make_video(tmp_path / "a.mkv", "libx264", 5, times=[0, 1000, 2000, 3000, 4000])
    with serve_file(path) as url:
        assert lines_of(watch(url, "--jsonl", "--frames", "2"))[0]["rate"] == 0


def test_a_damaged_file_and_one_that_is_none(tmp_path: Path, watch: Watch) -> None:  # noqa: F811
    whole = make_video(tmp_path / "whole.mkv", "ffv1", 30)
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert [line["event"] for line in lines_of(watch(half, "--jsonl"))][-2:] == ["note", "end"]
    assert watch(tmp_path / "none.mp4", "--jsonl").out == []


@pytest.mark.parametrize("serve", [mjpeg, rtsp])
def test_streams_have_their_own_time_where_they_send_one(serve: Any, watch: Watch) -> None:  # noqa: F811
    with serve() as served:
        lines = lines_of(watch(served.url, "--jsonl", "--frames", 8))
    frames = frames_of(lines)
    if serve is mjpeg:  # it has neither times nor a rate, whatever libavformat makes up
        assert {line["source_seconds"] for line in frames} == {None}
        assert lines[0]["rate"] == 0
        assert {line["source_time"] for line in frames} == {None}
    else:
        sent = [datetime.fromisoformat(line["source_time"]).timestamp() for line in frames]
        decoded = [datetime.fromisoformat(line["time"]).timestamp() for line in frames]
        assert np.diff(sent) == pytest.approx(np.diff([line["source_seconds"] for line in frames]), abs=2e-3)
        assert all(abs(there - here) < 60 for there, here in zip(sent, decoded, strict=True))
        assert {line["source_clock"] for line in frames} == {"rtp"}
        own = [line["source_seconds"] for line in frames]
        steps, arrived = own[-1] - own[0], frames[-1]["seconds"] - frames[0]["seconds"]
        assert own == sorted(own) and steps == pytest.approx(arrived, abs=0.5)


def test_the_ros_2_recipe_reads_real_lines(clip: Path, watch: Watch) -> None:  # noqa: F811
    path = Path(__file__).parents[2] / "docs" / "examples" / "ros2_gaze.py"
    spec = importlib.util.spec_from_file_location("ros2_gaze", path)
    assert spec is not None and spec.loader is not None
    recipe = importlib.util.module_from_spec(spec)
    sys.modules["ros2_gaze"] = recipe  # for its dataclass
    spec.loader.exec_module(recipe)
    assert doctest.testmod(recipe).failed == 0
    lines = lines_of(watch(clip, "--jsonl", "--follow", "--hotspots", "1"))
    read = [(line, recipe.gaze_of(line)) for line in lines]
    assert any(gaze is not None and gaze.region is not None for _, gaze in read)
    for line, gaze in read:
        assert (gaze is None) == (line["event"] != "frame")
        if gaze is not None:
            moment = datetime.fromisoformat(line["time"]).timestamp()
            assert gaze.stamp == pytest.approx(moment * 1e9, abs=1e6)
            (spot,) = line["hotspots"]
            assert gaze.hotspot == (*spot["pixels"], spot["share"])
        if "region" in line:
            left, top, right, bottom = line["region"]["pixels"]
            assert gaze.region[0] == (left, top) and gaze.region[2] == (right, bottom)


def test_numbers_and_times_go_on_over_lost_connections(watch: Watch) -> None:  # noqa: F811
    with mjpeg(rate=100, last=12) as served:
        lines = lines_of(watch(served.url, "--jsonl", "--reconnect", 0.05, "--frames", 30))
    frames = frames_of(lines)
    assert len({line["connection"] for line in frames}) >= 3
    for name in ("frame", "seconds", "monotonic", "connection", "dropped"):
        values = [line[name] for line in frames]
        assert values == sorted(values)
        assert name in ("connection", "dropped") or len(set(values)) == len(values)
    seen, lost = 0, False  # all frames of a connection come before its loss is told
    for line in lines:
        if line["event"] == "open":
            seen += 1
        elif line["event"] == "frame":
            assert line["connection"] == seen
            assert not lost
        lost = line["event"] == "lost"


def test_frames_come_before_the_loss_that_followed_them(watch: Watch, monkeypatch: Any) -> None:  # noqa: F811
    """A network that is slow sees its last frame when the stream is gone already."""
    real = watching._Eye.predict

    def slowly(self: Any, captured: Any) -> Any:
        time.sleep(0.3)
        return real(self, captured)

    monkeypatch.setattr(watching._Eye, "predict", slowly)
    with mjpeg(rate=50, last=20) as served:
        ended = watch(served.url, "--jsonl")
    events = [line["event"] for line in lines_of(ended)]
    assert ended.code == 1
    assert events == ["open", *["frame"] * (len(events) - 3), "lost", "end"]


def test_at_most_so_many_a_second(tmp_path: Path, watch: Watch) -> None:  # noqa: F811
    file = make_video(tmp_path / "clip.mkv", "ffv1", 50)
    frames = frames_of(lines_of(watch(file, "--jsonl", "--max-rate", 5)))
    assert [line["frame"] for line in frames] == list(range(0, 50, 5))
    with mjpeg(rate=100) as served:
        frames = frames_of(lines_of(watch(served.url, "--jsonl", "--max-rate", 10, "--frames", 6)))
    assert frames[-1]["monotonic"] - frames[0]["monotonic"] >= 0.4
    assert frames[-1]["dropped"] > 10


def test_the_time_limit_can_be_chosen(watch: Watch) -> None:  # noqa: F811
    with mjpeg() as served:
        served.stop.set()
        ended = watch(served.url, "--timeout", 0.4)
    assert ended.code == 1
    assert "within 0.4 s" in ended.err[0]
