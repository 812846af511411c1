"""Project files: pictures with their areas of interest and display settings, as readable JSON.

::

    {
      "format": "salviewer project",
      "version": 1,
      "model": "live_net",
      "settings": {"sigma": 0.02, "threshold": "p0", "normalise": "peak", "fixed_peak": 20.0},
      "style": {"colormap": "viridis", "opacity": 0.65, "gamma": 1.0, "fade": 0.15},
      "pictures": [
        {
          "path": "photos/shelf.jpg",
          "areas": [
            {"kind": "rectangle", "name": "Logo", "id": "5", "left": 0, "top": 0, "right": 0.4, "bottom": 0.1}
          ]
        }
      ]
    }

Paths are relative to the file's folder, with forward slashes, so that folder and file can move together.
Missing values have their defaults. Unknown keys are ignored, and lost when the file is written again. The
version must change with anything that an older program must not ignore.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast

from salviewer.core.areas import Area, Ellipse, Polygon, Rectangle
from salviewer.core.postprocess import Normalisation, PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.errors import ProjectError
from salviewer.media.damaged import keep_damaged
from salviewer.media.openers.names import file_of
from salviewer.media.saving import atomic_path

PROJECT_SUFFIX = ".salviewer.json"
VERSION = 1

_FORMAT = "salviewer project"
_LARGEST = 64 * 2**20
_KINDS: dict[str, type[Area]] = {"rectangle": Rectangle, "ellipse": Ellipse, "polygon": Polygon}

_SETTINGS = PostprocessSettings()
_STYLE = OverlayStyle()

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class ProjectPicture:
    """A picture of a project.

    Attributes:
        path: absolute; of a page of a document, as `media.openers.names` has it.
        areas: its areas of interest, in the user's order.
    """

    path: Path
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """The content of a project file.

    Attributes:
        pictures: in the user's order, each once.
        model: name or path of the model; empty for the default.
        settings, style: how the pictures are displayed.
        notes: a clause for each entry of the file that is unusable and was left out.
    """

    pictures: tuple[ProjectPicture, ...] = ()
    model: str = ""
    settings: PostprocessSettings = _SETTINGS
    style: OverlayStyle = _STYLE
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Path, ...]:
        """The pictures that do not exist: moved, renamed or deleted."""
        return tuple(picture.path for picture in self.pictures if not file_of(picture.path).is_file())


def save_project(path: str | PathLike[str], project: Project) -> None:
    """Write a project file; the same project gives the same bytes.

    If the existing file is not a complete project, a copy of it is kept as `NAME.damaged`.

    Raises:
        ExportError: the file cannot be written; the existing file is unchanged.
    """
    folder = Path(path).absolute().parent
    content = {
        "format": _FORMAT,
        "version": VERSION,
        "model": project.model,
        "settings": asdict(project.settings) | {"threshold": str(project.settings.threshold)},
        "style": asdict(project.style),
        "pictures": [
            {"path": _relative(picture.path, folder), "areas": [area_entry(area) for area in picture.areas]}
            for picture in project.pictures
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    _keep_what_would_be_lost(Path(path))
    with atomic_path(path) as temporary:
        temporary.write_bytes(text.encode("utf-8", "surrogatepass"))  # file names may contain any bytes


def load_project(path: str | PathLike[str]) -> Project:
    """Read a project file. Its pictures may not exist: see `Project.missing`.

    An unusable entry is left out, with one of `Project.notes`.

    Raises:
        ProjectError: the file is missing, not a project, damaged, or of a newer version; the sentence says
            which.
    """
    try:
        content = _content(Path(path))
        return _project(content, Path(path).absolute().parent)
    except OSError as error:
        raise ProjectError(path, f"it cannot be read ({(error.strerror or str(error)).lower()})") from error
    except json.JSONDecodeError as error:
        raise ProjectError(path, f"it is damaged: line {error.lineno} is not valid JSON") from error
    except RecursionError as error:
        raise ProjectError(path, "it is damaged: its groups are nested too deeply") from error
    except ValueError as error:
        raise ProjectError(path, str(error) or "it is damaged") from error


def _keep_what_would_be_lost(path: Path) -> None:
    if path.is_file():
        try:
            lost = bool(load_project(path).notes)
        except ProjectError:
            lost = True
        if lost:
            keep_damaged(path)


def _content(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError("it is too large for a salviewer project")
    try:
        content = json.loads(data.decode("utf-8", "surrogatepass").removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise ValueError("it is not a salviewer project") from None
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python refuses numbers with thousands of digits
        raise ValueError("it is damaged: one of its numbers is too long") from None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise ValueError("it is not a salviewer project")
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(f"its version is {version!r}, which is not a number from 1 on")
    if version > VERSION:
        raise ValueError(
            f"it is of version {version}, and this program reads up to {VERSION}; a newer salviewer wrote it"
        )
    return content


def _project(content: dict[str, Any], folder: Path) -> Project:
    notes: list[str] = []
    pictures: dict[Path, ProjectPicture] = {}
    for entry in _get(content, "pictures", list, []):
        with _noted(notes):
            picture = _picture(entry, folder, notes)
            if picture.path in pictures:
                raise ValueError(f"it lists {picture.path} twice")
            pictures[picture.path] = picture
    model = ""
    with _noted(notes):
        model = _get(content, "model", str, "")
    return Project(
        tuple(pictures.values()), model, settings_of(content, notes), style_of(content, notes), tuple(notes)
    )


def settings_of(content: Mapping[str, Any], notes: list[str]) -> PostprocessSettings:
    """Read the numbers of a display from a file's content; add a clause to `notes` for each bad value."""
    settings, entry = PostprocessSettings(), _group(content, "settings", notes)
    for name in _float_names(PostprocessSettings):
        with _noted(notes):
            settings = replace(settings, **_floats(entry, name))
    with _noted(notes):
        threshold = Threshold.parse(_get(entry, "threshold", str, str(settings.threshold)))
        settings = replace(settings, threshold=threshold)
    with _noted(notes):
        normalise = cast(Normalisation, _get(entry, "normalise", str, settings.normalise))
        return replace(settings, normalise=normalise)
    return settings


