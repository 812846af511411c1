"""Tables open correctly in a spreadsheet, and no area name becomes a formula."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salviewer.core.areas import Ellipse, Rectangle, measure
from salviewer.core.hotspots import Hotspot
from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import ExportError
from salviewer.media.tables import Table, area_table, hotspot_table, save_table, table_text


def scores(*names):
    saliency = SaliencyMap(np.ones((8, 8), np.float32), (80, 80), "test")
    areas = [Rectangle(0, 0, 0.5, 0.25 * (n + 1), name=name) for n, name in enumerate(names)]
    return measure(saliency, [*areas, Ellipse(0.5, 0.5, 0.1, 0.1, name="Auge", id="e")])


def test_areas_as_csv():
    lines = table_text(area_table(scores("Logo")), "csv").split("\r\n")
    assert lines[0] == "name,kind,rank,size,share,density,mean,peak,id" and lines[-1] == ""
    assert lines[1].startswith("Logo,rectangle,1,0.125,0.125,1.0,1.0,1.0,")
    assert lines[2] == "Auge,ellipse,2,0.031416,0.031416,1.0,1.0,1.0,e"


def test_hotspots_in_every_form():
    table = hotspot_table([Hotspot(1, 620.625, 830.0, 0.10405992574659823, 1.0)])
    assert table_text(table, "csv") == "number,x,y,share,peak\r\n1,620.6,830.0,0.10406,1.0\r\n"
    assert table_text(table, "tsv") == "number\tx\ty\tshare\tpeak\n1\t620.6\t830.0\t0.10406\t1.0\n"
    assert json.loads(table_text(table, "json")) == [
        {"number": 1, "x": 620.6, "y": 830.0, "share": 0.10406, "peak": 1.0}
    ]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
@pytest.mark.parametrize("fmt", ["csv", "tsv"])
def test_a_name_is_never_a_formula(name, fmt):
    text = table_text(area_table(scores(name)), fmt)
    row = list(csv.reader(io.StringIO(text), delimiter={"csv": ",", "tsv": "\t"}[fmt]))[1]
    assert row[0].startswith("'") and len(row) == 9


def test_negative_numbers_stay_numbers():
    assert table_text(Table(("x",), ((-1.5,),)), "csv") == "x\r\n-1.5\r\n"


@given(st.text())
def test_any_name_is_one_cell_of_one_line(name):
    table = area_table(scores(name))
    for fmt, delimiter in (("csv", ","), ("tsv", "\t")):
        text = table_text(table, fmt)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert [len(row) for row in rows] == [9, 9, 9]
        assert len(text.splitlines()) == 3
    assert json.loads(table_text(table, "json"))[0]["name"] == name


def test_files_are_utf8_with_a_mark_for_excel_but_not_in_json(tmp_path):
    table = area_table(scores("Überschrift 🌄"))
    for fmt in ("csv", "tsv", "json"):
        path = tmp_path / f"areas.{fmt.upper()}"
        save_table(path, table)
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") == (fmt != "json")
        assert data.decode("utf-8-sig") == table_text(table, fmt)


def test_what_cannot_be_written_says_so(tmp_path):
    with pytest.raises(ExportError, match=r"ends in \.csv, \.json or \.tsv"):
        save_table(tmp_path / "areas.xlsx", hotspot_table([]))
    with pytest.raises(ExportError, match="its folder does not exist"):
        save_table(tmp_path / "no" / "areas.csv", hotspot_table([]))
    assert list(tmp_path.iterdir()) == []
