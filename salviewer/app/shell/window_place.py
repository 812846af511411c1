"""Save and restore the window's place and the widths of its parts, in `window.ini` of the settings folder."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from salviewer.app.translation import tr

log = logging.getLogger(__name__)


def restore_place(window: QMainWindow, across: QSplitter, folder: Path) -> None:
    """Restore the last place of the window, if it is known."""
    for name, restore in (("geometry", window.restoreGeometry), ("across", across.restoreState)):
        saved = _file(folder).value(name)
        if isinstance(saved, QByteArray):
            restore(saved)


def save_place(window: QMainWindow, across: QSplitter, folder: Path) -> None:
    """Save the place of the window; if that fails, say so in the log and the terminal."""
    file = _file(folder)
    file.setValue("geometry", window.saveGeometry())
    file.setValue("across", across.saveState())
    file.sync()
    if file.status() != QSettings.Status.NoError:
        unsaved = tr("{path}: the place of the window could not be saved there.", path=file.fileName())
        log.warning(unsaved)
        print(unsaved, file=sys.stderr, flush=True)


def _file(folder: Path) -> QSettings:
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
