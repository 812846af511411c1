"""Carries out what the actions ask for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication

from salviewer.app import dialogs, incoming
from salviewer.app.canvas import STEP
from salviewer.app.saving import Export
from salviewer.app.settings import Appearance
from salviewer.core.views import View

if TYPE_CHECKING:
    from salviewer.app.window import Window


class Commands:
    """One method an action; `actions.SPECS` names them."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def open_files(self) -> None:
        """Ask which pictures to open."""
        dialogs.ask_pictures(self._window, self._folder(), self._window.session.open)

    def open_model(self) -> None:
        """Ask for a model of the person's own."""
        dialogs.ask_model(self._window, self._folder(), self.use_model)

    def use_model(self, path: str) -> None:
        """Predict with a checkpoint from now on."""
        self._window.session.set_engine(replace(self._window.session.engine, model=path))

    def paste(self) -> None:
        """Open what is on the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData(), "The clipboard holds no picture.")

    def take(self, mime: QMimeData, otherwise: str) -> None:
        """Open what was dropped or pasted, or say why not."""
        got = incoming.read(mime)
        if got.model is not None:
            self.use_model(str(got.model))
        elif got.image is not None:
            self._window.session.paste(got.image)
        elif got.paths:
            self._window.session.open(got.paths)
        else:
            self._window.banner.complain(otherwise)

    def save_overlay(self) -> None:
        """Ask for a name, then write the view as it is shown now."""
        loaded, saliency = self._window.session.loaded, self._window.session.saliency
        if loaded is None or saliency is None:
            return
        look = self._window.preferences.now
        stem = Path(loaded.name).stem if loaded.picture.path is not None else "picture"
        suggestion = Path(self._folder()) / f"{stem}-{look.view}.png"

        def go(path: str) -> None:
            export = Export(
                loaded.picture, saliency, look.heat, look.style, Path(path), look.view, look.outline
            )
            self._window.saver.save(export)

        dialogs.ask_target(self._window, suggestion, go)

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self._window.close()

    def previous(self) -> None:
        """The picture before."""
        self._window.session.turn(-1)

    def next(self) -> None:
        """The picture after."""
        self._window.session.turn(1)

    def zoom_in(self) -> None:
        """Enlarge about the middle."""
        self._window.canvas.zoom(STEP)

    def zoom_out(self) -> None:
        """Shrink about the middle."""
        self._window.canvas.zoom(1 / STEP)

    def fit(self) -> None:
        """The whole picture."""
        self._window.canvas.fit()

    def actual_size(self) -> None:
        """A picture pixel on each of the screen's."""
        self._window.canvas.actual_size()

    def view_picture(self) -> None:
        """Nothing over the picture."""
        self._window.catalogue["show_heat"].setChecked(False)

    def view_overlay(self) -> None:
        """The heatmap over the picture."""
        self._view("overlay")

    def view_heatmap(self) -> None:
        """The heatmap alone."""
        self._view("heatmap")

    def view_focus(self) -> None:
        """The picture under fog."""
        self._view("focus")

    def view_contours(self) -> None:
        """Lines of attention."""
        self._view("contours")

    def _view(self, view: View) -> None:
        self._window.change_look(view=view)
        self._window.catalogue["show_heat"].setChecked(True)

    def show_heat(self, shown: bool) -> None:
        """The view on or off; off is the picture alone."""
        self._window.canvas.set_layer_shown(shown)
        self._window.change_look(shown=shown)

    def show_outline(self, shown: bool) -> None:
        """The threshold's line on or off."""
        self._window.change_look(outline=shown)

    def show_panel(self, shown: bool) -> None:
        """Controls on or off."""
        self._window.panel.setVisible(shown)
        self._window.preferences.change(panel=shown)

    def set_appearance(self, name: str) -> None:
        """Light, dark or as the system has it."""
        appearance = cast("Appearance", name)
        self._window.theme.set_appearance(appearance)
        self._window.preferences.change(appearance=appearance)

    def shortcuts(self) -> None:
        """List the keys."""
        dialogs.show_shortcuts(self._window)

    def about(self) -> None:
        """Say what this is."""
        dialogs.show_about(self._window)

    def _folder(self) -> str:
        remembered = self._window.preferences.now.folder
        if remembered:
            return remembered
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
