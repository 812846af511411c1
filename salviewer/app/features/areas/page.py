"""The panel's page of areas: tools and the table of areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from salviewer.app.features.areas.geometry import Geometry
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import label
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column, in_row
from salviewer.app.widgets.suggestion_list import SuggestionList

if TYPE_CHECKING:
    from salviewer.app.features.areas.area_list import AreaList
    from salviewer.app.features.areas.tool import Mode

_HINTS: dict[Mode, str] = {
    "select": "",
    "rectangle": mark("Drag on the picture to draw a rectangle; Shift makes it a square. Esc cancels."),
    "ellipse": mark("Drag on the picture to draw an ellipse; Shift makes it a circle. Esc cancels."),
    "polygon": mark(
        "Click the points one after another. Enter, a double-click or the first point closes it; "
        "Backspace removes the last point, Esc cancels."
    ),
}
_START = mark(
    "Draw an area over what matters – a logo, a button, a face – and see its share of attention. "
    "Pick a shape above, then drag on the picture."
)
_HELP: dict[str, str] = {
    "one": mark("Drag to move it, its handles to reshape it. Arrow keys nudge, F2 renames, Del deletes."),
    "polygon": mark(
        "Drag its points to reshape it. Double-click a side to add a point, Ctrl+click a point to delete it."
    ),
    "many": mark("Drag to move them together. Shift+click adds to the selection or removes from it."),
    "none": mark("Click an area to select it."),
}
_NO_FILE = mark("A pasted picture has no file: its areas are not saved in a project.")
_SIDES = 18  # margins


class AreasPage(QWidget):
    """Tools above the table of areas, a hint about the next step, and buttons below."""

    def __init__(self, table: AreaList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("areasPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.table = table
        self._tools = in_row(spacing=2)
        self._hint = label("", "muted", wrap=True, name="areasHint")
        self.note = label(tr(_NO_FILE), "muted", wrap=True, name="areasNote")
        self._buttons = in_row(spacing=8)
        column = in_column(self._tools, within=self, spacing=10, margins=(_SIDES, 14, _SIDES, 16))
        self.geometry_row = Geometry()
        self.suggestions = SuggestionList(
            tr("Suggested areas, dashed in the picture. Accept what is useful.")
        )
        self._start = QHBoxLayout()
        add_items(column, self._hint, self._start, self.suggestions, self.geometry_row)
        add_items(column, (table, 1), self.note, self._buttons)
        self.setMinimumHeight(320)

    @property
    def whole_width(self) -> int:
        """The width in logical pixels at which the table shows every column."""
        return self.table.whole_width + 2 * _SIDES

    def set_actions(
        self, tools: Sequence[QAction], show: QAction, suggest: QAction, below: Sequence[QAction]
    ) -> None:
        """Make the buttons above and below the table."""
        add_items(self._start, _ActionButton(suggest), STRETCH)
        for action in (*tools, None, show):
            if action is None:
                self._tools.addStretch(1)
                continue
            tool = QToolButton()
            tool.setDefaultAction(action)
            tool.setIconSize(QSize(20, 20))
            tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tool.setAccessibleName(action.text().replace("&", ""))
            tool.setObjectName(f"{action.objectName()}_button")
            self._tools.addWidget(tool)
        for action in below:
            self._buttons.addWidget(_ActionButton(action))
        self._buttons.addStretch(1)

    def set_state(self, mode: Mode, areas: int, selected: int, polygon: bool, no_file: bool) -> None:
        """Show a hint about the next step.

        Args:
            mode: mode of the tool.
            areas, selected: their numbers, >= 0.
            polygon: whether the only selected area is a polygon.
            no_file: whether the picture has no file.
        """
        if mode != "select":
            hint = tr(_HINTS[mode])
        elif not areas:
            hint = tr(_START)
        else:
            hint = _HELP[
                "many" if selected > 1 else "none" if not selected else "polygon" if polygon else "one"
            ]
        self._hint.setText(hint)
        self.note.setVisible(no_file and areas > 0)


class _ActionButton(QPushButton):
    """A button for an action, enabled and explained like it."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.text().replace("&", ""))
        self._action = action
        self.setObjectName(f"{action.objectName()}_button")
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
