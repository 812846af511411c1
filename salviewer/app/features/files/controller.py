"""Open and save pictures, projects and models; use the clipboard; take drops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from salviewer.addresses import is_address, is_screen, is_web
from salviewer.app.features.files.autosave import Autosave
from salviewer.app.features.files.dragging import DragTool
from salviewer.app.features.files.passwords import Passwords
from salviewer.app.features.files.projects import Projects
from salviewer.app.features.files.recent import Recent
from salviewer.app.shell import dialogs, incoming
from salviewer.app.shell.rich_text import names_picture
from salviewer.app.translation import enumerated, tr
from salviewer.app.workbench import Feature, Workbench
from salviewer.app.workers.drag_out import DragOut
from salviewer.app.workers.writer import Export
from salviewer.core.scene import render_scene
from salviewer.core.views import VIEWS
from salviewer.media.openers.names import folder_of
from salviewer.texts import said

if TYPE_CHECKING:
    from salviewer.app.workers.clipboard import Draw
    from salviewer.app.workers.loader import Loaded


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What is shown: its name in a sentence, the name of a file for it, how to draw it, and its profile."""

    what: str
    name: str
    draw: Draw
    icc: bytes | None


class FilesController(Feature):
    """Moves files into and out of the window."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.projects = Projects(bench, self)
        self.recent = Recent(bench, self)
        self.autosave = Autosave(bench, self)
        self.passwords = Passwords(bench, self)
        session = bench.session
        bench.commands.add_conditions(
            **{
                "project": lambda: bench.project.worth_saving,
                "open project": lambda: bench.project.path is not None,
            }
        )
        session.requested.connect(self._open_requested)
        session.picture_changed.connect(self._note_folder)
        session.picture_changed.connect(lambda _: self._show_title())
        bench.project.changed.connect(self._show_title)
        bench.layout.add_drop_target(self)
        first_page = bench.layout.first_page
        first_page.open_wanted.connect(self.ask_files)
        first_page.folder_wanted.connect(self.ask_folder)
        first_page.sample_wanted.connect(lambda path: session.open([str(path)]))
        first_page.recent_wanted.connect(self.recent.open)
        self.drag_out = DragOut(self)
        self.drag_out.failed.connect(bench.notices.error)
        bench.workers.add(self.drag_out.worker)
        bench.stage.canvas.add_tool(DragTool(bench.stage.canvas, self.drag_out, self.prepare_drag))
        bench.notices.dismissed.connect(bench.layout.focus_picture)
        self._report()

    def may_close(self) -> bool:
        """Ask about an unsaved project; return whether the window may close."""
        return self.projects.may_close()

    def close(self) -> None:
        """Remove the recovery file: whoever closes the window has been asked."""
        self.autosave.recovery.remove()

    # Opening

    def ask_files(self) -> None:
        """Ask which pictures and videos to open."""
        dialogs.ask_pictures(
            self._bench.dialog_parent, self._bench.settings.folder, self._bench.session.request
        )

    def ask_folder(self) -> None:
        """Ask which folder to open."""
        request = self._bench.session.request
        dialogs.ask_pictures_folder(
            self._bench.dialog_parent, self._bench.settings.folder, lambda path: request([path])
        )

    def ask_project(self) -> None:
        """Ask which project to open."""
        open_ = self.projects.open
        dialogs.ask_project(
            self._bench.dialog_parent, self._bench.settings.folder, lambda path: open_(Path(path))
        )

    def ask_model(self) -> None:
        """Ask for a file with the user's model."""
        dialogs.ask_model(self._bench.dialog_parent, self._bench.settings.folder, self.use_model)

    def use_model(self, path: str) -> None:
        """Predict with a model file from now on."""
        session = self._bench.session
        session.set_engine(replace(session.engine, model=path))

    def paste(self) -> None:
        """Open the content of the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData(), tr("The clipboard holds no picture."))

    def hold(self, at: QPointF) -> None:
        """Do nothing: the first page shows a hint."""

    def leave(self) -> None:
        """Do nothing."""

    def drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Open what was dropped, or say why it cannot be opened."""
        self._take(mime, tr("Only pictures from this computer can be dropped here."))
        return True

    def _open_requested(self, paths: tuple[str, ...]) -> None:
        if len(paths) == 1 and is_web(paths[0]):
            self._bench.session.address_requested.emit(paths[0], None)
        elif len(paths) == 1 and (is_address(paths[0]) or is_screen(paths[0])):
            from salviewer.media.video.opening import SourceChoice

            self._bench.session.source_requested.emit(SourceChoice(paths[0]))
        else:
            self._open(incoming.sort(tuple(map(Path, paths))))

    def _take(self, mime: QMimeData, otherwise: str) -> None:
        got = incoming.read(mime)
        if got:
            self._open(got)
        elif names_picture(mime):
            self._bench.notices.error(
                tr(
                    "The picture is on a web page, and nothing is fetched from there; copy the picture"
                    " itself, or save it and open the file."
                )
            )
        else:
            self._bench.notices.error(otherwise)

    def _open(self, got: incoming.Incoming) -> None:
        if got.project is not None:
            self.projects.open(got.project)
        elif got.model is not None:
            self.use_model(str(got.model))
        elif got.image is not None:
            self._bench.session.paste(got.image)
        else:
            self._bench.session.open(got.paths)

    def _note_folder(self, loaded: Loaded) -> None:
        if loaded.picture.path is not None:
            self._bench.settings.change(folder=str(folder_of(loaded.picture.path).absolute()))

    # Copying and saving

    def copy_view(self) -> None:
        """Copy the view as shown now, or the selected words of a message."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QLabel) and focused.hasSelectedText():
            QGuiApplication.clipboard().setText(focused.selectedText().replace("\u200b", ""))
            return
        shown = self._drawn()
        if shown is not None:
            self._bench.files.clipboard.copy(shown.what, shown.draw, shown.icc)

    def copy_picture(self) -> None:
        """Copy the picture without a map."""
        loaded = self._bench.session.loaded
        if loaded is not None:
            pixels = loaded.picture.pixels
            self._bench.files.clipboard.copy(tr("the picture"), lambda: pixels, loaded.picture.icc)

    def prepare_drag(self) -> bool:
        """Write the view as shown now to a file that can be dragged; return False if there is nothing."""
        shown = self._drawn()
        if shown is not None:
            self.drag_out.prepare(shown.what, shown.name, shown.draw, shown.icc)
        return shown is not None

    def _drawn(self) -> _Drawn | None:
        """Return how to draw the view as shown now; None without a picture."""
        bench = self._bench
        loaded, saliency, both = bench.session.loaded, bench.session.saliency, bench.shown.drawing()
        stem = "picture" if loaded is None else loaded.stem
        if both is not None:
            return _Drawn(tr("the comparison"), f"{stem}-comparison.png", both.render, both.icc)
        if loaded is None:
            return None
        pixels = loaded.picture.pixels
        if saliency is None or not bench.settings.now.shown:
            return _Drawn(tr("the picture"), f"{stem}.png", lambda: pixels, loaded.picture.icc)
        scene = bench.shown.scene
        return _Drawn(
            VIEWS[scene.view].phrase,
            f"{stem}-{scene.view}.png",
            lambda: render_scene(pixels, saliency, scene),
            loaded.picture.icc,
        )

    def save_view(self) -> None:
        """Ask for a name, then write the view as shown now."""
        bench = self._bench
        loaded, saliency = bench.session.loaded, bench.session.saliency
        if loaded is None or saliency is None:
            return
        scene = bench.shown.scene
        suggestion = Path(self._bench.settings.folder) / f"{loaded.stem}-{scene.view}.png"

        def go(path: str) -> None:
            bench.files.writer.save(Export(loaded.picture, saliency, scene, Path(path)))

        dialogs.ask_target(bench.dialog_parent, suggestion, go)

    # Reports

    def _report(self) -> None:
        files, status, notices = self._bench.files, self._bench.status, self._bench.notices
        files.writer.saved.connect(self._report_saved)
        files.writer.progressed.connect(
            lambda done, count: status.set_activity(
                "saving", tr("Saved {done} of {count}…", done=done, count=count)
            )
        )
        files.writer.busy_changed.connect(
            lambda busy: status.set_activity("saving", tr("Saving…") if busy else "")
        )
        status.cancel_wanted.connect(files.writer.cancel)
        files.documents.table_saved.connect(lambda path: notices.saved(tr("Saved {path}", path=path), path))
        files.clipboard.copied.connect(notices.inform)
        files.clipboard.busy_changed.connect(
            lambda busy: status.set_activity("copying", tr("Copying…") if busy else "")
        )

    def _report_saved(self, saved: Path | tuple[Path, ...]) -> None:
        if isinstance(saved, tuple) and len(saved) > 1:
            folder = saved[0].parent
            self._bench.notices.saved(
                _with_missing(tr("Saved {count} files in {folder}", count=len(saved), folder=folder)), folder
            )
        else:
            path = saved[0] if isinstance(saved, tuple) else saved
            self._bench.notices.saved(_with_missing(tr("Saved {path}", path=path)), path)

    def _show_title(self) -> None:
        loaded, project = self._bench.session.loaded, self._bench.project
        shown = "" if loaded is None else (loaded.title or loaded.name).replace("[*]", "[*][*]")
        name, unsaved = project.name.replace("[*]", "[*][*]"), project.unsaved_pictures
        if not unsaved:
            parts = [" – ".join(filter(None, (shown, name))) + "[*]" if shown or name else ""]
        elif self._bench.areas.picture in unsaved:
            parts = [f"{shown}[*]", name]
        else:  # the star is on systems that use it
            others = enumerated(
                [path.name.replace("[*]", "[*][*]") for path in unsaved[:1]], len(unsaved) - 1
            )
            parts = [shown, tr("unsaved: {others}[*]", others=others), name]
        window = self._bench.dialog_parent
        window.setWindowTitle(" – ".join(part for part in (*parts, "salviewer") if part))
        window.setWindowModified(bool(unsaved))


def _with_missing(text: str) -> str:
    """Add what letters of a file no font has, once for each letter."""
    from salviewer.media.text import missing_note

    note = said(missing_note())
    return f"{text}; {note}" if note else text
