"""Copies of unsaved work in the settings folder, for the next start after a kill or a lost display.

Each window has its own copy, ``recovery/ID.salviewer.json``, with pasted pictures as ``ID-*.png``, and
holds ``ID.lock`` while it runs. The system releases the lock however the process ends, so a copy with a free
lock was left behind.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from salviewer.first_use import filelock
from salviewer.media.project import PROJECT_SUFFIX, Project, save_project
from salviewer.media.saving import atomic_path


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A copy that a window left behind.

    Attributes:
        copy: the project file in the recovery folder.
        project: the project that was open, or None.
    """

    copy: Path
    project: Path | None

    @property
    def pictures(self) -> list[Path]:
        """The pasted pictures that lie beside the copy."""
        return sorted(self.copy.parent.glob(f"{_stem(self.copy)}-*.png"))

    def remove(self) -> None:
        """Delete the copy."""
        for path in (self.copy, _note(self.copy), *self.pictures):
            path.unlink(missing_ok=True)

    def rescue(self, found: Project, into: Path) -> Project:
        """Move the pasted pictures to a folder where they stay; return the project with their new places.

        Raises:
            OSError: they cannot be moved.
        """
        moved: dict[Path, Path] = {}
        for path in self.pictures:
            into.mkdir(parents=True, exist_ok=True)
            moved[path] = into / f"pasted-{path.name[-12:]}"
            shutil.move(path, moved[path])
        pictures = (replace(each, path=moved.get(each.path, each.path)) for each in found.pictures)
        return replace(found, pictures=tuple(pictures))

    def set_aside(self) -> Path:
        """Rename an unreadable copy, so that it is not offered again; return its new path."""
        aside = self.copy.with_name(f"{self.copy.name}.damaged")
        self.copy.replace(aside)
        return aside


class Recovery:
    """The copy of one window.

    Args:
        folder: the settings folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "recovery"
        self.copy = self.folder / f"{secrets.token_hex(16)}{PROJECT_SUFFIX}"

    @cached_property
    def _lock(self) -> filelock.FileLock:
        return filelock.FileLock(_lock(self.copy))

    def write(self, project: Project, path: Path | None) -> None:
        """Replace the copy.

        Args:
            project: the open project, with its unsaved areas.
            path: its file, or None.

        Raises:
            ExportError, OSError: it cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._lock.is_locked:
            self._lock.acquire(timeout=0)
        with atomic_path(_note(self.copy)) as temporary:
            temporary.write_text("" if path is None else str(path), "utf-8", "surrogateescape")
        save_project(self.copy, project)

    def picture_path(self, key: str) -> Path:
        """Return where a pasted picture is kept, by its key."""
        return self.folder / f"{_stem(self.copy)}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.png"

    def remove(self) -> None:
        """Delete the copy: everything is saved, or the user gave it up."""
        if "_lock" in vars(self) and self._lock.is_locked:  # making one imports the library
            LeftBehind(self.copy, None).remove()
            self._lock.release()
            with suppress(OSError):
                _lock(self.copy).unlink(missing_ok=True)

    def left_behind(self) -> list[LeftBehind]:
        """Return the copies of windows that ended without removing them, newest first."""
        found = []
        for copy in self.folder.glob(f"*{PROJECT_SUFFIX}"):
            if copy == self.copy or _is_held(_lock(copy)):
                continue
            with suppress(OSError):
                found.append((copy.stat().st_mtime, LeftBehind(copy, _project(copy))))
        return [left for _, left in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _is_held(lock: Path) -> bool:
    try:
        with filelock.FileLock(lock, timeout=0):
            pass
    except filelock.Timeout:
        return True
    except OSError:
        return True
    lock.unlink(missing_ok=True)
    return False


def _project(copy: Path) -> Path | None:
    with suppress(OSError):
        name = _note(copy).read_text("utf-8", "surrogateescape")
        return Path(name) if name else None
    return None


def _stem(copy: Path) -> str:
    return copy.name.removesuffix(PROJECT_SUFFIX)


def _lock(copy: Path) -> Path:
    return copy.with_name(_stem(copy) + ".lock")


def _note(copy: Path) -> Path:
    return copy.with_name(_stem(copy) + ".path")
