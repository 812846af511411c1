"""Which files of tracks are written, and of how many regions: the same in two dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QSpinBox

from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import check_box, with_name
from salviewer.core.applications.tracks import MOST_TRACKS
from salviewer.streaming.track_files import TRACK_ENDINGS, TrackFormat

_FORMATS: tuple[tuple[TrackFormat, str, str], ...] = (
    ("csv", "CSV", mark("A table: a row for each region and frame")),
    ("json", "JSON", mark("Each track with its boxes")),
    ("mot", "MOT", mark("The text format of the MOT challenge and its tools")),
)


class TrackFormats:
    """A number of regions, and a box for each format.

    Attributes:
        count: regions that are followed at once.
        boxes: by format.

    Args:
        name: the beginning of the widgets' object names.
    """

    def __init__(self, name: str) -> None:
        self.count = with_name(QSpinBox(), f"{name}Count", tr("How many regions are followed at once"))
        self.count.setRange(1, MOST_TRACKS)
        self.count.setFixedWidth(74)
        self.boxes = {fmt: check_box(f"{name}_{fmt}", title, tr(tip)) for fmt, title, tip in _FORMATS}

    def files(self, stem: Path) -> tuple[tuple[TrackFormat, Path], ...]:
        """Return what is ticked, with the path of each file.

        Args:
            stem: the path without its ending.
        """
        return tuple(
            (fmt, stem.with_name(stem.name + TRACK_ENDINGS[fmt]))
            for fmt, box in self.boxes.items()
            if box.isChecked()
        )
