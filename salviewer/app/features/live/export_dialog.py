"""The dialog for exporting a video."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from salviewer.app.features.live.track_formats import TrackFormats
from salviewer.app.shell.file_dialogs import ask_new_file
from salviewer.app.translation import mark, plural, rows, tr
from salviewer.app.widgets.buttons import check_box, label, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.core.applications.tracks import TrackSettings
from salviewer.media.video.codecs import QUALITY, VIDEO_EXPORT_SUFFIXES, Codec

if TYPE_CHECKING:
    from salviewer.streaming.track_files import TrackFormat

VIDEO_FILTERS = ["MP4 (*.mp4)", "WebM (*.webm)", "Matroska (*.mkv)"]

_CODECS: tuple[tuple[Codec, str, str], ...] = (
    ("auto", mark("Automatic"), mark("H.264 where the system has an encoder, else VP9")),
    ("h264", "H.264", mark("Plays everywhere")),
    ("vp9", "VP9", mark("Free of licences; plays in every browser")),
    ("av1", "AV1", mark("Smallest files, slowest to write")),
)


@dataclass(frozen=True, slots=True)
class VideoChoices:
    """The user's choices.

    Attributes:
        target: a video, or a folder of PNGs for a name without a suffix.
        maps: the file or folder for maps; None for none.
        codec, quality, sound, tracks, track: as in `VideoOrder`.
    """

    target: Path
    maps: Path | None
    codec: Codec
    quality: int
    sound: bool
    tracks: tuple[tuple[TrackFormat, Path], ...] = ()
    track: TrackSettings = field(default_factory=TrackSettings)


class VideoExportDialog(Dialog):
    """Asks for choices; writes nothing."""

    wanted = Signal(object)  # VideoChoices

    def __init__(self, suggestion: Path, sound: bool, parent: QWidget | None = None) -> None:
        super().__init__("videoExport", tr("Export the video"), parent, 500)
        self.target = QLineEdit(str(suggestion))
        self.target.setObjectName("videoTarget")
        self.target.setToolTip(tr("A name ending in .mp4, .webm or .mkv; any other is a new folder of PNGs"))
        self.target.textChanged.connect(lambda _: self._check())
        browse = with_name(QPushButton(tr("&Browse…")), "videoBrowse")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        where = in_row((self.target, 1), browse)
        self.codec = with_name(Choice(tr("Codec")), "videoCodec")
        self.codec.fill(rows(_CODECS))
        self.quality = with_name(QSpinBox(), "videoQuality")
        self.quality.setRange(1, 100)
        self.quality.setValue(QUALITY)
        self.quality.setFixedWidth(74)
        self.quality.lineEdit().setTextMargins(4, 0, 5, 0)
        self.quality.setToolTip(tr("1 is the smallest file, 100 the best picture"))
        self.sound = check_box("videoSound", tr("Copy the &sound"), checked=sound)
        self.sound.setEnabled(sound)
        self.sound.setToolTip(
            tr("As it is, where the file can hold it") if sound else tr("This video has no sound")
        )
        self.maps = with_name(Choice(tr("Maps")), "videoMaps")
        self.maps.fill(
            [
                ("", tr("None"), ""),
                ("npz", "NPZ", tr("One archive of all maps, float32, with their times")),
                ("png", tr("16-bit PNG"), tr("A folder with one PNG per frame, and a table")),
            ]
        )
        self.tracks = TrackFormats("videoTrack")
        for box in self.tracks.boxes.values():
            box.toggled.connect(lambda _: self._check())
        self.maps.currentIndexChanged.connect(lambda _: self._check())
        self.note = label("", "muted", wrap=True, name="videoNote")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(tr("&Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setVerticalSpacing(8)
        form.addRow(tr("&File"), where)
        form.addRow(tr("&Codec"), self.codec)
        form.addRow(tr("&Quality"), self.quality)
        form.addRow("", self.sound)
        form.addRow(tr("&Maps"), self.maps)
        form.addRow(tr("Tracks as"), in_row(*self.tracks.boxes.values(), STRETCH, spacing=14))
        form.addRow(tr("Regions"), self.tracks.count)
        title = form.labelForField(where)
        assert isinstance(title, QLabel)
        title.setBuddy(self.target)
        in_column(form, self.note, self.buttons, within=self, spacing=12)
        self._asked_twice: list[str] = []
        self._check()

    def _path(self) -> Path:
        return Path(self.target.text().strip()).expanduser()

    def _browse(self) -> None:
        path, then, title = self._path(), self.target.setText, tr("Export the video")
        folder = str(path.parent)
        dialog = ask_new_file(self, title, VIDEO_FILTERS, path.name, then, folder, confirms=False)
        if not path.suffix:
            dialog.setDefaultSuffix("mp4")

    def _check(self) -> None:
        suffix = self._path().suffix.lower()
        video = suffix in VIDEO_EXPORT_SUFFIXES
        wrong = bool(suffix) and not video
        for widget in (self.codec, self.quality):
            widget.setEnabled(video)
        self.tracks.count.setEnabled(any(box.isChecked() for box in self.tracks.boxes.values()))
        if wrong:
            self.note.setText(
                tr(
                    "“{suffix}” is not a video format this program writes; choose .mp4, .webm or .mkv.",
                    suffix=suffix,
                )
            )
        elif not video:
            self.note.setText(tr("A new folder of numbered PNGs, without sound."))
        else:
            self.note.setText(tr("Every frame once, as the window shows it, at its own time."))
        self.go.setEnabled(not wrong and bool(self.target.text().strip()))
        self.go.setText(tr("&Export"))
        self._asked_twice = []

    @property
    def choices(self) -> VideoChoices:
        """The choices as they stand."""
        target = self._path()
        stem = target.with_suffix("")
        maps = {"npz": stem.with_name(f"{stem.name}_maps.npz"), "png": stem.with_name(f"{stem.name}_maps")}
        return VideoChoices(
            target,
            maps.get(self.maps.currentData()),
            cast("Codec", self.codec.currentData()),
            self.quality.value(),
            self.sound.isChecked(),
            self.tracks.files(stem),
            TrackSettings(self.tracks.count.value()),
        )

    def _accept(self) -> None:
        now = self.choices
        files = (now.target, now.maps, *(path for _, path in now.tracks))
        there = [path.name for path in files if path is not None and path.is_file()]
        if there and self._asked_twice != there:
            self._asked_twice = there
            self.note.setText(
                plural(
                    "“{names}” exists already. Replace it?",
                    "{count} files exist already: {names}. Replace them?",
                    len(there),
                    names=", ".join(there),
                )
            )
            self.go.setText(tr("&Replace"))
            return
        self.wanted.emit(now)
        self.accept()
