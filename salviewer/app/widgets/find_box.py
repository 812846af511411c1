"""The box that asks for text and faces to be found before a map is used."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import check_box
from salviewer.results.extra_areas import finders_possible


def find_box(name: str, text: str) -> QCheckBox:
    """Make the box; where the extra `areas` is not installed, it cannot be ticked and says why."""
    if finders_possible():
        return check_box(
            name, text, tr("Crops do not cut them, and words name them; takes some seconds for each picture")
        )
    box = check_box(name, text, tr("Needs rapidocr and scikit-image: pip install salviewer[areas]"))
    box.setEnabled(False)
    return box
