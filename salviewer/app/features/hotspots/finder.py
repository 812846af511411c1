"""Find hotspots without blocking the window: about 13 ms each on a map of 236 x 316 cells."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.app.workers.timers import single_shot
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.saliency_map import SaliencyMap


class HotspotFinder(QObject):
    """Keeps the hotspots of one map up to date; several changes in one turn cost one search."""

    found = Signal(object)  # tuple of Hotspot; empty if there is no map or none are requested
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("hotspots", self, self._landed)
        self._saliency: SaliencyMap | None = None
        self._wanted: HotspotSettings | None = None
        self._settings = PostprocessSettings()
        self._ticket = 0
        self._soon = single_shot(self, 0, self._find)

    def set_map(self, saliency: SaliencyMap | None) -> None:
        """Search another map; earlier hotspots no longer apply."""
        if saliency is not self._saliency:
            self._saliency = saliency
            self._again(forget=True)

    def set_wanted(self, wanted: HotspotSettings | None, settings: PostprocessSettings) -> None:
        """Set how to search; None for no search. The threshold of `settings` is ignored."""
        settings = PostprocessSettings(settings.sigma, Threshold(), settings.normalise, settings.fixed_peak)
        if (wanted, settings) != (self._wanted, self._settings):
            idle = wanted is None and self._wanted is None
            self._wanted, self._settings = wanted, settings
            if not idle:
                self._again(forget=wanted is None)

    def _again(self, forget: bool) -> None:
        self._ticket += 1
        if forget:
            self.worker.forget()
            self.found.emit(())
        if self._saliency is not None and self._wanted is not None:
            self._soon.start()
        else:
            self._soon.stop()

    def _find(self) -> None:
        saliency, wanted, settings = self._saliency, self._wanted, self._settings
        if saliency is not None and wanted is not None:
            self.worker.submit(self._ticket, lambda: find_hotspots(saliency, wanted, settings))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("looking for hotspots")))
        elif outcome.ticket == self._ticket:
            self.found.emit(outcome.value)
