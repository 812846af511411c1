"""Areas in a file of their own: ``{"areas": [...]}`` in the form that projects have, or a project."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from salviewer.core.areas import Area
from salviewer.errors import ProjectError
from salviewer.media.project import Project, area_entry, load_project, read_area
from salviewer.media.saving import atomic_path

_LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class AreaFile:
    """The contents of a file of areas.

    Attributes:
        areas: for every picture, from a file of areas; none from a project.
        of_pictures: by absolute path, from a project.
        notes: a clause for each entry that cannot be used and was left out.
        project: the project that was read, or an empty one.
    """

    areas: tuple[Area, ...] = ()
    of_pictures: Mapping[Path, tuple[Area, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    project: Project = field(default_factory=Project)


def load_areas(path: str | PathLike[str]) -> AreaFile:
    """Read a file of areas, or a project.

    Raises:
        ProjectError: it cannot be read or is neither.
    """
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST:
            raise ProjectError(path, "it is too large for a file of areas")
        content = json.loads(file.read_bytes().decode("utf-8", "surrogatepass").removeprefix("\ufeff"))
    except OSError as error:
        raise ProjectError(path, f"it cannot be read ({(error.strerror or str(error)).lower()})") from error
    except json.JSONDecodeError as error:
        raise ProjectError(path, f"it is damaged: line {error.lineno} is not valid JSON") from error
    except (ValueError, RecursionError) as error:
        raise ProjectError(path, "it is not a file of areas") from error
    if isinstance(content, dict) and "areas" not in content:
        project = load_project(path)
        of_pictures = {one.path: one.areas for one in project.pictures}
        return AreaFile(of_pictures=of_pictures, notes=project.notes, project=project)
    entries = content.get("areas") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ProjectError(path, 'it is not a file of areas, which has {"areas": [...]}, and no project')
    areas, notes = [], []
    for number, entry in enumerate(entries, 1):
        try:
            areas.append(read_area(entry))
        except ValueError as error:
            notes.append(f"area {number}: {error}")
    return AreaFile(tuple(areas), notes=tuple(notes))


def areas_text(areas: Sequence[Area]) -> str:
    """Return areas as the text of a file of them; it is also what the clipboard gets."""
    return json.dumps({"areas": [area_entry(area) for area in areas]}, ensure_ascii=False, indent=2) + "\n"


def areas_of_text(text: str) -> tuple[Area, ...]:
    """Return the areas of a text that `areas_text` made; entries that are none are left out."""
    if len(text) > _LARGEST:
        return ()
    try:
        entries = json.loads(text)["areas"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()
    found = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            found.append(read_area(entry))
        except ValueError:
            continue
    return tuple(found)


def save_areas(path: str | PathLike[str], areas: Sequence[Area]) -> None:
    """Write a file of areas.

    Raises:
        ExportError: the file cannot be written; what had its name stays.
    """
    with atomic_path(path) as temporary:
        temporary.write_bytes(areas_text(areas).encode("utf-8", "surrogatepass"))