def style_of(content: Mapping[str, Any], notes: list[str]) -> OverlayStyle:
    """Read the colours of a display from a file's content; add a clause to `notes` for each bad value."""
    style, entry = OverlayStyle(), _group(content, "style", notes)
    for name in _float_names(OverlayStyle):
        with _noted(notes):
            style = replace(style, **_floats(entry, name))
    with _noted(notes):
        return replace(style, colormap=_get(entry, "colormap", str, style.colormap))
    return style


@contextmanager
def _noted(notes: list[str]) -> Iterator[None]:
    """Turn a ``ValueError`` in the block into a note."""
    try:
        yield
    except ValueError as error:
        notes.append(str(error))


def _group(content: Mapping[str, Any], key: str, notes: list[str]) -> dict[str, Any]:
    with _noted(notes):
        return _get(content, key, dict, {})
    return {}


def _picture(entry: object, folder: Path, notes: list[str]) -> ProjectPicture:
    if not isinstance(entry, dict) or not _get(entry, "path", str, ""):
        raise ValueError("one of its pictures has no path")
    name = entry["path"]
    if "\0" in name:
        raise ValueError("the path of one of its pictures is not valid")
    areas = []
    listed: list[Any] = []
    with _noted(notes):
        listed = _get(entry, "areas", list, [])
    for number, area in enumerate(listed, 1):
        try:
            areas.append(read_area(area))
        except ValueError as error:
            notes.append(f"area {number} of {name}: {error}")
    return ProjectPicture(Path(os.path.normpath(folder / name)), tuple(areas))


def read_area(entry: object) -> Area:
    """Return the area that an entry of a file describes.

    Raises:
        ValueError: it describes none; the text is a clause.
    """
    if not isinstance(entry, dict):
        raise ValueError("it is not an area")
    kind = _get(entry, "kind", str, "")
    if kind not in _KINDS:
        raise ValueError(f"its kind is {', '.join(_KINDS)}, not {kind!r}")
    named: dict[str, Any] = {key: entry[key] for key in ("name", "id") if _get(entry, key, str, "")}
    named["hue"] = entry.get("hue")
    named["locked"] = entry.get("locked") is True
    if kind == "polygon":
        points = [_point(point) for point in _get(entry, "points", list, [])]
        return Polygon(tuple(points), **named)
    shape = _KINDS[kind]
    coordinates = _floats(entry, *_float_names(shape))
    for missing in {item.name for item in fields(shape)} - {"name", "id", "hue", "locked"} - set(coordinates):
        raise ValueError(f"its {missing} is missing")
    return shape(**coordinates, **named)


def _point(value: object) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2 and all(type(part) in (int, float) for part in value):
        return _float(value[0], "point"), _float(value[1], "point")
    raise ValueError("a point is two numbers")


def _float_names(kind: type) -> list[str]:
    return [item.name for item in fields(kind) if item.type == "float"]


def _floats(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the numbers that `entry` has."""
    return {name: _float(entry[name], name) for name in names if name in entry}


def _float(value: object, name: str) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"its {name} is not a number")
    try:
        return float(cast(float, value))
    except OverflowError:
        raise ValueError(f"its {name} is too large a number") from None


def _get(entry: Mapping[str, Any], key: str, kind: type[_Value], default: _Value) -> _Value:
    value = entry.get(key, default)
    if not isinstance(value, kind):
        what = "text" if kind is str else "a list" if kind is list else "a group"
        raise ValueError(f"its {key} is not {what}")
    return value


def area_entry(area: Area) -> dict[str, Any]:
    """Return an area as an entry for a file: what `read_area` takes."""
    values = asdict(area)
    if area.hue is None:
        del values["hue"]
    if not area.locked:
        del values["locked"]
    head = {"kind": type(area).__name__.lower(), "name": values.pop("name"), "id": values.pop("id")}
    return head | values


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_posix()
