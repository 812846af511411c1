"""The typeface of labels on the canvas: that of labels in files, then the window's own."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter

from salviewer.media.fonts import shipped_font


def set_lettering(painter: QPainter, pixels: float) -> None:
    """Let a painter write labels, bold and of this size, with the font that files get.

    Characters that it lacks come from the window's font, as Qt finds them.
    """
    font = QFont(painter.font())
    font.setFamilies([*_families(), *font.families()])
    font.setPixelSize(max(round(pixels), 1))
    font.setBold(True)
    painter.setFont(font)


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    """The families of the shipped font, which is loaded once; none if Qt cannot read it."""
    number = QFontDatabase.addApplicationFont(str(shipped_font()))
    return tuple(QFontDatabase.applicationFontFamilies(number)) if number >= 0 else ()


def draw_plate(
    painter: QPainter,
    text: str,
    centre: tuple[float, float],
    size: tuple[float, float],
    fill: QColor,
    ink: QColor,
    ratio: float,
) -> None:
    """Draw a text in the middle of a coloured plate with round corners.

    Args:
        painter: with its font set.
        text: the label.
        centre, size: (x, y) and (width, height) of the plate.
        fill, ink: colours of plate and text.
        ratio: device pixels of a logical pixel.
    """
    plate = QRectF(centre[0] - size[0] / 2, centre[1] - size[1] / 2, *size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(plate, 3 * ratio, 3 * ratio)
    painter.setPen(ink)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
