"""Opening and saving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from salviewer.app import incoming
from salviewer.app.menus.spec import BAR_LINE, LINE, Menu, Spec
from salviewer.app.shell import dialogs
from salviewer.app.work.saving import Export
from salviewer.core.scene import render_scene

RECENT_MENU = "Open &recent"

_VIEWS = {
    "overlay": "the overlay",
    "heatmap": "the heatmap",
    "focus": "the focus map",
    "contours": "the contours",
}


class FileMenu(Menu):
    """What goes in and out of the window."""

    TITLE = "&File"
    SPECS = (
        Spec("open_files", "&Open…", ("Ctrl+O",), "open", tip="Open pictures", bar=True),
        Spec("open_folder", "Open &folder…", ("Ctrl+Shift+O",), tip="Open all pictures of a folder"),
        Spec("clear_recent", "&Clear the list", under=RECENT_MENU),
        LINE,
        Spec(
            "copy_view",
            "&Copy the view",
            ("Ctrl+C",),
            tip="Copy what is shown, at the picture's own resolution",
            needs="picture",
        ),
        Spec(
            "copy_picture",
            "Copy the p&icture",
            ("Ctrl+Shift+C",),
            tip="Copy the picture without any map",
            needs="picture",
        ),
        Spec("paste", "&Paste", ("Ctrl+V",), tip="Open the picture or files on the clipboard"),
        LINE,
        Spec("open_model", "Open a &model…", ("Ctrl+M",), tip="Predict with a model of your own"),
        LINE,
        Spec(
            "save_overlay",
            "&Save…",
            ("Ctrl+S",),
            "save",
            tip="Save the view that is shown, at the picture's own resolution",
            bar=True,
            needs="shown map",
        ),
        BAR_LINE,
        Spec("quit", "&Quit", ("Ctrl+Q",)),
    )

    def open_files(self) -> None:
        """Ask which pictures to open."""
        dialogs.ask_pictures(self.window, self._folder(), self.window.session.open)

    def open_folder(self) -> None:
        """Ask which folder to open."""
        dialogs.ask_folder(self.window, self._folder(), lambda path: self.window.session.open([path]))

    def clear_recent(self) -> None:
        """Forget what was opened."""
        self.window.recent.clear()

    def copy_view(self) -> None:
        """The view as it is shown now, to the clipboard; or the words that are selected in a message."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QLabel) and focused.hasSelectedText():
            QGuiApplication.clipboard().setText(focused.selectedText().replace("\u200b", ""))
            return
        loaded, saliency = self.window.session.loaded, self.window.session.saliency
        now = self.window.preferences.now
        if loaded is None:
            return
        if saliency is None or not now.shown:
            self.copy_picture()
            return
        pixels, scene = loaded.picture.pixels, now.scene
        what = _VIEWS.get(scene.view, "the view")
        self.window.copier.copy(what, lambda: render_scene(pixels, saliency, scene), loaded.picture.icc)

    def copy_picture(self) -> None:
        """The picture without any map, to the clipboard."""
        loaded = self.window.session.loaded
        if loaded is not None:
            pixels = loaded.picture.pixels
            self.window.copier.copy("the picture", lambda: pixels, loaded.picture.icc)

    def open_model(self) -> None:
        """Ask for a model of the person's own."""
        dialogs.ask_model(self.window, self._folder(), self.use_model)

    def use_model(self, path: str) -> None:
        """Predict with a checkpoint from now on."""
        self.window.session.set_engine(replace(self.window.session.engine, model=path))

    def paste(self) -> None:
        """Open what is on the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData(), "The clipboard holds no picture.")

    def take(self, mime: QMimeData, otherwise: str) -> None:
        """Open what was dropped or pasted, or say why not."""
        got = incoming.read(mime)
        if got.model is not None:
            self.use_model(str(got.model))
        elif got.image is not None:
            self.window.session.paste(got.image)
        elif got.paths:
            self.window.session.open(got.paths)
        else:
            self.window.banner.complain(otherwise)

    def save_overlay(self) -> None:
        """Ask for a name, then write the view as it is shown now."""
        loaded, saliency = self.window.session.loaded, self.window.session.saliency
        if loaded is None or saliency is None:
            return
        look = self.window.preferences.now
        stem = Path(loaded.name).stem if loaded.picture.path is not None else "picture"
        suggestion = Path(self._folder()) / f"{stem}-{look.view}.png"

        def go(path: str) -> None:
            export = Export(loaded.picture, saliency, look.scene, Path(path))
            self.window.saver.save(export)

        dialogs.ask_target(self.window, suggestion, go)

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self.window.close()

    def _folder(self) -> str:
        remembered = self.window.preferences.now.folder
        if remembered:
            return remembered
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
