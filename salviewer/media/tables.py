"""Write hotspots and areas as tables for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from salviewer.core.areas import AreaScore
from salviewer.core.hotspots import Hotspot
from salviewer.errors import ExportError
from salviewer.media.saving import atomic_path, check_target

TableFormat = Literal["csv", "json", "tsv"]
TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)

Cell = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns.

    Attributes:
        columns: their names.
        rows: one cell per column, None where there is no value; fractions are numbers in 0..1, not
            percentages.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def hotspot_table(hotspots: Sequence[Hotspot]) -> Table:
    """Make a table of hotspots.

    Columns: number; x, y in pixels of the picture; share of attention; peak on the colour bar.
    """
    return Table(
        ("number", "x", "y", "share", "peak"),
        tuple(
            (spot.number, round(spot.x, 1), round(spot.y, 1), round(spot.share, 6), round(spot.peak, 6))
            for spot in hotspots
        ),
    )


def area_table(scores: Sequence[AreaScore]) -> Table:
    """Make a table of the fields of `AreaScore`, one row per area, in the given order."""
    numbers = ("size", "share", "density", "mean", "peak")
    return Table(
        ("name", "kind", "rank", *numbers, "id"),
        tuple(
            (
                score.area.name,
                type(score.area).__name__.lower(),
                score.rank,
                *(round(float(getattr(score, number)), 6) for number in numbers),
                score.area.id,
            )
            for score in scores
        ),
    )


def table_text(table: Table, fmt: TableFormat) -> str:
    """Format a table as text.

    - ``csv``: commas, CRLF line ends (RFC 4180), a decimal point in every language.
    - ``tsv``: the same with tabs and LF, for pasting into a spreadsheet.
    - ``json``: a list with one object per row.

    In CSV and TSV, a text that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-``,
    ``@``, a tab or a line end) gets an apostrophe in front, and line ends and tabs inside become spaces.
    """
    if fmt == "json":
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    stream = io.StringIO()
    delimiter, end = (",", "\r\n") if fmt == "csv" else ("\t", "\n")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerow(table.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return stream.getvalue()


def check_table(path: str | PathLike[str]) -> None:
    """Refuse a file that `save_table` would refuse, before work is done for it.

    Raises:
        ExportError: the suffix is another, or the file cannot be written there.
    """
    _format_of(path)
    check_target(path)


def _format_of(path: str | PathLike[str]) -> TableFormat:
    for fmt in TABLE_FORMATS:
        if Path(path).suffix.lower() == f".{fmt}":
            return fmt
    raise ExportError(path, "the name of a table ends in .csv, .json or .tsv")


def save_table(path: str | PathLike[str], table: Table) -> None:
    """Write a table in the format of its suffix: .csv, .json or .tsv.

    UTF-8. CSV and TSV begin with a byte order mark: without it Excel assumes the language's old encoding and
    breaks every name with an accent; other programs skip it. JSON must not have one.

    Raises:
        ExportError: the suffix is another, or the file cannot be written.
    """
    fmt = _format_of(path)
    text = table_text(table, fmt)
    encoded = (text if fmt == "json" else _BOM + text).encode("utf-8", "surrogatepass")
    with atomic_path(path) as temporary:
        temporary.write_bytes(encoded)


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    guarded = f"'{cell}" if cell.startswith(_FORMULA) or cell[:1] == "\n" else cell
    return " ".join(guarded.replace("\t", "\n").splitlines())
