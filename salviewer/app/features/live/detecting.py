"""A person's own detector in the window: chosen, read again, and given up when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.shell import dialogs
from salviewer.app.state.live_choices import LiveChoices
from salviewer.errors import DetectorError
from salviewer.streaming.detector import split
from salviewer.streaming.fused import fallback_note

if TYPE_CHECKING:
    from salviewer.app.features.live.controller import LiveDesk
    from salviewer.app.window import Window


class Detecting(QObject):
    """Which one is asked is a setting; the thread that predicts loads and calls it."""

    def __init__(self, window: Window, desk: LiveDesk) -> None:
        super().__init__(desk)
        self._window, self._desk = window, desk
        button = desk.page.detector
        button.chosen.connect(self.choose)
        button.file_wanted.connect(self.ask)
        button.again_wanted.connect(self.read_again)

    def ask(self) -> None:
        """Ask for a Python file."""
        known = self._window.preferences.now.live.detector
        folder = str(Path(known).parent) if known else self._desk.folder
        dialogs.ask_detector(self._window, folder, self.choose)

    def choose(self, detector: str) -> None:
        """Take the boxes of this one for objects, which count from now on; "" for the map's own regions."""
        live = self._window.preferences.now.live
        if not detector:
            self._window.preferences.change_live(detector="")
        elif live.detector == detector and live.regions_on:
            self.read_again()
        else:
            weight = live.regions or LiveChoices().regions
            self._window.preferences.change_live(detector=detector, regions_on=True, regions=weight)

    def read_again(self) -> None:
        """The file may have been changed."""
        if self._desk.run is not None:
            self._desk.run.pipeline.set_cues(self._desk.cues)

    def fall_back(self, error: DetectorError) -> None:
        """It failed: the map's own regions are taken, and a person is told and may try again."""
        detector = self._window.preferences.now.live.detector
        if Path(error.path) == split(detector)[0]:
            self._window.preferences.change_live(detector="")
            self._window.banner.complain(fallback_note(error), "Try again", lambda: self.choose(detector))
