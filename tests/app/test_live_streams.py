"""Streams and cameras in the window: opened, lost, opened again; nothing ever hangs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from salviewer.app.features.live import camera_dialog
from salviewer.app.features.live.camera_dialog import CameraDialog
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.live.stream_dialog import StreamDialog
from salviewer.app.main import start
from salviewer.app.window import Window
from salviewer.media.video.cameras import CameraEntry
from salviewer.media.video.opening import SourceChoice
from tests.app.live_helpers import arrived, frame_number, wait
from tests.app.test_window import opened
from tests.video.loopback import mjpeg, rtsp
from tests.video.test_cameras import FakeDevice


def _open_address(qtbot: QtBot, window: Window, url: str) -> None:
    window.bench.commands["open_stream"].trigger()
    dialog = window.findChild(StreamDialog)
    assert dialog is not None
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)
    dialog.address.setEditText("no address")
    assert not button.isEnabled()
    dialog.address.setEditText(url)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("serve", [mjpeg, rtsp])
def test_a_stream_is_shown_with_rates(qtbot: QtBot, window: Window, serve: Callable[..., Any]) -> None:
    with serve() as served:
        _open_address(qtbot, window, served.url)
        run = arrived(qtbot, window)
        wait(qtbot, lambda: any("maps/s" in line for line in window.feature(LiveFeature).hud.lines))
        wait(qtbot, lambda: window.feature(LiveFeature).hud.painted.count > 3)
        first = frame_number(window)
        wait(qtbot, lambda: frame_number(window) != first)
        assert run.player is None and not window.feature(LiveFeature).bar.slider.isVisible()
        assert window.feature(LiveFeature).hud.latency.percentile(50) > 0
        wait(qtbot, lambda: "CPU" in window.bench.status.engine.text())
        assert not window.bench.commands["export_video"].isEnabled()
        assert not window.bench.commands["compare_picture"].isEnabled()
        assert window.bench.settings.now.live.streams == (served.url,)
        window.bench.commands["close_source"].trigger()
    assert window.feature(LiveFeature).run is None


def test_an_address_on_the_command_line_is_a_stream(qtbot: QtBot, window: Window) -> None:
    with mjpeg() as served:
        start(window, [served.url])
        assert arrived(qtbot, window).choice.ref == served.url


def test_a_stream_that_dies_has_a_button_that_opens_it_again(qtbot: QtBot, window: Window) -> None:
    with mjpeg() as served:
        window.feature(LiveFeature).opening.address(served.url)
        run = arrived(qtbot, window)
        served.cut.set()
        wait(qtbot, lambda: window.bench.notices.way_out.isVisible())
        assert served.url in window.bench.notices.text
        assert window.bench.notices.way_out.text() == "Reconnect"
        assert window.bench.commands["reconnect"].isEnabled()
        frozen = frame_number(window)
        served.cut.clear()
        asked = served.asked
        qtbot.mouseClick(window.bench.notices.way_out, Qt.MouseButton.LeftButton)
        wait(qtbot, lambda: run.state.kind == "open" and frame_number(window) != frozen)
        assert served.asked > asked
        assert not window.bench.notices.text
        assert window.feature(LiveFeature).run is run


def test_a_stream_that_falls_silent_is_given_up_in_time(qtbot: QtBot, window: Window) -> None:
    with mjpeg() as served:
        window.feature(LiveFeature).sources.open(SourceChoice(served.url, read_seconds=0.5))
        arrived(qtbot, window)
        served.stop.set()
        wait(qtbot, lambda: window.bench.notices.way_out.isVisible())
        assert "no frame came" in window.bench.notices.text


def test_what_does_not_open_leaves_the_picture_and_can_be_tried_again(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    with mjpeg() as served:
        served.refuse.set()
        window.feature(LiveFeature).opening.address(served.url)
        wait(qtbot, lambda: window.bench.notices.way_out.isVisible())
        assert window.bench.session.loaded is not None and window.bench.session.loaded.name == "picture0.png"
        assert window.feature(LiveFeature).run is None and window.bench.stage.canvas.layer is not None
        served.refuse.clear()
        qtbot.mouseClick(window.bench.notices.way_out, Qt.MouseButton.LeftButton)
        wait(qtbot, lambda: window.feature(LiveFeature).run is not None)
        assert window.bench.session.loaded is not None and window.bench.session.loaded.name == served.url


def test_another_stream_takes_the_place_of_the_first_with_its_first_frame(
    qtbot: QtBot, window: Window
) -> None:
    with mjpeg() as one, mjpeg() as two:
        window.feature(LiveFeature).opening.address(one.url)
        first = arrived(qtbot, window)
        window.feature(LiveFeature).opening.address(two.url)
        wait(qtbot, lambda: window.feature(LiveFeature).run is not first)
        run = window.feature(LiveFeature).run
        assert run is not None and run.choice.ref == two.url
        wait(qtbot, lambda: first.join(0))
        assert window.bench.settings.now.live.streams == (two.url, one.url)


def test_passwords_are_not_remembered(qtbot: QtBot, window: Window) -> None:
    with mjpeg() as served:
        served.refuse.set()
        window.feature(LiveFeature).opening.address(served.url.replace("://", "://me:secret@"))
        wait(qtbot, lambda: window.bench.notices.way_out.isVisible())
        assert window.bench.settings.now.live.streams == (served.url,)
        assert "secret" not in window.bench.notices.text


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> type[FakeDevice]:
    """A camera, faked at the capture call alone."""
    monkeypatch.setattr(FakeDevice, "plugged", True)
    monkeypatch.setattr(cv2, "VideoCapture", FakeDevice)
    return FakeDevice


def _dialog(window: Window) -> CameraDialog:
    dialog = window.findChild(CameraDialog)
    assert dialog is not None
    return dialog


def test_without_a_camera_the_other_choices_are_offered(qtbot: QtBot, window: Window) -> None:
    window.bench.commands["open_camera"].trigger()
    dialog = _dialog(window)
    wait(qtbot, lambda: "No camera was found" in dialog.none.text())
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled()
    assert not dialog.list.isVisible()
    button = dialog.findChild(QPushButton, "streamInstead")
    assert button is not None and button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    stream = window.findChild(StreamDialog)
    assert stream is not None and stream.isVisible()
    stream.reject()


def test_a_camera_is_chosen_unplugged_and_plugged_in_again(
    qtbot: QtBot, window: Window, device: type[FakeDevice], monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras = (CameraEntry(0, "Built in"), CameraEntry(2, "On the desk"))
    dialog = CameraDialog(window.feature(LiveFeature).opening.worker, window, lambda: cameras)
    dialog.wanted.connect(window.feature(LiveFeature).sources.open)
    dialog.open()
    wait(qtbot, lambda: dialog.list.count() == 2)
    assert dialog.list.item(1).text() == "On the desk (2)"
    dialog.list.setCurrentRow(1)
    dialog.size_choice.setCurrentIndex(2)
    dialog.rate.setCurrentIndex(2)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Open), Qt.MouseButton.LeftButton)
    run = arrived(qtbot, window)
    assert run.choice == SourceChoice("camera:2", (640, 480), 30.0)
    device.plugged = False
    wait(qtbot, lambda: window.bench.notices.way_out.isVisible())
    assert "was it unplugged?" in window.bench.notices.text
    qtbot.mouseClick(window.bench.notices.way_out, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "there is no camera 2" in window.bench.notices.text)
    device.plugged = True
    qtbot.mouseClick(window.bench.notices.way_out, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: run.state.kind == "open" and not window.bench.notices.text)


def test_listing_cameras_is_the_systems_own(qtbot: QtBot, window: Window) -> None:
    window.bench.commands["open_camera"].trigger()
    dialog = _dialog(window)
    wait(qtbot, lambda: dialog.none.text() != "Looking for cameras…" or dialog.list.count() > 0)
    assert dialog.list.count() == len(camera_dialog.list_cameras())
