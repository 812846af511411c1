"""Opening and saving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication

from salviewer.app import incoming
from salviewer.app.menus.spec import BAR_LINE, LINE, Menu, Spec
from salviewer.app.shell import dialogs
from salviewer.app.work.saving import Export


class FileMenu(Menu):
    """What goes in and out of the window."""

    TITLE = "&File"
    SPECS = (
        Spec("open_files", "&Open…", ("Ctrl+O",), "open", tip="Open pictures", bar=True),
        Spec("paste", "&Paste", ("Ctrl+V",), tip="Open the picture or files on the clipboard"),
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
        Spec(
            "open_project",
            "Open p&roject…",
            ("Ctrl+Shift+O",),
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
        """Ask which pictures to open."""
        dialogs.ask_pictures(self.window, self._folder(), self.open_paths)

    def open_paths(self, paths: Iterable[str]) -> None:
        """Open pictures and folders, or a project or a model that comes alone."""
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
        stem = Path(loaded.name).stem if loaded.picture.path is not None else "picture"
        suggestion = Path(self._folder()) / f"{stem}-{scene.view}.png"

        def go(path: str) -> None:
            export = Export(loaded.picture, saliency, scene, Path(path))
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
