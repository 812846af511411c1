"""Tables of fixations, as eye trackers export them: columns recognised by name, a picture a row or a file.

Known are the fixation exports of Tobii Pro Lab, Pupil Player, SR Research's Data Viewer and Gazepoint
Analysis, WebGazer's x, y and time, all from their manuals, and any table whose columns have plain names. A
file ``NAME.csv.columns.json`` beside ``NAME.csv`` says which column is what where names do not.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from salviewer.errors import DataError
from salviewer.media.data.names import TABLE_SUFFIXES
from salviewer.media.fixation_files import Fixations

SIDECAR = ".columns.json"
_IMAGE = (
    *(
        "image",
        "img",
        "stimulus",
        "presented stimulus name",
        "presented media name",
        "media_name",
        "media name",
    ),
    *(
        "stimulusname",
        "stimulus name",
        "image_name",
        "imagename",
        "filename",
        "file",
        "picture",
        "image_file",
    ),
    *("stimulus_file", "media", "surface", "page"),
)
_PLACES = (
    *(("x", "y"), ("current_fix_x", "current_fix_y"), ("fixation point x", "fixation point y")),
    *(
        ("fixationpointx", "fixationpointy"),
        ("fpogx", "fpogy"),
        ("fix_x", "fix_y"),
        ("fixation_x", "fixation_y"),
    ),
    *(("norm_pos_x", "norm_pos_y"), ("fixation point x (mcsnorm)", "fixation point y (mcsnorm)")),
    *(
        ("gaze_x", "gaze_y"),
        ("gazex", "gazey"),
        ("posx", "posy"),
        ("x_px", "y_px"),
        ("fixation x", "fixation y"),
    ),
)
_SUBJECT = (
    *("subject", "participant", "participant name", "participantname", "recording_session_label", "viewer"),
    *("user", "observer", "recording name", "subject_id", "participant_id", "userid", "recording id"),
)
_START = (
    *(
        "start",
        "current_fix_start",
        "start_timestamp",
        "fpogs",
        "onset",
        "start_time",
        "time",
        "t",
        "elapsed_time",
    ),
    *("recording timestamp", "timestamp", "start timestamp [ns]"),
)
_DURATION = (
    *(
        "duration",
        "current_fix_duration",
        "gaze event duration",
        "gazeeventduration",
        "fpogd",
        "fix_duration",
    ),
    *("duration [ms]",),
)
_INDEX = ("eye movement type index", "fixationindex", "fpogid", "fixation_id", "fixation id", "id")
_KIND = ("eye movement type", "gazeeventtype", "gaze event type")
_VALID = ("on_surf", "fpogv", "fixation detected on surface")
_OF_BOXES = {"width", "height", "crop", "share", "peak", "label", "class"}
"""Columns of tables with x and y that are none of fixations: boxes, and our own hotspots and crops."""

_SHARES = ("norm", "fpog")
_UNITS = re.compile(r"\s*[\[(](?:px|ms|s|mcspx|μs|us|dacs px)[\])]$")
_SURFACE = re.compile(r"^fixations_on_surface_|[_\-]?fixations?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns, by meaning; empty where there is none.

    Attributes:
        x, y: position, in the picture's pixels from 0 at its left and upper border, or in shares of it.
        image: the picture's file name; without it the table's own name says which picture.
        subject: who looked; without it the table is one viewer's where the pictures are named in it.
        start, duration: of each fixation.
        index: a number of each fixation, where a table has several rows for one.
        kind: which rows are fixations (``Fixation``).
        valid: rows with 0 or false here are left out.
        shares: whether x and y are shares; None to judge by the names and values.
        upward: whether y counts from the lower border, as Pupil's do.
    """

    x: str
    y: str
    image: str = ""
    subject: str = ""
    start: str = ""
    duration: str = ""
    index: str = ""
    kind: str = ""
    valid: str = ""
    shares: bool | None = None
    upward: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The head of a table.

    Attributes:
        names: of the columns.
        rows: the first few.
        columns: which is what, as far as it is recognised; None where x and y are not found.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: Columns | None


def is_table(path: Path) -> bool:
    """Return whether a file is a table with columns of fixations."""
    try:
        return path.suffix.lower() in TABLE_SUFFIXES and preview(path).columns is not None
    except DataError:
        return False


def preview(path: Path, rows: int = 8) -> Preview:
    """Return a table's head and what its columns are taken for.

    Raises:
        DataError: it is no table.
    """
    names, content = _content(path, rows)
    return Preview(tuple(names), tuple(tuple(row) for row in content), _columns(path, names))


def recognise(names: Sequence[str]) -> Columns | None:
    """Say which column is what by the columns' names; None where there is no x or no y."""
    plain = {_plain(name): name for name in names}
    if _OF_BOXES & plain.keys():
        return None

    def named(known: Sequence[str]) -> str:
        return next((plain[each] for each in known if each in plain), "")

    for x, y in _PLACES:
        if x in plain and y in plain:
            valid = named(_VALID)
            return Columns(
                plain[x], plain[y], named(_IMAGE), named(_SUBJECT), named(_START), named(_DURATION),
                named(_INDEX), named(_KIND), valid,
                True if any(part in x for part in _SHARES) else None,
                x.startswith("norm_pos"),
            )  # fmt: skip
    return None


