"""The window's file dialogs and questions; none blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QMessageBox,
    QWidget,
)

from salviewer.app.shell import icons
from salviewer.app.state.settings_store import nearest_folder
from salviewer.app.translation import enumerated, tr
from salviewer.media.images import PICTURE_SUFFIXES
from salviewer.media.project import PROJECT_SUFFIX
from salviewer.media.saving import EXPORT_SUFFIXES
from salviewer.media.video_suffixes import VIDEO_SUFFIXES
from salviewer.version import __version__

_NAMED = 3  # of the pictures whose areas are unsaved


def _projects() -> str:
    return tr("Projects ({patterns})", patterns=f"*{PROJECT_SUFFIX} *.json")


def ask_pictures(parent: QWidget, folder: str, then: Callable[[list[str]], None]) -> None:
    """Ask for pictures and videos to open."""
    dialog = _files(parent, tr("Open pictures and videos"), folder)
    pictures, videos = (
        " ".join(f"*{suffix}" for suffix in sorted(kind)) for kind in (PICTURE_SUFFIXES, VIDEO_SUFFIXES)
    )
    pictures, videos = f"{pictures} {pictures.upper()}", f"{videos} {videos.upper()}"
    dialog.setNameFilters(
        [
            tr("Pictures and videos ({pictures} {videos})", pictures=pictures, videos=videos),
            tr("Pictures ({pictures})", pictures=pictures),
            tr("Videos ({videos})", videos=videos),
            _projects(),
            tr("All files (*)"),
        ]
    )
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(then)
    dialog.open()


def ask_folder(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a folder of pictures."""
    dialog = _files(parent, tr("Open a folder"), folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, False)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_model(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a model file."""
    dialog = _files(parent, tr("Open a model"), folder)
    dialog.setNameFilters([tr("Models (*.safetensors *.pt *.pth)"), tr("All files (*)")])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_detector(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for the Python file of a detector."""
    dialog = _files(parent, tr("Choose a detector"), folder)
    dialog.setNameFilters([tr("Python files (*.py)")])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_project(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a project to open."""
    dialog = _files(parent, tr("Open a project"), folder)
    dialog.setNameFilters([_projects(), tr("All files (*)")])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def ask_project_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask for a file for a project; ask again before replacing an existing file."""
    dialog = _target(parent, tr("Save the project"), suggestion, then)
    dialog.setNameFilters([_projects()])
    dialog.setDefaultSuffix(PROJECT_SUFFIX.removeprefix("."))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_table(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask for a file for a table; ask again before replacing an existing file."""
    dialog = _target(parent, tr("Save the table"), suggestion, then)
    dialog.setNameFilters(["CSV (*.csv)", "JSON (*.json)", tr("Tab-separated (*.tsv)")])
    dialog.setDefaultSuffix(suggestion.suffix.removeprefix("."))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_unsaved(
    parent: QWidget,
    project: str,
    pictures: Sequence[str],
    save: Callable[[], None],
    discard: Callable[[], None],
) -> None:
    """Ask what to do with unsaved areas of `pictures`; do nothing if cancelled or already asking."""
    if parent.findChild(QMessageBox, "unsaved") is not None:
        return
    box = QMessageBox(parent)
    box.setObjectName("unsaved")
    box.setWindowTitle("salviewer")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(
        tr("Save the changes to “{project}”?", project=project)
        if project
        else tr("Save the areas in a project?")
    )
    box.setInformativeText(
        tr(
            "Unsaved areas will be lost: those of {names}.",
            names=enumerated(pictures[:_NAMED], len(pictures) - _NAMED),
        )
    )
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answers = {buttons.Save: save, buttons.Discard: discard}

    def answer(button: QAbstractButton) -> None:
        box.setObjectName("")  # answered: the next question may be asked
        answers.get(box.standardButton(button), lambda: None)()

    box.buttonClicked.connect(answer)
    box.open()


def ask_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask for a file; ask again before replacing an existing one."""
    dialog = _target(parent, tr("Save the view"), suggestion, then)
    names = {".png": "PNG", ".jpg": "JPEG", ".webp": "WebP", ".tif": "TIFF"}
    dialog.setNameFilters([f"{name} (*{end})" for end, name in names.items() if end in EXPORT_SUFFIXES])
    dialog.setDefaultSuffix(suggestion.suffix.removeprefix("."))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_named(
    parent: QWidget,
    title: str,
    suggestion: Path,
    filters: Sequence[tuple[str, str]],
    then: Callable[[str], None],
) -> None:
    """Ask for a file of one of several formats (name, ending); ask again before replacing one."""
    dialog = _target(parent, title, suggestion, then)
    dialog.setNameFilters([f"{name} (*.{ending})" for name, ending in filters])
    dialog.setDefaultSuffix(filters[0][1])
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.split("*.")[1].rstrip(")")))
    dialog.selectFile(suggestion.name)
    dialog.open()


def ask_second(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for the picture to compare with."""
    dialog = _files(parent, tr("Compare with a picture"), folder)
    patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
    dialog.setNameFilters(
        [tr("Pictures ({patterns} {upper})", patterns=patterns, upper=patterns.upper()), tr("All files (*)")]
    )
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()


def show_about(parent: QWidget) -> None:
    """Show name, version and purpose of the program."""
    box = QMessageBox(parent)
    box.setWindowTitle(tr("About salviewer"))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIconPixmap(icons.app_icon().pixmap(64, 64))
    box.setText(tr("<b>salviewer {version}</b>", version=__version__))
    box.setInformativeText(
        tr(
            "See where people will look, predicted by networks trained on eye tracking. Pictures never "
            "leave this computer."
        )
    )
    box.open()


def _files(parent: QWidget, title: str, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, nearest_folder(folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _target(parent: QWidget, title: str, suggestion: Path, then: Callable[[str], None]) -> QFileDialog:
    dialog = _files(parent, title, str(suggestion.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.fileSelected.connect(then)
    return dialog
