"""Live sources and videos alone on a small bench, without the window and without other features."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.workbench import Workbench
from salviewer.core.areas import Rectangle
from salviewer.core.scene import render_scene
from tests.app.live_helpers import rest
from tests.video.videos import make_video

PATIENCE = 60_000


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mp4", count=40)


@pytest.fixture
def live(bench: Workbench) -> Iterator[LiveFeature]:
    feature = LiveFeature(bench)
    bench.commands.refresh()
    yield feature
    feature.close()


def play(qtbot: QtBot, bench: Workbench, live: LiveFeature, clip: Path) -> None:
    """Open a video and wait for a frame with its overlay."""
    bench.session.open([clip])
    canvas = bench.stage.canvas
    qtbot.waitUntil(lambda: live.run is not None and canvas.layer is not None, timeout=PATIENCE)


def test_nothing_is_offered_before_there_is_a_source(bench: Workbench, live: LiveFeature) -> None:
    enabled = {record.id for record in bench.commands.records if bench.commands[record.id].isEnabled()}
    assert enabled == {"open_camera", "open_stream", "open_frames", "show_hud"}
    assert not live.bar.isVisible() and not bench.panel.tabs.isTabVisible(0)
    assert not bench.session.live


def test_a_video_plays_and_pauses(qtbot: QtBot, bench: Workbench, live: LiveFeature, clip: Path) -> None:
    changes: list[bool] = []
    bench.session.live_changed.connect(changes.append)
    play(qtbot, bench, live, clip)
    assert changes == [True]
    assert live.bar.isVisible() and live.bar.slider.isVisible()
    rest(qtbot, live, 7)
    commands, run = bench.commands, live.run
    assert run is not None and run.player is not None
    commands["play"].trigger()
    assert run.player.playing and commands["play"].text() == "&Pause"
    qtbot.waitUntil(lambda: live.bar.slider.value() > 7, timeout=PATIENCE)
    qtbot.keyClick(bench.stage.canvas, Qt.Key.Key_Space)
    assert not run.player.playing and commands["play"].text() == "&Play"
    commands["close_source"].trigger()
    assert changes == [True, False]
    assert live.run is None and not live.bar.isVisible() and not commands["play"].isEnabled()
    assert bench.session.loaded is not None and commands["reconnect"].isEnabled()


def test_a_snapshot_is_the_frame_as_it_is_shown(
    qtbot: QtBot, bench: Workbench, live: LiveFeature, clip: Path, tmp_path: Path
) -> None:
    play(qtbot, bench, live, clip)
    rest(qtbot, live, 7)
    loaded, saliency = bench.session.loaded, bench.session.saliency
    assert loaded is not None and saliency is not None
    expected = render_scene(loaded.picture.pixels, saliency, bench.shown.scene)
    bench.settings.change(folder=str(tmp_path))
    with qtbot.waitSignal(bench.files.writer.saved, timeout=PATIENCE):
        bench.commands["snapshot"].trigger()
    assert np.array_equal(np.asarray(Image.open(tmp_path / "clip-000007-overlay.png")), expected)


def test_commands_and_widgets_show_the_settings(bench: Workbench, live: LiveFeature) -> None:
    """One way for a change: the settings; whoever shows them follows."""
    bench.settings.change_live(loop=True, hud=False, half_life=400.0, motion_on=True)
    assert bench.commands["loop"].isChecked()
    assert not bench.commands["show_hud"].isChecked() and not live.hud.shown
    assert live.page.half_life.number.value() == 400
    assert live.page.cues["motion"].isChecked()
    bench.commands["show_hud"].setChecked(True)
    assert bench.settings.now.live.hud and live.hud.shown
    live.page.cues["network"].click()
    assert not bench.settings.now.live.network_on


def test_what_others_read_is_state_of_the_bench(
    qtbot: QtBot, bench: Workbench, live: LiveFeature, clip: Path
) -> None:
    """Hotspots, area scores, overlay and engine, for features that do not know this one."""
    left = Rectangle(0.0, 0.0, 0.5, 1.0, name="left")
    play(qtbot, bench, live, clip)
    rest(qtbot, live, 7)
    bench.areas.put([left], "draw")
    bench.settings.change(spots_shown=True)
    shown = bench.shown
    qtbot.waitUntil(lambda: bool(shown.hotspots) and shown.score(left) is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "maps/s" in shown.engine.speed, timeout=PATIENCE)
    score = shown.score(left)
    assert score is not None and 0 < score.share < 1
    assert shown.overlay is not None and shown.engine.model and shown.engine.device


def test_a_video_that_is_not_there_is_one_sentence_with_a_way_out(
    qtbot: QtBot, bench: Workbench, live: LiveFeature, clip: Path
) -> None:
    play(qtbot, bench, live, clip)
    bench.commands["close_source"].trigger()
    clip.unlink()
    bench.commands["reconnect"].trigger()
    qtbot.waitUntil(lambda: "there is no such file" in bench.notices.text, timeout=PATIENCE)
    assert bench.notices.way_out.text() == "Try again"
    assert not bench.session.live and live.run is None and bench.session.loaded is not None
