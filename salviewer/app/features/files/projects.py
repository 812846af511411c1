"""The project that is open: its file, what of it is not saved, and the question before that is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from salviewer.app.shell import dialogs
from salviewer.app.workers.documents import OpenedProject, SavedProject
from salviewer.app.workers.loader import Loaded
from salviewer.core.areas import Area
from salviewer.media.project import PROJECT_SUFFIX, Project, ProjectPicture

if TYPE_CHECKING:
    from salviewer.app.window import Window

_NAMED = 5  # missing pictures that a message names


class Projects(QObject):
    """At most one project is open. What of it counts as unsaved are the areas of pictures that have a file.

    A project that is saved holds the pictures that it held, whether they are there or not, those that are
    open, and those that have areas; with the model and the look of that moment.
    """

    changed = Signal()  # the project, or whether it is saved

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.path: Path | None = None
        self._pictures: tuple[Path, ...] = ()  # of the file, in its order
        self._saved: dict[Path, tuple[Area, ...]] = {}
        self._note = ""  # to be said once the pictures are there
        self._then: Callable[[], object] | None = None  # what waits for the project to be saved
        documents = window.documents
        documents.opened.connect(self._take)
        documents.saved.connect(self._settle)
        documents.failed.connect(self._give_up)
        window.areas.model.changed.connect(self.changed)
        window.session.picture_changed.connect(self._remark)

    @property
    def name(self) -> str:
        """For the title; "" while none is open."""
        if self.path is None:
            return ""
        name = self.path.name
        return name[: -len(PROJECT_SUFFIX)] if name.lower().endswith(PROJECT_SUFFIX) else self.path.stem

    @property
    def unsaved(self) -> bool:
        """Whether areas would be lost."""
        return self._window.areas.model.of_files() != self._saved

    @property
    def worth_saving(self) -> bool:
        """Whether there is anything to put in a file."""
        return bool(self.path or self._window.session.chosen or self._saved)

    def now(self) -> Project:
        """What a file would hold."""
        window, areas = self._window, self._window.areas.model.of_files()
        listed = (absolute(path) for path in window.session.chosen)
        order = dict.fromkeys((*self._pictures, *listed, *areas))
        look = window.preferences.now
        pictures = tuple(ProjectPicture(path, areas.get(path, ())) for path in order)
        return Project(pictures, window.session.engine.model, look.heat, look.style)

    def open(self, path: Path) -> None:
        """Open a project, once what is unsaved may go."""
        self._leave(lambda: self._window.documents.open_project(path))

    def close(self) -> None:
        """Go on without a project and without its areas, once what is unsaved may go."""

        def go() -> None:
            self._begin(None, Project())

        self._leave(go)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Write the file; where there is none, ask for a name."""
        if self.path is None:
            self.save_as(then)
        else:
            self._then = then
            self._window.documents.save_project(self.path, self.now())

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a name and write the file."""
        folder = self.path.parent if self.path else Path(self._window.preferences.now.folder)
        suggestion = folder / f"{self.name or 'project'}{PROJECT_SUFFIX}"

        def go(chosen: str) -> None:
            path = Path(chosen)
            if path.suffix.lower() != ".json":
                path = path.with_name(path.name + PROJECT_SUFFIX)
                if path.exists():  # the dialog has asked about another name
                    self._window.banner.complain(f"{path}: it is there already; choose another name.")
                    return
            self._then = then
            self._window.documents.save_project(path, self.now())

        dialogs.ask_project_target(self._window, suggestion, go)

    def may_close(self, close: Callable[[], object]) -> bool:
        """Whether nothing would be lost with the window; else ask, and `close` once it may go."""
        if not self.unsaved:
            return True
        self._leave(close)
        return False

    def _leave(self, then: Callable[[], object]) -> None:
        """Do `then`, after asking about what is unsaved."""
        if not self.unsaved:
            then()
            return

        def discard() -> None:
            self._saved = self._window.areas.model.of_files()
            self.changed.emit()
            then()

        dialogs.ask_unsaved(self._window, self.name, lambda: self.save(then), discard)

    def _take(self, opened: OpenedProject) -> None:
        there = [p.path for p in opened.project.pictures if p.path not in opened.missing]
        if not there:
            what = "none of its pictures is where it says" if opened.missing else "there is no picture in it"
            named = f": {_names(opened.missing)}" if opened.missing else ""
            self._window.banner.complain(f"{opened.path}: {what}{named}.")
            return
        window, project = self._window, opened.project
        self._begin(opened.path, project)
        window.show_look(project.settings, project.style)
        if project.model:
            window.session.set_engine(replace(window.session.engine, model=project.model))
        self._note = f"{opened.path}: not where it says: {_names(opened.missing)}." if opened.missing else ""
        window.session.open(there, alone=True)

    def _begin(self, path: Path | None, project: Project) -> None:
        self.path = path
        self._pictures = tuple(picture.path for picture in project.pictures)
        self._saved = {picture.path: picture.areas for picture in project.pictures if picture.areas}
        self._window.areas.model.replace_all(self._saved)

    def _settle(self, saved: SavedProject) -> None:
        self.path = saved.path
        self._pictures = tuple(picture.path for picture in saved.project.pictures)
        self._saved = {picture.path: picture.areas for picture in saved.project.pictures if picture.areas}
        self.changed.emit()
        left = " The areas of pasted pictures, which have no file, are not in it."
        pasted = self._window.areas.model.of_no_file()
        self._window.banner.report(f"Saved {saved.path}" + (f".{left}" if pasted else ""))
        then, self._then = self._then, None
        if then is not None:
            then()

    def _give_up(self) -> None:
        self._then = None

    def _remark(self, _: Loaded) -> None:
        note, self._note = self._note, ""
        if note:
            QTimer.singleShot(0, self, lambda: self._add(note))

    def _add(self, note: str) -> None:
        """To what the session says of pictures that do not open, which comes with the picture."""
        banner = self._window.banner
        banner.complain(f"{note}\n{banner.text}" if banner.text else note)


def absolute(path: Path) -> Path:
    """As projects name pictures: links are not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _names(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
