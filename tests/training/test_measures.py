"""Numbers for published tables: at the pictures' own pixels the same as pysaliency's, and their options."""

from __future__ import annotations

import csv
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from salviewer.cli import main
from salviewer.core.old_metrics import auc_borji, emd
from salviewer.media.data.records import density_of
from tests.training.layouts import Scene

COUNT = 20


@pytest.fixture(scope="module")
def set_of_twenty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Scene], dict[str, Any]]:
    """Twenty pictures with a table of fixations at borders of pixels, and another program's maps."""
    root = tmp_path_factory.mktemp("twenty")
    scenes = [Scene(100 + number) for number in range(COUNT)]
    random = np.random.default_rng(3)
    rows, maps = ["image,subject,x,y,start,duration"], {}
    (root / "maps").mkdir()
    for number, scene in enumerate(scenes):
        scene.picture(root / "data" / "pictures" / f"p{number:02d}.png")
        for who, xy in enumerate(scene.xy):
            for i, (x, y) in enumerate(xy):
                rows.append(f"p{number:02d}.png,{who},{x},{y + 0.999},{300 * i},250")  # borders of pixels
        maps[f"p{number:02d}"] = random.random(scene.map.shape) + 4 * scene.map / 255
        np.save(root / "maps" / f"p{number:02d}.npy", maps[f"p{number:02d}"])
    (root / "data" / "fixations.csv").write_text("\n".join(rows) + "\n")
    return root / "data", root / "maps", scenes, maps


@pytest.fixture(scope="module")
def pysaliency() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        stub: Any = types.ModuleType("pkg_resources")
        stub.resource_string = stub.resource_listdir = stub.resource_filename = None
        if "pkg_resources" not in sys.modules:
            patch.setitem(sys.modules, "pkg_resources", stub)
        if not hasattr(np, "trapz"):
            patch.setattr(np, "trapz", np.trapezoid, raising=False)
        yield pytest.importorskip("pysaliency")


def scored(data: Path, maps: Path, folder: Path, *more: str) -> dict[str, Any]:
    words = ["evaluate", f"--maps={maps}", f"--data={data}", f"--json={folder / 's.json'}", *more]
    assert main([*words]) == 0
    values: dict[str, Any] = json.loads((folder / "s.json").read_text())
    return values


def test_at_their_own_pixels_the_numbers_are_pysaliency_s(
    set_of_twenty: tuple[Path, Path, list[Scene], dict[str, Any]], pysaliency: Any, tmp_path: Path
) -> None:
    data, folder, scenes, maps = set_of_twenty
    values = scored(
        data, folder, tmp_path, "--grid=original", "--shuffled=all", f"--csv={tmp_path / 's.csv'}"
    )
    assert values["size"] == "original"
    stimuli = pysaliency.Stimuli([scene.pixels for scene in scenes])
    trains = [(n, who, xy) for n, scene in enumerate(scenes) for who, xy in enumerate(scene.xy)]
    fixations = pysaliency.FixationTrains.from_fixation_trains(
        [xy[:, 0].astype(float) for _, _, xy in trains],
        [xy[:, 1] + 0.999 for _, _, xy in trains],
        [np.arange(len(xy)) for _, _, xy in trains],
        [n for n, _, _ in trains],
        [who for _, who, _ in trains],
    )
    lookup = {scene.pixels.tobytes(): maps[f"p{number:02d}"] for number, scene in enumerate(scenes)}

    class Theirs(pysaliency.SaliencyMapModel):  # type: ignore[misc]
        def _saliency_map(self, stimulus: Any) -> Any:
            return lookup[np.asarray(stimulus).tobytes()]

    model = Theirs()
    theirs = {
        "NSS": model.NSSs(stimuli, fixations),
        "AUC-Judd": model.AUC_Judd(stimuli, fixations, jitter=False),
        "sAUC": model.AUC_per_image(stimuli, fixations, nonfixations="shuffled"),
    }
    ours = {item["name"]: item for item in values["pictures"] if item["predictor"] == "maps"}
    assert len(ours) == COUNT
    for number in range(COUNT):
        mine = fixations.n == number
        assert ours[f"p{number:02d}"]["NSS"] == pytest.approx(theirs["NSS"][mine].mean(), abs=1e-6)
        assert ours[f"p{number:02d}"]["sAUC"] == pytest.approx(theirs["sAUC"][number], abs=1e-6)
        scene, guess = scenes[number], maps[f"p{number:02d}"]
        cells = np.concatenate(scene.cells)
        truth = density_of((cells + 0.5) / np.array(guess.shape), guess.shape).astype(float)
        for metric, of in (
            ("CC", pysaliency.metrics.CC),
            ("SIM", pysaliency.metrics.SIM),
            ("KL", pysaliency.metrics.MIT_KLDiv),
        ):
            assert ours[f"p{number:02d}"][metric] == pytest.approx(of(guess, truth), abs=1e-5), metric
    mean = float(np.mean([each["AUC-Judd"] for each in ours.values()]))
    assert mean == pytest.approx(theirs["AUC-Judd"], abs=1e-6)
    rows = list(csv.DictReader((tmp_path / "s.csv").open()))
    table = {row["name"]: row for row in rows if row["predictor"] == "maps"}
    assert float(table["p03"]["NSS"]) == pytest.approx(ours["p03"]["NSS"], rel=1e-8)


