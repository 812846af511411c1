"""The page that the window shows before there is a picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from salviewer import paths as locations
from salviewer.app.shell import icons
from salviewer.app.shell.theme import Theme
from salviewer.app.state.browsing import place_name
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import label, with_name
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.media.images import PICTURE_SUFFIXES

_RECENT = 4
"""Most recent files on this page."""

_WIDTH = 460


class FirstPage(QWidget):
    """Invites the user to drop a picture; shows other ways to open one, and important keys."""

    open_wanted = Signal()
    folder_wanted = Signal()
    sample_wanted = Signal(object)  # Path
    variants_wanted = Signal(object)  # tuple of Path
    recent_wanted = Signal(object)  # Path

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._card = with_name(QFrame(), "emptyCard")
        self._card.setFixedHeight(316)
        self._card.setMinimumWidth(_WIDTH)
        self._fill_card()
        self.steps = label(tr("1  Open    →    2  Look    →    3  Decide"), name="emptySteps")
        self.steps.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.steps.setToolTip(
            tr("Open a picture or variants of a design; look where attention goes; compare with Variants")
        )
        self._recent_heading = label(tr("Opened last"), "muted")
        self._recent_heading.hide()
        self._recent: list[QPushButton] = []
        self._recent_paths: tuple[Path, ...] = ()
        self._recent_column = in_column(spacing=0)
        self.keys: list[QLabel] = []
        self._keys = QGridLayout()
        self._keys.setHorizontalSpacing(12)
        self._keys.setVerticalSpacing(4)
        below = QWidget()
        below.setFixedWidth(_WIDTH)
        parts = (self.steps, 8, self._recent_heading, self._recent_column, 12, self._keys)
        in_column(*parts, within=below, spacing=2, margins=(12, 0, 12, 0))
        middle = Qt.AlignmentFlag.AlignHCenter
        in_column(STRETCH, (self._card, 0, middle), (below, 0, middle), STRETCH, within=self, spacing=18)
        theme.changed.connect(self._dress)
        self._dress()

    def set_hovered(self, over: bool) -> None:
        """Highlight the page while a picture is held over the window."""
        self._card.setProperty("over", over)
        self._card.style().unpolish(self._card)
        self._card.style().polish(self._card)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Show recent files, at once or when this page is shown: another picture must not wait for it."""
        self._recent_paths = tuple(paths[:_RECENT])
        if self.isVisible():
            self._fill_recent()

    @property
    def recent(self) -> list[QPushButton]:
        """The buttons of the recent files."""
        self._fill_recent()
        return self._recent

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Show the recent files as they are now."""
        self._fill_recent()

    def _fill_recent(self) -> None:
        if [button.toolTip() for button in self._recent] == [str(path) for path in self._recent_paths]:
            return
        for button in self._recent:
            self._recent_column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._recent = [self._entry(path) for path in self._recent_paths]
        for button in self._recent:
            self._recent_column.addWidget(button)
        self._recent_heading.setVisible(bool(self._recent))

    def set_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show these keys and what they do, two per line."""
        for shown in self.keys:
            self._keys.removeWidget(shown)
            shown.hide()
            shown.deleteLater()
        self.keys.clear()
        for index, (key, what) in enumerate(keys):
            row, column = divmod(index, 2)
            name, words = QLabel(key), QLabel(what)
            name.setProperty("role", "key")
            words.setProperty("role", "muted")
            self.keys += [name, words]
            self._keys.addWidget(name, row, 2 * column, Qt.AlignmentFlag.AlignRight)
            self._keys.addWidget(words, row, 2 * column + 1)
        self._keys.setColumnStretch(1, 1)
        self._keys.setColumnStretch(3, 1)

    def _fill_card(self) -> None:
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = label(tr("Where will people look?"), name="emptyTitle")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint = QLabel(
            tr(
                "Drop a picture, a video or a folder here and see its heatmap.\n"
                "It never leaves this computer."
            )
        )
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open = QPushButton(tr("Open a pict&ure…"))
        self.open.setObjectName("emptyOpen")
        self.open.setToolTip(tr("Choose one or more pictures"))
        self.open.setProperty("primary", True)
        self.open.setDefault(True)
        self.open.clicked.connect(self.open_wanted)
        self.folder = QPushButton(tr("E&xplore a folder…"))
        self.folder.setObjectName("emptyFolder")
        self.folder.setToolTip(tr("Choose a folder; all its pictures are listed"))
        self.folder.clicked.connect(self.folder_wanted)
        self.sample = QPushButton(tr("&Quick example"))
        self.sample.setObjectName("emptySample")
        self.sample.setToolTip(tr("Open a picture that comes with the program"))
        self.sample.clicked.connect(self._try_sample)
        self.sample.setVisible(sample_picture() is not None)
        self.variants = with_name(QPushButton(tr("Example: four variants of a page")), "emptyVariants")
        self.variants.setProperty("quiet", True)
        self.variants.setToolTip(tr("Open four pictures that come with the program, and compare them"))
        self.variants.clicked.connect(lambda _=False: self.variants_wanted.emit(sample_variants()))
        self.variants.setVisible(len(sample_variants()) > 1)
        buttons = in_row(STRETCH, self.open, self.folder, self.sample, STRETCH, spacing=8)
        variants = (self.variants, 0, Qt.AlignmentFlag.AlignHCenter)
        parts = (STRETCH, self._image, 14, title, 8, hint, 20, buttons, 8, variants, STRETCH)
        in_column(*parts, within=self._card, spacing=0, margins=24)

    def _entry(self, path: Path) -> QPushButton:
        button = with_name(QPushButton(), "recent")
        button.setProperty("link", True)
        button.ensurePolished()
        room = _WIDTH - 56
        text = button.fontMetrics().elidedText(place_name(path), Qt.TextElideMode.ElideMiddle, room)
        button.setText(text.replace("&", "&&"))
        button.setToolTip(str(path))
        button.setAccessibleName(tr("Open {path}", path=path))
        button.clicked.connect(partial(self.recent_wanted.emit, path))
        return button

    def _try_sample(self) -> None:
        sample = sample_picture()
        if sample is not None:
            self.sample_wanted.emit(sample)

    def _dress(self) -> None:
        self._image.setPixmap(icons.pixmap("salviewer", "", QSize(64, 64), 2.0))


def sample_picture() -> Path | None:
    """Return a picture that ships with the program, or None."""
    folder = locations.resources() / "samples"
    found = (
        sorted(p for p in folder.glob("*") if p.suffix.lower() in PICTURE_SUFFIXES) if folder.is_dir() else []
    )
    return found[0] if found else None


def sample_variants() -> tuple[Path, ...]:
    """Return the variants of one page that ship with the program."""
    return tuple(sorted((locations.resources() / "samples").glob("web_page*.png")))
