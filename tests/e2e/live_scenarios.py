"""A user's work with streams and videos, as in `scenarios`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from salviewer.app.features.live.export_dialog import VideoExportDialog
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.live.stream_dialog import StreamDialog
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _grab, _rect, _rest, _until
from tests.video.loopback import mjpeg
from tests.video.videos import number_of


def _number(window: Window) -> int:
    loaded = window.bench.session.loaded
    return -1 if loaded is None else number_of(loaded.picture.pixels)


def _layer(window: Window) -> bytes:
    layer = window.bench.stage.canvas.layer
    return b"" if layer is None else bytes(layer.constBits())


def stream(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """File > Open stream…, the overlay moves, the stream is killed, Reconnect."""
    with mjpeg(rate=30) as served:
        window.bench.commands["open_stream"].trigger()
        yield from _until(lambda: window.findChild(StreamDialog) is not None)
        dialog = window.findChild(StreamDialog)
        assert dialog is not None
        dialog.address.setEditText(served.url)
        open_ = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)
        QTest.mouseClick(open_, Qt.MouseButton.LeftButton)
        yield from _until(
            lambda: (
                window.feature(LiveFeature).run is not None and window.bench.stage.canvas.layer is not None
            )
        )
        layers, numbers = set(), set()
        while len(layers) < 4 or len(numbers) < 4:
            layers.add(hash(_layer(window)))
            numbers.add(_number(window))
            yield
        yield from _until(
            lambda: (
                bool(window.feature(LiveFeature).hud.lines)
                and "CPU" in window.feature(LiveFeature).hud.lines[-1]
            )
        )
        notes["hud"] = window.feature(LiveFeature).hud.lines
        notes["rect"] = _rect(window)
        _grab(window, out / "live.png")
        served.refuse.set()
        served.cut.set()
        yield from _until(lambda: window.bench.notices.way_out.isVisible())
        notes["banner"] = window.bench.notices.text
        _grab(window, out / "lost.png")
        frozen = _number(window)
        QTest.mouseClick(window.bench.notices.way_out, Qt.MouseButton.LeftButton)
        yield from _until(
            lambda: window.bench.notices.way_out.isVisible() and served.asked >= 2
        )  # refused, and told
        served.cut.clear()
        served.refuse.clear()
        QTest.mouseClick(window.bench.notices.way_out, Qt.MouseButton.LeftButton)
        run = window.feature(LiveFeature).run
        assert run is not None
        yield from _until(lambda: run.state.kind == "open" and _number(window) != frozen)
        notes["again"] = window.bench.notices.text
        QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
        yield from _until(lambda: window.feature(LiveFeature).run is None)


def clip(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """A clip from the command line: stepped by keys, exported, and the banner tells."""
    yield from _until(
        lambda: window.feature(LiveFeature).run is not None and window.bench.stage.canvas.layer is not None
    )
    run = window.feature(LiveFeature).run
    assert run is not None and run.player is not None
    player = run.player
    player.pause()
    player.seek(20)
    yield from _until(lambda: _number(window) == 20)
    seen = []
    for key in (Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_Comma):
        before = _number(window)
        QTest.keyClick(window.bench.stage.canvas, key)
        yield from _until(lambda before=before: _number(window) != before)  # type: ignore[misc]
        seen.append(_number(window))
    notes["steps"] = seen
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_Space)
    yield from _until(lambda: _number(window) > 22)
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_Space)
    yield from _rest(0.4)
    notes["rect"] = _rect(window)
    notes["number"] = _number(window)
    _grab(window, out / "clip.png")
    QTest.keyClick(
        window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    yield from _until(lambda: window.findChild(VideoExportDialog) is not None)
    dialog = window.findChild(VideoExportDialog)
    assert dialog is not None
    dialog.target.setText(str(out / "export.webm"))
    dialog.quality.setValue(95)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    yield from _until(lambda: "Exported" in window.bench.notices.text)
    notes["banner"] = window.bench.notices.text
    Path(str(run.choice.ref)).unlink()  # removed while it is open
    QTest.keyClick(window.bench.stage.canvas, Qt.Key.Key_Period)
    yield from _rest(0.3)
    window.bench.commands["close_source"].trigger()
    window.bench.commands["reconnect"].trigger()
    yield from _until(lambda: window.bench.notices.way_out.text() == "Try again")
    notes["gone"] = window.bench.notices.text
    notes["still"] = _number(window)
