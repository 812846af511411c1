"""The open project: its file, and its unsaved areas."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from salviewer.app.state.areas import AreaStore
from salviewer.app.state.session import Session
from salviewer.app.state.settings_store import SettingsStore
from salviewer.core.areas import Area
from salviewer.media.project import PROJECT_SUFFIX, Project, ProjectPicture


class ProjectStore(QObject):
    """At most one project is open. Unsaved are the areas of pictures that have a file.

    A saved project has its earlier pictures, whether they exist or not, the open ones, and those with areas;
    and the current model and display settings.
    """

    changed = Signal()  # the project, or whether it is saved

    def __init__(
        self, session: Session, settings: SettingsStore, areas: AreaStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._areas = session, settings, areas
        self.path: Path | None = None
        self._pictures: tuple[Path, ...] = ()  # of the file, in its order
        self._saved: dict[Path, tuple[Area, ...]] = {}
        self._file = Project()  # the file's content
        areas.changed.connect(self.changed)

    @property
    def name(self) -> str:
        """The name for the title; "" without a project."""
        if self.path is None:
            return ""
        name = self.path.name
        return name[: -len(PROJECT_SUFFIX)] if name.lower().endswith(PROJECT_SUFFIX) else self.path.stem

    @property
    def unsaved(self) -> bool:
        """Whether areas would be lost."""
        return self._areas.of_files() != self._saved

    @property
    def differs(self) -> bool:
        """Whether the open project's file has other areas, pictures, settings or another model.

        Apart from areas, that is no question when the window closes: it comes with looking at pictures.
        """
        if self.path is None:
            return False
        file, now = self._file, self.now()
        return now != replace(file, model=file.model or now.model, notes=now.notes)

    @property
    def unsaved_pictures(self) -> tuple[Path, ...]:
        """The pictures whose areas differ from those in the file, in the order in which they got areas."""
        now = self._areas.of_files()
        return tuple(path for path in {**self._saved, **now} if now.get(path) != self._saved.get(path))

    @property
    def worth_saving(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.path or self._session.chosen or self._saved)

    def now(self) -> Project:
        """Return the content for a file."""
        areas = self._areas.of_files()
        listed = (absolute(path) for path in self._session.chosen)
        order = dict.fromkeys((*self._pictures, *listed, *areas))
        settings = self._settings.now
        pictures = tuple(ProjectPicture(path, areas.get(path, ())) for path in order)
        return Project(pictures, self._session.engine.model, settings.heat, settings.style)

    def begin(self, path: Path | None, project: Project) -> None:
        """Open a project with its areas; `Project()` and None for none."""
        self.settle(path, project)
        self._areas.replace_all(self._saved)

    def recover(self, path: Path | None, saved: Project, found: Project) -> None:
        """Open a project with areas that its file does not have.

        Args:
            path: the file, or None.
            saved: the content of the file.
            found: what an earlier run had open.
        """
        self.settle(path, saved)
        self._pictures = tuple(picture.path for picture in found.pictures)
        self._areas.replace_all({picture.path: picture.areas for picture in found.pictures if picture.areas})

    def settle(self, path: Path | None, project: Project) -> None:
        """Note that the file has this content."""
        self.path, self._file = path, project
        self._pictures = tuple(picture.path for picture in project.pictures)
        self._saved = {picture.path: picture.areas for picture in project.pictures if picture.areas}

    def discard(self) -> None:
        """Count the current areas as saved: the user gave up the changes."""
        self._saved = self._areas.of_files()
        self.changed.emit()


def absolute(path: Path) -> Path:
    """Return the path as in projects: absolute, without following links."""
    return Path(os.path.abspath(path))  # noqa: PTH100
