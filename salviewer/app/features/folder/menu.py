"""The list of pictures: its panel, and what is done to a picture of it."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QProcess, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu

from salviewer.app.menus.spec import LINE, Menu, Spec
from salviewer.app.state.browsing import SIZES

_SIZE = "Thumbnail &size"


class FolderMenu(Menu):
    """What a person does with the list, by menu or on a thumbnail."""

    TITLE = "Fo&lder"
    SPECS = (
        Spec(
            "show_folder",
            "Show &thumbnails",
            ("F8",),
            "folder",
            "The pictures of the list, beside the picture",
            check=True,
            bar=True,
            needs="list",
        ),
        Spec(
            "find",
            "&Filter by name…",
            ("Ctrl+F",),
            tip="Walk only pictures with this in their name",
            needs="list",
        ),
        LINE,
        Spec(
            "thumbnail_overlays",
            "Thumbnails show the &overlay",
            ("Shift+F8",),
            check=True,
        ),
        Spec("thumbnails_small", "&Small", group="thumbnails", under=_SIZE),
        Spec("thumbnails_medium", "&Medium", group="thumbnails", under=_SIZE),
        Spec("thumbnails_large", "&Large", group="thumbnails", under=_SIZE),
        LINE,
        Spec("show_in_files", "Show in file &manager", ("Ctrl+Alt+O",), needs="file"),
        Spec("copy_path", "Copy &path", ("Ctrl+Alt+C",), tip="Copy the file's path as text", needs="file"),
        Spec(
            "remove",
            "&Remove from list",
            ("Ctrl+Backspace",),
            tip="Take the picture out of the list; its file stays",
            needs="listed file",
        ),
    )

    def show_folder(self, shown: bool) -> None:
        """The panel on or off."""
        self.window.preferences.change_browsing(panel=shown)
        self.window.remembered.show_folder()

    def find(self) -> None:
        """Type a part of a name."""
        self.window.catalogue["show_folder"].setChecked(True)
        self.window.folder.focus_filter()

    def thumbnail_overlays(self, shown: bool) -> None:
        """Overlays or bare pictures."""
        self.window.preferences.change_browsing(thumbnails="overlay" if shown else "picture")
        self.window.folder.set_overlays(shown)

    def thumbnails_small(self) -> None:
        """Many at once."""
        self._size(0)

    def thumbnails_medium(self) -> None:
        """Some at once."""
        self._size(1)

    def thumbnails_large(self) -> None:
        """Few at once."""
        self._size(2)

    def show_in_files(self) -> None:
        """Where the picture on screen lies."""
        shown = self.window.session.shown
        if shown is not None:
            _reveal(shown)

    def copy_path(self) -> None:
        """The path of the picture on screen, to the clipboard."""
        shown = self.window.session.shown
        if shown is not None:
            self._copy_path(shown)

    def remove(self) -> None:
        """Take the picture on screen out of the list."""
        shown = self.window.session.shown
        if shown is not None:
            self.window.session.remove(shown)

    def offer(self, path: Path, at: QPoint) -> None:
        """What can be done with a picture of the list, at a point of the screen."""
        menu = QMenu(self.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("thumbnailMenu")
        menu.addAction("&Open", partial(self.window.session.go, path))
        menu.addSeparator()
        menu.addAction("Show in file &manager", partial(_reveal, path))
        menu.addAction("Copy &path", partial(self._copy_path, path))
        menu.addAction("&Remove from list", partial(self.window.session.remove, path))
        menu.popup(at)

    def _copy_path(self, path: Path) -> None:
        QGuiApplication.clipboard().setText(str(path.absolute()))
        self.window.banner.report(f"Copied the path {path.absolute()}")

    def _size(self, index: int) -> None:
        self.window.preferences.change_browsing(size=SIZES[index])
        self.window.folder.set_side(SIZES[index])


def _reveal(path: Path) -> None:
    """Open the folder, with the file selected where the system can."""
    if sys.platform == "win32":
        subprocess.Popen(f'explorer /select,"{path.absolute()}"')
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path.absolute())])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.absolute().parent)))
