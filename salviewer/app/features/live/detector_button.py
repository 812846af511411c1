"""The button for the source of object proposals: the map itself, or the user's own detector."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from salviewer.app.translation import mark, tr

OWN = mark("The map's own regions")
_OWN = mark("The &map's own regions")

_BESIDE = 36  # pixels for padding and arrow


class DetectorButton(QPushButton):
    """Shows the source, and a menu for another. It opens and runs no file."""

    chosen = Signal(str)  # a detector, as in `streaming.detector`; "" for the map itself
    file_wanted = Signal()
    again_wanted = Signal()  # read the file again

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("detector")
        self.setProperty("quiet", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._detector = ""
        self._known = ""  # the last detector, for choosing it again
        self.choices = menu = QMenu(self)
        menu.setObjectName("detectorMenu")
        menu.setToolTipsVisible(True)
        one = QActionGroup(menu)
        self.own = menu.addAction(tr(_OWN), lambda: self.chosen.emit(""))
        self.known = menu.addAction("", lambda: self.chosen.emit(self._known))
        for action in (self.own, self.known):
            action.setCheckable(True)
            one.addAction(action)
        menu.addSeparator()
        self.file = menu.addAction(tr("&Detector…"), self.file_wanted.emit)
        self.file.setToolTip(
            tr("A Python file whose function detect(frame) returns boxes; the file is executed")
        )
        self.again = menu.addAction(tr("&Read the file again"), self.again_wanted.emit)
        self.again.setToolTip(tr("Load the file after a change"))
        self.setMenu(menu)
        self.set_detector("")

    def set_detector(self, detector: str) -> None:
        """Show it without reporting it."""
        self._detector, self._known = detector, detector or self._known
        name = Path(detector).name if detector else tr(OWN)
        self.own.setChecked(not detector)
        self.known.setVisible(bool(self._known))
        self.known.setText(Path(self._known).name.replace("&", "&&"))
        self.known.setToolTip(self._known)
        self.known.setChecked(bool(detector))
        self.again.setVisible(bool(detector))
        self.setAccessibleName(tr("Objects are found by: {name}", name=name))
        about = tr("How objects are found: by the map itself, or by your own detector in a Python file")
        self.setToolTip(f"{detector}\n{about}" if detector else about)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Shorten the name to the available width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        name = Path(self._detector).name if self._detector else tr(OWN)
        room = max(self.width() - _BESIDE, 0)
        text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.setText(text.replace("&", "&&"))
