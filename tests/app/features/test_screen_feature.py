"""A part of a real X server's screen, chosen in the window, captured and followed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.screen.feature import ScreenFeature
from salviewer.app.features.screen.overlay_window import Gate, OverlayWindow
from salviewer.app.workbench import Workbench
from salviewer.media.video.desktop import sees_through, window_boxes
from tests.screens import Paint, coloured_screen


@pytest.fixture
def paint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paint]:
    """Paints the screen that is captured; the window itself is on Qt's own platform for tests."""
    yield from coloured_screen(monkeypatch)


def drag(qtbot: QtBot, screen: ScreenFeature, start: QPoint, end: QPoint) -> None:
    """Choose a rectangle."""
    assert screen.picker is not None
    cover = screen.picker.covers[0]
    qtbot.mousePress(cover, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(cover, end)
    assert not cover.grab().isNull()
    qtbot.mouseRelease(cover, Qt.MouseButton.LeftButton, pos=end)
    assert screen.picker is None


def test_a_rectangle_of_the_screen_is_captured_and_followed(
    qtbot: QtBot, bench: Workbench, paint: Paint
) -> None:
    live, screen = LiveFeature(bench), ScreenFeature(bench)
    bench.commands.refresh()
    session, start, end = bench.session, QPoint(10, 20), QPoint(89, 83)
    assert sees_through() is False and window_boxes() == ()  # an X server with nothing on it
    bench.commands["capture_screen"].trigger()
    assert screen.picker is not None
    qtbot.keyClick(screen.picker.covers[0], Qt.Key.Key_Escape)
    assert screen.picker is None and session.loaded is None

    bench.commands["capture_screen"].trigger()
    with qtbot.waitSignal(session.picture_changed, timeout=20_000):
        drag(qtbot, screen, start, end)
    assert session.loaded is not None and session.loaded.picture.pixels.shape == (64, 80, 3)
    assert np.unique(session.loaded.picture.pixels.reshape(-1, 3), axis=0).tolist() == [[255, 0, 0]]

    assert not bench.commands["screen_overlay"].isEnabled()
    bench.commands["follow_screen"].trigger()
    with qtbot.waitSignal(
        bench.shown.frame_drawn, timeout=60_000, check_params_cb=lambda _, heat: heat is not None
    ):
        drag(qtbot, screen, start, end)
    assert session.live and live.run is not None and live.run.choice.ref == "screen:10,20,80,64"
    paint(0x00FF00)
    qtbot.waitUntil(
        lambda: session.loaded is not None and session.loaded.picture.pixels[0, 0].tolist() == [0, 255, 0],
        timeout=20_000,
    )
    bench.commands["screen_overlay"].trigger()
    assert screen.overlay is None and "composites" in bench.notices.text
    live.close()
    screen.close()


def test_the_overlay_window_is_empty_while_the_screen_is_captured(qtbot: QtBot) -> None:
    gate, overlay = Gate(), OverlayWindow()
    qtbot.addWidget(overlay)
    layer = overlay.grab().toImage()
    layer = layer.scaled(4, 4)
    layer.fill(Qt.GlobalColor.red)
    overlay.setGeometry(0, 0, 40, 30)
    overlay.show()
    overlay.set_layer(layer)
    gate.keep_out(overlay)
    seen: list[int] = []
    into, out = threading.Event(), threading.Event()

    def capture() -> None:
        with gate:
            into.set()
            out.wait(20)

    thread = threading.Thread(target=capture)
    thread.start()
    qtbot.waitUntil(into.is_set, timeout=20_000)
    seen.append(overlay.grab().toImage().pixelColor(20, 15).alpha())
    out.set()
    thread.join(20)
    qtbot.waitUntil(lambda: overlay.grab().toImage().pixelColor(20, 15).alpha() == 255, timeout=20_000)
    assert seen == [0]
