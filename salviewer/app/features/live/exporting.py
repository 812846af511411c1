"""Export a video with overlays: ask, write, report."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.features.live.bar import clock
from salviewer.app.translation import plural, tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence

if TYPE_CHECKING:
    from salviewer.app.features.live.export_dialog import VideoChoices
    from salviewer.app.features.live.models import FramePredictor
    from salviewer.app.features.live.run import LiveRun
    from salviewer.app.features.live.sources import LiveSources
    from salviewer.app.workbench import Workbench
    from salviewer.streaming.video_export import VideoOrder, VideoProgress, VideoReport

_EVERY = 0.2  # seconds between two reports of progress


class VideoWork(QObject):
    """Works through one video at a time in its own thread; the status line shows progress and can cancel."""

    _progressed = Signal(object)  # VideoProgress

    def __init__(
        self, bench: Workbench, sources: LiveSources, name: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._sources = bench, sources
        self.worker = LatestOnlyWorker(name, self, self._landed)
        self._stop = threading.Event()
        self._reported = 0.0  # `time.monotonic()`
        self._progressed.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        bench.status.cancel_wanted.connect(self.cancel)

    def cancel(self) -> None:
        """Stop; no incomplete video is left."""
        self._stop.set()

    def _at_rest(self, busy: str) -> LiveRun | None:
        """Pause the video on screen and return it; None if there is none, or `busy` is said of another."""
        run = self._sources.run
        if run is None or run.info is None or run.player is None:
            return None
        if self.worker.busy:
            self._bench.notices.error(busy)
            return None
        run.player.pause()
        return run

    def _submit(self, work: Callable[[threading.Event], Any], said: str) -> None:
        self._stop = stop = threading.Event()
        self._bench.status.set_activity("saving", said)
        self.worker.submit(0, lambda: work(stop))

    def _report(self, progress: VideoProgress) -> None:
        now = time.monotonic()
        if now - self._reported >= _EVERY:
            self._reported = now
            try:
                self._progressed.emit(progress)
            except RuntimeError:
                self._stop.set()  # the window was closed meanwhile

    def _show_progress(self, progress: VideoProgress) -> None:
        if self.worker.busy:
            if progress.total:
                said = tr("Frame {number} of {count}", number=progress.done, count=progress.total)
            else:
                said = tr("Frame {number}", number=progress.done)
            if progress.seconds_left is not None:
                said = tr("{progress}, {time} left", progress=said, time=clock(progress.seconds_left)[:-3])
            self._bench.status.set_activity("saving", said)

    def _landed(self, outcome: Outcome) -> None:
        raise NotImplementedError


class VideoExports(VideoWork):
    """Writes the video as the window shows it."""

    def __init__(self, bench: Workbench, sources: LiveSources, parent: QObject | None = None) -> None:
        super().__init__(bench, sources, "video export", parent)

    def ask(self) -> None:
        """Ask how to write the video on screen."""
        from salviewer.app.features.live.export_dialog import VideoExportDialog

        run = self._at_rest(tr("A video is being exported already; the status line can cancel it."))
        if run is None or run.info is None:
            return
        bench = self._bench
        view = bench.settings.now.view
        suggestion = Path(bench.settings.folder) / f"{self._sources.stem}-{view}.mp4"
        dialog = VideoExportDialog(suggestion, run.info.audio, bench.dialog_parent)
        dialog.wanted.connect(self.begin)
        dialog.open()

    def begin(self, choices: VideoChoices) -> None:
        """Write the video as the window shows frames now."""
        from salviewer.streaming.video_export import VideoOrder

        run, bench = self._sources.run, self._bench
        if run is None:
            return
        order = VideoOrder(
            run.choice,
            choices.target,
            choices.maps,
            bench.shown.scene,
            self._sources.cues,
            choices.codec,
            choices.quality,
            choices.sound,
            follow=run.renderer.follows,
            tracks=choices.tracks,
            track=choices.track,
        )
        load = self._sources.loader()
        bench.settings.change(folder=str(choices.target.absolute().parent))
        self._submit(lambda stop: _export(order, load, self._report, stop), tr("Exporting the video…"))

    def _landed(self, outcome: Outcome) -> None:
        from salviewer.streaming.video_export import CancelledError

        notices = self._bench.notices
        self._bench.status.set_activity("saving", "")
        if isinstance(outcome.error, CancelledError):
            notices.inform(tr("The export was cancelled; no file was written."))
        elif outcome.error is not None:
            notices.error(sentence(outcome.error, tr("exporting the video")))
        else:
            order, done = outcome.value
            notes = "".join(f"; {note}" for note in done.notes)
            said = plural(
                "Exported {count} frame to {path} in {time}",
                "Exported {count} frames to {path} in {time}",
                done.frames,
                path=order.target,
                time=clock(done.seconds),
            )
            said += notes
            notices.saved(said, order.target) if order.target else notices.inform(said)


def _export(
    order: VideoOrder,
    load: Callable[[], FramePredictor],
    report: Callable[[VideoProgress], None],
    stop: threading.Event,
) -> tuple[VideoOrder, VideoReport]:
    from salviewer.streaming.video_export import export_video

    return order, export_video(order, load(), report, stop.is_set)
