"""Buttons, boxes and labels of pages and dialogs, and the names of widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


def button(
    name: str, text: str, tip: str, pressed: Callable[[], object], *, primary: bool = False
) -> QPushButton:
    """Make a button that does not react to Enter unless it is the primary one."""
    made = with_name(QPushButton(text), name, tip, accessible=text.replace("&", "").rstrip("…"))
    made.setAccessibleDescription(tip)
    made.setAutoDefault(primary)
    made.setDefault(primary)
    if primary:
        made.setProperty("primary", True)
    made.clicked.connect(lambda _=False: pressed())
    return made


def check_box(name: str, text: str, tip: str = "", checked: bool = False) -> QCheckBox:
    """Make a check box."""
    made = with_name(QCheckBox(text), name, tip)
    made.setChecked(checked)
    return made


def label(text: str = "", role: str = "", *, wrap: bool = False, name: str = "") -> QLabel:
    """Make a label with plain text; `role` is the style sheet's: heading, muted, trouble."""
    made = QLabel(text)
    made.setTextFormat(made.textFormat().PlainText)
    made.setWordWrap(wrap)
    made.setObjectName(name)
    if role:
        made.setProperty("role", role)
    return made


def label_for(widget: QWidget, text: str, role: str = "") -> QLabel:
    """Make the label before a widget; the text has the ampersand of the key that leads there."""
    made = QLabel(text)
    made.setBuddy(widget)
    if role:
        made.setProperty("role", role)
    return made


def with_name(widget: AnyWidget, name: str, tip: str = "", *, accessible: str = "") -> AnyWidget:
    """Give a widget its object name, its tooltip, and its name for assistive technology; return it."""
    widget.setObjectName(name)
    if tip:
        widget.setToolTip(tip)
    if accessible:
        widget.setAccessibleName(accessible)
    return widget


def set_primary(made: QPushButton, primary: bool) -> None:
    """Make a button the one that is looked at first, or no longer."""
    if bool(made.property("primary")) != primary:
        made.setProperty("primary", primary)
        made.style().unpolish(made)
        made.style().polish(made)


def set_role(widget: QWidget, role: str) -> None:
    """Set a role of the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
