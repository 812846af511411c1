"""``salviewer data``: the survey, the columns of tables, and other layouts that hold the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from salviewer.cli import main
from salviewer.training.datasets import open_dataset
from salviewer.training.pack import open_pack
from tests.training.layouts import COUNT, SCENES, mit1003, plain_table, salicon

SIZE = (60, 80)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))


def test_the_survey_is_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    salicon(tmp_path / "set")
    assert main(["data", str(tmp_path / "set"), "--json", str(tmp_path / "survey.json")]) == 0
    out = capsys.readouterr().out
    assert "set: pictures with maps" in out and "fixations of up to 3 viewers a picture" in out
    assert (
        "  pictures: images" in out and "2 to train on, 2 to choose by, 0 to test on; the data's own" in out
    )
    assert "skipped images/test: 1 picture without fixation maps" in out
    values = json.loads((tmp_path / "survey.json").read_text())
    assert values["layout"] == "pairs" and values["taken"]["maps"] == "maps" and values["viewers"] == 3
    assert main(["data", "--layouts"]) == 0
    assert "MIT1003: ALLSTIMULI with ALLFIXATIONMAPS" in capsys.readouterr().out


@pytest.mark.parametrize(("to", "layout"), [("cat2000", "CAT2000"), ("hdf5", "pysaliency")])
@pytest.mark.parametrize("make", [mit1003, salicon, plain_table])
def test_another_layout_holds_the_same(
    make, to: str, layout: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "set")
    made = tmp_path / "made"
    assert main(["data", str(tmp_path / "set"), "--to", to, "-o", str(made)]) == 0
    assert json.loads(capsys.readouterr().out)["pictures"] == COUNT
    first, second = open_dataset(tmp_path / "set"), open_dataset(made)
    assert second.layout == layout and len(second.samples) == COUNT
    assert bool(second.own_split) == (make is salicon)
    before, after = open_pack(first.samples, SIZE), open_pack(second.samples, SIZE)
    for row in range(COUNT):
        np.testing.assert_array_equal(after.stimuli[row], before.stimuli[row])
        for pack in (before, after):
            found = np.zeros(SIZE, bool)
            cells = (pack.fixations_of(row) * SIZE).astype(int)
            found[cells[:, 0], cells[:, 1]] = True
            np.testing.assert_array_equal(found, SCENES[_scene(first.samples[row].name)].matrix > 0)
        if to == "hdf5":
            assert len(after.fixations_of(row)) == len(before.fixations_of(row))
        else:
            assert np.abs(after.maps[row].astype(int) - before.maps[row]).max() <= 2
    assert main(["data", str(tmp_path / "set"), "--to", to, "-o", str(made)]) == 1
    assert "it is there already and not empty" in capsys.readouterr().err


def _scene(name: str) -> int:
    return int(name[-1])


def test_pysaliency_opens_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    stub = types.ModuleType("pkg_resources")
    stub.resource_string = stub.resource_listdir = stub.resource_filename = None  # type: ignore[attr-defined]
    if "pkg_resources" not in sys.modules:
        monkeypatch.setitem(sys.modules, "pkg_resources", stub)
    if not hasattr(np, "trapz"):
        monkeypatch.setattr(np, "trapz", np.trapezoid, raising=False)
    if not hasattr(np, "string_"):
        monkeypatch.setattr(np, "string_", np.bytes_, raising=False)
    pysaliency = pytest.importorskip("pysaliency")
    salicon(tmp_path / "set")
    assert main(["data", str(tmp_path / "set"), "--to", "hdf5", "-o", str(tmp_path / "made")]) == 0
    stimuli = pysaliency.read_hdf5(str(tmp_path / "made" / "stimuli.hdf5"))
    fixations = pysaliency.read_hdf5(str(tmp_path / "made" / "fixations.hdf5"))
    assert len(stimuli) == COUNT and tuple(stimuli.shapes[0]) == (60, 80, 3)
    assert len(fixations.x) == sum(scene.cells.shape[0] * scene.cells.shape[1] for scene in SCENES)
    first = fixations[fixations.n == 0]
    cells = {(int(y), int(x)) for x, y in zip(first.x_int, first.y_int, strict=True)}
    assert cells == {tuple(cell) for cell in SCENES[0].cells.reshape(-1, 2).tolist()}


def test_columns_are_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain_table(tmp_path)
    table = tmp_path / "fixations.csv"
    table.write_text(table.read_text().replace("image,subject,x,y", "bild,wer,links,oben"))
    assert main(["data", str(table)]) == 1
    assert "x and y are not among its columns" in capsys.readouterr().out
    assert main(["data", str(table), "--columns", "x=links,y=oben,image=bild,subject=wer"]) == 0
    assert "x: links; y: oben; image: bild; subject: wer" in capsys.readouterr().out
    assert main(["data", str(tmp_path)]) == 0
    assert "4 pictures" in capsys.readouterr().out
    assert main(["data", str(table), "--columns", "x=left,y=oben"]) == 1
    assert "it has no column 'left'" in capsys.readouterr().err


def test_contradictions_are_usage_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["--sigma-degrees", "1"], "belong together"),
        (["--to", "hdf5"], "--to and -o belong together"),
        (["--blur", "3", "--sigma-degrees", "1", "--pixels-per-degree", "30"], "say the same thing"),
    ):
        with pytest.raises(SystemExit):
            main(["data", str(tmp_path), *words])
        assert said in capsys.readouterr().err
