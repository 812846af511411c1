"""Open, save and close the project, and ask before unsaved areas are lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from salviewer.app.shell import dialogs
from salviewer.app.translation import enumerated, tr
from salviewer.app.workbench import Workbench
from salviewer.app.workers.documents import OpenedProject, SavedProject
from salviewer.app.workers.loader import Loaded
from salviewer.media.project import PROJECT_SUFFIX, Project

_NAMED = 5  # missing pictures that a message lists by name


class Projects(QObject):
    """Asks the user, and passes the work to the documents' worker; the state is in `bench.project`."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._project, self._documents = bench, bench.project, bench.files.documents
        self._note = ""  # to report once the pictures are there
        self._then: Callable[[], object] | None = None  # waits for the project to be saved
        self._documents.opened.connect(self._take)
        self._documents.saved.connect(self._settle)
        self._documents.failed.connect(self._give_up)
        bench.session.picture_changed.connect(self._remark)

    def open(self, path: Path) -> None:
        """Open a project, after asking about unsaved areas."""
        self._leave(lambda: self._documents.open_project(path))

    def close(self) -> None:
        """Continue without the project and its areas, after asking about unsaved areas."""
        self._leave(lambda: self._project.begin(None, Project()))

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Write the file; ask for a name if there is none."""
        if self._project.path is None:
            self.save_as(then)
        else:
            self._then = then
            self._documents.save_project(self._project.path, self._project.now())

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a name and write the file."""
        project = self._project
        folder = project.path.parent if project.path else Path(self._bench.settings.folder)
        suggestion = folder / f"{project.name or 'project'}{PROJECT_SUFFIX}"

        def go(chosen: str) -> None:
            path = Path(chosen)
            if path.suffix.lower() != ".json":
                path = path.with_name(path.name + PROJECT_SUFFIX)
                if path.exists():  # the dialog asked about another name
                    self._bench.notices.error(
                        tr("{path}: the file exists already; choose another name.", path=path)
                    )
                    return
            self._then = then
            self._documents.save_project(path, project.now())

        dialogs.ask_project_target(self._bench.dialog_parent, suggestion, go)

    def may_close(self) -> bool:
        """Return whether nothing would be lost; else ask, and close the window later if allowed."""
        if not self._project.unsaved:
            return True
        self._leave(self._bench.dialog_parent.close)
        return False

    def _leave(self, then: Callable[[], object]) -> None:
        """Call `then`, after asking about unsaved areas."""
        if not self._project.unsaved:
            then()
            return

        def discard() -> None:
            self._project.discard()
            then()

        project = self._project
        pictures = [path.name for path in project.unsaved_pictures]
        parent = self._bench.dialog_parent
        dialogs.ask_unsaved(parent, project.name, pictures, lambda: self.save(then), discard)

    def _take(self, opened: OpenedProject) -> None:
        there = [p.path for p in opened.project.pictures if p.path not in opened.missing]
        if not there:
            what = (
                tr("none of its pictures is where it says")
                if opened.missing
                else tr("there is no picture in it")
            )
            named = f": {_names(opened.missing)}" if opened.missing else ""
            self._bench.notices.error(f"{opened.path}: {what}{named}.")
            return
        session, project = self._bench.session, opened.project
        self._project.begin(opened.path, project)
        self._bench.settings.change(heat=project.settings, style=project.style)
        if project.model:
            session.set_engine(replace(session.engine, model=project.model))
        notes = [
            tr("{path}: {note}; it was left out.", path=opened.path, note=note)
            for note in project.notes[:_NAMED]
        ]
        if len(project.notes) > _NAMED:
            notes.append(
                tr(
                    "{path}: {count} more entries were left out.",
                    path=opened.path,
                    count=len(project.notes) - _NAMED,
                )
            )
        if opened.missing:
            notes.append(
                tr("{path}: missing pictures: {names}.", path=opened.path, names=_names(opened.missing))
            )
        self._note = "\n".join(notes)
        session.open(there, alone=True)

    def _settle(self, saved: SavedProject) -> None:
        self._project.settle(saved.path, saved.project)
        self._project.changed.emit()
        left = tr("The areas of pasted pictures, which have no file, are not in it.")
        pasted = bool(self._bench.areas.without_files())
        self._bench.notices.saved(
            tr("Saved {path}", path=saved.path) + (f". {left}" if pasted else ""), saved.path
        )
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
        """Add a sentence to the session's report on pictures that do not open."""
        notices = self._bench.notices
        notices.error(f"{note}\n{notices.text}" if notices.text else note)


def _names(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    more = len(names) - _NAMED
    return enumerated(names[:_NAMED], more)
