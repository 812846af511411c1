"""The form for what to write: pictures, maps, tables, report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QSpinBox, QWidget

from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.translation import mark, rows, tr
from salviewer.app.widgets.buttons import check_box, label, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.find_box import find_box
from salviewer.app.widgets.layouts import STRETCH, in_row
from salviewer.core.views import VIEWS
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.tables import TableFormat
from salviewer.results.order import (
    PERCENT_LIMITS,
    WIDTH_LIMITS,
    Kind,
    PictureFormat,
    ReportFormat,
    Size,
)

_FORMATS = (
    ("png", "PNG", mark("Exact")),
    ("jpg", "JPEG", mark("Small, for photographs")),
    ("webp", "WebP", mark("Small, for the web")),
    ("tiff", "TIFF", mark("Exact, for print")),
)
_TABLES = (
    ("csv", "CSV", mark("For spreadsheets")),
    ("json", "JSON", mark("For programs")),
    ("tsv", mark("Tab-separated"), mark("For spreadsheets")),
)
_REPORTS: tuple[tuple[ReportFormat, str, str], ...] = (
    ("pdf", "PDF", mark("One page, to print or send")),
    ("html", "HTML", mark("One file with everything in it, for a browser")),
)

_USES = (
    ("crop 1:1", mark("Crop 1:1"), mark("The square that keeps the most attention")),
    ("crop 4:5", mark("Crop 4:5"), mark("The upright window that keeps the most attention")),
    ("crop 16:9", mark("Crop 16:9"), mark("The wide window that keeps the most attention")),
    ("crop 9:16", mark("Crop 9:16"), mark("The tall window that keeps the most attention")),
    ("regions", mark("Regions"), mark("What stands out, as a table")),
    ("cutout", mark("Cut-out"), mark("What the map points at, without what is behind it")),
    ("words", mark("Words"), mark("The picture in words, in the order in which people look")),
)

_COLUMNS = 3  # columns of tick boxes for kinds of pictures
_MAP_COLUMNS = 4  # columns for formats of maps


def _kinds() -> Iterator[tuple[Kind, str, str]]:
    """Yield name, text and tip of each kind of picture."""
    for spec in VIEWS.values():
        yield spec.name, tr(spec.form), tr(spec.form_tip or spec.tip)
    yield "picture", tr("&Picture alone"), tr("Without anything over it")


class ExportForm(QWidget):
    """Shows choices, and reports every change at once."""

    changed = Signal(object)  # ExportChoices

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportForm")
        self.choices = ExportChoices()
        self.shown = self._box(
            "shown", tr("As it is sho&wn"), tr("The view on screen with everything drawn on it")
        )
        self.kinds = {kind: self._box(kind, text, tip) for kind, text, tip in _kinds()}
        self.maps = {
            name: self._box(f"map-{name}", tr(fmt.title), tr(fmt.tip)) for name, fmt in MAP_FORMATS.items()
        }
        self.hotspots = self._box("hotspots", tr("H&otspots"), tr("Hotspots in the order of attention"))
        self.areas = self._box("areas", tr("&Areas"), tr("Each area with its share of attention"))
        self.reports = {kind: self._box(f"report-{kind}", text, tip) for kind, text, tip in rows(_REPORTS)}
        self.uses = {
            use: self._box(use.replace(" ", "-").replace(":", "x"), text, tip)
            for use, text, tip in rows(_USES)
        }
        self.finds = find_box("export-find", tr("Read text, find faces"))
        self.finds.toggled.connect(lambda _: self._change())
        self.picture_format = self._choice("pictureFormat", tr("Format of pictures"), rows(_FORMATS))
        self.table_format = self._choice("tableFormat", tr("Format of tables"), rows(_TABLES))
        self.quality = QSpinBox()
        self.quality.setObjectName("quality")
        self.quality.setAccessibleName(tr("Quality"))
        self.quality.setToolTip(tr("Of JPEG and WebP, 1 to 100; higher is better and larger"))
        self.quality.setRange(1, 100)
        self.quality.setPrefix(tr("quality "))
        self.quality.lineEdit().setTextMargins(6, 0, 6, 0)
        self.quality.valueChanged.connect(lambda _: self._change())
        self.unit = self._choice(
            "sizeUnit",
            tr("Size of pictures"),
            (
                ("percent", tr("% of its size"), tr("Of the picture's own width and height")),
                ("width", tr("pixels wide"), tr("The height follows")),
            ),
        )
        self.size_value = QDoubleSpinBox()
        self.size_value.setObjectName("sizeValue")
        self.size_value.setAccessibleName(tr("Size"))
        self.size_value.setToolTip(tr("Lines and text are drawn at this size, so they stay sharp"))
        self.size_value.setDecimals(0)
        self.size_value.lineEdit().setTextMargins(6, 0, 6, 0)
        self.size_value.valueChanged.connect(lambda _: self._change())
        self._lay_out()
        self.set_choices(self.choices)

    def set_choices(self, choices: ExportChoices) -> None:
        """Show these choices without reporting them."""
        self.choices = choices
        ticks = {
            self.shown: choices.shown,
            self.hotspots: choices.hotspots,
            self.areas: choices.areas,
            self.finds: choices.find and self.finds.isEnabled(),
            **{box: kind in choices.kinds for kind, box in self.kinds.items()},
            **{box: kind in choices.maps for kind, box in self.maps.items()},
            **{box: kind in choices.reports for kind, box in self.reports.items()},
            **{box: use in choices.uses for use, box in self.uses.items()},
        }
        for box, on in ticks.items():
            with QSignalBlocker(box):
                box.setChecked(on)
        self.picture_format.select(choices.picture_format)
        self.table_format.select(choices.table_format)
        self.unit.select(choices.size.unit)
        with QSignalBlocker(self.quality), QSignalBlocker(self.size_value):
            self.quality.setValue(choices.quality)
            self.size_value.setRange(*(PERCENT_LIMITS if choices.size.unit == "percent" else WIDTH_LIMITS))
            self.size_value.setValue(choices.size.value)
        self.quality.setVisible(choices.picture_format in ("jpg", "webp"))

    def _box(self, name: str, text: str, tip: str) -> QCheckBox:
        box = check_box(f"export-{name}", text, tip)
        box.toggled.connect(lambda _: self._change())
        return box

    def _choice(self, name: str, title: str, rows: Sequence[tuple[str, str, str]]) -> Choice:
        choice = with_name(Choice(title), name, title)
        choice.fill(rows)
        choice.chosen.connect(lambda _: self._change())
        return choice

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 76)
        grid.setColumnStretch(4, 1)
        kinds, maps = list(self.kinds.values()), list(self.maps.values())
        uses = list(self.uses.values())
        rows: tuple[tuple[str, Sequence[QWidget]], ...] = (
            (tr("Pictures"), [self.shown]),
            *(("", kinds[first : first + _COLUMNS]) for first in range(0, len(kinds), _COLUMNS)),
            ("", [_row(self.picture_format, self.quality, self.size_value, self.unit)]),
            (tr("Map"), maps[:_MAP_COLUMNS]),
            *(("", maps[at : at + _MAP_COLUMNS]) for at in range(_MAP_COLUMNS, len(maps), _MAP_COLUMNS)),
            (tr("Tables"), [self.hotspots, self.areas, self.table_format]),
            (tr("Report"), list(self.reports.values())),
            (tr("Use"), uses[:_MAP_COLUMNS]),
            ("", [*uses[_MAP_COLUMNS:], self.finds]),
        )
        for row, (title, widgets) in enumerate(rows):
            if title:
                grid.addWidget(label(title, "heading"), row, 0, Qt.AlignmentFlag.AlignVCenter)
                if row:
                    grid.setRowMinimumHeight(row, 34)
            for column, widget in enumerate(widgets, 1):
                span = 4 if len(widgets) == 1 else 1
                grid.addWidget(widget, row, column, 1, span)

    def _change(self) -> None:
        unit = "width" if self.unit.currentData() == "width" else "percent"
        value = self.size_value.value()
        if unit != self.choices.size.unit:
            value = 1200.0 if unit == "width" else 100.0
        choices = replace(
            self.choices,
            shown=self.shown.isChecked(),
            kinds=tuple(kind for kind, box in self.kinds.items() if box.isChecked()),
            picture_format=cast("PictureFormat", self.picture_format.currentData()),
            quality=self.quality.value(),
            size=Size("width" if unit == "width" else "percent", value),
            maps=tuple(kind for kind, box in self.maps.items() if box.isChecked()),
            hotspots=self.hotspots.isChecked(),
            areas=self.areas.isChecked(),
            table_format=cast("TableFormat", self.table_format.currentData()),
            reports=tuple(kind for kind, box in self.reports.items() if box.isChecked()),
            uses=tuple(use for use, box in self.uses.items() if box.isChecked()),
            find=self.finds.isChecked() if self.finds.isEnabled() else self.choices.find,
        )
        if choices != self.choices:
            self.set_choices(choices)
            self.changed.emit(choices)


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    in_row(*widgets, STRETCH, within=holder, spacing=8, margins=(0, 2, 0, 2))
    return holder
