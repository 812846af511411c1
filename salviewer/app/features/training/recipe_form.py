"""A form for all entries of a recipe, checked at each key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import label, label_for
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.layouts import in_row
from salviewer.texts import said
from salviewer.training.recipe import RANGES, Recipe
from salviewer.training.recipe_schema import FIELDS, GROUPS, Field, fault, recipe_of, text_of

_FIXED = {"mean", "std", "output_size"}
"""Entries that are shown and cannot be edited: every network has the first two, and decides the third."""
_LEFT = ("Run", "Teacher")
_UNIT = 56
"""Pixels for the longest unit, so that the fields end in line."""


class RecipeForm(QWidget):
    """Two columns of entries. `changed` is emitted at each key; `fault` says what is wrong, if anything."""

    changed = Signal()
    input_changed = Signal()

    def __init__(self, recipe: Recipe, teachers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.fault = ""
        self.editors: dict[str, QLineEdit | QCheckBox | Choice] = {}
        columns = (QGridLayout(), QGridLayout())
        for grid in columns:
            grid.setHorizontalSpacing(10)
            grid.setVerticalSpacing(6)
            grid.setColumnStretch(1, 1)
            grid.setColumnMinimumWidth(2, _UNIT)
        for heading, items in GROUPS:
            grid = columns[0 if heading in _LEFT else 1]
            row = grid.rowCount()
            title = label(tr(heading), "heading")
            title.setContentsMargins(0, 10 if row > 1 else 0, 0, 2)
            grid.addWidget(title, row, 0, 1, 3)
            for number, item in enumerate(items, row + 1):
                self._add(grid, number, item, teachers)
        whole = in_row(within=self, spacing=28, margins=(0, 0, 12, 0))
        for grid in columns:
            grid.setRowStretch(grid.rowCount(), 1)
            whole.addLayout(grid, 1)
        self.set_recipe(recipe)

    def _add(self, grid: QGridLayout, row: int, item: Field, teachers: Sequence[tuple[str, str]]) -> None:
        editor = self._editor(item, teachers)
        editor.setObjectName(f"recipe_{item.name}")
        hint = _hint(item)
        editor.setToolTip(hint)
        editor.setAccessibleName(tr(item.label))
        editor.setAccessibleDescription(hint)
        editor.setEnabled(item.name not in _FIXED)
        self.editors[item.name] = editor
        name = label_for(editor, tr(item.label))
        name.setToolTip(hint)
        grid.addWidget(name, row, 0)
        grid.addWidget(editor, row, 1)
        grid.addWidget(label(tr(item.unit), "muted"), row, 2)

    def _editor(self, item: Field, teachers: Sequence[tuple[str, str]]) -> QLineEdit | QCheckBox | Choice:
        if item.name == "teacher" or item.choices:
            choice = Choice(item.label)
            rows = [("", tr("none"), ""), *((name, title, "") for name, title in teachers)]
            choice.fill(rows if item.name == "teacher" else [(word, word, "") for word in item.choices])
            choice.chosen.connect(lambda _: self._edited(item.name))
            return choice
        if item.name in ("flip", "nesterov", "last_layers"):
            box = QCheckBox()
            box.toggled.connect(lambda _: self._edited(item.name))
            return box
        line = QLineEdit()
        line.setMinimumWidth(90)
        line.textEdited.connect(lambda _: self._edited(item.name))
        return line

    def set_recipe(self, recipe: Recipe) -> None:
        """Show a recipe."""
        for name, editor in self.editors.items():
            text = text_of(recipe, name)
            with QSignalBlocker(editor):
                if isinstance(editor, QLineEdit):
                    editor.setText(text)
                elif isinstance(editor, QCheckBox):
                    editor.setChecked(text == "True")
                else:
                    editor.select(text)
        self._check()
        self.changed.emit()

    def set_output(self, size: tuple[int, int]) -> None:
        """Show the network's output size."""
        editor = self.editors["output_size"]
        assert isinstance(editor, QLineEdit)
        editor.setText(f"{size[0]}x{size[1]}")
        self._check()
        self.changed.emit()

    def texts(self) -> dict[str, str]:
        """Return the typed texts, by entry."""
        return {name: _text(editor) for name, editor in self.editors.items()}

    def recipe(self) -> Recipe:
        """Return the recipe as typed.

        Raises:
            ValueError: an entry is wrong, as `fault` says.
        """
        return recipe_of(self.texts())

    def _edited(self, name: str) -> None:
        self._check()
        self.changed.emit()
        if name == "input_size":
            self.input_changed.emit()

    def _check(self) -> None:
        faults = {name: fault(name, text) for name, text in self.texts().items()}
        for name, editor in self.editors.items():
            wrong = bool(faults[name])
            hint = _hint(FIELDS[name])
            editor.setToolTip(f"{faults[name]}\n{hint}" if wrong else hint)
            if bool(editor.property("wrong")) != wrong:
                editor.setProperty("wrong", wrong)
                editor.style().unpolish(editor)
                editor.style().polish(editor)
        self.fault = next((f"{tr(FIELDS[name].label)}: {what}" for name, what in faults.items() if what), "")
        if not self.fault:
            self.fault = _sentence(self.recipe)


def _hint(item: Field) -> str:
    """Return the tip, with the range if there is one."""
    tip = tr(item.tip)
    if item.name not in RANGES:
        return tip
    low, high = RANGES[item.name]
    if not item.unit:
        return tr("{tip} ({low:g} to {high:g})", tip=tip, low=low, high=high)
    return tr("{tip} ({low:g} to {high:g} {unit})", tip=tip, low=low, high=high, unit=tr(item.unit))


def _sentence(make: Callable[[], object]) -> str:
    try:
        make()
    except ValueError as error:
        return said(str(error))
    return ""


def _text(editor: QLineEdit | QCheckBox | Choice) -> str:
    if isinstance(editor, QLineEdit):
        return editor.text()
    if isinstance(editor, QCheckBox):
        return str(editor.isChecked())
    return str(editor.currentData())
