"""Viewers' fixations in their order, drawn over the picture and played in their time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from salviewer.app.state.viewport import View
    from salviewer.core.agreement import Recorded

_COLOURS = ("#ffffff", "#ffc83c", "#6edcff", "#ff8cbe", "#96f096", "#c8aaff")
_RIM = QColor(18, 20, 24)
_TYPICAL = 0.3  # seconds from one fixation to the next, where the data have no times
_TICK = 33  # milliseconds
_NUMBERED = 2  # most viewers whose fixations are numbered


@dataclass(frozen=True, slots=True, eq=False)
class ViewerPath:
    """One viewer's fixations.

    Attributes:
        places: (n, 2) of (row, column) in 0..1, in their order.
        starts, ends: (n,) in seconds since the picture came.
    """

    places: NDArray[np.float64]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]


def paths_in(recorded: Recorded | None) -> tuple[ViewerPath, ...]:
    """Return the paths of a picture's viewers; none where the data do not say who looked."""
    if recorded is None or recorded.viewers is None:
        return ()
    found = []
    for viewer in np.unique(recorded.viewers[recorded.viewers >= 0]).tolist():
        mine = recorded.viewers == viewer
        places = np.asarray(recorded.fixations[mine], np.float64)
        if recorded.starts is not None:
            starts = recorded.starts[mine] - recorded.starts[mine].min()
        else:
            starts = _TYPICAL * np.arange(len(places))
        lasting = (
            recorded.durations[mine] if recorded.durations is not None else np.full(len(places), _TYPICAL)
        )
        found.append(ViewerPath(places, starts, starts + lasting))
    return tuple(found)


class Scanpaths(QObject):
    """Paints the paths, whole or as far as they have come in playing.

    Attributes:
        shown: whether they are painted.
    """

    changed = Signal()  # what is to be painted
    ended = Signal()  # the playing, by itself

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shown = False
        self.paths: tuple[ViewerPath, ...] = ()
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def playing(self) -> bool:
        """Whether they are being played."""
        return self._timer.isActive()

    @property
    def seconds(self) -> float:
        """How long playing takes."""
        return max((float(path.ends.max()) for path in self.paths), default=0.0)

    def set_recorded(self, recorded: Recorded | None) -> None:
        """Take another picture's fixations."""
        self._timer.stop()
        self.paths = paths_in(recorded)
        self.changed.emit()

    def show(self, shown: bool) -> None:
        """Paint them, or no longer."""
        self._timer.stop()
        self.shown = shown
        self.changed.emit()

    def play(self, on: bool) -> None:
        """Play from the beginning, or stop and show them whole."""
        if on and self.paths:
            self.shown = True
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def _tick(self) -> None:
        if self._clock.elapsed() / 1000 > self.seconds:
            self._timer.stop()
            self.ended.emit()
        self.changed.emit()

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if not self.shown:
            return
        now = self._clock.elapsed() / 1000 if self.playing else math.inf
        width, height = view.picture
        radius = min(max(0.01 * math.sqrt(width * height) * view.scale, 5 * ratio), 14 * ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(round(11 * ratio))
        painter.setFont(font)
        for number, path in enumerate(self.paths):
            begun = int(np.count_nonzero(path.starts <= now))
            places = [
                QPointF(*view.to_window(column * width, row * height))
                for row, column in path.places[:begun].tolist()
            ]
            colour = QColor(_COLOURS[number % len(_COLOURS)])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for shade, wide in ((_RIM, 4.0), (colour, 1.8)):
                painter.setPen(QPen(shade, wide * ratio))
                painter.drawPolyline(places)
                for place in places:
                    painter.drawEllipse(place, radius, radius)
            if begun and now < float(path.ends[begun - 1]):  # where the viewer looks now
                painter.setBrush(colour)
                painter.drawEllipse(places[-1], radius, radius)
            if len(self.paths) <= _NUMBERED:
                painter.setPen(colour)
                for index, place in enumerate(places, 1):
                    painter.drawText(place + QPointF(1.3 * radius, -0.6 * radius), str(index))
