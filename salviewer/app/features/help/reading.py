"""How to read a heatmap: what the colours mean, what the numbers say, and what they do not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import button, label
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import add_items, in_column
from salviewer.app.widgets.scrolling import ScrollPage, fit_on_screen

_PARTS = (
    (
        mark("Colours"),
        mark(
            "Colours mark where a group of people is predicted to look in the first seconds of free viewing:"
            " from little to much attention, as the bar beside the picture shows. Where there is no colour"
            " there is little attention, but not none."
        ),
    ),
    (
        mark("One scale for each picture"),
        mark(
            "Usually the hottest colour is the hottest spot of each picture. So two pictures can be compared"
            " by their colours only with a fixed scale, which comparing variants sets by itself."
        ),
    ),
    (
        mark("Shares"),
        mark(
            "A share is the part of all predicted fixations that falls on an area. A large area gets much"
            " because it is large: 19 % on a wide headline can look paler than 18 % on a face. Read the"
            " numbers on the areas; density compares a share with what the area's size alone would get."
        ),
    ),
    (
        mark("The order of visits"),
        mark(
            "Hotspots are numbered in the order in which attention is predicted to visit them. One visit"
            " takes about a third of a second."
        ),
    ),
    (
        mark("Comparing"),
        mark(
            "A difference is called a change only if it is larger than what mirroring the picture and moving"
            " it a little does to it. Otherwise the two are equal, as far as the network can tell."
        ),
    ),
    (
        mark("What it does not say"),
        mark(
            "A map is a prediction by a network trained on eye tracking, not a measurement. It knows nothing"
            " about tasks, brands or motion, and does not say whether people like or remember what they see."
            " A cold spot is no proof that something goes unseen."
        ),
    ),
)


class ReadingDialog(Dialog):
    """Explains the maps; stays beside the window while it is read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("readingDialog", tr("How to read a heatmap"), parent)
        page = QWidget()
        column = in_column(within=page, spacing=4, margins=(4, 4, 12, 4))
        for title, text in _PARTS:
            add_items(column, label(tr(title), "heading"), label(tr(text), wrap=True), 10)
        column.addStretch(1)
        whole = in_column((ScrollPage(page), 1), within=self, margins=(18, 18, 18, 14))
        close = button("closeReading", tr("Close"), "", self.accept, primary=True)
        whole.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        fit_on_screen(self, 560, 560)
