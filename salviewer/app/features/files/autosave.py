"""Save unsaved areas and projects to a recovery file, and offer the files that earlier runs left behind."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from salviewer.app.state.recovery import LeftBehind, Recovery
from salviewer.app.translation import enumerated, moment, tr
from salviewer.app.widgets.dialog import question
from salviewer.app.workbench import Workbench
from salviewer.app.workers.timers import single_shot
from salviewer.errors import SalviewerError
from salviewer.media.openers.names import file_of
from salviewer.media.project import Project, ProjectPicture, load_project
from salviewer.paths import data_folder

log = logging.getLogger(__name__)

_SOON = 500  # milliseconds after the first change that the copy lacks
_NAMED = 3  # pictures that the question lists by name


class Autosave(QObject):
    """Keeps this window's recovery file up to date."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.recovery = Recovery(bench.settings.file.folder)
        self._failed = False
        self._soon = single_shot(self, _SOON, self.write)
        self._kept: dict[str, Path] = {}  # pasted pictures that have areas, by their keys
        self._keeping: set[Path] = set()
        bench.project.changed.connect(self._follow)
        # A copy has the newest model, look and list as well; of a project they are enough for one.
        bench.settings.changed.connect(self._follow_rest)
        bench.session.engine_changed.connect(self._follow_rest)
        bench.session.listing_changed.connect(self._follow_rest)
        bench.files.documents.kept.connect(self._note_kept)
        QTimer.singleShot(0, self, self.offer)

    def write(self) -> None:
        """Write the copy now, or remove it if nothing is unsaved."""
        self._soon.stop()
        project = self._bench.project
        try:
            if self._is_needed:
                self.recovery.write(self._content(), project.path)
                self._keep_pasted()
            else:
                self.recovery.remove()
            self._failed = False
        except (SalviewerError, OSError) as error:
            if not self._failed:  # report it once, not for each change
                log.warning("the recovery file cannot be written: %s", error)
                self._bench.notices.error(
                    tr(
                        "{copy}: unsaved areas cannot be kept there ({error}).",
                        copy=self.recovery.copy,
                        error=error,
                    )
                )
            self._failed = True

    @property
    def _is_needed(self) -> bool:
        project = self._bench.project
        return project.unsaved or bool(self._bench.areas.without_files()) or project.differs

    def _content(self) -> Project:
        """The open project, and the pasted pictures that are kept by now."""
        project = self._bench.project.now()
        pasted = self._bench.areas.without_files()
        kept = [ProjectPicture(path, pasted[key]) for key, path in self._kept.items() if key in pasted]
        return replace(project, pictures=(*project.pictures, *kept))

    def _keep_pasted(self) -> None:
        """Write the picture on screen beside the copy, once, if it has areas and no file."""
        loaded = self._bench.session.loaded
        if loaded is None or loaded.key in self._kept or loaded.key not in self._bench.areas.without_files():
            return
        path = self.recovery.picture_path(loaded.key)
        if path not in self._keeping:
            self._keeping.add(path)
            self._bench.files.documents.keep_picture(path, loaded.picture.pixels)

    def _note_kept(self, path: Path) -> None:
        self._keeping.discard(path)
        keys = [key for key in self._bench.areas.without_files() if self.recovery.picture_path(key) == path]
        self._kept |= dict.fromkeys(keys, path)
        self.write()

    def offer(self) -> None:
        """Offer to restore the newest copy that was left behind."""
        for left in self.recovery.left_behind():
            try:
                found, when = load_project(left.copy), left.copy.stat().st_mtime
            except (SalviewerError, OSError) as error:
                self._set_aside(left, error)
                continue
            if left.project is not None or any(picture.areas for picture in found.pictures):
                self._ask(left, found, datetime.fromtimestamp(when))
                return
            left.remove()

    def restore(self, left: LeftBehind, found: Project) -> None:
        """Open the content of a copy, as unsaved."""
        bench, saved = self._bench, Project()
        try:
            found = left.rescue(found, data_folder() / "recovered")
        except OSError as error:
            bench.notices.error(f"{left.copy.parent}: {error.strerror or error}")
        if left.project is not None:
            try:
                saved = load_project(left.project)
            except SalviewerError as error:  # the copy has its areas
                bench.notices.error(str(error))
        bench.project.recover(left.project, saved, found)
        bench.settings.change(heat=found.settings, style=found.style)
        if found.model:
            bench.session.set_engine(replace(bench.session.engine, model=found.model))
        self.write()
        if not self._failed and not left.pictures:  # what cannot be moved stays
            left.remove()
        there = [picture.path for picture in found.pictures if file_of(picture.path).is_file()]
        bench.session.open(there, alone=True)

    def _follow(self) -> None:
        if not self._is_needed:
            self.write()
        elif not self._soon.isActive():
            self._soon.start()

    def _follow_rest(self) -> None:
        """Look soon, not now: a slider changes settings many times a second."""
        project = self._bench.project
        may_need = project.path is not None or project.unsaved or bool(self._bench.areas.without_files())
        if may_need and not self._soon.isActive():
            self._soon.start()

    def _ask(self, left: LeftBehind, found: Project, when: datetime) -> None:
        pasted = set(left.pictures)
        names = [
            tr("a pasted picture") if picture.path in pasted else picture.path.name
            for picture in found.pictures
            if picture.areas
        ]
        if names:
            title = tr("Restore unsaved areas – salviewer")
            text = tr("salviewer ended before areas were saved. Restore them?")
        else:
            title = tr("Restore the project – salviewer")
            text = tr("salviewer ended before the project was saved. Restore it?")
        detail = _described(left, names, moment(when))
        box = question(self._bench.dialog_parent, "recovery", text, detail, title)
        buttons = QMessageBox.StandardButton
        restore = box.addButton(tr("&Restore"), QMessageBox.ButtonRole.AcceptRole)
        restore.setObjectName("restore")
        discard = box.addButton(buttons.Discard)
        box.addButton(tr("Ask &later"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(restore)

        def answer() -> None:
            if box.clickedButton() is restore:
                self.restore(left, found)
            elif box.clickedButton() is discard:
                left.remove()

        box.buttonClicked.connect(answer)
        box.open()

    def _set_aside(self, left: LeftBehind, error: Exception) -> None:
        try:
            kept: Path = left.set_aside()
        except OSError:
            return
        self._bench.notices.error(tr("{error}\nIt is kept as {name}.", error=error, name=kept.name))


def _described(left: LeftBehind, names: list[str], day: str) -> str:
    """Say what a copy holds; `names` are the pictures with areas."""
    named = enumerated(names[:_NAMED], len(names) - _NAMED)
    if left.project is None:
        return tr("Areas on {names}, from {day}.", names=named, day=day)
    project = left.project.name
    if not names:
        return tr("Display, model and pictures of “{project}”, from {day}.", project=project, day=day)
    return tr("Areas of “{project}” on {names}, from {day}.", project=project, names=named, day=day)
