"""``salviewer apply track``: tracks in files, and videos reframed after attention."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import salviewer.api
from salviewer.core.applications.reframe import ReframeSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.track_files import TRACK_ENDINGS
from salviewer.streaming.tracking import TrackOrder, track_video
from salviewer.streaming.video_export import VideoOrder, export_video


class Red:
    """Attention goes to what is red."""

    name, device_title, note = "red", "test", ""

    def predict(self, pixels: np.ndarray) -> SaliencyMap:
        import cv2

        red = np.clip(pixels[..., 0].astype(np.float32) - pixels[..., 1], 60, None) - 59
        small = cv2.resize(red, (80, 45), interpolation=cv2.INTER_AREA)
        return SaliencyMap(cv2.GaussianBlur(small, (0, 0), 1.5), pixels.shape[1::-1], "red")


def frames(count: int) -> list[np.ndarray]:
    """A red, textured square that goes from left to right over a still background."""
    rng = np.random.default_rng(0)
    background = (
        np.repeat(rng.integers(60, 120, (45, 80, 1), dtype=np.uint8), 3, axis=2).repeat(4, 0).repeat(4, 1)
    )
    square = rng.integers(0, 60, (9, 9, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    square[..., 0] += 180
    made = []
    for number in range(count):
        pixels, left = background.copy(), 20 + 4 * number
        pixels[70:106, left : left + 36] = square
        made.append(pixels)
    return made


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Sixty frames of 320 x 180, 25 a second."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"qmin": "2", "qmax": "3"}
        for pixels in frames(60):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture
def apply(salviewer: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """``salviewer apply track *arguments`` with attention on what is red."""
    monkeypatch.setattr(salviewer_api(), "load_model", lambda *_, **__: Red())
    return lambda *arguments: salviewer("apply", "track", *arguments)


def salviewer_api() -> object:
    """The module whose function the command calls."""
    return salviewer.api


def test_tracks_in_every_format(apply, clip: Path, tmp_path: Path) -> None:
    out, sheet = tmp_path / "out", tmp_path / "sheet.png"
    wanted = [part for fmt in ("csv", "json", "mot") for part in ("--write", fmt)]
    ended = apply(clip, "-o", out, *wanted, "--half-life", 0, "--sheet", sheet)
    assert ended.code == 0, ended.err
    assert "60 frames; 1 track" in ended.out[0]
    with (out / "clip_tracks.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 60 and rows[0]["event"] == "begins" and {row["track"] for row in rows} == {"1"}
    for number, row in enumerate(rows):
        centre = (float(row["left"]) + float(row["right"])) / 2 * 320
        assert centre == pytest.approx(38 + 4 * number, abs=10)
        assert row["hottest"] == "1"
    content = json.loads((out / "clip_tracks.json").read_text())
    assert (content["width"], content["height"]) == (320, 180)
    (track,) = content["tracks"]
    assert track["ended"] == "" and len(track["points"]) == 60
    first = (out / "clip_mot.txt").read_text().splitlines()[0].split(",")
    assert first[:2] == ["1", "1"] and len(first) == 10 and first[7:] == ["-1", "-1", "-1"]
    assert float(first[2]) == pytest.approx(320 * float(rows[0]["left"]), abs=0.01)
    assert Image.open(sheet).size[0] == 224


def test_predict_and_the_windows_export_write_the_same_tracks(
    apply, predict, clip: Path, tmp_path: Path
) -> None:
    wanted = [["--write", fmt, "--save-tracks", fmt] for fmt in ("csv", "json", "mot")]
    first, second = ([part for each in wanted for part in each[i : i + 2]] for i in (0, 2))
    assert apply(clip, "-o", tmp_path / "a", *first, "--frames", 12).code == 0
    ended = predict(clip, "-o", tmp_path / "b", *second, "--frames", 12)
    assert ended.code == 0 and "clip_tracks.csv" in ended.out[0]
    out = tmp_path / "c"
    out.mkdir()
    files = tuple((fmt, out / f"clip{ending}") for fmt, ending in TRACK_ENDINGS.items())
    export_video(VideoOrder(SourceChoice(str(clip)), None, frames=12, tracks=files), Red())
    for ending in TRACK_ENDINGS.values():
        made = [(tmp_path / folder / f"clip{ending}").read_bytes() for folder in "abc"]
        assert made[0] and made[0] == made[1] == made[2]


def test_a_video_is_reframed_and_python_gives_the_same_path(apply, clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = apply(clip, "-o", out, "--reframe", "9:16", "--speed", "1", "--half-life", 0)
    assert ended.code == 0 and "9:16 keeps" in ended.out[0]
    settings = ReframeSettings((9, 16), 1.0)
    from salviewer.core.cues import CueSettings

    order = TrackOrder(
        SourceChoice(str(clip)), None, ((settings, tmp_path / "own.mp4"),), CueSettings(half_life=0)
    )
    (own,) = track_video(order, Red()).reframed
    assert own.window.height == 180 and own.window.width == 100 and own.kept.mean() > 0.7
    read = {}
    for path in (out / "clip-9x16.mp4", tmp_path / "own.mp4"):
        with closing(SourceChoice(str(path)).open()) as source:
            read[path.stem] = [frame.pixels for frame in iter(source.read, None)]
    assert [f.shape for f in read["own"]] == [(180, 100, 3)] * 60
    np.testing.assert_array_equal(np.array(read["own"]), np.array(read["clip-9x16"]))
    for number in (5, 30, 55):
        expected = frames(60)[number][:, own.lefts[number] : own.lefts[number] + 100].astype(int)
        assert np.abs(read["own"][number].astype(int) - expected).mean() < 15
    red = [(frame[..., 0].astype(int) - frame[..., 1] > 60).sum() for frame in read["own"]]
    assert min(red) > 0.7 * 36 * 36  # the square is in the window throughout


def test_a_live_source_and_a_bad_video_are_refused_in_words(apply, clip: Path, tmp_path: Path) -> None:
    ended = apply("rtsp://127.0.0.1:9/x", "-o", tmp_path / "out")
    assert ended.code == 1 and "tracks are of files" in ended.err[0]
    (tmp_path / "bad.mp4").write_bytes(b"no video")
    ended = apply(tmp_path / "bad.mp4", clip, "-o", tmp_path / "out", "--frames", 3)
    assert ended.code == 1 and "bad.mp4" in ended.err[0] and (tmp_path / "out" / "clip_tracks.csv").is_file()
    ended = apply(clip, "-o", tmp_path / "out", "--reframe", "100x100")
    assert ended.code == 2 and "an aspect such as 9:16" in ended.err[-1]
