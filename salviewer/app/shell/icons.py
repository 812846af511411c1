"""Line icons in the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from salviewer import paths as locations

_RATIOS = (1.0, 2.0, 3.0)
_SIDED = ("previous", "next", "panel", "folder")  # mirrored in right-to-left layouts


def icon(name: str, colour: str, faint: str, size: int = 20) -> QIcon:
    """Return an icon of `resources/icons`, sharp on the screens there are, in `faint` when disabled."""
    result = QIcon()
    for ratio in _ratios():
        result.addPixmap(pixmap(name, colour, QSize(size, size), ratio), QIcon.Mode.Normal)
        result.addPixmap(pixmap(name, faint, QSize(size, size), ratio), QIcon.Mode.Disabled)
    return result


def _ratios() -> list[float]:
    """Return the scales to draw at: up to the finest screen's, since each takes time at the start."""
    finest = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    return [ratio for ratio in _RATIOS if ratio < finest + 1]


def pixmap(name: str, colour: str, size: QSize, ratio: float) -> QPixmap:
    """Return an icon at one size."""
    source = _source(name).replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    result = QPixmap(size * ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    if name in _SIDED and QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        painter.setTransform(QTransform(-1, 0, 0, 1, result.width(), 0))
    renderer.render(painter, QRectF(0, 0, result.width(), result.height()))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def app_icon() -> QIcon:
    """Return the program's icon."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("salviewer", "", QSize(size, size), 1.0))
    return result


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return Path(locations.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
