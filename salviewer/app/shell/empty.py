"""What the window shows before there is a picture: how to get one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from salviewer import locations
from salviewer.app.shell import icons
from salviewer.app.shell.theme import Theme
from salviewer.media.images import PICTURE_SUFFIXES


class EmptyState(QWidget):
    """An invitation to drop a picture, with the two other ways beside it."""

    open_wanted = Signal()
    sample_wanted = Signal(object)  # Path

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._card = QFrame()
        self._card.setObjectName("emptyCard")
        self._card.setFixedSize(460, 320)
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel("Where will people look?")
        title.setObjectName("emptyTitle")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint = QLabel("Drop a picture here and see its heatmap.\nIt never leaves this computer.")
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open = QPushButton("&Open a picture…")
        self.open.setProperty("primary", True)
        self.open.setDefault(True)
        self.open.clicked.connect(self.open_wanted)
        self.sample = QPushButton("&Try the sample")
        self.sample.setToolTip("Opens a picture that comes with the program")
        self.sample.clicked.connect(self._try_sample)
        self.sample.setVisible(sample_picture() is not None)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.open)
        buttons.addWidget(self.sample)
        buttons.addStretch(1)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(32, 28, 32, 28)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._image)
        column.addSpacing(16)
        column.addWidget(title)
        column.addSpacing(8)
        column.addWidget(hint)
        column.addSpacing(22)
        column.addLayout(buttons)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        theme.changed.connect(self._dress)
        self._dress()

    def set_hovered(self, over: bool) -> None:
        """Answer a picture that is held over the window."""
        self._card.setProperty("over", over)
        self._card.style().unpolish(self._card)
        self._card.style().polish(self._card)

    def _try_sample(self) -> None:
        sample = sample_picture()
        if sample is not None:
            self.sample_wanted.emit(sample)

    def _dress(self) -> None:
        self._image.setPixmap(icons.pixmap("salviewer", "", QSize(72, 72), 2.0))


def sample_picture() -> Path | None:
    """A picture that ships with the program; None when there is none."""
    folder = locations.resources() / "samples"
    found = (
        sorted(p for p in folder.glob("*") if p.suffix.lower() in PICTURE_SUFFIXES) if folder.is_dir() else []
    )
    return found[0] if found else None
