"""A video with overlays, from a person's wish to the file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from salviewer.app.features.live.bar import clock
from salviewer.app.features.live.export_dialog import VideoChoices, VideoExportDialog
from salviewer.app.features.live.models import Chosen
from salviewer.app.workers.latest_only import Lane, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.streaming.video_export import (
    CancelledError,
    VideoOrder,
    VideoProgress,
    VideoReport,
    export_video,
)

if TYPE_CHECKING:
    from salviewer.app.features.live.controller import LiveDesk
    from salviewer.app.window import Window

_EVERY = 0.2  # seconds between two reports of progress


class VideoExports(QObject):
    """Writes one at a time in a thread of its own; the status line tells how far it is, and cancels it."""

    _progressed = Signal(object)  # VideoProgress

    def __init__(self, window: Window, desk: LiveDesk) -> None:
        super().__init__(desk)
        self._window, self._desk = window, desk
        self.lane = Lane("video export", self)
        self.lane.finished.connect(self._landed, Qt.ConnectionType.DirectConnection)
        self._stop = threading.Event()
        self._told = 0.0
        self._progressed.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        window.status.cancel_wanted.connect(self.cancel)

    def cancel(self) -> None:
        """Leave no half video."""
        self._stop.set()

    def ask(self) -> None:
        """Ask how the video on screen is to be written."""
        run, window = self._desk.run, self._window
        if run is None or run.info is None or run.player is None:
            return
        if self.lane.busy:
            window.banner.complain("A video is being exported already; the status line can cancel it.")
            return
        run.player.pause()
        view = window.preferences.now.view
        suggestion = Path(self._desk.folder) / f"{self._desk.stem}-{view}.mp4"
        dialog = VideoExportDialog(suggestion, run.info.audio, window)
        dialog.wanted.connect(self.begin)
        dialog.open()

    def begin(self, choices: VideoChoices) -> None:
        """Write it, as the window shows frames now."""
        run, window = self._desk.run, self._window
        if run is None:
            return
        order = VideoOrder(
            run.choice,
            choices.target,
            choices.maps,
            window.scene(),
            self._desk.cues,
            choices.codec,
            choices.quality,
            choices.sound,
        )
        load = self._desk.loader()
        self._stop = stop = threading.Event()
        window.preferences.change(folder=str(choices.target.absolute().parent))
        window.status.set_activity("saving", "Exporting the video…")
        self.lane.submit(0, lambda: _export(order, load, self._tell, stop))

    def _tell(self, progress: VideoProgress) -> None:
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            try:
                self._progressed.emit(progress)
            except RuntimeError:
                self._stop.set()  # the window went meanwhile

    def _show_progress(self, progress: VideoProgress) -> None:
        if self.lane.busy:
            of = f" of {progress.total}" if progress.total else ""
            left = "" if progress.seconds_left is None else f", {clock(progress.seconds_left)[:-3]} left"
            self._window.status.set_activity("saving", f"Frame {progress.done}{of}{left}")

    def _landed(self, outcome: Outcome) -> None:
        banner = self._window.banner
        self._window.status.set_activity("saving", "")
        if isinstance(outcome.error, CancelledError):
            banner.report("The export was cancelled; nothing was left.")
        elif outcome.error is not None:
            banner.complain(sentence(outcome.error, "exporting the video"))
        else:
            order, report = outcome.value
            notes = "".join(f"; {note}" for note in report.notes)
            banner.report(
                f"Exported {report.frames} frames to {order.target} in {clock(report.seconds)}{notes}"
            )


def _export(
    order: VideoOrder,
    load: Callable[[], Chosen],
    tell: Callable[[VideoProgress], None],
    stop: threading.Event,
) -> tuple[VideoOrder, VideoReport]:
    return order, export_video(order, load(), tell, stop.is_set)
