"""Record what is shown: ask, write, report."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from salviewer import texts
from salviewer.app.shell.file_dialogs import ask_new_file
from salviewer.app.translation import plural, tr
from salviewer.app.workers.sentences import sentence

if TYPE_CHECKING:
    from salviewer.app.features.live.sources import LiveSources
    from salviewer.app.workbench import Workbench
    from salviewer.streaming.recording import Recorded, Recorder


class Recordings(QObject):
    """Makes one recording at a time; it ends with its source."""

    _ended = Signal(object)  # Recorded

    def __init__(self, bench: Workbench, sources: LiveSources, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench, self._sources = bench, sources
        self._ended.connect(self._show_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def recorder(self) -> Recorder | None:
        """The current recording, or None."""
        run = self._sources.run
        return None if run is None else run.mailbox.recorder

    def switch(self, on: bool) -> None:
        """Ask for a file, then record; or end the recording."""
        if self._sources.run is None:
            return
        if not on:
            if self.recorder is not None:
                self.recorder.finish()
            return
        from salviewer.app.features.live.export_dialog import VIDEO_FILTERS

        bench, now = self._bench, datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
        dialog = ask_new_file(
            bench.dialog_parent,
            tr("Record to a video"),
            VIDEO_FILTERS,
            f"{self._sources.stem} {now}.mp4",
            lambda path: self.begin(Path(path)),
            bench.settings.folder,
        )
        dialog.rejected.connect(self.show)

    def begin(self, target: Path) -> None:
        """Record from the next frame on."""
        from salviewer.streaming.recording import Recorder

        run = self._sources.run
        if run is not None and run.info is not None and run.mailbox.recorder is None:
            run.mailbox.scene = self._sources.scene
            run.mailbox.recorder = Recorder(target, run.info, self._report)
            self._bench.settings.change(folder=str(target.absolute().parent))
        self.show()

    def show(self) -> None:
        """Show whether a recording is running, and how long it is."""
        recorder, commands = self.recorder, self._bench.commands
        commands["record"].setText(tr("Re&cord…") if recorder is None else tr("Stop re&cording"))
        written = (
            ""
            if recorder is None
            else plural("Recording: {count} frame", "Recording: {count} frames", recorder.written)
        )
        self._bench.status.set_activity("recording", written)
        commands.refresh()

    def _report(self, recorded: Recorded) -> None:
        with suppress(RuntimeError):  # the window was closed meanwhile
            self._ended.emit(recorded)

    def _show_ended(self, recorded: Recorded) -> None:
        from salviewer.media.text import missing_note

        run, notices = self._sources.run, self._bench.notices
        if run is not None and run.mailbox.recorder is not None and run.mailbox.recorder.ended:
            run.mailbox.recorder = None
        self.show()
        if recorded.error is not None:
            said = sentence(recorded.error, tr("recording"))
            if recorded.path is not None:
                said += " " + plural(
                    "{count} frame until then is kept in {path}.",
                    "{count} frames until then are kept in {path}.",
                    recorded.frames,
                    path=recorded.path,
                )
            notices.error(said)
        elif recorded.path is None:
            notices.error(tr("Nothing was recorded: no frame arrived."))
        else:
            said = plural(
                "Recorded {count} frame in {path}",
                "Recorded {count} frames in {path}",
                recorded.frames,
                path=recorded.path,
            )
            if recorded.left_out:
                said += "; " + tr("{count} arrived too fast and were dropped", count=recorded.left_out)
            if note := texts.said(missing_note()):
                said += f"; {note}"
            notices.saved(said, recorded.path)
