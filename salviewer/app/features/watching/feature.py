"""Say how the shares of the areas changed when the picture on screen was saved again."""

from __future__ import annotations

from collections.abc import Sequence

from salviewer.app.state.saved_again import Renewed
from salviewer.app.translation import tr
from salviewer.app.workbench import Feature, Workbench
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.core.areas import Area, share_of
from salviewer.core.saliency_map import SaliencyMap

_NAMED = 4
"""Most areas that a message names, those that changed most first."""

Change = tuple[str, float, float]
"""An area's name, and its shares before and after, 0..1."""


class WatchingFeature(Feature):
    """Compares the two maps as those of two variants; the message goes by itself."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.worker = LatestOnlyWorker("area changes", self, self._landed)
        self._ticket = 0
        self._name = ""
        bench.workers.add(self.worker)
        bench.session.renewed.connect(self._compare)
        bench.session.picture_changed.connect(self._forget)

    def _compare(self, renewed: Renewed) -> None:
        self._ticket += 1
        self._name = renewed.after.name
        before, after, areas = renewed.before_map, renewed.after_map, self._bench.areas.all
        if before is None or after is None or not areas:
            self._say(())
        else:
            self.worker.submit(self._ticket, lambda: changes(before, after, areas))

    def _forget(self) -> None:
        self._ticket += 1

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket == self._ticket:
            self._say(outcome.value or ())

    def _say(self, found: Sequence[Change]) -> None:
        lines = [tr("{name} was saved again and read again.", name=self._name)]
        for name, before, after in found[:_NAMED]:
            lines.append(
                tr(
                    "{area} {before:.1f} % → {after:.1f} %",
                    area=name,
                    before=100 * before,
                    after=100 * after,
                )
            )
        if len(found) > _NAMED:
            lines.append(tr("… and {count} more", count=len(found) - _NAMED))
        self._bench.notices.inform("  ·  ".join(lines))


def changes(before: SaliencyMap, after: SaliencyMap, areas: Sequence[Area]) -> list[Change]:
    """Return the share of each named area on two maps, the largest change first."""
    found = [(area.name, share_of(before, area), share_of(after, area)) for area in areas if area.name]
    return sorted(found, key=lambda change: -abs(change[2] - change[1]))
