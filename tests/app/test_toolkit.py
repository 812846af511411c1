"""Properties of the Qt binding on which the window relies."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


class _Emitter(QObject):
    said = Signal()


def test_calls_give_back_every_reference(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 loses a reference to None a call, to True an emit: in time, a crash."""
    widget, emitter = QWidget(), _Emitter()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(200):
        widget.update()
        emitter.said.emit()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert all(abs(new - old) < 100 for new, old in zip(after, before, strict=True))
