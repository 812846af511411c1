"""The few dialogs: none of them blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QMessageBox,
    QWidget,
)

from salviewer import __version__
from salviewer.app.shell import icons
from salviewer.media.export import EXPORT_SUFFIXES
from salviewer.media.images import PICTURE_SUFFIXES


def ask_pictures(parent: QWidget, folder: str, then: Callable[[list[str]], None]) -> None:
    """Ask for pictures to open."""
    dialog = _files(parent, "Open pictures", folder)
    patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
    dialog.setNameFilters([f"Pictures ({patterns} {patterns.upper()})", "All files (*)"])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(then)
    dialog.open()


def ask_folder(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a folder of pictures."""
    dialog = _files(parent, "Open a folder", folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, False)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_model(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a checkpoint."""
    dialog = _files(parent, "Open a model", folder)
    dialog.setNameFilters(["Models (*.safetensors *.pt *.pth)", "All files (*)"])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask where to save; asks again before an existing file is replaced."""
    dialog = _files(parent, "Save the view", str(suggestion.parent))
    names = {".png": "PNG", ".jpg": "JPEG", ".webp": "WebP", ".tif": "TIFF"}
    dialog.setNameFilters([f"{name} (*{end})" for end, name in names.items() if end in EXPORT_SUFFIXES])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suggestion.suffix.removeprefix("."))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(suggestion.name)
    dialog.fileSelected.connect(then)
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
