"""Tables of a comparison, in every format."""

import csv
import json

import pytest

from salviewer.core.variants import tabulate
from salviewer.errors import ExportError
from salviewer.results.variant_tables import long_table, printed_areas, printed_comparison, save_variants
from tests.results.test_variant_words import HEADLINE, variant

FILES = {"A": "a.png", "B": "=b.png", "C": "c.png"}


@pytest.fixture
def table():
    return tabulate(
        [
            variant("A", 0.1, 0.7, 0.1, 0.1),
            variant("B", 0.2, 0.6, 0.1, 0.1),
            variant("C", 0.1, 0.75, 0.1, 0.05, areas=(HEADLINE,)),
        ]
    )


def test_all_numbers_and_a_row_for_what_is_missing(table):
    rows = long_table(table, FILES).rows
    assert [row[:2] for row in rows] == [
        (area, name) for area in ("Button", "Headline") for name in ("A", "B", "C")
    ]
    found = {row[:2]: dict(zip(long_table(table, FILES).columns, row, strict=True)) for row in rows}
    b = found["Button", "B"]
    assert (b["share"], b["density"], b["size"]) == pytest.approx((0.2, 0.8, 0.25))
    assert (b["change_points"], b["change_ratio"]) == pytest.approx((0.1, 1.0))
    assert b["changed"] == b["largest"] == 1
    assert found["Button", "C"]["share"] is None and found["Button", "A"]["change_points"] is None


def test_csv_json_and_xlsx_say_the_same(table, tmp_path):
    from openpyxl import load_workbook

    for suffix in ("csv", "json", "xlsx"):
        save_variants(tmp_path / f"t.{suffix}", table, FILES)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    objects = json.loads((tmp_path / "t.json").read_text())
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Comparison", "All numbers"]
    sheet = list(book["All numbers"].iter_rows(values_only=True))
    for row, one, cells in zip(rows, objects, sheet[1:], strict=True):
        there = dict(zip(sheet[0], cells, strict=True))
        assert row["area"] == one["area"] == there["area"]
        assert one["share"] == there["share"] and row["share"] == (
            "" if one["share"] is None else str(one["share"])
        )
    assert objects[1]["file"] == "=b.png" and rows[1]["file"] == "'=b.png"
    cell = book["All numbers"]["C3"]
    assert cell.value == "=b.png" and cell.data_type == "s"
    wide = list(book["Comparison"].iter_rows(values_only=True))
    assert wide[0][:4] == ("area", "share in A", "share in B", "share in C")
    assert wide[1][0] == "Button" and wide[1][3] is None and wide[1][4] == pytest.approx(10)


def test_another_suffix_is_refused(table, tmp_path):
    with pytest.raises(ExportError, match=r"ends in \.csv, \.xlsx, \.json, \.tsv"):
        save_variants(tmp_path / "t.ods", table, FILES)
    assert list(tmp_path.iterdir()) == []


def test_printed_tables_mark_and_dash(table):
    assert printed_comparison(table).rows == (
        ("Button", "10.0 %", "20.0 % (+10.0) ◀", "–"),
        ("Headline", "10.0 %", "10.0 %", "5.0 % (−5.0) ◀"),
    )
    button = printed_areas(table, "C").rows[0]
    assert button == ("Button", *["–"] * 6)
    headline = printed_areas(table, "B").rows[1]
    assert headline[1] == "10.0 %" and headline[5] == "0.0 (?)"
