"""Opening and saving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from salviewer.addresses import is_address
from salviewer.app.menus.spec import BAR_LINE, LINE, Menu, Spec
from salviewer.app.shell import dialogs, incoming
from salviewer.app.workers.writer import Export
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
        Spec("open_files", "&Open…", ("Ctrl+O",), "open", tip="Open pictures and videos", bar=True),
        Spec("open_folder", "Open &folder…", ("Ctrl+Shift+O",), tip="Open all pictures of a folder"),
        Spec("open_camera", "Open ca&mera…", ("Ctrl+Shift+K",), "camera", "Show a camera with its overlay"),
        Spec(
            "open_stream", "Open s&tream…", ("Ctrl+U",), "stream", "Show a network camera or another stream"
        ),
        Spec("open_frames", "Open &frames as a video…", tip="Play the numbered pictures of a folder"),
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
        Spec(
            "export",
            "&Export…",
            ("Ctrl+E",),
            "export",
            tip="Write several views, the map, tables and a report",
            bar=True,
            needs="map",
        ),
        Spec("batch", "&Batch…", ("Ctrl+B",), "batch", tip="Export all pictures of a folder"),
        BAR_LINE,
        Spec(
            "open_project",
            "Open p&roject…",
            ("Ctrl+Shift+P",),
            tip="Open pictures with their areas, model and look",
        ),
        Spec(
            "save_project",
            "Sa&ve project",
            ("Ctrl+Shift+S",),
            tip="Save all open pictures with their areas, the model and the look",
            needs="project",
        ),
        Spec(
            "save_project_as",
            "Save project &as…",
            tip="Save the project under another name",
            needs="project",
        ),
        Spec(
            "close_project",
            "&Close project",
            tip="Go on without the project and its areas",
            needs="open project",
        ),
        LINE,
        Spec("quit", "&Quit", ("Ctrl+Q",)),
    )

    def open_files(self) -> None:
        """Ask which pictures and videos to open."""
        dialogs.ask_pictures(self.window, self._folder(), self.open_paths)

    def open_paths(self, paths: Iterable[str]) -> None:
        """Open pictures, videos and folders, or a project, a model or a stream that comes alone."""
        paths = tuple(paths)
        if len(paths) == 1 and is_address(str(paths[0])):
            self.window.live.opening.address(str(paths[0]))
            return
        asked = tuple(Path(path) for path in paths)
        if asked:
            self._open(incoming.sort(asked))

    def open_project(self) -> None:
        """Ask for a project."""
        open_ = self.window.projects.open
        dialogs.ask_project(self.window, self._folder(), lambda path: open_(Path(path)))

    def save_project(self) -> None:
        """Write the project that is open; ask for a name while it has none."""
        self.window.projects.save()

    def save_project_as(self) -> None:
        """Ask for a name, then write the project."""
        self.window.projects.save_as()

    def close_project(self) -> None:
        """Leave the project."""
        self.window.projects.close()

    def open_folder(self) -> None:
        """Ask which folder to open."""
        dialogs.ask_folder(self.window, self._folder(), lambda path: self.open_paths([path]))

    def open_camera(self) -> None:
        """Ask which camera."""
        self.window.live.opening.camera()

    def open_stream(self) -> None:
        """Ask for the address of a stream."""
        self.window.live.opening.stream()

    def open_frames(self) -> None:
        """Ask for a folder of frames."""
        dialogs.ask_folder(self.window, self._folder(), self.window.live.opening.frames)

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
        both = self.window.compare.drawing()
        if both is not None and self.window.compare.arrangement != "single":
            self.window.copier.copy("the comparison", both.render, both.icc)
            return
        if loaded is None or saliency is None or not self.window.preferences.now.shown:
            self.copy_picture()
            return
        pixels, scene = loaded.picture.pixels, self.window.scene()
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
        if got:
            self._open(got)
        else:
            self.window.banner.complain(otherwise)

    def _open(self, got: incoming.Incoming) -> None:
        if got.project is not None:
            self.window.projects.open(got.project)
        elif got.model is not None:
            self.use_model(str(got.model))
        elif got.image is not None:
            self.window.session.paste(got.image)
        else:
            self.window.session.open(got.paths)

    def save_overlay(self) -> None:
        """Ask for a name, then write the view as it is shown now."""
        loaded, saliency = self.window.session.loaded, self.window.session.saliency
        if loaded is None or saliency is None:
            return
        scene = self.window.scene()
        suggestion = Path(self._folder()) / f"{loaded.stem}-{scene.view}.png"

        def go(path: str) -> None:
            export = Export(loaded.picture, saliency, scene, Path(path))
            self.window.saver.save(export)

        dialogs.ask_target(self.window, suggestion, go)

    def export(self) -> None:
        """Ask what is to be written, then write it."""
        self.window.exporting.ask(self._folder())

    def batch(self) -> None:
        """Ask for a folder and what is to be written of its pictures; or show the batch that runs."""
        self.window.batching.ask(self._folder())

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self.window.close()

    def _folder(self) -> str:
        remembered = self.window.preferences.now.folder
        if remembered:
            return remembered
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
