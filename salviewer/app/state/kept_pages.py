"""The pictures of web pages that the window drew: kept up to a limit, or while something refers to them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from salviewer.errors import ProjectError, SalviewerError
from salviewer.first_use import filelock
from salviewer.media.project import load_project
from salviewer.media.saving import atomic_path

MOST_BYTES = 500 * 2**20
"""Bytes of pictures that are kept; the oldest go first."""

LONGEST_DAYS = 90
"""Days after which a picture goes."""

_PATIENCE = 5.0  # seconds for which another window may hold the list of references
_FAILURES = (OSError, ValueError, LookupError, TypeError, AttributeError, SalviewerError)


@dataclass(slots=True)
class _References:
    """What refers to pictures, which are named as seen from the folder.

    Attributes:
        projects: the pictures of projects, by the path of their file.
        windows: the open lists of windows, by the number of their process.
    """

    projects: dict[str, list[str]] = field(default_factory=dict)
    windows: dict[str, list[str]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """All pictures that something refers to."""
        return {name for each in (self.projects, self.windows) for names in each.values() for name in names}


class KeptPages:
    """The folder of the pictures, ``HOST/TITLE.png``, and ``references.json``: what refers to them.

    A picture that a project referred to when it was last saved or opened here is never dropped, also while
    the project's file is not there: it may be on another disk.

    Args:
        folder: of the pictures; may be missing.
        process: of this window; its own number if None.
    """

    def __init__(self, folder: Path, process: int | None = None) -> None:
        self._folder = Path(os.path.abspath(folder))  # noqa: PTH100  links are not followed, as in projects
        self._process = str(os.getpid() if process is None else process)
        self._open: list[str] = []
        self._projects: dict[str, list[str]] = {}

    def note_project(self, file: Path, pictures: Iterable[Path]) -> None:
        """Note the pictures of a project that was saved or opened."""
        names, key = self._names(pictures), str(file.absolute())
        if names == self._projects.get(key, []):
            return
        if self._change(lambda references: references.projects.update({key: names})):
            self._projects[key] = names

    def note_open(self, pictures: Iterable[Path]) -> None:
        """Note the list of this window."""
        names = self._names(pictures)
        if names == self._open:
            return
        if self._change(lambda references: references.windows.update({self._process: names})):
            self._open = names

    def prune(
        self,
        fresh: Iterable[Path] = (),
        projects: Iterable[Path] = (),
        *,
        most: int = MOST_BYTES,
        days: float = LONGEST_DAYS,
    ) -> list[Path]:
        """Delete pictures that are too old, and the oldest while they have too many bytes together.

        Args:
            fresh: pictures that stay, since they are about to be opened.
            projects: more project files whose pictures stay.
            most: bytes.
            days: of age.

        Returns:
            the deleted files; none if it is not known what refers to them.
        """
        kept = set(self._names(fresh))
        for project in projects:
            kept.update(self._in_project(project) or ())
        gone: list[Path] = []
        with suppress(*_FAILURES), self._locked():
            references = self._read()
            for file in list(references.projects):
                if (names := self._in_project(Path(file))) is not None:
                    references.projects[file] = names
            references.windows = {
                process: names for process, names in references.windows.items() if _runs(process)
            }
            kept |= references.names
            gone = [path for path in self._too_many(kept, most, days) if _deleted(path)]
            self._write(references)
        return gone

    def _too_many(self, kept: set[str], most: int, days: float) -> list[Path]:
        found = []
        for path in self._folder.glob("*/*.png"):
            with suppress(OSError):
                status = path.stat()
                found.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in found)
        last = time.time() - days * 86_400
        gone = []
        for changed, size, path in sorted(found):
            if path.relative_to(self._folder).as_posix() not in kept and (changed < last or total > most):
                gone.append(path)
                total -= size
        return gone

    def _names(self, pictures: Iterable[Path]) -> list[str]:
        above = str(self._folder) + os.sep
        if not self._folder.is_dir():
            return []
        texts = (text if os.path.isabs(text) else os.path.abspath(text) for text in map(str, pictures))  # noqa: PTH100, PTH117
        return sorted({Path(text[len(above) :]).as_posix() for text in texts if text.startswith(above)})

    def _in_project(self, file: Path) -> list[str] | None:
        """Return the pictures of a project as its file is now; None if it cannot be read."""
        try:
            return self._names(picture.path for picture in load_project(file).pictures)
        except ProjectError:
            return None

    def _change(self, change: Callable[[_References], None]) -> bool:
        """Change the references; return False if they are damaged, or there is no folder."""
        if self._folder.is_dir():
            with suppress(*_FAILURES), self._locked():
                references = self._read()
                change(references)
                self._write(references)
                return True
        return False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with filelock.FileLock(self._folder / "references.lock", timeout=_PATIENCE):
            yield

    def _read(self) -> _References:
        try:
            content = json.loads((self._folder / "references.json").read_text("utf-8"))
        except FileNotFoundError:
            return _References()
        found = _References(content["projects"], content["windows"])
        if not all(isinstance(name, str) for name in found.names):
            raise ValueError
        return found

    def _write(self, references: _References) -> None:
        content = {
            "projects": {file: names for file, names in references.projects.items() if names},
            "windows": {process: names for process, names in references.windows.items() if names},
        }
        with atomic_path(self._folder / "references.json") as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _runs(process: str) -> bool:
    import psutil

    return process.isdecimal() and bool(psutil.pid_exists(int(process)))


def _deleted(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:  # another window shows it, on Windows
        return False
    with suppress(OSError):
        path.parent.rmdir()  # if it was the last one
    return True
