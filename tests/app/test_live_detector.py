"""The user's own detector in the window: choosing, using, saving, falling back, exporting."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.live.detector_button import OWN
from salviewer.app.features.live.export_dialog import VideoChoices
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.state.settings import SettingsFile
from salviewer.app.window import Window
from tests.app.live_helpers import frame_number, play, rest_at, wait
from tests.video.videos import make_video

LEFT = "def detect(frame):\n    return [(0, 0, 48, 128)]\n"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mp4", count=20, size=(192, 128))


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    path = tmp_path / "boxes.py"
    path.write_text(LEFT)
    return path


def left_share(window: Window) -> float:
    saliency = window.bench.session.saliency
    return -1.0 if saliency is None else float(saliency.density[:, : saliency.density.shape[1] // 4].sum())


def choose(window: Window, path: Path) -> None:
    """As a user does, with the menu and the dialog."""
    window.feature(LiveFeature).page.detector.file.trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and "*.py" in dialog.nameFilters()[0]
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_a_file_is_chosen_used_and_left_again(
    qtbot: QtBot, window: Window, clip: Path, boxes: Path, tmp_path: Path
) -> None:
    play(qtbot, window, clip)
    rest_at(qtbot, window, 7)
    page, button = window.feature(LiveFeature).page, window.feature(LiveFeature).page.detector
    window.bench.panel.show_page("live")
    page.half_life.number.setValue(0)
    before = left_share(window)
    assert (button.text(), button.accessibleName()) == (OWN, f"Objects are found by: {OWN}")
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    choose(window, boxes)
    assert page.cues["regions"].isChecked()
    assert (button.text(), button.accessibleName()) == ("boxes.py", "Objects are found by: boxes.py")
    assert str(boxes) in button.toolTip() and button.known.isChecked()
    wait(qtbot, lambda: left_share(window) > before + 0.1)
    page.cues["regions"].alone.click()
    wait(qtbot, lambda: left_share(window) > 0.9)
    boxes.write_text("def detect(frame):\n    return [(144, 0, 48, 128)]\n")
    button.again.trigger()
    wait(qtbot, lambda: 0 <= left_share(window) < 0.1)
    maps = tmp_path / "maps.npz"
    window.feature(LiveFeature).exports.begin(VideoChoices(tmp_path / "out.mkv", maps, "auto", 75, False))
    wait(qtbot, lambda: "Exported 20 frames" in window.bench.notices.text)
    exported = np.load(maps)["maps"]
    assert (exported[:, :, -exported.shape[2] // 4 :].sum(axis=(1, 2)) > 0.9).all()
    button.own.trigger()
    assert button.text() == OWN and button.own.isChecked()
    assert not button.again.isVisible()
    button.known.trigger()  # and back
    assert window.bench.settings.now.live.detector == str(boxes)
    assert frame_number(window) == 7


def test_it_is_remembered(qtbot: QtBot, window: Window, boxes: Path) -> None:
    window.feature(LiveFeature).detecting.choose(str(boxes))
    window.bench.settings.write()
    file = SettingsFile(window.bench.settings.file.folder)
    assert json.loads(file.path.read_text())["live"]["detector"] == str(boxes)
    settings, complaint = file.read()
    assert not complaint
    assert settings.live.cues().detector == str(boxes) and settings.live.regions_on
    window.feature(LiveFeature).detecting.choose("")
    assert window.bench.settings.now.live.cues().detector == ""


def test_one_that_fails_is_reported_given_up_and_tried_again(
    qtbot: QtBot, window: Window, clip: Path, boxes: Path
) -> None:
    boxes.write_text("def detect(frame):\n    return [(0, 0, -1, 3)]\n")
    play(qtbot, window, clip)
    rest_at(qtbot, window, 7)
    choose(window, boxes)
    message = f"{boxes}: detect returned the box (0, 0, -1, 3), whose size is negative"
    wait(qtbot, lambda: window.bench.notices.text.startswith(message))
    assert window.bench.settings.now.live.detector == ""
    assert window.feature(LiveFeature).page.detector.text() == OWN
    assert window.feature(LiveFeature).page.cues["regions"].isChecked()
    rest_at(qtbot, window, 9)  # the video goes on, with maps
    boxes.write_text(LEFT)
    window.feature(LiveFeature).page.cues["regions"].alone.click()
    window.bench.notices.way_out.click()
    wait(qtbot, lambda: left_share(window) > 0.9)
    assert window.bench.settings.now.live.detector == str(boxes)
    assert not window.bench.notices.text


def test_a_file_that_went_since_the_last_time(
    qtbot: QtBot, window: Window, clip: Path, tmp_path: Path
) -> None:
    window.bench.settings.change_live(detector=str(tmp_path / "gone.py"), regions_on=True)
    play(qtbot, window, clip)
    wait(qtbot, lambda: "gone.py: there is no such file" in window.bench.notices.text)
    assert window.bench.settings.now.live.detector == ""
