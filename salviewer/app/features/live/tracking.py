"""Follow regions through a video, and reframe it: ask, write, report."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.features.live.bar import clock
from salviewer.app.features.live.exporting import VideoWork
from salviewer.app.translation import plural, tr
from salviewer.app.workers.sentences import sentence

if TYPE_CHECKING:
    from salviewer.app.features.live.models import FramePredictor
    from salviewer.app.features.live.sources import LiveSources
    from salviewer.app.features.live.track_dialog import TrackChoices
    from salviewer.app.workbench import Workbench
    from salviewer.app.workers.latest_only import Outcome
    from salviewer.streaming.tracking import TrackOrder, TrackReport
    from salviewer.streaming.video_export import VideoProgress


class TrackExports(VideoWork):
    """Writes the tracks of a video's regions and the reframed videos, as ``salviewer apply track``."""

    def __init__(self, bench: Workbench, sources: LiveSources, parent: QObject | None = None) -> None:
        super().__init__(bench, sources, "tracks", parent)

    def ask(self) -> None:
        """Ask what to follow and what to write."""
        from salviewer.app.features.live.track_dialog import TrackDialog

        run = self._at_rest(tr("A video is being followed already; the status line can cancel it."))
        if run is None or run.info is None:
            return
        bench = self._bench
        dialog = TrackDialog(
            Path(bench.settings.folder), self._sources.stem, run.info.audio, bench.dialog_parent
        )
        dialog.wanted.connect(self.begin)
        dialog.open()

    def begin(self, choices: TrackChoices) -> None:
        """Follow the regions of the video on screen."""
        from salviewer.streaming.tracking import TrackOrder

        run, bench = self._sources.run, self._bench
        if run is None:
            return
        order = TrackOrder(
            run.choice, choices.tracks, choices.reframes, self._sources.cues, sound=choices.sound
        )
        load = self._sources.loader()
        bench.settings.change(folder=str(choices.folder.absolute()))
        self._submit(
            lambda stop: _follow(order, choices, load, self._report, stop), tr("Following the regions…")
        )

    def _landed(self, outcome: Outcome) -> None:
        from salviewer.streaming.video_export import CancelledError

        notices = self._bench.notices
        self._bench.status.set_activity("saving", "")
        if isinstance(outcome.error, CancelledError):
            notices.inform(tr("Following was cancelled; files that were complete stay."))
        elif outcome.error is not None:
            notices.error(sentence(outcome.error, tr("following the regions")))
        else:
            found, written = outcome.value
            count = len({point.track for point in found.points})
            said = [
                plural("{count} track", "{count} tracks", count)
                if count
                else tr("The maps are plain: there is no region to follow"),
                plural(
                    "{count} frame in {time}",
                    "{count} frames in {time}",
                    len(found.seconds),
                    time=clock(found.took),
                ),
            ]
            said += [
                tr("a reframed video keeps {share:.0f} % of attention", share=100 * path.kept.mean())
                for path in found.reframed
            ]
            notices.saved("; ".join([*said, *found.notes]), written[0])


def _follow(
    order: TrackOrder,
    choices: TrackChoices,
    load: Callable[[], FramePredictor],
    report: Callable[[VideoProgress], None],
    stop: threading.Event,
) -> tuple[TrackReport, list[Path]]:
    from salviewer.results.naming import make_folder
    from salviewer.streaming.track_files import save_tracks
    from salviewer.streaming.tracking import track_video

    make_folder(choices.folder)
    found = track_video(order, load(), report, stop.is_set)
    for fmt, path in choices.files:
        save_tracks(path, fmt, found)
    return found, [path for _, path in (*choices.files, *choices.reframes)]
