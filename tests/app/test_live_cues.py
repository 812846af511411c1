"""Fusion, smoothing over time, the model for frames, following: what the page says is what is done."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.live import models
from salviewer.app.features.live.bar import clock
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.live.models import LiveModels
from salviewer.app.state.live_choices import AUTOMATIC, LiveChoices, live_from, with_stream
from salviewer.app.state.settings import SettingsFile
from salviewer.app.window import Window
from salviewer.app.workers.inference import Engine
from salviewer.core.areas import Rectangle, measure
from salviewer.core.fusion import FusionWeights
from salviewer.core.saliency_map import SaliencyMap
from salviewer.streaming.share_history import ShareHistory
from tests.app.live_helpers import frame_number, play, rest_at, wait
from tests.video.videos import make_video


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mp4", count=60, size=(192, 128))


def test_each_cue_is_switched_weighed_and_shown_alone(qtbot: QtBot, window: Window, clip: Path) -> None:
    play(qtbot, window, clip)
    rest_at(qtbot, window, 7)
    page = window.feature(LiveFeature).page
    window.bench.panel.show_page("live")
    assert window.feature(LiveFeature).sources.cues.weights == FusionWeights(1.0, 0.0, 0.0)
    page.cues["regions"].click()
    assert window.feature(LiveFeature).sources.cues.weights == FusionWeights(1.0, 0.0, 0.3)
    page.cues["regions"].weight.setValue(80)
    assert window.feature(LiveFeature).sources.cues.weights == FusionWeights(1.0, 0.0, 0.8)
    together = window.bench.session.saliency
    assert together is not None
    qtbot.mouseClick(page.cues["regions"].alone, Qt.MouseButton.LeftButton)
    assert window.feature(LiveFeature).sources.cues.weights == FusionWeights.alone("regions")
    wait(
        qtbot,
        lambda: (
            window.bench.session.saliency is not None
            and np.abs(window.bench.session.saliency.density - together.density).max() > 1e-9
        ),
    )
    qtbot.mouseClick(page.cues["motion"].alone, Qt.MouseButton.LeftButton)
    assert window.feature(LiveFeature).sources.cues.weights == FusionWeights.alone("motion")
    assert not page.cues["regions"].alone.isChecked()
    qtbot.mouseClick(page.cues["motion"].alone, Qt.MouseButton.LeftButton)
    assert window.feature(LiveFeature).sources.cues.weights == FusionWeights(1.0, 0.0, 0.8)
    page.cues["network"].click()
    page.cues["regions"].click()
    assert window.bench.settings.now.live.regions_on  # the last one stays


def test_half_life_and_weights_are_remembered(qtbot: QtBot, window: Window) -> None:
    window.feature(LiveFeature).page.half_life.number.setValue(400)
    window.feature(LiveFeature).page.cues["motion"].click()
    window.bench.commands["show_hud"].trigger()
    window.bench.settings.write()
    settings, complaint = SettingsFile(window.bench.settings.file.folder).read()
    assert not complaint
    assert settings.live.cues().half_life == 400
    assert settings.live.motion_on and not settings.live.hud
    assert not window.feature(LiveFeature).hud.shown


def test_motion_alone_lies_where_something_moves(qtbot: QtBot, window: Window, clip: Path) -> None:
    """Where the square goes and the numbers change, and not everywhere alike."""
    play(qtbot, window, clip)
    window.feature(LiveFeature).page.cues["motion"].alone.click()
    run = window.feature(LiveFeature).run
    assert run is not None and run.player is not None
    run.player.seek(0)
    run.player.play()

    def moved() -> bool:
        saliency = window.bench.session.saliency
        return saliency is not None and saliency.density.max() * saliency.density.size > 3

    wait(qtbot, moved)


def test_the_most_salient_region_is_followed_and_its_path_saved(
    qtbot: QtBot, window: Window, clip: Path, tmp_path: Path
) -> None:
    play(qtbot, window, clip)
    window.bench.commands["loop"].setChecked(True)
    window.bench.commands["follow_region"].setChecked(True)
    assert window.feature(LiveFeature).page.follow.isChecked()
    run = window.feature(LiveFeature).run
    assert run is not None and run.player is not None
    run.player.play()
    wait(
        qtbot,
        lambda: window.feature(LiveFeature).screen.track.tracked is not None and len(run.renderer.path) >= 5,
    )
    run.player.pause()
    wait(qtbot, lambda: window.bench.commands["save_path"].isEnabled())
    window.bench.commands["save_path"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(window.bench.files.documents.table_saved, timeout=30_000):
        dialog.fileSelected.emit(str(tmp_path / "path.csv"))
    dialog.reject()
    with (tmp_path / "path.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) >= 5
    assert all(0 <= float(row["left"]) < float(row["right"]) <= 1 for row in rows)
    window.bench.commands["follow_region"].setChecked(False)
    wait(qtbot, lambda: window.feature(LiveFeature).screen.track.tracked is None)


def test_another_model_for_frames(qtbot: QtBot, window: Window, clip: Path, model_folder: Path) -> None:
    play(qtbot, window, clip)
    rest_at(qtbot, window, 3)
    wait(qtbot, lambda: str(model_folder) in window.feature(LiveFeature).page.note.text())
    before = window.bench.session.saliency
    assert before is not None
    window.feature(LiveFeature).page.model.chosen.emit("live_net")
    wait(
        qtbot,
        lambda: (
            window.bench.session.saliency is not None and window.bench.session.saliency.model == "live_net"
        ),
    )
    assert frame_number(window) == 3
    wait(qtbot, lambda: window.feature(LiveFeature).page.note.text().startswith("Live net on "))
    assert window.bench.session.engine.model == str(model_folder)  # that of pictures stays


def test_a_model_that_cannot_be_loaded_is_reported_and_the_picture_plays_on(
    qtbot: QtBot, window: Window, clip: Path, tmp_path: Path
) -> None:
    play(qtbot, window, clip)
    window.bench.settings.change_live(model=str(tmp_path / "none.safetensors"))
    wait(qtbot, lambda: "none.safetensors" in window.bench.notices.text)
    rest_at_frame = window.feature(LiveFeature).run
    assert rest_at_frame is not None and rest_at_frame.player is not None
    rest_at_frame.player.pause()
    rest_at_frame.player.seek(50)
    wait(qtbot, lambda: frame_number(window) == 50)
    window.bench.settings.change_live(model="live_net")
    wait(
        qtbot,
        lambda: (
            window.bench.session.saliency is not None and window.bench.session.saliency.model == "live_net"
        ),
    )


def test_the_model_is_chosen_by_what_it_takes(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a time limit the user's model is used; with a limit of 0 the faster one, on any machine."""
    own = Engine(str(model_folder), "cpu")
    assert LiveModels().choose("live_net", own).name == "live_net"
    monkeypatch.setattr(models, "QUICK", 1e9)
    chosen = LiveModels().choose(AUTOMATIC, own)
    assert chosen.name == str(model_folder) and not chosen.note
    monkeypatch.setattr(models, "QUICK", 0.0)
    slow = LiveModels().choose(AUTOMATIC, Engine("deep_convnet", "cpu"))
    assert slow.name == "live_net"
    assert "deep_convnet takes" in slow.note
    several = LiveModels()
    assert several.choose("live_net", own) is several.choose("live_net", own)


