"""``salviewer compare`` with areas: numbers, files, dashes and refusals."""

import csv
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from salviewer import api
from salviewer.core.areas import measure
from salviewer.media.project import Project, ProjectPicture, read_area, save_project

BOX = {"kind": "rectangle", "name": "Cup", "id": "1", "left": 0.25, "top": 0.2, "right": 0.75, "bottom": 0.8}


@pytest.fixture
def compare(salviewer, model_folder):
    def run(*arguments):
        return salviewer("compare", *arguments, "--model", model_folder, "--device", "cpu")

    return run


@pytest.fixture
def layouts(photos, tmp_path):
    """A photograph, the same moved by a tenth of its width, and another one."""
    with Image.open(photos / "coffee.jpg") as image:
        pixels = np.asarray(image)
    moved = np.roll(pixels, pixels.shape[1] // 10, axis=1)
    paths = [photos / "coffee.jpg", tmp_path / "moved.png", photos / "astronaut.jpg"]
    Image.fromarray(moved).save(paths[1])
    (tmp_path / "areas.json").write_text(json.dumps({"areas": [BOX]}))
    return paths


def test_table_report_and_words(compare, layouts, model_folder, tmp_path):
    ended = compare(
        *layouts, "--areas", tmp_path / "areas.json", "--goal", "Cup",
        "--table", tmp_path / "t.csv", "--report", tmp_path / "r.html", "--client", "A & B",
    )  # fmt: skip
    assert ended.code == 0
    assert any("B: Cup is found elsewhere" in line for line in ended.err)
    assert any("C: Cup is not found again; it gets a dash" in line for line in ended.err)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["variant"] for row in rows] == ["A", "B", "C"] and rows[2]["share"] == ""
    model = api.load_model(model_folder, "cpu")
    first = measure(api.predict(model, layouts[0]), [read_area(BOX)])[0]
    assert float(rows[0]["share"]) == pytest.approx(first.share, abs=1e-6)
    moved = read_area(BOX | {"left": 0.35, "right": 0.85})
    second = measure(api.predict(model, layouts[1]), [moved])[0]
    assert float(rows[1]["share"]) == pytest.approx(second.share, abs=0.01)
    assert rows[1]["change_margin"] != ""
    page = (tmp_path / "r.html").read_text()
    assert "for A &amp; B" in page and page.count("<section>") == 5
    assert any(line.startswith("Cup") and line.endswith("C –") for line in ended.out)


def test_areas_at_the_same_place_or_from_a_project(compare, layouts, model_folder, tmp_path):
    placed = compare(
        *layouts, "--areas", tmp_path / "areas.json", "--place", "same", "--table", tmp_path / "t.json"
    )
    assert placed.code == 0 and placed.err == []
    assert all(row["share"] for row in json.loads((tmp_path / "t.json").read_text()))
    pictures = (ProjectPicture(layouts[0], (read_area(BOX),)), ProjectPicture(layouts[1]))
    save_project(tmp_path / "p.salviewer.json", Project(pictures))
    ended = compare(*layouts[:2], "--areas", tmp_path / "p.salviewer.json", "--table", tmp_path / "p.json")
    assert ended.code == 0
    rows = json.loads((tmp_path / "p.json").read_text())
    assert rows[0]["share"] and rows[1]["share"] is None


def test_a_project_of_other_pictures_is_refused(compare, layouts, tmp_path):
    other = ProjectPicture(layouts[2], (read_area(BOX),))
    save_project(tmp_path / "p.salviewer.json", Project((other,)))
    ended = compare(*layouts[:2], "--areas", tmp_path / "p.salviewer.json", "--table", tmp_path / "t.csv")
    assert ended.code == 1 and "are of other pictures than these" in ended.err[-1]
    assert not (tmp_path / "t.csv").exists()


def test_a_pdf_without_any_display(layouts, model_folder, tmp_path):
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    environment.pop("QT_QPA_PLATFORM", None)

    def usual_signals():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    ended = subprocess.run(
        [
            *(sys.executable, "-m", "salviewer", "compare", *layouts[:2], "--areas", tmp_path / "areas.json"),
            *("--report", tmp_path / "r.pdf", "--model", model_folder, "--device", "cpu"),
        ],
        env=environment,
        preexec_fn=usual_signals,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    content = (tmp_path / "r.pdf").read_bytes()
    assert content.startswith(b"%PDF") and content.count(b"/Type /Page\n") == 4


@pytest.mark.parametrize(
    "given",
    [
        ("--report", "r.docx"),
        ("--table", "t.ods"),
        ("--goal", "Nothing", "--areas", "areas.json"),
        ("--areas", "areas.json", "--model-b", "x"),
        ("--areas", "areas.json", "-o", "d.png"),
        ("--areas", "areas.json", "--report", "r.pdf", "--colour", "blue"),
    ],
)
def test_wrong_usage(compare, layouts, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert compare(*layouts[:2], *given).code == 2
    assert not {path.name for path in tmp_path.iterdir()} & {"r.pdf", "r.docx", "t.ods"}


@pytest.mark.parametrize("content", ["{", "[]", '{"areas": 3}', '{"format": "else"}'])
def test_a_damaged_file_of_areas(compare, layouts, content, tmp_path):
    (tmp_path / "areas.json").write_text(content)
    ended = compare(*layouts[:2], "--areas", tmp_path / "areas.json")
    assert ended.code == 1 and len(ended.err) == 1 and str(tmp_path / "areas.json") in ended.err[0]


def test_an_entry_that_is_no_area_is_left_out_and_named(compare, layouts, tmp_path):
    (tmp_path / "areas.json").write_text(json.dumps({"areas": [BOX, {"kind": "star"}]}))
    ended = compare(*layouts[:2], "--areas", tmp_path / "areas.json")
    assert ended.code == 0 and any("area 2: its kind is" in line for line in ended.err)


def test_an_input_is_never_written_over(compare, layouts, tmp_path):
    (tmp_path / "areas.json").write_text(json.dumps({"areas": [BOX]}))
    before = (tmp_path / "areas.json").read_bytes()
    ended = compare(*layouts[:2], "--areas", tmp_path / "areas.json", "--table", tmp_path / "areas.json")
    assert ended.code == 1 and (tmp_path / "areas.json").read_bytes() == before
