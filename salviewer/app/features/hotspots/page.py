"""The panel's page of hotspots: how to find them, and the table of those found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from salviewer.app.translation import fill, mark, tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.controls import Amount
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row
from salviewer.app.widgets.table import NumberTable
from salviewer.core.hotspots import MOST_HOTSPOTS, RADIUS_LIMITS, Hotspot, HotspotSettings
from salviewer.media.tables import Cell, hotspot_table

_TITLES = ("#", mark("x"), mark("y"), mark("Share"), mark("Peak"))
_TIPS = (
    mark("The order in which attention is predicted to visit the picture"),
    mark("Pixels from the picture's left border"),
    mark("Pixels from the picture's upper border"),
    mark("Share of all predicted fixations in the disc, without what belongs to an earlier one"),
    mark("The map's value there, 0 to 1 as on the colour bar, after inhibition by earlier ones"),
)


class HotspotPage(QWidget):
    """Controls only: shows values, and reports the user's changes."""

    shown_changed = Signal(bool)
    path_changed = Signal(bool)
    wanted_changed = Signal(object)  # HotspotSettings
    picked = Signal(int)  # a row of the table; -1 for none
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelBody")
        self._wanted = HotspotSettings()
        self.shown = QCheckBox(tr("Sho&w hotspots"))
        self.shown.setObjectName("spotsShown")
        self.shown.setToolTip(tr("Number the places that attention is predicted to visit, in order (N)"))
        self.shown.toggled.connect(self.shown_changed)
        self.path = QCheckBox(tr("Gaze &path between them"))
        self.path.setObjectName("gazePath")
        self.path.setToolTip(tr("Join the hotspots in their predicted order (J)"))
        self.path.toggled.connect(self.path_changed)
        self.count = Amount(tr("At &most"), MOST_HOTSPOTS, "", low=1)
        self.count.setObjectName("spotCount")
        self.count.setToolTip(tr("How many hotspots to find"))
        self.radius = Amount(tr("&Radius"), 100 * RADIUS_LIMITS[1], " %", 1, low=100 * RADIUS_LIMITS[0])
        self.radius.setObjectName("spotRadius")
        self.radius.setToolTip(tr("Radius of each hotspot's disc, in percent of the picture's width"))
        self.share = Amount(tr("Stop at a share &of"), 100, " %", low=1)
        self.share.setObjectName("spotShare")
        self.share.setToolTip(tr("Stop when the discs hold this share of attention; 100 % for no limit"))
        for amount in (self.count, self.radius, self.share):
            amount.changed.connect(lambda _: self._change())
        self.table = with_name(NumberTable(tr("Hotspots in predicted order")), "spotTable")
        self.table.setMinimumHeight(190)
        self.table.picked.connect(self.picked)
        self.total = label("", "muted", wrap=True, name="spotTotal")
        self.copy = QPushButton(tr("Cop&y"))
        self.copy.setObjectName("copySpots")
        self.copy.setToolTip(
            tr("Copy the table, or its selected rows, for a spreadsheet (Ctrl+C in the table)")
        )
        self.copy.clicked.connect(self.table.copy)
        self.save = button(
            "saveSpots", tr("Sav&e…"), tr("Save the table as CSV or JSON"), self.save_wanted.emit
        )
        buttons = in_row(self.copy, self.save, STRETCH, spacing=8)
        asked = (self.shown, self.path, self.count, self.radius, self.share)
        found = ((self.table, 1), self.total, buttons)
        in_column(*asked, 6, *found, within=self, spacing=6, margins=(18, 16, 18, 16))
        self.set_hotspots(())

    def set_wanted(self, wanted: HotspotSettings, shown: bool, path: bool) -> None:
        """Show these settings without reporting them."""
        self._wanted = wanted
        with QSignalBlocker(self.shown), QSignalBlocker(self.path):
            self.shown.setChecked(shown)
            self.path.setChecked(path)
        for amount, value in (
            (self.count, float(wanted.count)),
            (self.radius, 100 * wanted.radius),
            (self.share, 100 * wanted.share),
        ):
            amount.set_value(value)

    def set_hotspots(self, hotspots: Sequence[Hotspot]) -> None:
        """Show the hotspots."""
        whole, percent, value = _whole, _percent, _value
        self.table.show_table(
            hotspot_table(hotspots),
            tuple(map(tr, _TITLES)),
            (str, whole, whole, percent, value),
            tuple(map(tr, _TIPS)),
        )
        total = sum(spot.share for spot in hotspots)
        self.total.setText(
            tr("Together {total:.0f} % of predicted fixations", total=100 * total)
            if hotspots
            else tr("None are shown.")
        )
        for made in (self.copy, self.save):
            made.setEnabled(bool(hotspots))

    def _change(self) -> None:
        wanted = replace(
            self._wanted,
            count=round(self.count.value),
            radius=self.radius.value / 100,
            share=self.share.value / 100,
        )
        if wanted != self._wanted:
            self._wanted = wanted
            self.wanted_changed.emit(wanted)


def _whole(cell: Cell) -> str:
    return fill("{cell:.0f}", cell=float(cell or 0))


def _percent(cell: Cell) -> str:
    return fill("{cell:.1f} %", cell=100 * float(cell or 0))


def _value(cell: Cell) -> str:
    return fill("{cell:.2f}", cell=float(cell or 0))
