"""The ways a person opens a source that is no file: dialogs, and what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.features.live.camera_dialog import CameraDialog
from salviewer.app.features.live.stream_dialog import StreamDialog
from salviewer.app.shell import dialogs
from salviewer.app.state.live_choices import with_stream
from salviewer.app.workers.latest_only import Lane
from salviewer.media.video.opening import SourceChoice

if TYPE_CHECKING:
    from salviewer.app.features.live.controller import LiveDesk
    from salviewer.app.window import Window


class Opening(QObject):
    """Asks with dialogs that wait for no one, and hands a `SourceChoice` to the desk."""

    def __init__(self, window: Window, desk: LiveDesk) -> None:
        super().__init__(desk)
        self._window, self._desk = window, desk
        self.lane = Lane("cameras", self)
        window.session.source_requested.connect(lambda choice: self.address(choice.ref))

    def camera(self) -> None:
        """Ask which camera."""
        dialog = CameraDialog(self.lane, self._window)
        dialog.wanted.connect(self._desk.open)
        dialog.video_wanted.connect(self._window.catalogue["open_files"].trigger)
        dialog.stream_wanted.connect(self.stream)
        dialog.frames_wanted.connect(self._window.catalogue["open_frames"].trigger)
        dialog.open()

    def stream(self) -> None:
        """Ask for an address."""
        dialog = StreamDialog(self._window.preferences.now.live.streams, self._window)
        dialog.wanted.connect(self.address)
        dialog.open()

    def address(self, url: str) -> None:
        """Open a stream, and remember it."""
        live = self._window.preferences.now.live
        self._window.preferences.change_live(streams=with_stream(live.streams, url))
        self._desk.open(SourceChoice(url))

    def ask_frames(self) -> None:
        """Ask for a folder of frames."""
        dialogs.ask_folder(self._window, self._desk.folder, self.frames)

    def frames(self, folder: str) -> None:
        """Open the pictures of a folder as a video."""
        self._desk.open(SourceChoice(str(Path(folder)), rate=self._window.preferences.now.live.rate))
