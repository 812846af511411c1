"""Where the window was and how wide its parts were, kept in `window.ini` of the settings folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter


def restore_place(window: QMainWindow, across: QSplitter, folder: Path) -> None:
    """Put the window where it was last; nothing happens when that is not known."""
    for name, restore in (("geometry", window.restoreGeometry), ("across", across.restoreState)):
        saved = _file(folder).value(name)
        if isinstance(saved, QByteArray):
            restore(saved)


def save_place(window: QMainWindow, across: QSplitter, folder: Path) -> None:
    """Keep where the window is."""
    _file(folder).setValue("geometry", window.saveGeometry())
    _file(folder).setValue("across", across.saveState())


def _file(folder: Path) -> QSettings:
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
