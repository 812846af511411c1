"""Copying: what is on the clipboard is what is shown, and text is still copied as text."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from salviewer.app.features.compare.feature import CompareFeature
from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.window import Window
from salviewer.core.areas import Rectangle
from salviewer.core.scene import render_scene


def opened(qtbot: QtBot, window: Window, path: Path) -> None:
    window.bench.session.open([path])
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)


def pixels_of(image: QImage) -> np.ndarray:  # type: ignore[type-arg]
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_the_view_and_the_bare_picture_are_copied_at_full_size(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    loaded, saliency = window.bench.session.loaded, window.bench.session.saliency
    assert loaded is not None and saliency is not None
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(window.bench.files.clipboard.copied, timeout=20_000):
        qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    expected = render_scene(loaded.picture.pixels, saliency, window.bench.settings.now.scene)
    assert np.array_equal(pixels_of(clipboard.image()), expected)
    png = bytes(clipboard.mimeData().data("image/png").data())
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), expected)
    assert window.bench.notices.text == "Copied the overlay, 120 × 80 pixels"
    window.bench.commands["view_focus"].trigger()
    with qtbot.waitSignal(window.bench.files.clipboard.copied, timeout=20_000) as copied:
        window.bench.commands["copy_view"].trigger()
    assert "focus map" in copied.args[0]
    with qtbot.waitSignal(window.bench.files.clipboard.copied, timeout=20_000) as copied:
        qtbot.keyClick(
            window.bench.stage.canvas,
            Qt.Key.Key_C,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert "the picture" in copied.args[0]
    assert np.array_equal(pixels_of(clipboard.image()), loaded.picture.pixels)
    window.bench.commands["view_picture"].trigger()
    clipboard.clear()
    with qtbot.waitSignal(window.bench.files.clipboard.copied, timeout=20_000):
        window.bench.commands["copy_view"].trigger()
    assert np.array_equal(pixels_of(clipboard.image()), loaded.picture.pixels)
    window.bench.commands["paste"].trigger()  # and back
    qtbot.waitUntil(lambda: window.bench.session.shown is None, timeout=20_000)
    assert np.array_equal(window.bench.session.loaded.picture.pixels, loaded.picture.pixels)  # type: ignore[union-attr]


def test_text_is_copied_as_text(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)
    window.activateWindow()
    copied: list[str] = []
    window.bench.files.clipboard.copied.connect(copied.append)
    clipboard = QGuiApplication.clipboard()
    field = window.feature(FolderFeature).panel.filter
    field.setFocus()
    field.setText("picture")
    field.selectAll()
    copy = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copy.ignore()
    QApplication.sendEvent(field, copy)
    assert copy.isAccepted()  # the field asks for the key before any shortcut
    qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "picture"
    window.bench.notices.error("/a/b.png: it cannot be read")
    text = window.findChild(QLabel, "bannerText")
    assert text is not None
    text.setFocus()
    text.setSelection(0, len(text.text()))
    window.bench.commands["copy_view"].trigger()
    assert clipboard.text() == "/a/b.png: it cannot be read"
    qtbot.wait(30)
    assert not copied


def test_areas_and_comparisons_are_copied_as_they_are_shown(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    window.bench.areas.put([Rectangle(0.1, 0.2, 0.5, 0.4, name="Logo")], "Draw")
    loaded, saliency, clipboard = (
        window.bench.session.loaded,
        window.bench.session.saliency,
        QGuiApplication.clipboard(),
    )
    assert loaded is not None and saliency is not None
    with qtbot.waitSignal(window.bench.files.clipboard.copied, timeout=20_000):
        window.bench.commands["copy_view"].trigger()
    expected = render_scene(loaded.picture.pixels, saliency, window.bench.shown.scene)
    bare = render_scene(loaded.picture.pixels, saliency, window.bench.settings.now.scene)
    assert np.array_equal(pixels_of(clipboard.image()), expected) and not np.array_equal(expected, bare)
    window.feature(CompareFeature).take(pictures[1])
    qtbot.waitUntil(lambda: window.feature(CompareFeature).drawing() is not None, timeout=60_000)
    both = window.feature(CompareFeature).drawing()
    assert both is not None
    with qtbot.waitSignal(window.bench.files.clipboard.copied, timeout=20_000) as copied:
        window.bench.commands["copy_view"].trigger()
    assert "comparison" in copied.args[0]
    assert np.array_equal(pixels_of(clipboard.image()), both.render())


COPIES = """
import numpy as np
from PySide6.QtWidgets import QApplication
from salviewer.app.workers.clipboard import ClipboardWriter

application = QApplication([])
writer = ClipboardWriter()
writer.copied.connect(application.quit)
writer.copy("the picture", lambda: np.zeros((8, 6, 3), np.uint8))
application.exec()
writer.worker.close()
writer.worker.join(10)
print(application.clipboard().image().width())
"""


def test_a_program_ends_well_with_its_picture_on_the_clipboard() -> None:
    """Without a display, what is on the clipboard outlives the interpreter."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run([sys.executable, "-c", COPIES], env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "6\n"), ended.stderr
