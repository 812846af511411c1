"""The bar below the picture while a source is open: controls for a file, or the name of a live source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from salviewer.app.translation import fill, tr
from salviewer.app.widgets.buttons import label, with_name
from salviewer.app.widgets.controls import Choice, Slider
from salviewer.app.widgets.layouts import Stretch, in_row

SPEEDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 4.0)
"""At which a video can be played; 1 is its own."""


class LiveBar(QFrame):
    """Controls only: shows values, and reports the user's requests."""

    seek_wanted = Signal(int)  # frame
    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time runs in players everywhere
        self.setObjectName("liveBar")
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("seek")
        self.slider.setAccessibleName(tr("Place in the video"))
        self.slider.setToolTip(tr("Drag, or move with the arrow keys, to another frame"))
        self.slider.setPageStep(25)
        self.slider.setMinimumWidth(90)
        self.slider.valueChanged.connect(self.seek_wanted)
        self.about = label(name="liveAbout")
        self.time = label("", "muted", name="liveTime")
        self.time.setToolTip(tr("Time, length, and which frame of how many"))
        self.speed = with_name(Choice(tr("Speed")), "speed", tr("How fast the video plays"))
        self.speed.fill([(str(speed), fill("{speed:g}×", speed=speed), "") for speed in SPEEDS])
        self.speed.select("1.0")
        self.speed.setFixedWidth(78)
        self.speed.chosen.connect(lambda text: self.speed_chosen.emit(float(text)))
        self._left, self._right = in_row(spacing=2), in_row(spacing=2)
        place = (self.about, (self.slider, 1), Stretch(0), self.time, self.speed)
        in_row(self._left, *place, self._right, within=self, spacing=8, margins=(10, 4, 10, 4))
        self._playing: list[QWidget] = [self.slider, self.speed]
        self.hide()

    def set_actions(self, playing: Sequence[QAction], always: Sequence[QAction]) -> None:
        """Add buttons: those that play a file on the left, the others on the right."""
        for row, actions in ((self._left, playing), (self._right, always)):
            for action in actions:
                button = QToolButton()
                button.setDefaultAction(action)
                button.setIconSize(QSize(20, 20))
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
                button.setObjectName(f"{action.objectName()}_button")
                row.addWidget(button)
                if row is self._left or action.objectName() == "loop":
                    self._playing.append(button)

    def set_kind(self, played: bool, about: str) -> None:
        """Show the controls of a file, or the name of a live source."""
        for widget in self._playing:
            widget.setVisible(played)
        self.about.setVisible(not played)
        self.about.setText(about)
        self.time.setText("")
        self.show()

    def set_place(self, index: int, count: int, seconds: float, length: float | None) -> None:
        """Show the frame's index, the number of frames, its time and the length, in seconds."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(count - 1, 0))
            if not self.slider.isSliderDown():
                self.slider.setValue(index)
        whole = f" / {clock(length)}" if length else ""
        frames = fill("  ·  {index}/{count}", index=index + 1, count=count) if count else ""
        self.time.setText(f"{clock(seconds)}{whole}{frames}")

    def set_age(self, seconds: float) -> None:
        """Show how long a live source has been open."""
        self.time.setText(clock(seconds))


def clock(seconds: float) -> str:
    """Write seconds as 1:02.35 or 1:00:02.35."""
    hundredths = round(100 * seconds)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    tail = fill("{seconds:05.2f}", seconds=rest / 100)
    return (
        fill("{hours}:{minutes:02d}:{tail}", hours=hours, minutes=minutes, tail=tail)
        if hours
        else fill("{minutes}:{tail}", minutes=minutes, tail=tail)
    )
