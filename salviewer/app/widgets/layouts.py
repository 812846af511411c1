"""Lay widgets out in a row or a column."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSplitter, QVBoxLayout, QWidget

Margins = int | tuple[int, int, int, int]
"""On all sides, or left, top, right and bottom, in logical pixels."""


class Stretch(NamedTuple):
    """Empty space that grows with this factor."""

    factor: int = 1


STRETCH = Stretch()

Item = (
    QWidget | QLayout | Stretch | int | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Qt.AlignmentFlag]
)
"""A widget or a layout, alone or with its stretch and alignment; empty space: one that grows, or pixels."""

AnyLayout = TypeVar("AnyLayout", bound=QBoxLayout)


def in_row(
    *items: Item, within: QWidget | None = None, spacing: int | None = None, margins: Margins | None = None
) -> QHBoxLayout:
    """Lay items out from left to right.

    Args:
        items: in their order, which is also that of the Tab key.
        within: the widget that gets the layout; None for a layout that another one takes in.
        spacing: between two items, in logical pixels; None for the style's.
        margins: None for the style's.
    """
    return _make(QHBoxLayout() if within is None else QHBoxLayout(within), items, spacing, margins)


def in_column(
    *items: Item, within: QWidget | None = None, spacing: int | None = None, margins: Margins | None = None
) -> QVBoxLayout:
    """Lay items out from top to bottom; the arguments are those of `in_row`."""
    return _make(QVBoxLayout() if within is None else QVBoxLayout(within), items, spacing, margins)


def add_items(box: QBoxLayout, *items: Item) -> None:
    """Add items at the end of a row or a column."""
    for item in items:
        if isinstance(item, Stretch):
            box.addStretch(item.factor)
        elif isinstance(item, int):
            box.addSpacing(item)
        else:
            what, *place = item if isinstance(item, tuple) else (item,)
            if isinstance(what, QLayout):
                box.addLayout(what, *place)
            else:
                box.addWidget(what, *place)  # type: ignore[arg-type]


def side_by_side(*parts: tuple[QWidget, int]) -> QSplitter:
    """Put widgets, each with its stretch, between borders that can be dragged; none can be dragged away."""
    made = QSplitter(Qt.Orientation.Horizontal)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(1)
    for place, (widget, stretch) in enumerate(parts):
        made.addWidget(widget)
        made.setStretchFactor(place, stretch)
    return made


def _make(box: AnyLayout, items: tuple[Item, ...], spacing: int | None, margins: Margins | None) -> AnyLayout:
    if spacing is not None:
        box.setSpacing(spacing)
    if margins is not None:
        box.setContentsMargins(*(margins if isinstance(margins, tuple) else (margins,) * 4))
    add_items(box, *items)
    return box
