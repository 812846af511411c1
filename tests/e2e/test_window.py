"""The real command in a real window."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from salviewer.app.state.settings import ViewerSettings
from salviewer.core.render import render
from salviewer.core.views import view
from salviewer.media.images import load_picture
from salviewer.media.saving import save_picture
from salviewer.models.catalog import list_models
from tests.app.bad_pictures import BROKEN
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e

Drive = Callable[..., dict[str, Any]]
HEAD = (165, 10, 300, 215)
"""Left, top, right, bottom of the astronaut's head in her photograph."""


def crop(path: Path, rect: list[float]) -> NDArray[np.int16]:
    """The picture's part of a screen grab."""
    left, top, width, height = (round(value) for value in rect)
    return np.asarray(Image.open(path).convert("RGB"), np.int16)[top : top + height, left : left + width]


def test_the_heatmap_is_hottest_on_the_face(drive: Drive, astronaut: Path) -> None:
    notes = drive("look", astronaut)
    heat, bare = (crop(notes["out"] / name, notes["rect"]) for name in ("heat.png", "bare.png"))
    changed = np.abs(heat - bare).sum(axis=2)
    assert changed.max() > 60
    # Hottest is what the ramp paints yellow; the blue patch on her suit, painted green, is changed as much.
    yellow = np.where(changed > 60, heat @ np.array([1, 1, -2]), -510)
    rows, columns = np.nonzero(yellow >= np.percentile(yellow, 99.5))
    scale = 512 / changed.shape[1]
    x, y = columns.mean() * scale, rows.mean() * scale
    assert HEAD[0] < x < HEAD[2] and HEAD[1] < y < HEAD[3], (x, y)
    assert "CPU" in notes["status"] or "NVIDIA" in notes["status"]
    assert notes["status"].endswith(" ms") and "512 × 512" in notes["facts"]


@pytest.mark.parametrize("scale", ["1", "2"])
def test_views_on_screen_are_those_of_the_core_and_actual_size_has_the_pictures_pixels(
    drive: Drive, astronaut: Path, scale: str
) -> None:
    from salviewer.models.loading import load_model

    notes = drive("views", astronaut, scale=scale)
    shots = {
        name: crop(notes["out"] / f"{name}.png", notes["rect"])
        for name in ("picture", "heatmap", "focus", "contours")
    }
    look, picture = ViewerSettings(), load_picture(astronaut)
    saliency = load_model().predict(picture.pixels)
    for name in ("heatmap", "focus"):
        expected = Image.fromarray(view(picture.pixels, saliency, name, look.heat, look.style))
        height, width = shots[name].shape[:2]
        resized = np.asarray(expected.resize((width, height), Image.Resampling.BILINEAR), np.int16)
        assert np.abs(shots[name] - resized).mean() < 4, name
        assert np.abs(shots[name] - shots["picture"]).mean() > 20, name
    drawn = (np.abs(shots["contours"] - shots["picture"]).max(axis=2) > 30).mean()
    assert 0.002 < drawn < 0.08
    assert notes["lines"] == 4 and notes["threshold"].startswith("p")
    assert float(notes["threshold"][1:]) == pytest.approx(100 - notes["area"], abs=0.06)
    assert notes["ratio"] == float(scale) and notes["zoom"] == "100 %"
    own = crop(notes["out"] / "actual.png", notes["actual"])
    assert np.array_equal(own, np.asarray(Image.open(astronaut)))


def test_what_is_saved_is_what_the_core_renders(drive: Drive, astronaut: Path, tmp_path: Path) -> None:
    from salviewer.models.loading import load_model

    notes = drive("save", astronaut)
    assert notes["asks"]
    look, picture = ViewerSettings(), load_picture(astronaut)
    saliency = load_model().predict(picture.pixels)
    expected = tmp_path / "expected.png"
    save_picture(expected, render(picture.pixels, saliency, look.heat, look.style), icc=picture.icc)
    assert (notes["out"] / "overlay.png").read_bytes() == expected.read_bytes()


def test_arrow_keys_walk_the_list_and_maps_stay_with_their_pictures(drive: Drive, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sizes = [(160, 90), (90, 160), (120, 120)]
    for index, (width, height) in enumerate(sizes):
        Image.fromarray(rng.integers(0, 255, (height, width, 3), dtype=np.uint8)).save(
            tmp_path / f"{index}.png"
        )
    notes = drive("browse", *(tmp_path / f"{index}.png" for index in range(3)))
    for position, picture, map_ in notes["seen"]:
        assert tuple(picture) == tuple(map_) == sizes[position - 1]


@pytest.mark.parametrize("name", ["missing.png", "truncated.png"])
def test_bad_input_is_one_sentence_in_the_window(drive: Drive, tmp_path: Path, name: str) -> None:
    path = tmp_path / "input" / name
    path.parent.mkdir()
    BROKEN[name](path)
    notes = drive("complain", path)
    assert str(path) in notes["banner"] and "\n" not in notes["banner"]
    assert notes["visible"] and notes["dismissed"] and not notes["modal"] and not notes["picture"]


def test_a_model_that_is_not_there_leaves_the_picture(drive: Drive, astronaut: Path) -> None:
    notes = drive("complain", "--model", "no_such_model", astronaut)
    assert "no_such_model" in notes["banner"]


def test_keys_from_the_x_server_reach_the_program_and_it_ends_in_time(
    environment: dict[str, str], astronaut: Path
) -> None:
    """Nothing of ours inside: the process, the X server and xdotool."""

    def xdotool(*words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, timeout=20
        )
        return done.stdout.strip()

    program = subprocess.Popen(
        [sys.executable, "-m", "salviewer", str(astronaut)],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + 60
        found = ""
        while not found and time.monotonic() < until and program.poll() is None:
            found = xdotool("search", "--name", "astronaut.png")
            time.sleep(0.2)
        assert found, "no window named after the picture"
        window = found.splitlines()[0]
        xdotool("windowfocus", window)
        time.sleep(0.3)
        xdotool("key", "ctrl+q")
        assert program.wait(20) == 0
        assert program.stderr is not None and "Traceback" not in program.stderr.read()
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()


def test_models_that_ship_are_listed() -> None:
    assert list_models()[0].name == "live_net"
