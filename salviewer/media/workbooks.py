"""Tables as XLSX workbooks: docs/adr/0016."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from salviewer.media.saving import atomic_path
from salviewer.media.tables import Table

_WIDEST = 48  # letters of a column


def save_workbook(path: str | PathLike[str], sheets: Sequence[tuple[str, Table]]) -> None:
    """Write tables as the sheets of a workbook.

    Numbers stay numbers, and a text that begins like a formula stays text. The first row is frozen.

    Args:
        path: ends in .xlsx.
        sheets: names, at most 31 letters, and their tables.

    Raises:
        ExportError: the file cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for name, table in sheets:
        sheet = book.create_sheet(name)
        for row, values in enumerate((table.columns, *table.rows), 1):
            for column, value in enumerate(values, 1):
                cell = sheet.cell(row, column)
                if isinstance(value, str):
                    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value.encode("utf-8", "replace").decode())
                    cell.data_type = "s"
                else:
                    cell.value = value
                if row == 1:
                    cell.font = Font(bold=True)
        for column in range(1, len(table.columns) + 1):
            lengths = [len(str(values[column - 1])) for values in (table.columns, *table.rows)]
            sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(lengths) + 2)
        sheet.freeze_panes = "B2"
    with atomic_path(path) as temporary:
        book.save(temporary)
