"""Buttons and labels of the dialogs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget


def button(
    name: str, text: str, tip: str, pressed: Callable[[], object], *, primary: bool = False
) -> QPushButton:
    """Make a button that does not react to Enter unless it is the primary one."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setAccessibleName(text.replace("&", "").rstrip("…"))
    made.setAccessibleDescription(tip)
    made.setAutoDefault(primary)
    made.setDefault(primary)
    if primary:
        made.setProperty("primary", True)
    made.clicked.connect(lambda _=False: pressed())
    return made


def check_box(name: str, text: str, tip: str = "", checked: bool = False) -> QCheckBox:
    """Make a check box."""
    made = QCheckBox(text)
    made.setObjectName(name)
    made.setToolTip(tip)
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


def set_role(widget: QWidget, role: str) -> None:
    """Set a role of the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
