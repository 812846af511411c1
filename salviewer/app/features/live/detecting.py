"""The user's own detector: choosing it, reading it again, and replacing it when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from salviewer.app.shell.file_dialogs import ask_file
from salviewer.app.state.live_choices import LiveChoices
from salviewer.app.translation import tr

if TYPE_CHECKING:
    from salviewer.app.features.live.detector_button import DetectorButton
    from salviewer.app.workbench import Workbench
    from salviewer.errors import DetectorError


class Detecting(QObject):
    """Keeps the detector as a setting; the predicting thread loads and calls it.

    Args:
        button: where the user chooses.
        read_again: reads the detector's file again, which may have changed.
    """

    def __init__(
        self,
        bench: Workbench,
        button: DetectorButton,
        read_again: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._read_again = bench, read_again
        button.chosen.connect(self.choose)
        button.file_wanted.connect(self.ask)
        button.again_wanted.connect(read_again)

    def ask(self) -> None:
        """Ask for a Python file."""
        known = self._bench.settings.now.live.detector
        folder = str(Path(known).parent) if known else self._bench.settings.folder
        parent, kinds = self._bench.dialog_parent, tr("Python files (*.py)")
        ask_file(parent, tr("Choose a detector"), kinds, self.choose, folder, others=False)

    def choose(self, detector: str) -> None:
        """Use a detector's boxes as objects, with a weight; "" for regions of the map itself."""
        settings, live = self._bench.settings, self._bench.settings.now.live
        if not detector:
            settings.change_live(detector="")
        elif live.detector == detector and live.regions_on:
            self._read_again()
        else:
            weight = live.regions or LiveChoices().regions
            settings.change_live(detector=detector, regions_on=True, regions=weight)

    def fall_back(self, error: DetectorError) -> None:
        """Use regions of the map itself instead of a detector that failed, and offer to try it again."""
        from salviewer.streaming.detector import split
        from salviewer.streaming.fused import fallback_note

        detector = self._bench.settings.now.live.detector
        if Path(error.path) == split(detector)[0]:
            self._bench.settings.change_live(detector="")
            note = fallback_note(error)
            self._bench.notices.error(note, tr("Try again"), lambda: self.choose(detector))
