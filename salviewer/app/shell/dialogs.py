"""The few dialogs: none of them blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from salviewer import __version__
from salviewer.app.menus.keys import CANVAS_KEYS
from salviewer.app.menus.spec import Menu
from salviewer.app.shell import icons
from salviewer.media.export import EXPORT_SUFFIXES
from salviewer.media.images import PICTURE_SUFFIXES
from salviewer.media.project import PROJECT_SUFFIX

_PROJECTS = f"Projects (*{PROJECT_SUFFIX} *.json)"


def ask_pictures(parent: QWidget, folder: str, then: Callable[[list[str]], None]) -> None:
    """Ask for pictures to open."""
    dialog = _files(parent, "Open pictures", folder)
    patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
    dialog.setNameFilters([f"Pictures ({patterns} {patterns.upper()})", _PROJECTS, "All files (*)"])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(then)
    dialog.open()


def ask_model(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a checkpoint."""
    dialog = _files(parent, "Open a model", folder)
    dialog.setNameFilters(["Models (*.safetensors *.pt *.pth)", "All files (*)"])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_project(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a project to open."""
    dialog = _files(parent, "Open a project", folder)
    dialog.setNameFilters([_PROJECTS, "All files (*)"])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_project_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask where to save a project; asks again before an existing file is replaced."""
    dialog = _target(parent, "Save the project", suggestion, then)
    dialog.setNameFilters([_PROJECTS])
    dialog.setDefaultSuffix(PROJECT_SUFFIX.removeprefix("."))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_table(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask where to save a table; asks again before an existing file is replaced."""
    dialog = _target(parent, "Save the table", suggestion, then)
    dialog.setNameFilters(["CSV (*.csv)", "JSON (*.json)", "Tab-separated (*.tsv)"])
    dialog.setDefaultSuffix(suggestion.suffix.removeprefix("."))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_unsaved(parent: QWidget, project: str, save: Callable[[], None], discard: Callable[[], None]) -> None:
    """Ask what to do with areas that are not saved; does nothing when cancelled, or asked already."""
    if parent.findChild(QMessageBox, "unsaved") is not None:
        return
    box = QMessageBox(parent)
    box.setObjectName("unsaved")
    box.setWindowTitle("salviewer")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(f"Save the changes to “{project}”?" if project else "Save the areas in a project?")
    box.setInformativeText("Areas that are not saved are lost.")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answers = {buttons.Save: save, buttons.Discard: discard}

    def answer(button: QAbstractButton) -> None:
        box.setObjectName("")  # answered: what follows may ask again
        answers.get(box.standardButton(button), lambda: None)()

    box.buttonClicked.connect(answer)
    box.open()


def ask_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask where to save; asks again before an existing file is replaced."""
    dialog = _target(parent, "Save the view", suggestion, then)
    names = {".png": "PNG", ".jpg": "JPEG", ".webp": "WebP", ".tif": "TIFF"}
    dialog.setNameFilters([f"{name} (*{end})" for end, name in names.items() if end in EXPORT_SUFFIXES])
    dialog.setDefaultSuffix(suggestion.suffix.removeprefix("."))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_second(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for the one picture to compare with."""
    dialog = _files(parent, "Compare with a picture", folder)
    patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
    dialog.setNameFilters([f"Pictures ({patterns} {patterns.upper()})", "All files (*)"])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def show_shortcuts(parent: QWidget, menus: Sequence[Menu]) -> None:
    """List every key and what the mouse does."""
    dialog = QDialog(parent)
    dialog.setObjectName("shortcutsDialog")
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    rows = [("On the picture", ""), *CANVAS_KEYS]
    for menu in menus:
        rows.append((menu.TITLE.replace("&", ""), ""))
        rows += [
            (_keys(spec.keys), spec.text.replace("&", "").rstrip("…")) for spec in menu.SPECS if spec.keys
        ]
    grid = QGridLayout()
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(5)
    for row, (keys, what) in enumerate(rows):
        label = QLabel(keys)
        if not what:
            label.setProperty("role", "heading")
            if row:
                label.setContentsMargins(0, 10, 0, 0)
            grid.addWidget(label, row, 0, 1, 2)
            continue
        label.setProperty("role", "muted")
        grid.addWidget(label, row, 0)
        grid.addWidget(QLabel(what), row, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 20, 24, 16)
    column.setSpacing(16)
    column.addLayout(grid)
    column.addWidget(buttons)
    dialog.open()


def show_about(parent: QWidget) -> None:
    """Name, version and what the program does with pictures."""
    box = QMessageBox(parent)
    box.setWindowTitle("About salviewer")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIconPixmap(icons.app_icon().pixmap(64, 64))
    box.setText(f"<b>salviewer {__version__}</b>")
    box.setInformativeText(
        "Shows where people will look, predicted by networks trained on eye tracking. "
        "Pictures never leave this computer."
    )
    box.open()


def _files(parent: QWidget, title: str, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _target(parent: QWidget, title: str, suggestion: Path, then: Callable[[str], None]) -> QFileDialog:
    dialog = _files(parent, title, str(suggestion.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.fileSelected.connect(then)
    return dialog


def _keys(keys: tuple[str, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in keys[:2])
