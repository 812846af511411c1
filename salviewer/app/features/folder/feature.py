"""The list of pictures: its panel, and actions on its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from salviewer.app.features.folder.panel import FolderPanel
from salviewer.app.shell.file_manager import show_in_folder
from salviewer.app.state.browsing import SIZES
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.translation import mark, tr
from salviewer.app.workbench import Command, Feature, Workbench

_SIZE_MENU = mark("Thumbnail &size")
_SIZES = (("small", mark("&Small")), ("medium", mark("&Medium")), ("large", mark("&Large")))


class FolderFeature(Feature):
    """Shows thumbnails, filtered by name, beside the picture."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.panel = FolderPanel(bench.session, bench.theme)
        bench.workers.add(*self.panel.workers)
        bench.layout.add_beside(self.panel)
        session = bench.session
        bench.commands.add_conditions(
            **{
                "list": lambda: len(session.listing.paths) > 1,
                "listed file": lambda: session.shown in session.listing.order,
            }
        )
        bench.commands.add(*self._commands())
        self.panel.left.connect(bench.layout.focus_picture)
        self.panel.menu_wanted.connect(self.offer)
        self.panel.overlays_wanted.connect(self.show_overlays)
        session.listing_changed.connect(lambda _: self._show_panel())
        bench.settings.follow(self._apply)

    def _commands(self) -> Iterator[Command]:
        menu, settings, session = "Folder", self._bench.settings, self._bench.session
        yield Command(
            "show_folder",
            "Show &thumbnails",
            lambda on: settings.change_browsing(panel=on),
            menu,
            (1, 1),
            ("F8",),
            "folder",
            "Thumbnails of all pictures in the list",
            "list",
            checked=lambda: settings.now.browsing.panel,
            toolbar=(2, 1),
        )
        yield Command("find", "&Filter by name…", self.find, menu, (1, 2), ("Ctrl+F",),
                      tip="List only pictures with this in their name", when="list")  # fmt: skip
        yield Command("thumbnail_overlays", "Thumbnails show the &overlay", self.show_overlays, menu, (2, 1),
                      ("Shift+F8",), checked=self._overlays)  # fmt: skip
        for number, (name, text) in enumerate(_SIZES):
            yield Command(
                f"thumbnails_{name}",
                text,
                partial(settings.change_browsing, size=SIZES[number]),
                menu,
                (2, 2 + number),
                checked=partial(self._has_size, SIZES[number]),
                group="thumbnails",
                submenu=_SIZE_MENU,
            )
        yield Command("show_in_files", "Show in file &manager", self._show_in_folder, menu, (3, 1),
                      ("Ctrl+Alt+O",), when="file")  # fmt: skip
        yield Command("copy_path", "Copy &path", lambda: self._copy_path(session.shown), menu, (3, 2),
                      ("Ctrl+Alt+C",), tip="Copy the file's path as text", when="file")  # fmt: skip
        yield Command("remove", "&Remove from list", lambda: self._remove(session.shown), menu, (3, 3),
                      ("Ctrl+Backspace",), tip="Remove the picture from the list; the file stays",
                      when="listed file")  # fmt: skip

    def find(self) -> None:
        """Focus the field that filters by name."""
        self._bench.settings.change_browsing(panel=True)
        self.panel.focus_filter()

    def show_overlays(self, shown: bool) -> None:
        """Show overlays or bare pictures in thumbnails."""
        self._bench.settings.change_browsing(thumbnails="overlay" if shown else "picture")

    def offer(self, path: Path, at: QPoint) -> None:
        """Show a menu for a picture of the list, at a point of the screen."""
        menu = QMenu(self._bench.dialog_parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("thumbnailMenu")
        menu.addAction(tr("&Open"), partial(self._bench.session.go, path))
        menu.addSeparator()
        menu.addAction(tr("Show in file &manager"), partial(show_in_folder, path))
        menu.addAction(tr("Copy &path"), partial(self._copy_path, path))
        menu.addAction(tr("&Remove from list"), partial(self._remove, path))
        menu.popup(at)

    def _overlays(self) -> bool:
        return self._bench.settings.now.browsing.thumbnails == "overlay"

    def _has_size(self, size: int) -> bool:
        return self._bench.settings.now.browsing.size == size

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        self.panel.set_look(now.heat, now.style)
        if before is None or before.browsing.thumbnails != now.browsing.thumbnails:
            self.panel.set_overlays(self._overlays())
        if before is None or before.browsing.size != now.browsing.size:
            self.panel.set_side(now.browsing.size)
        self._show_panel()

    def _show_panel(self) -> None:
        several = len(self._bench.session.listing.paths) > 1
        self.panel.setVisible(self._bench.settings.now.browsing.panel and several)

    def _show_in_folder(self) -> None:
        if self._bench.session.shown is not None:
            show_in_folder(self._bench.session.shown)

    def _copy_path(self, path: Path | None) -> None:
        if path is not None:
            QGuiApplication.clipboard().setText(str(path.absolute()))
            self._bench.notices.inform(tr("Copied the path {path}", path=path.absolute()))

    def _remove(self, path: Path | None) -> None:
        if path is not None:
            self._bench.session.remove(path)
