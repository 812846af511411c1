"""File dialogs; none blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from salviewer.app.state.settings_store import nearest_folder
from salviewer.app.translation import tr


def ask_file(
    parent: QWidget,
    title: str,
    kinds: str,
    then: Callable[[str], object],
    folder: str = "",
    *,
    others: bool = True,
) -> QFileDialog:
    """Ask for an existing file.

    Args:
        kinds: a filter, e.g. "Recipes (*.json)".
        others: whether all other files can be shown too.
    """
    dialog = _dialog(parent, title, folder)
    dialog.setNameFilters([kinds, tr("All files (*)")] if others else [kinds])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(dialog, then)


def ask_new_file(
    parent: QWidget,
    title: str,
    kinds: str | Sequence[str],
    name: str,
    then: Callable[[str], object],
    folder: str = "",
    *,
    confirms: bool = True,
) -> QFileDialog:
    """Ask for a file to write.

    Args:
        kinds: a filter, or several, whose choice chooses the suffix.
        name: the suggestion; its suffix is added to a name without one.
        confirms: whether to ask again before an existing file is replaced.
    """
    dialog = _dialog(parent, title, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not confirms)
    dialog.setNameFilters([kinds] if isinstance(kinds, str) else kinds)
    ours = name.find(".salviewer")  # such as .salviewer-display.json
    dialog.setDefaultSuffix(name[ours + 1 :] if ours >= 0 else Path(name).suffix.removeprefix("."))
    if not isinstance(kinds, str):
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(name)
    return _open(dialog, then)


def ask_folder(
    parent: QWidget,
    title: str,
    then: Callable[[str], object],
    folder: str = "",
    *,
    shows_files: bool = True,
) -> QFileDialog:
    """Ask for an existing folder."""
    dialog = _dialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, not shows_files)
    return _open(dialog, then)


def _dialog(parent: QWidget, title: str, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, nearest_folder(folder) if folder else "")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _open(dialog: QFileDialog, then: Callable[[str], object]) -> QFileDialog:
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