def test_the_half_life_says_that_a_network_has_a_memory(qtbot: QtBot, window: Window, clip: Path) -> None:
    page = window.feature(LiveFeature).page
    assert "memory of its own" not in page.half_life.toolTip()
    window.bench.settings.change_live(model="live_net_recurrent")
    play(qtbot, window, clip)
    wait(qtbot, lambda: "memory of its own" in page.half_life.toolTip())
    wait(
        qtbot,
        lambda: (
            window.bench.session.saliency is not None
            and window.bench.session.saliency.model == "live_net_recurrent"
        ),
    )


def test_choices_that_cannot_be_used_cost_only_themselves() -> None:
    refused: list[str] = []
    content = LiveChoices(half_life=250, streams=("rtsp://a/b",)).to_dict()
    assert live_from(content, refused) == LiveChoices(half_life=250, streams=("rtsp://a/b",))
    assert not refused
    bad = content | {"half_life": -1, "streams": [3], "network_on": False, "hud": "yes", "else": 1}
    assert live_from(bad, refused) == LiveChoices()
    assert refused == ["live.half_life", "live.network_on", "live.hud", "live.streams"]
    assert LiveChoices(network=0.0).cues().weights == FusionWeights(1.0, 0.0, 0.0)


def test_addresses_are_newest_first_and_few() -> None:
    streams: tuple[str, ...] = ()
    for number in range(12):
        streams = with_stream(streams, f"rtsp://user:key@camera{number}/a")
    assert streams[0] == "rtsp://camera11/a" and len(streams) == 8
    assert with_stream(streams, "rtsp://camera9/a")[:2] == ("rtsp://camera9/a", "rtsp://camera11/a")


def test_a_share_history_goes_forward_only() -> None:
    area, other = Rectangle(0, 0, 0.5, 1, name="left"), Rectangle(0.5, 0, 1, 1)
    saliency = SaliencyMap(np.full((4, 4), 1 / 16, np.float32), (40, 40), "even")
    history = ShareHistory()
    for seconds in (0.0, 0.5, 1.0, 1.5):
        history.add(seconds, measure(saliency, (area,) if seconds < 1 else (area, other)))
    assert [seconds for seconds, _ in history.recent(1.0)] == [0.5, 1.0, 1.5]
    table = history.table((area, other))
    assert table.columns == ("seconds", "left", "area 2")
    assert table.rows[0] == (0.0, 0.5, "") and table.rows[-1] == (1.5, 0.5, 0.5)
    history.add(0.2, measure(saliency, (area,)))
    assert [seconds for seconds, _ in history.recent(9)] == [0.2]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00.00"), (62.346, "1:02.35"), (3723.5, "1:02:03.50"), (59.999, "1:00.00")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text
