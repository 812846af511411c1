"""Open a camera, a stream or a folder of frames, with dialogs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.addresses import is_screen
from salviewer.app.shell import dialogs
from salviewer.app.state.live_choices import with_stream
from salviewer.app.workers.latest_only import LatestOnlyWorker

if TYPE_CHECKING:
    from salviewer.app.workbench import Workbench
    from salviewer.media.video.opening import SourceChoice


class Opening(QObject):
    """Asks with dialogs that do not block.

    Args:
        open_source: shows a source.
    """

    def __init__(
        self, bench: Workbench, open_source: Callable[[SourceChoice], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bench, self._open = bench, open_source
        self.worker = LatestOnlyWorker("cameras", self)
        bench.session.source_requested.connect(self._take)

    def _take(self, choice: SourceChoice) -> None:
        if is_screen(choice.ref):
            self._open(choice)
        else:
            self.address(choice.ref)

    def camera(self) -> None:
        """Ask for a camera."""
        from salviewer.app.features.live.camera_dialog import CameraDialog

        commands = self._bench.commands
        dialog = CameraDialog(self.worker, self._bench.dialog_parent)
        dialog.wanted.connect(self._open)
        dialog.video_wanted.connect(lambda: commands["open_files"].trigger())
        dialog.stream_wanted.connect(self.stream)
        dialog.frames_wanted.connect(self.ask_frames)
        dialog.open()

    def stream(self) -> None:
        """Ask for an address."""
        from salviewer.app.features.live.stream_dialog import StreamDialog

        dialog = StreamDialog(self._bench.settings.now.live.streams, self._bench.dialog_parent)
        dialog.wanted.connect(self.address)
        dialog.open()

    def address(self, url: str) -> None:
        """Open a stream, and add it to the recent addresses."""
        from salviewer.media.video.opening import SourceChoice

        settings = self._bench.settings
        settings.change_live(streams=with_stream(settings.now.live.streams, url))
        self._open(SourceChoice(url))

    def ask_frames(self) -> None:
        """Ask for a folder of frames."""
        dialogs.ask_pictures_folder(self._bench.dialog_parent, self._bench.settings.folder, self.frames)

    def frames(self, folder: str) -> None:
        """Open the pictures of a folder as a video."""
        from salviewer.media.video.opening import SourceChoice

        self._open(SourceChoice(str(Path(folder)), rate=self._bench.settings.now.live.rate))
