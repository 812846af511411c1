"""Recorded fixations: read them and measure maps against them in a worker; draw them as dots."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from salviewer.app.translation import plural, tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.timers import PAINTED, single_shot
from salviewer.core.agreement import Recorded, agreement

if TYPE_CHECKING:
    from salviewer.app.state.viewport import View
    from salviewer.app.workers.loader import Loaded
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.media.ground_truth import TruthFiles

READING, MEASURING = 0, 1
"""Urgencies of the worker's two tasks."""

Scores = Mapping[str, Mapping[str, float]]
"""Scores by a map's title, then by a metric's name."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The ground truth files of a picture, and their content."""

    files: TruthFiles
    recorded: Recorded


class GroundTruth(QObject):
    """Looks for fixations of each picture, and measures maps against them."""

    changed = Signal(object)  # Truth, or None
    measured = Signal(object)  # Scores
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("ground truth", self, self._landed)
        self._number = 0
        self._reading = 0  # number of the newest task of each kind
        self._measuring = 0
        self._place: tuple[Path, tuple[int, int]] | None = None  # file and size of the newest picture
        self._soon = single_shot(self, PAINTED, self._read)
        self.truth: Truth | None = None
        self.reading = False  # whether it is still being read

    def set_picture(self, loaded: Loaded) -> None:
        """Look for the fixations of another picture, once it is painted."""
        self._number += 1
        self._reading, self._measuring = self._number, 0
        self.worker.forget(MEASURING)
        self.worker.forget(READING)
        path, size = loaded.picture.path, loaded.picture.full_size
        self._place = (path, size) if path is not None else None
        self.reading = path is not None
        self._show(None)
        self._soon.start()

    def _read(self) -> None:
        if self._place is not None:
            path, size = self._place
            self.worker.submit(self._reading, lambda: _read(path, size), READING)

    def measure(self, maps: Sequence[tuple[str, SaliencyMap]]) -> None:
        """Measure these maps, by title, if there are fixations or a recorded map."""
        truth = self.truth
        if truth is not None:
            self._number += 1
            self._measuring = self._number
            self.worker.submit(
                self._measuring,
                lambda: {title: agreement(saliency, truth.recorded) for title, saliency in maps},
                MEASURING,
            )

    def _show(self, truth: Truth | None) -> None:
        self.truth = truth
        self.changed.emit(truth)

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket not in (self._reading, self._measuring):
            return
        reading = outcome.ticket == self._reading
        if reading:
            self.reading = False
            self._show(outcome.value)
        elif outcome.error is None:
            self.measured.emit(outcome.value)
        if outcome.error is not None:
            self.failed.emit(
                sentence(outcome.error, tr("reading the fixations") if reading else tr("measuring"))
            )


class FixationMarks:
    """Paints a dot at each fixation."""

    def __init__(self) -> None:
        self.recorded: Recorded | None = None
        self.shown = False

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if self.recorded is None or not self.shown:
            return
        width, height = view.picture
        places = [
            QPointF(*view.to_window(column * width, row * height))
            for row, column in self.recorded.fixations.tolist()
        ]
        size = min(max(0.007 * math.sqrt(width * height) * view.scale, 4 * ratio), 8 * ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, wide in ((QColor(18, 20, 24), size + 2 * ratio), (QColor(0, 229, 255), size)):
            pen = QPen(colour, wide)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(places)


def summary(truth: Truth | None) -> str:
    """Describe what was recorded, in a sentence."""
    if truth is None:
        return tr("There are no recorded fixations beside this picture.")
    files = [path.name for path in (truth.files.fixations, truth.files.map) if path is not None]
    many = len(truth.recorded.fixations)
    joined = tr(" and ").join(files)
    if not many:
        return tr("A map without individual fixations from {files}", files=joined)
    return plural("{count} fixation from {files}", "{count} fixations from {files}", many, files=joined)


def _read(path: Path, size: tuple[int, int]) -> Truth | None:
    from salviewer.media.ground_truth import find_truth, load_truth

    files = find_truth(path)
    return None if files is None else Truth(files, load_truth(files, size))
