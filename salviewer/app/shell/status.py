"""The status line: picture, zoom, reading, engine and activity."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from salviewer.app.state.viewport import View
from salviewer.app.translation import fill, tr
from salviewer.app.widgets.buttons import label, with_name
from salviewer.app.widgets.layouts import in_row
from salviewer.app.workers.timers import single_shot
from salviewer.core.map_statistics import Reading

_PATIENCE = 180  # milliseconds before an activity shows a progress bar
_INDENT = 6
_NAME = 26  # letters of the name and of the facts that have priority over everything else
_ENGINE = 120  # logical pixels below which the engine is hidden


def _sentence(place: tuple[int, int] | None, reading: Reading | None) -> str:
    if place is None:
        return ""
    parts = [tr("x {x}, y {y}", x=place[0], y=place[1])]
    if reading is not None:
        times = (
            fill("{times:.1f}", times=reading.times)
            if reading.times < 999.95
            else fill("{times:.0f}", times=reading.times)
        )
        parts += [
            tr("{value:.2f} hidden", value=reading.value)
            if reading.hidden
            else fill("{value:.2f}", value=reading.value),
            tr("{times}× the average", times=times),
        ]
    return "  ·  ".join(parts)


class Elided(QLabel):
    """A label that shortens its text in the middle instead of pushing others away."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        room = self.rect().adjusted(_INDENT, 0, -_INDENT, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the whole text."""
        wide = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(wide + 2 * _INDENT + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size of a few letters."""
        return QSize(60, super().minimumSizeHint().height())


class Status(QStatusBar):
    """Labels and a progress bar, with setters for everything."""

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.name = with_name(Elided(), "pictureName")
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.facts = with_name(Elided(), "pictureFacts")
        self.facts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.reading = Elided()
        self.reading.setObjectName("reading")
        self.reading.setToolTip(
            tr(
                "Under the cursor: the pixel, the map's value (0 to 1, as coloured), and its attention "
                "relative to the picture's average"
            )
        )
        self.zoom = QLabel()
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.zoom.setObjectName("zoom")
        self.zoom.setToolTip(tr("Device pixels per picture pixel"))
        self.engine = Elided()
        self.engine.setObjectName("engine")
        self.engine.setToolTip(tr("The model, the device it ran on, and how long the last prediction took"))
        self.activity = label(name="activity")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(72)
        self._bar.setAccessibleName(tr("Busy"))
        self.cancel = with_name(QPushButton(tr("Cancel")), "cancelSave")
        self.cancel.setProperty("quiet", True)
        self.cancel.clicked.connect(self.cancel_wanted)
        self._busy = QWidget()
        self._busy.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        in_row(self.activity, self._bar, self.cancel, within=self._busy, spacing=4, margins=(0, 0, 8, 0))
        self._busy.hide()
        self.cancel.hide()
        line = QWidget()
        parts = (self.name, (self.facts, 1), self._busy, self.reading, self.zoom, self.engine)
        in_row(*parts, within=line, spacing=4, margins=(10, 0, 10, 0))
        line.setMinimumWidth(1)
        self.addWidget(line, 1)
        self._measure()
        self._doing = {"session": "", "saving": "", "copying": "", "recording": "", "page": ""}
        self._timer = single_shot(self, _PATIENCE, self._show_busy)

    def set_picture(self, name: str, facts: str) -> None:
        """Show the picture's name and facts."""
        self.name.setText(name)
        self.name.setToolTip(name)
        self.facts.setText(facts)
        self.facts.setToolTip(facts)
        self._share()

    def set_zoom(self, view: View | None) -> None:
        """Show the zoom."""
        self.zoom.setText("" if view is None else fill("{scale:.3g} %", scale=view.scale * 100))

    def set_reading(self, place: tuple[int, int] | None, reading: Reading | None) -> None:
        """Show place and value under the cursor; nothing beside the picture, no value without a map."""
        self.reading.setText(_sentence(place, reading))
        self.reading.setAccessibleName(self.reading.text())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Adapt to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def _measure(self) -> None:
        """Reserve space for the longest numbers, so that nothing moves with the cursor."""
        widest = _sentence((88888, 88888), Reading(0.88, 888.8, True))
        self._widest = self.reading.fontMetrics().horizontalAdvance(widest) + 2 * _INDENT + 2
        self.zoom.setMinimumWidth(self.zoom.fontMetrics().horizontalAdvance("88888 %") + 2 * _INDENT + 2)

        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Distribute the width."""
        super().resizeEvent(event)
        self._share()

    def set_engine(self, line: str) -> None:
        """Show what predicts, and how long it took."""
        self.engine.setText(line)
        self._share()

    def _share(self) -> None:
        """Give space to name and facts first, then to the reading, then to the engine."""
        room = self.width() - 20 - self.zoom.minimumWidth() - 5 * 4
        for shown in (self.name, self.facts):
            room -= min(shown.sizeHint().width(), _NAME * self.fontMetrics().averageCharWidth())
        reading = min(self._widest, max(room, 0))
        self.reading.setFixedWidth(reading)
        left = room - reading
        self.engine.setVisible(left >= min(self.engine.sizeHint().width(), _ENGINE))
        self.engine.setMaximumWidth(max(left, 1))

    def set_activity(self, who: str, what: str) -> None:
        """Show what `who` ("session", "saving", …) is doing; "" for nothing. Short activities are hidden."""
        self._doing[who] = what
        if not any(self._doing.values()):
            self._timer.stop()
            self._busy.hide()
        elif self._busy.isVisible():
            self._show_busy()
        elif not self._timer.isActive():
            self._timer.start()

    def _show_busy(self) -> None:
        cancelled = self._doing["saving"] or self._doing["page"]  # what the button beside it ends
        self.activity.setText(cancelled or next(filter(None, self._doing.values()), ""))
        self.cancel.setVisible(bool(self._doing["saving"] or self._doing["page"]))
        self._busy.show()
