"""The dialog for tracks of a video's regions and for reframed videos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from salviewer.app.features.live.track_formats import TrackFormats
from salviewer.app.shell.file_dialogs import ask_folder
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, check_box, label, with_name
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.core.applications.reframe import ReframeSettings
from salviewer.core.applications.tracks import PATIENCE_LIMITS, TrackSettings

if TYPE_CHECKING:
    from salviewer.streaming.track_files import TrackFormat

_ASPECTS = ((9, 16), (1, 1), (4, 5), (16, 9))


@dataclass(frozen=True, slots=True)
class TrackChoices:
    """The user's choices.

    Attributes:
        folder: for all files.
        tracks: what is followed.
        files: of the tracks.
        reframes: the windows that follow attention, and their videos.
        sound: whether the videos have it.
    """

    folder: Path
    tracks: TrackSettings
    files: tuple[tuple[TrackFormat, Path], ...]
    reframes: tuple[tuple[ReframeSettings, Path], ...]
    sound: bool


class TrackDialog(Dialog):
    """Asks for choices; writes nothing."""

    wanted = Signal(object)  # TrackChoices

    def __init__(self, folder: Path, stem: str, sound: bool, parent: QWidget | None = None) -> None:
        super().__init__("trackDialog", tr("Track regions and reframe"), parent, 500)
        self._stem = stem
        self.folder = with_name(QLineEdit(str(folder)), "trackFolder")
        wanted = TrackFormats("track")
        self.count, self.formats, self._files = wanted.count, wanted.boxes, wanted.files
        self.hand_over = check_box(
            "trackHandOver",
            tr("&Hand over to a hotter region after"),
            tr("Otherwise a region is followed even when another has more attention, and the file says so"),
        )
        self.patience = with_name(QDoubleSpinBox(), "trackPatience")
        self.patience.setRange(*PATIENCE_LIMITS)
        self.patience.setDecimals(1)
        self.patience.setValue(TrackSettings().patience)
        self.patience.setSuffix(tr(" s"))
        self.patience.setAccessibleName(tr("Seconds before handing over"))
        self.patience.setEnabled(False)
        self.hand_over.toggled.connect(self.patience.setEnabled)
        self.aspects = {
            aspect: check_box(
                f"reframe_{aspect[0]}x{aspect[1]}",
                f"{aspect[0]}:{aspect[1]}",
                tr("A video of this shape that follows attention smoothly"),
            )
            for aspect in _ASPECTS
        }
        self.sound = check_box("trackSound", tr("Copy the &sound"), checked=sound)
        self._has_sound = sound
        self.note = label("", "muted", wrap=True, name="trackNote")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(tr("&Write"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._build()
        self.formats["csv"].setChecked(True)
        for box in (*self.formats.values(), *self.aspects.values()):
            box.toggled.connect(lambda _: self._check())
        self.folder.textChanged.connect(lambda _: self._check())
        self._check()

    def _build(self) -> None:
        browse = button(
            "trackBrowse", tr("&Browse…"), tr("Choose the folder for the files"),
            lambda: ask_folder(
                self, tr("Choose the folder for the files"), self.folder.setText, self.folder.text()
            ),
        )  # fmt: skip
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(tr("&Regions"), self.count)
        form.addRow("", in_row(self.hand_over, self.patience, STRETCH, spacing=14))
        form.addRow(tr("Tracks as"), in_row(*self.formats.values(), STRETCH, spacing=14))
        form.addRow(tr("Reframe to"), in_row(*self.aspects.values(), STRETCH, spacing=14))
        form.addRow("", self.sound)
        where = in_row(self.folder, browse, spacing=14)
        form.addRow(tr("&Folder"), where)
        title = form.labelForField(where)
        assert isinstance(title, QLabel)
        title.setBuddy(self.folder)
        in_column(form, self.note, self.buttons, within=self, spacing=12)

    @property
    def choices(self) -> TrackChoices:
        """The choices as they stand."""
        folder = Path(self.folder.text().strip()).expanduser()
        reframes = [ReframeSettings(aspect) for aspect, box in self.aspects.items() if box.isChecked()]
        return TrackChoices(
            folder,
            TrackSettings(self.count.value(), self.hand_over.isChecked(), self.patience.value()),
            self._files(folder / self._stem),
            tuple((each, folder / f"{self._stem}-{each.name}.mp4") for each in reframes),
            self._has_sound and self.sound.isChecked(),
        )

    def _check(self) -> None:
        now = self.choices
        self.sound.setEnabled(self._has_sound and bool(now.reframes))
        files = [path for _, path in (*now.files, *now.reframes)]
        there = [path.name for path in files if path.exists()]
        if not files:
            self.note.setText(tr("Choose at least one kind of file."))
        elif there:
            self.note.setText(tr("Replaces {names}.", names=", ".join(there)))
        else:
            self.note.setText(tr("Writes {names}.", names=", ".join(path.name for path in files)))
        self.go.setEnabled(bool(files) and bool(self.folder.text().strip()))

    def _accept(self) -> None:
        self.wanted.emit(self.choices)
        self.accept()
