"""Recording what is shown, from a person's wish to the file."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from salviewer.app.features.live.export_dialog import VIDEO_FILTERS
from salviewer.app.workers.sentences import sentence
from salviewer.core.scene import Scene
from salviewer.streaming.recording import Recorded, Recorder

if TYPE_CHECKING:
    from salviewer.app.features.live.controller import LiveDesk
    from salviewer.app.window import Window


class Recordings(QObject):
    """At most one at a time; it ends with its source."""

    _ended = Signal(object)  # Recorded

    def __init__(self, window: Window, desk: LiveDesk) -> None:
        super().__init__(desk)
        self._window, self._desk = window, desk
        self._ended.connect(self._show_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def scene(self) -> Scene | None:
        """What is shown of a frame; None for the picture alone."""
        return self._window.scene() if self._window.preferences.now.shown else None

    def switch(self, on: bool) -> None:
        """Ask where, then record; or end the recording."""
        run = self._desk.run
        if run is None:
            return
        if not on:
            if run.post.recorder is not None:
                run.post.recorder.finish()
            return
        now = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
        dialog = QFileDialog(self._window, "Record to a video", self._desk.folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(VIDEO_FILTERS)
        dialog.setDefaultSuffix("mp4")
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
        dialog.selectFile(f"{self._desk.stem} {now}.mp4")
        dialog.fileSelected.connect(lambda path: self.begin(Path(path)))
        dialog.rejected.connect(self.show)
        dialog.open()

    def begin(self, target: Path) -> None:
        """Record from the next frame on."""
        run = self._desk.run
        if run is not None and run.info is not None and run.post.recorder is None:
            run.post.scene = self.scene
            run.post.recorder = Recorder(target, run.info, self._tell)
            self._window.preferences.change(folder=str(target.absolute().parent))
        self.show()

    def show(self) -> None:
        """Whether one is under way, and how long it is."""
        run = self._desk.run
        recorder = None if run is None else run.post.recorder
        action = self._window.catalogue["record"]
        with QSignalBlocker(action):
            action.setChecked(recorder is not None)
        action.setText("Re&cord…" if recorder is None else "End the re&cording")
        told = "" if recorder is None else f"Recording: {recorder.written} frames"
        self._window.status.set_activity("recording", told)

    def _tell(self, recorded: Recorded) -> None:
        with suppress(RuntimeError):  # the window went meanwhile: nobody is left to hear of it
            self._ended.emit(recorded)

    def _show_ended(self, recorded: Recorded) -> None:
        run = self._desk.run
        if run is not None and run.post.recorder is not None and run.post.recorder.ended:
            run.post.recorder = None
        self.show()
        if recorded.error is not None:
            self._window.banner.complain(sentence(recorded.error, "recording"))
        elif recorded.path is None:
            self._window.banner.complain("Nothing was recorded: no frame came.")
        else:
            left = f"; {recorded.left_out} that came too fast are missing" if recorded.left_out else ""
            self._window.banner.report(f"Recorded {recorded.frames} frames in {recorded.path}{left}")
