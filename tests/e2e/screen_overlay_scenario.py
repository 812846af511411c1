"""Run on an X server with a compositor: the heat over a real window, captured with and without the gate."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import sys
import threading
from contextlib import closing

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from salviewer.app.features.screen.overlay_window import Gate, OverlayWindow
from salviewer.app.features.screen.places import box_of, rectangle_of
from salviewer.media.video.desktop import sees_through, window_boxes
from salviewer.media.video.screens import Screen, set_gate

PART = QRect(60, 60, 200, 100)


class Below(QWidget):
    """A red window that notes clicks."""

    def __init__(self) -> None:
        super().__init__()
        self.clicks: list[tuple[float, float]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet("background: #ff0000")
        self.setGeometry(50, 50, 300, 200)
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Note it."""
        self.clicks.append((event.position().x(), event.position().y()))


def mean(ref: str) -> list[int]:
    """Return the mean colour of a part of the screen."""
    with closing(Screen(ref)) as screen:
        pixels = screen.read().pixels
    return [round(float(value)) for value in pixels.reshape(-1, 3).mean(0)]


def click(x: int, y: int) -> None:
    """Click as the mouse does."""
    x11, test = (ctypes.CDLL(ctypes.util.find_library(name)) for name in ("X11", "Xtst"))
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    test.XTestFakeMotionEvent(display, -1, x, y, 0)
    for down in (1, 0):
        test.XTestFakeButtonEvent(display, 1, down, 0)
    x11.XSync(display, 0)


def main() -> None:
    """Print what was found as JSON."""
    application = QApplication([])
    below = Below()
    QTest.qWait(500)
    box = box_of(PART)
    found: dict[str, object] = {
        "platform": application.platformName(),
        "sees through": sees_through(),
        "windows": window_boxes(),
        "box": box,
        "back": rectangle_of(box) == PART,
    }
    overlay, layer = OverlayWindow(), QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(QColor(0, 128, 0, 128))
    overlay.lie_over(PART)
    overlay.set_layer(layer)
    QTest.qWait(500)
    ref = "screen:" + ",".join(map(str, box))
    found["over"] = mean(ref)
    gate = Gate()
    gate.keep_out(overlay)
    set_gate(gate)
    thread = threading.Thread(target=lambda: found.update(captured=mean(ref)))
    thread.start()
    while thread.is_alive():
        QTest.qWait(10)
    set_gate(None)
    click(box[0] + 20, box[1] + 20)
    QTest.qWait(400)
    found["clicks"] = len(below.clicks)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
