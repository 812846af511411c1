"""Save and restore the window's place and the widths of its parts, in `window.ini` of the settings folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter


def restore_place(window: QMainWindow, across: QSplitter, folder: Path) -> None:
    """Restore the last place of the window, if it is known."""
    for name, restore in (("geometry", window.restoreGeometry), ("across", across.restoreState)):
        saved = _file(folder).value(name)
        if isinstance(saved, QByteArray):
            restore(saved)


def save_place(window: QMainWindow, across: QSplitter, folder: Path) -> None:
    """Save the place of the window."""
    _file(folder).setValue("geometry", window.saveGeometry())
    _file(folder).setValue("across", across.saveState())


def _file(folder: Path) -> QSettings:
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
