"""File dialogs; none blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from salviewer.app.state.settings_store import nearest_folder
from salviewer.app.translation import tr


def ask_file(
    parent: QWidget, title: str, kinds: str, then: Callable[[str], object], folder: str = ""
) -> QFileDialog:
    """Ask for an existing file; `kinds` is one filter, e.g. "Recipes (*.json)"."""
    dialog = _dialog(parent, title, folder)
    dialog.setNameFilters([kinds, tr("All files (*)")])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog


def ask_new_file(
    parent: QWidget, title: str, kinds: str, name: str, then: Callable[[str], object], folder: str = ""
) -> QFileDialog:
    """Ask for a file to write; `name` is suggested, and its suffix added if missing."""
    dialog = _dialog(parent, title, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([kinds])
    ours = name.find(".salviewer-")  # such as .salviewer-display.json
    dialog.setDefaultSuffix(name[ours + 1 :] if ours >= 0 else name.rpartition(".")[2])
    dialog.selectFile(name)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog


def ask_folder(parent: QWidget, title: str, then: Callable[[str], object], folder: str = "") -> QFileDialog:
    """Ask for an existing folder."""
    dialog = _dialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, nearest_folder(folder) if folder else "")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
