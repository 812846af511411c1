"""Explains a place of a picture in a thread of its own; the work can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.overlay_layers import to_image
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.writer import CancelledError
from salviewer.media.images import Picture


@dataclass(frozen=True, slots=True, eq=False)
class ExplainRequest:
    """One place to explain.

    Attributes:
        model: name or path.
        picture: the picture on screen.
        stem: of its name, for file names.
        place: a point (x, y), or an area's outline (n, 2); fractions of the picture's width and height.
        area: the area's name; "" for a point, or an area without a name.
    """

    model: str
    picture: Picture
    stem: str
    place: tuple[float, float] | NDArray[np.float64]
    area: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """The answer to a request.

    Attributes:
        request: what was asked.
        agreement: correlation of attention and gradient, -1 to 1.
        drawn: uint8 (h, w, 3), the panels side by side: what the command line writes.
        panels: the picture, the attention, and the gradient.
    """

    request: ExplainRequest
    agreement: float
    drawn: NDArray[np.uint8]
    panels: tuple[QImage, QImage, QImage]


class Explainer(QObject):
    """Answers the newest request.

    Args:
        before_torch: called in the worker before torch is imported.
    """

    explained = Signal(object)  # Explained
    refused = Signal(object)  # ExplainRequest: its network has no attention
    failed = Signal(str)

    def __init__(self, before_torch: Callable[[], None] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("explanation", self, self._landed)
        self._before_torch = before_torch
        self._stop = threading.Event()
        self._ticket = 0

    def explain(self, request: ExplainRequest) -> None:
        """Explain a place; work on an earlier one is cancelled."""
        self.cancel()
        self._stop = stop = threading.Event()
        before_torch = self._before_torch
        self.worker.submit(self._ticket, lambda: _explain(request, stop, before_torch))

    def cancel(self) -> None:
        """End the work after its current step; there will be no answer."""
        self._stop.set()
        self._ticket += 1
        self.worker.forget()

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            error = outcome.error
            if isinstance(error, ModuleNotFoundError) and error.name == "torch":
                said = tr("This needs torch, which is not installed; the full download includes it.")
                self.failed.emit(said)
            else:
                self.failed.emit(sentence(error, tr("explaining a place")))
        elif isinstance(outcome.value, ExplainRequest):
            self.refused.emit(outcome.value)
        else:
            self.explained.emit(outcome.value)


def _explain(
    request: ExplainRequest, stop: threading.Event, before_torch: Callable[[], None] | None
) -> Explained | ExplainRequest:
    """Return the answer, or the request if its network has no attention."""
    from salviewer.core.explained import panels
    from salviewer.models.explanation import NoAttentionError, explain

    def go_on() -> None:
        if stop.is_set():
            raise CancelledError

    go_on()
    if before_torch is not None:
        before_torch()
    picture = request.picture
    try:
        found = explain(request.model, picture.pixels, request.place, go_on, picture.screen)
    except NoAttentionError:
        return request
    go_on()
    drawn = found.drawn()
    bare, attention, gradient = (to_image(np.ascontiguousarray(panel)) for panel in panels(drawn))
    return Explained(request, found.agreement, drawn, (bare, attention, gradient))
