"""Compare with a picture that is dropped on the right half of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from salviewer.app.features.compare.page import PAGE
from salviewer.app.shell import incoming
from salviewer.app.translation import mark, tr

if TYPE_CHECKING:
    from salviewer.app.workbench import Workbench

_TEXTS = (mark("Open"), mark("Compare with this"))


class DropHint(QWidget):
    """Shows two halves over a widget; takes no events."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("dropHint")
        self._right = False
        self.hide()

    def right(self, at: QPointF) -> bool:
        """Return whether a point of the window is on the right half."""
        over = self._over
        place = over.mapFrom(over.window(), at)
        return over.isVisible() and over.width() / 2 <= place.x() < over.width() and place.y() >= 0

    def hold(self, at: QPointF) -> None:
        """Show what a drop at a point of the window would do."""
        self._right = self.right(at)
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint both halves, the one under the pointer highlighted."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        half = self.width() / 2
        font = painter.font()
        font.setPixelSize(18)
        font.setBold(True)
        painter.setFont(font)
        for index, text in enumerate(map(tr, _TEXTS)):
            zone = QRectF(index * half, 0, half, self.height()).adjusted(14, 14, -14, -14)
            taken = (index == 1) == self._right
            painter.setPen(QPen(accent if taken else QColor(160, 166, 175), 2, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(18, 20, 24, 190 if taken else 120))
            painter.drawRoundedRect(zone, 14, 14)
            painter.setPen(QColor("white"))
            painter.drawText(zone, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class Drops:
    """Takes drops on the right half while two pictures are shown, or while the comparing page is in front.

    Args:
        bench: the workbench, with the stage.
        take: compares with a picture.
        two: returns whether two are shown.
    """

    def __init__(self, bench: Workbench, take: Callable[[Path], None], two: Callable[[], bool]) -> None:
        self._bench, self._take, self._two = bench, take, two
        self.hint = DropHint(bench.stage)

    def hold(self, at: QPointF) -> None:
        """Show what a drop at a point of the window would do."""
        if self._wanted():
            self.hint.hold(at)

    def leave(self) -> None:
        """Hide the hint."""
        self.hint.hide()

    def drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Compare with a picture dropped on the right half; return whether it was taken."""
        self.hint.hide()
        paths = incoming.read(mime).paths
        if not paths or not self._wanted() or not self.hint.right(at):
            return False
        self._take(paths[0])
        return True

    def _wanted(self) -> bool:
        session, front = self._bench.session, self._bench.panel.is_front(PAGE)
        return session.loaded is not None and not session.live and (front or self._two())