def write_columns(path: Path, columns: Columns) -> None:
    """Keep which column is what beside a table.

    Raises:
        ExportError: it cannot be written.
    """
    from salviewer.media.saving import atomic_path

    values = {item.name: getattr(columns, item.name) for item in fields(columns)}
    with atomic_path(path.with_name(path.name + SIDECAR)) as scratch:
        scratch.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def read_table(path: Path) -> Mapping[str, Fixations]:
    """Read a table, or all tables of a folder, as a fixation record.

    Returns:
        by the picture's name as it stands in the table: (row, column) in pixels or, with the frame (1, 1), in
        shares; in the order of the start, else of the rows, viewer by viewer.

    Raises:
        DataError: there are no columns x and y, or a row has no numbers there.
    """
    tables = sorted(each for each in path.iterdir() if is_table(each)) if path.is_dir() else [path]
    found: dict[str, list[tuple[str, float, float, float, float]]] = {}
    shares: list[bool] = []
    for table in tables:
        rows, in_shares = _rows(table)
        shares.append(in_shares)
        for image, *row in rows:
            found.setdefault(image, []).append(tuple(row))  # type: ignore[arg-type]
    if len(set(shares)) > 1:
        raise DataError(path, "some of its tables are in pixels and others in shares of the picture")
    frame = (1.0, 1.0) if shares and shares[0] else None
    return {image: _fixations(rows, frame) for image, rows in found.items()}


def _fixations(
    rows: list[tuple[str, float, float, float, float]], frame: tuple[float, float] | None
) -> Fixations:
    whose = list(dict.fromkeys(subject for subject, *_ in rows))
    numbers = np.array([whose.index(subject) for subject, *_ in rows], np.int64)
    values = np.array([row[1:] for row in rows], np.float64).reshape(-1, 4)
    starts = values[:, 2]
    order = np.lexsort((starts, numbers)) if np.isfinite(starts).all() else np.argsort(numbers, kind="stable")
    viewers = numbers if whose != [""] else np.full(len(rows), -1, np.int64)
    made = Fixations(
        values[:, :2],
        viewers,
        frame,
        starts if np.isfinite(starts).all() else None,
        values[:, 3] if np.isfinite(values[:, 3]).all() else None,
    )
    return made.only(order)


def _rows(path: Path) -> tuple[list[tuple[str, str, float, float, float, float]], bool]:
    """(image, subject, row, column, start, duration) of each fixation, and whether it is in shares."""
    names, content = _content(path)
    columns = _columns(path, names)
    if columns is None:
        raise DataError(path, f"it has no columns x and y; there are {', '.join(names[:12])}")
    at = {
        item.name: names.index(value)
        for item in fields(columns)
        if (value := getattr(columns, item.name)) in names
    }
    own = _SURFACE.sub("", path.stem)
    seen: dict[object, tuple[str, str, float, float, float, float]] = {}
    scale = 0.001 if _in_milliseconds(columns) else 1.0
    for number, row in enumerate(content, 2):
        cell = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        if cell.get("kind", "Fixation").lower() != "fixation" or _is_no(cell.get("valid", "1")):
            continue
        if not cell["x"] and not cell["y"]:
            continue  # no gaze was found at that time
        x, y = _number(cell["x"]), _number(cell["y"])
        if x is None or y is None:
            raise DataError(path, f"row {number} has no numbers in the columns {columns.x} and {columns.y}")
        image = re.split(r"[/\\]", cell.get("image", "") or own)[-1]
        subject = cell.get("subject", "") or (own if columns.image else "")
        start, duration = (_number(cell.get(name, "")) for name in ("start", "duration"))
        nan = float("nan")
        key = (image, subject, cell["index"]) if cell.get("index") else number
        seen[key] = (
            image, subject, y, x,
            nan if start is None else start * scale, nan if duration is None else duration * scale,
        )  # fmt: skip
    found = list(seen.values())
    places = np.array([each[2:4] for each in found], np.float64).reshape(-1, 2)
    shares = columns.shares
    if shares is None:
        shares = len(found) > 1 and bool((np.abs(places - 0.5) <= 1).all())
    if columns.upward:
        found = [(image, who, 1 - row, *rest) for image, who, row, *rest in found]  # type: ignore[misc]
    return found, shares


def _columns(path: Path, names: Sequence[str]) -> Columns | None:
    beside = path.with_name(path.name + SIDECAR)
    if not beside.is_file():
        return recognise(names)
    try:
        values = json.loads(beside.read_text(encoding="utf-8"))
        known = {item.name for item in fields(Columns)}
        columns = Columns(**{key: value for key, value in values.items() if key in known})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DataError(beside, "it does not say which column is what") from error
    if missing := [name for name in (columns.x, columns.y) if name not in names]:
        raise DataError(beside, f"{path.name} has no column {missing[0]}")
    return columns


def _content(path: Path, rows: int | None = None) -> tuple[list[str], list[list[str]]]:
    try:
        data = path.read_bytes() if rows is None else path.open("rb").read(65_536)
    except OSError as error:
        raise DataError(path, f"the table cannot be read ({error.strerror or error})") from error
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"  # Tobii writes UTF-16
    text = data.decode(encoding, errors="replace")
    if "\0" in text[:4096]:
        raise DataError(path, "it is no table")
    head = text.partition("\n")[0]
    delimiter = max("\t;,", key=head.count)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise DataError(path, "it is no table") from error
    if not lines:
        raise DataError(path, "the table is empty")
    return [name.strip() for name in lines[0]], lines[1 : None if rows is None else rows + 1]


def _plain(name: str) -> str:
    lower = name.strip().lower()
    return _UNITS.sub("", lower) if _UNITS.sub("", lower) not in ("",) else lower


def _in_milliseconds(columns: Columns) -> bool:
    """Whether times are in milliseconds, as in all exports known here but Gazepoint's."""
    return not columns.start.lower().startswith(("fpog",))


def _number(text: str) -> float | None:
    try:
        return float(text if "," not in text else text.replace(",", "."))
    except ValueError:
        return None


def _is_no(text: str) -> bool:
    return text.lower() in ("0", "false", "0.0", "no")
