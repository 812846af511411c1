"""Paint an entry of the list: thumbnail, name, and a mark for the picture on screen."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from salviewer.app.features.folder.model import SHOWN, THUMB, Index
from salviewer.app.shell import icons

if TYPE_CHECKING:
    from salviewer.app.shell.theme import Theme

_AROUND = 8  # logical pixels between thumbnail and border of the cell
_BESIDE = 5  # logical pixels between name and border of the cell
_UNDER = 4  # logical pixels between thumbnail and name
_FLAT = 3 / 4  # height of a thumbnail's space as a share of its width
_ICON = 28


def short_name(name: str, metrics: QFontMetrics, room: int) -> str:
    """Return a file's name, or as much of it without its ending as fits into `room` pixels.

    Names in one folder often begin alike and differ at their end, so the middle is left out.
    """
    if metrics.horizontalAdvance(name) <= room:
        return name
    return metrics.elidedText(PurePath(name).stem, Qt.TextElideMode.ElideMiddle, room)


class Cell(QStyledItemDelegate):
    """A rounded cell that looks the same on every system."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._widget = theme, parent
        self._side = 96
        self.room = self.size  # current size of a cell; larger if columns share the remaining width

    def set_side(self, side: int) -> None:
        """Set the longest side of a thumbnail, in logical pixels."""
        self._side = side

    @property
    def size(self) -> QSize:
        """The least size of a cell, with its margins."""
        name = QFontMetrics(self._widget.font()).height()
        high = round(self._side * _FLAT) + _UNDER + name
        return QSize(self._side + 2 * _AROUND, high + 2 * _AROUND)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the same size for all entries."""
        return self.room

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint background, thumbnail and name."""
        colours, area = self._theme.colours, option.rect
        state = option.state
        shown = bool(index.data(SHOWN))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(area).adjusted(2, 2, -2, -2), state, shown)
        beside = (area.width() - self._side) // 2
        inner = area.adjusted(beside, _AROUND, -beside, -_AROUND)
        room = QRect(inner.left(), inner.top(), inner.width(), round(self._side * _FLAT))
        thumb = index.data(THUMB)
        if thumb is not None and thumb.image is not None:
            self._picture(painter, QRectF(room), thumb.image)
        else:
            known = thumb is not None and bool(thumb.error)
            self._stand_in(painter, room, "broken" if known else "picture", colours.faint)
        painter.setPen(QColor(colours.text if shown else colours.muted))
        line = QRect(area.left() + _BESIDE, room.bottom() + _UNDER, area.width() - 2 * _BESIDE, 0)
        line.setBottom(inner.bottom())
        name = short_name(str(index.data()), painter.fontMetrics(), line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag, shown: bool) -> None:
        colours, flag = self._theme.colours, type(state)
        focused = bool(state & flag.State_HasFocus)
        fill = colours.raised if shown or state & flag.State_MouseOver else ""
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        pen = QPen(QColor(colours.accent), 2) if shown else QPen(Qt.PenStyle.NoPen)
        if focused and not shown:
            pen = QPen(QColor(colours.accent), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(area, 6, 6)
        if focused and shown:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.text), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 4, 4)

    def _picture(self, painter: QPainter, room: QRectF, image: QImage) -> None:
        ratio = self._widget.devicePixelRatioF()
        wide, high = image.width() / ratio, image.height() / ratio
        scale = min(1.0, room.width() / wide, room.height() / high)
        size = QSize(max(round(wide * scale), 1), max(round(high * scale), 1))
        left = room.left() + (room.width() - size.width()) / 2
        top = room.top() + (room.height() - size.height()) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(QRectF(round(left), round(top), size.width(), size.height()), image)

    def _stand_in(self, painter: QPainter, room: QRect, icon: str, colour: str) -> None:
        ratio = max(self._widget.devicePixelRatioF(), 1.0)
        mark = icons.pixmap(icon, colour, QSize(_ICON, _ICON), ratio)
        painter.drawPixmap(QPointF(room.center()) - QPointF(_ICON / 2, _ICON / 2), mark)
