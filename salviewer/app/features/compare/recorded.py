"""Show the fixations recorded on the picture: dots, a sentence, and how well maps predict them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from salviewer.app.features.compare.scanpaths import Scanpaths
from salviewer.app.features.compare.second import OtherModel, Second
from salviewer.app.features.compare.truth import FixationMarks, GroundTruth, Truth, summary
from salviewer.app.translation import tr
from salviewer.core.agreement import centre_bias

if TYPE_CHECKING:
    from salviewer.app.features.compare.page import ComparePage
    from salviewer.app.state.session import Session
    from salviewer.app.workers.latest_only import LatestOnlyWorker


class RecordedFixations(QObject):
    """Reads the recorded fixations of each picture, and measures the maps on screen against them.

    Args:
        session: has the picture.
        second: the other one of the two, which may be the recorded fixations.
        page: shows what was recorded, and the metrics.
        own_model: returns the title of the chosen model.

    Attributes:
        marks: dots to paint over the picture.
        scanpaths: viewers' paths to paint over it.
    """

    changed = Signal()  # the recorded fixations
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        second: Second,
        page: ComparePage,
        own_model: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._second, self._page, self._own_model = session, second, page, own_model
        self.marks = FixationMarks()
        self.scanpaths = Scanpaths(self)
        self._truth = GroundTruth(self)
        self._flipped = False
        self._truth.changed.connect(self._show)
        self._truth.measured.connect(page.set_scores)
        self._truth.failed.connect(self.failed)
        session.picture_changed.connect(self._truth.set_picture)
        page.set_recorded(summary(None), False)

    @property
    def worker(self) -> LatestOnlyWorker:
        """Its thread."""
        return self._truth.worker

    @property
    def known(self) -> bool:
        """Whether anything was recorded."""
        return self._truth.truth is not None

    @property
    def any_fixations(self) -> bool:
        """Whether single fixations were recorded."""
        return self.marks.recorded is not None and len(self.marks.recorded.fixations) > 0

    def measure(self, flipped: bool) -> None:
        """Measure the maps of the picture on screen, which is B if `flipped`."""
        self._flipped = flipped
        saliency, pair = self._session.saliency, self._second.pair(flipped)
        if saliency is None or not self.known:
            self._page.set_scores({})
            return
        maps = [(self._own_model().partition(" (")[0], saliency)]
        if isinstance(self._second.rival, OtherModel) and pair is not None:
            maps = [(letter, each) for letter, (_, each) in zip("AB", pair, strict=True)]
        self._truth.measure([*maps, (tr("Centre"), centre_bias(saliency.source_size))])

    def _show(self, truth: Truth | None) -> None:
        self.marks.recorded = None if truth is None else truth.recorded
        self.scanpaths.set_recorded(self.marks.recorded)
        self._page.set_recorded(summary(truth), self.any_fixations)
        self._second.set_recorded(self.marks.recorded, known=not self._truth.reading)
        self.measure(self._flipped)
        self.changed.emit()