def test_the_first_fixation_and_one_viewer(
    set_of_twenty: tuple[Path, Path, list[Scene], dict[str, Any]], tmp_path: Path
) -> None:
    data, folder, scenes, maps = set_of_twenty
    whole = scored(data, folder, tmp_path, "--grid=original")
    less = scored(data, folder, tmp_path, "--grid=original", "--skip-first")
    assert "without each viewer's first fixation" in less["note"]
    guess = maps["p00"]
    z = (guess - guess.mean()) / guess.std()
    for values, start in ((whole, 0), (less, 1)):
        cells = np.concatenate([each[start:] for each in scenes[0].cells])
        mine = next(
            item for item in values["pictures"] if (item["name"], item["predictor"]) == ("p00", "maps")
        )
        assert mine["NSS"] == pytest.approx(z[cells[:, 0], cells[:, 1]].mean(), abs=1e-6)
    for grid in ("240x320", "original"):
        values = scored(data, folder, tmp_path, "--one-viewer", f"--grid={grid}")
        rows = {row["predictor"]: row for row in values["rows"]}
        assert 0 < rows["one viewer"]["NSS"] < rows["half of the viewers"]["NSS"] + 0.5
        assert rows["one viewer"]["pictures"] == rows["half of the viewers"]["pictures"] == COUNT


def test_unknown_viewers_have_no_first_fixation(discs: Path, tmp_path: Path, capsys: Any) -> None:
    maps = tmp_path / "maps"
    maps.mkdir()
    for category in ("Indoor", "Outdoor"):
        (maps / category).mkdir()
        for number in range(1, 9):
            Image.new("L", (32, 24), 9).save(maps / category / f"{number:03d}.png")
    assert main(["evaluate", f"--maps={maps}", f"--data={discs}", "--skip-first"]) == 1
    assert "it does not say who made which fixation" in capsys.readouterr().err


def test_old_metrics(set_of_twenty: tuple[Path, Path, list[Scene], dict[str, Any]], tmp_path: Path) -> None:
    data, folder, _, _ = set_of_twenty
    rows = {row["predictor"]: row for row in scored(data, folder, tmp_path, "--old-metrics")["rows"]}
    assert 0.5 < rows["maps"]["AUC-Borji"] < rows["maps"]["AUC-Judd"] + 0.05
    assert rows["maps"]["EMD"] < rows["centre bias"]["EMD"] + 5
    field = np.zeros((64, 96))
    field[8:24, 8:24] = 1
    moved = np.roll(field, 64, axis=1)
    assert emd(field, field) == pytest.approx(0, abs=1e-6)
    assert emd(field, moved) == pytest.approx(2, abs=1e-3)  # two cells of 32 pixels
    cells = np.argwhere(field > 0)
    assert auc_borji(field, cells) == auc_borji(field, cells) > 0.9
    assert auc_borji(np.ones((8, 8)), np.array([[1, 1]])) == 0.5
    with pytest.raises(ValueError, match="at least one"):
        auc_borji(field, cells[:0])
