"""A comparison of variants as tables: for programs, for spreadsheets, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

from salviewer.core.scores import Scores
from salviewer.core.variants import Cell, VariantTable
from salviewer.errors import ExportError
from salviewer.media.tables import TABLE_FORMATS, Table, save_table
from salviewer.media.tables import Cell as Value
from salviewer.media.workbooks import save_workbook
from salviewer.results.report import ReportTable
from salviewer.results.variant_words import signed_percent, signed_points
from salviewer.results.words import percent, times
from salviewer.texts import worded

DASH = "–"

SUFFIXES = (".csv", ".xlsx", ".json", ".tsv")
"""Of the files that `save_variants` writes."""


def long_table(table: VariantTable, files: Mapping[str, str]) -> Table:
    """Make a table of all numbers: a row for each area and variant, also where the area is missing.

    Columns: area; variant; file; share, density and size as in `Cell`; visit; seconds; margin; change_points
    and change_ratio against the first variant, in shares; change_margin; changed; largest.

    Args:
        table: the comparison.
        files: the file of each variant, by its name.
    """
    columns = (
        *("area", "variant", "file", "share", "density", "size", "visit", "seconds", "margin"),
        *("change_points", "change_ratio", "change_margin", "changed", "largest"),
    )
    rows = [
        (area, variant, files.get(variant, ""), *_numbers(table.cell(area, variant)))
        for area in table.areas
        for variant in table.variants
    ]
    return Table(columns, tuple(rows))


def wide_table(table: VariantTable) -> Table:
    """Make a table with a row an area: its share in each variant, then its change in points and per cent."""
    others = table.variants[1:]
    columns = (
        "area",
        *(f"share in {name}" for name in table.variants),
        *(f"change in {name}, points" for name in others),
        *(f"change in {name}, per cent" for name in others),
    )
    rows: list[tuple[Value, ...]] = []
    for area in table.areas:
        cells = [table.cell(area, name) for name in table.variants]
        changes = [cell.change if cell else None for cell in cells[1:]]
        rows.append(
            (
                area,
                *(round(cell.share, 6) if cell else None for cell in cells),
                *(round(100 * change.points, 3) if change else None for change in changes),
                *(
                    round(100 * change.ratio, 2) if change and change.ratio is not None else None
                    for change in changes
                ),
            )
        )
    return Table(columns, tuple(rows))


def save_variants(path: str | PathLike[str], table: VariantTable, files: Mapping[str, str]) -> None:
    """Write the numbers as .csv, .json or .tsv, or .xlsx with two sheets.

    Raises:
        ExportError: the suffix is another, or the file cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".xlsx":
        save_workbook(path, (("Comparison", wide_table(table)), ("All numbers", long_table(table, files))))
    elif suffix.removeprefix(".") in TABLE_FORMATS:
        save_table(path, long_table(table, files))
    else:
        raise ExportError(path, f"the name of a comparison's table ends in {', '.join(SUFFIXES)}")


def printed_comparison(table: VariantTable) -> ReportTable:
    """Make the table of shares for print: in each cell share, change and a mark at the largest."""
    rows = [
        (area, *(_share_words(table.cell(area, name)) for name in table.variants)) for area in table.areas
    ]
    return ReportTable(
        worded("Share of attention by area and variant"), (worded("Area"), *table.variants), tuple(rows)
    )


def printed_areas(table: VariantTable, variant: str) -> ReportTable:
    """Make the table of one variant's areas for print."""
    rows = []
    for area in table.areas:
        cell = table.cell(area, variant)
        if cell is None:
            rows.append((area, *([DASH] * 6)))
            continue
        change = cell.change
        rows.append(
            (
                area,
                percent(cell.share),
                DASH if cell.margin is None else f"±{100 * cell.margin:.1f}",
                times(cell.density),
                visit_words(cell),
                DASH if change is None else signed_points(change.points) + ("" if change.called else " (?)"),
                DASH if change is None else signed_percent(change) or DASH,
            )
        )
    columns = (
        worded("Area"),
        worded("Share"),
        worded("Moves by"),
        worded("Density"),
        worded("First visit"),
        worded("Points"),
        worded("Change"),
    )
    return ReportTable(worded("Areas of {variant}", variant=variant), columns, tuple(rows))


def printed_scores(scores: Sequence[tuple[str, Scores]]) -> ReportTable:
    """Make the table of scores for print: a row a variant."""
    rows = tuple(
        (
            name,
            f"{one.focus:.0f}",
            DASH if one.seen_first is None else f"{one.seen_first:.0f}",
            DASH if one.competition is None else f"{one.competition:.0f}",
            ", ".join(one.reached) or worded("no area"),
        )
        for name, one in scores
    )
    columns = (
        worded("Variant"),
        worded("Focus"),
        worded("Seen first"),
        worded("Competition"),
        worded("The first three visits reach"),
    )
    return ReportTable(worded("Scores"), columns, rows)


def visit_words(cell: Cell) -> str:
    """Say when an area is first visited: "1 (0.0 s)"; a dash if it never is."""
    return DASH if cell.visit is None or cell.seconds is None else f"{cell.visit} ({cell.seconds:.1f} s)"


def _share_words(cell: Cell | None) -> str:
    if cell is None:
        return DASH
    if cell.change is None or not cell.change.called:
        return percent(cell.share)
    mark = " ◀" if cell.marked else ""
    return f"{percent(cell.share)} ({signed_points(cell.change.points)}){mark}"


def _numbers(cell: Cell | None) -> tuple[Value, ...]:
    if cell is None:
        return (None,) * 11
    change = cell.change
    return (
        *(round(value, 6) for value in (cell.share, cell.density, cell.size)),
        cell.visit,
        None if cell.seconds is None else round(cell.seconds, 2),
        None if cell.margin is None else round(cell.margin, 6),
        *(
            (None,) * 4
            if change is None
            else (
                round(change.points, 6),
                None if change.ratio is None else round(change.ratio, 6),
                None if change.margin is None else round(change.margin, 6),
                int(change.called),
            )
        ),
        int(cell.marked),
    )
