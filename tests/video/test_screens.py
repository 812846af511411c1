"""A part of the screen as a source, on a real X server whose background is coloured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.cli import main
from salviewer.errors import SourceError
from salviewer.media.video.opening import SourceChoice
from tests.screens import Paint, coloured_screen


@pytest.fixture
def paint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paint]:
    """Paints the screen that `DISPLAY` names."""
    yield from coloured_screen(monkeypatch)


def test_each_frame_shows_the_screen_as_it_is(paint: Paint) -> None:
    choice = SourceChoice("screen:180,-5,64,48")
    assert choice.live and not choice.is_camera
    with closing(choice.open()) as source:
        assert source.info.kind == "screen" and source.info.live and source.info.size == (20, 43)
        red = source.read()
        paint(0x0000FF)
        blue = source.read()
    assert red is not None and blue is not None and blue.index == 1
    assert np.unique(red.pixels.reshape(-1, 3), axis=0).tolist() == [[255, 0, 0]]
    assert np.unique(blue.pixels.reshape(-1, 3), axis=0).tolist() == [[0, 0, 255]]
    for ref, size in (("screen:", (200, 150)), ("SCREEN:1", (200, 150)), ("screen:all", (200, 150))):
        with closing(SourceChoice(ref).open()) as source:
            assert source.info.size == size


def test_what_cannot_be_captured_gets_a_sentence(paint: Paint, monkeypatch: pytest.MonkeyPatch) -> None:
    for ref, why in (
        ("screen:0,0,10,10", "less than 16 x 16"),
        ("screen:500,0,100,100", "all screens together are 200 x 150"),
        ("screen:9", "there is no screen 9; there are 1"),
        ("screen:1,2,3", "screen:X,Y,W,H"),
    ):
        with pytest.raises(SourceError, match=why):
            SourceChoice(ref).open()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(SourceError, match="Wayland"):
        SourceChoice("screen:").open()
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(SourceError, match="there is no display"):
        SourceChoice("screen:").open()


def test_predict_takes_a_still_and_watch_the_screen_as_it_goes(
    paint: Paint, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ["--model", str(model_folder), "--device", "cpu"]
    assert (
        main(
            [
                "predict",
                "screen:10,20,80,64",
                "-o",
                str(tmp_path),
                "--view",
                "picture",
                "--view",
                "overlay",
                *model,
            ]
        )
        == 0
    )
    picture = next(tmp_path.glob("screen-10-20-80-64*picture*.png"))
    assert np.asarray(Image.open(picture)).reshape(-1, 3).max(0).tolist() == [255, 0, 0]
    assert len(list(tmp_path.glob("screen-10-20-80-64*.png"))) == 2
    capsys.readouterr()
    assert main(["watch", "screen:10,20,80,64", "--jsonl", "--frames", "2", *model]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(line["event"] == "frame" for line in lines) == 2
    clip = tmp_path / "clip.mp4"
    assert main(["predict", "screen:10,20,80,64", "-o", str(clip), "--frames", "2", *model]) == 0
    assert clip.stat().st_size
