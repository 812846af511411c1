"""The window's file dialogs and questions; none blocks the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QWidget

from salviewer.app.shell import icons
from salviewer.app.shell.file_dialogs import ask_file, ask_folder, ask_new_file
from salviewer.app.state.settings_store import nearest_folder
from salviewer.app.translation import enumerated, tr
from salviewer.app.widgets.dialog import question
from salviewer.media.images import PICTURE_SUFFIXES
from salviewer.media.openers.names import folder_of
from salviewer.media.project import PROJECT_SUFFIX
from salviewer.media.saving import EXPORT_SUFFIXES
from salviewer.media.video_suffixes import VIDEO_SUFFIXES
from salviewer.version import __version__

PICTURE_FORMATS = (("PNG", "png"), ("JPEG", "jpg"), ("WebP", "webp"), ("TIFF", "tiff"))
"""For `ask_named`: pictures that are drawn."""

_NAMED = 3  # of the pictures whose areas are unsaved


def _projects() -> str:
    return tr("Projects ({patterns})", patterns=f"*{PROJECT_SUFFIX} *.json")


def ask_pictures(parent: QWidget, folder: str, then: Callable[[list[str]], None]) -> None:
    """Ask for pictures and videos to open."""
    dialog = QFileDialog(parent, tr("Open pictures and videos"), nearest_folder(folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
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


def ask_pictures_folder(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a folder of pictures."""
    ask_folder(parent, tr("Open a folder"), then, folder)


def ask_model(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a model file."""
    ask_file(parent, tr("Open a model"), tr("Models (*.safetensors *.pt *.pth)"), then, folder)


def ask_project(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for a project to open."""
    ask_file(parent, tr("Open a project"), _projects(), then, folder)


def ask_second(parent: QWidget, folder: str, then: Callable[[str], None]) -> None:
    """Ask for the picture to compare with."""
    patterns = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
    pictures = tr("Pictures ({patterns} {upper})", patterns=patterns, upper=patterns.upper())
    ask_file(parent, tr("Compare with a picture"), pictures, then, folder)


def ask_project_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask for a file for a project; ask again before replacing an existing file."""
    _ask_target(parent, tr("Save the project"), _projects(), suggestion, then)


def ask_table(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask for a file for a table; ask again before replacing an existing file."""
    kinds = ["CSV (*.csv)", "JSON (*.json)", tr("Tab-separated (*.tsv)")]
    _ask_target(parent, tr("Save the table"), kinds, suggestion, then)


def ask_target(parent: QWidget, suggestion: Path, then: Callable[[str], None]) -> None:
    """Ask for a file; ask again before replacing an existing one."""
    names = {".png": "PNG", ".jpg": "JPEG", ".webp": "WebP", ".tif": "TIFF"}
    kinds = [f"{name} (*{end})" for end, name in names.items() if end in EXPORT_SUFFIXES]
    _ask_target(parent, tr("Save the view"), kinds, suggestion, then)


def suggested(picture: Path | None, name: str) -> Path:
    """Suggest a file beside a picture; in the user's folder for one that is no file."""
    return (folder_of(picture) if picture is not None else Path.home()) / name


def ask_named(
    parent: QWidget,
    title: str,
    suggestion: Path,
    filters: Sequence[tuple[str, str]],
    then: Callable[[str], None],
) -> None:
    """Ask for a file of one of several formats (name, ending); ask again before replacing one."""
    _ask_target(parent, title, [f"{name} (*.{ending})" for name, ending in filters], suggestion, then)


def _ask_target(
    parent: QWidget,
    title: str,
    kinds: str | Sequence[str],
    suggestion: Path,
    then: Callable[[str], None],
) -> None:
    ask_new_file(parent, title, kinds, suggestion.name, then, str(suggestion.parent))


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
    text = tr("Save the areas in a project?")
    if project:
        text = tr("Save the changes to “{project}”?", project=project)
    names = enumerated(pictures[:_NAMED], len(pictures) - _NAMED)
    detail = tr("Unsaved areas will be lost: those of {names}.", names=names)
    box = question(parent, "unsaved", text, detail, "salviewer")
    box.setIcon(QMessageBox.Icon.Warning)
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answers = {buttons.Save: save, buttons.Discard: discard}

    def answer(button: QAbstractButton) -> None:
        box.setObjectName("")  # answered: the next question may be asked
        answers.get(box.standardButton(button), lambda: None)()

    box.buttonClicked.connect(answer)
    box.open()


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
