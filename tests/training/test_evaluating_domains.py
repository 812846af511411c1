"""`salviewer evaluate` on several data sets, beside another model, and of any other program's maps."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from salviewer.cli import main
from salviewer.core.bootstrap import intervals, macro_intervals
from salviewer.models.catalog import find_model
from salviewer.models.reading import read_arrays
from salviewer.training.evaluation_domains import MACRO
from tests.training.conftest import make_sample

METRICS = ("NSS", "AUC-Judd", "sAUC", "IG", "CC", "SIM", "KL")


def evaluated(file: Path, *words: str) -> dict[str, Any]:
    assert main(["evaluate", "--device=cpu", f"--json={file}", *words]) == 0
    values: dict[str, Any] = json.loads(file.read_text())
    return values


def refused(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    capfd.readouterr()
    try:
        code = main(["evaluate", "--device=cpu", *words])
    except SystemExit as left:
        code = left.code
    assert code not in (0, None)
    return capfd.readouterr().err


def test_each_group_counts_alike_however_many_it_has() -> None:
    random = np.random.default_rng(0)
    few, many = random.normal(0, 1, (9, 2)), random.normal(10, 1, (400, 2))
    many[:, 1] = np.nan
    found = macro_intervals([few, many])
    assert found[0, 0] < 5 < found[0, 1] and np.isnan(found[1]).all()
    alone = intervals(few)[0]
    assert found[0, 1] - found[0, 0] == pytest.approx((alone[1] - alone[0]) / 2, rel=0.15)
    with pytest.raises(ValueError, match="not one group"):
        macro_intervals([])


@pytest.fixture(scope="module")
def sets(discs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The discs, and another set with a category of the same name and one of its own."""
    other = tmp_path_factory.mktemp("sets") / "other"
    random = np.random.default_rng(11)
    for category, count in (("Indoor", 3), ("Shelf", 2)):
        for number in range(count):
            make_sample(other, category, f"{number + 1:03d}", random)
    return discs, other


@pytest.fixture(scope="module")
def upside_down(tmp_path_factory: pytest.TempPathFactory) -> str:
    """live_net with its head's sign changed."""
    arrays = read_arrays(find_model("live_net"))[1]
    weights = {key: torch.from_numpy(value.copy()) for key, value in arrays.items()}
    weights["head.weight"] = -weights["head.weight"]
    file = tmp_path_factory.mktemp("model") / "upside_down.safetensors"
    save_file(weights, file)
    return str(file)


def test_several_sets_stand_in_one_table(
    sets: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [f"--data={each}" for each in sets]
    both = evaluated(tmp_path / "both.json", *words)
    said = " ".join(capfd.readouterr().out.split())
    alone = [evaluated(tmp_path / "alone.json", word) for word in words]
    assert both["data"] == [str(each) for each in sets] and both["part"] == ["all", "all"]
    first = sets[0].name
    names = {f"{first}/Indoor": (0, "Indoor"), "Outdoor": (0, "Outdoor")}
    names |= {"other/Indoor": (1, "Indoor"), "Shelf": (1, "Shelf")}
    rows = {(row["category"], row["predictor"]): row for row in both["rows"]}
    assert list(dict.fromkeys(category for category, _ in rows)) == [*names, MACRO]
    for name, (at, category) in names.items():
        row = next(
            row for row in alone[at]["rows"] if (row["category"], row["predictor"]) == (category, "live_net")
        )
        assert {**row, "category": name} == rows[name, "live_net"]
    macro = rows[MACRO, "live_net"]
    assert macro["pictures"] == 21
    for metric in METRICS:
        assert macro[metric] == pytest.approx(np.mean([rows[name, "live_net"][metric] for name in names]))
        low, high = macro["intervals"][metric]
        assert low < macro[metric] < high
    assert len({(item["data"], item["name"], item["predictor"]) for item in both["pictures"]}) == 63
    assert "mean of categories live_net 21" in said and "other/Indoor live_net 3" in said


def test_a_model_beside_another_is_distinguished_picture_by_picture(
    sets: tuple[Path, Path], upside_down: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a page, on one set and on two."""
    words = [f"--data={each}" for each in sets]
    for given, last in ((words[:1], "all"), (words, MACRO)):
        values = evaluated(tmp_path / "scores.json", *given, f"--beside={upside_down}")
        rows = {(row["category"], row["predictor"]): row for row in values["rows"]}
        assert values["beside"] == {"model": upside_down, "sha256": ""}, "a bare file has no card"
        compared = {each["category"]: each for each in values["differences"]}
        assert list(compared) == list(dict.fromkeys(category for category, _ in rows))
        assert list(compared)[-1] == last
        for category, each in compared.items():
            for metric in METRICS:
                ours, theirs = rows[category, "live_net"], rows[category, upside_down]
                assert each[metric] == pytest.approx(ours[metric] - theirs[metric])
        assert compared[last]["intervals"]["NSS"][0] > 1, "it looks at the discs, the other anywhere else"
    assert "95 % interval, by the bootstrap over pictures drawn for both alike" in capfd.readouterr().out


def densities_as_maps(data: Path, out: Path, category: str, suffix: str) -> None:
    """What people looked at, as if a program had predicted it, in arrays of other scales or in pictures."""
    out.mkdir(parents=True)
    for file in (data / "trainSet/FIXATIONMAPS" / category).iterdir():
        density = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        if suffix == ".npy":
            np.save(out / f"{file.stem}.npy", density.astype(np.float64) * 1e-7)
        else:
            cv2.imwrite(str(out / f"{file.stem}{suffix}"), density.astype(np.uint16) * 257)


def test_maps_of_another_program_are_scored_the_same_way(
    sets: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    maps = tmp_path / "their_maps"
    densities_as_maps(sets[0], maps / sets[0].name / "Indoor", "Indoor", ".png")
    densities_as_maps(sets[0], maps / sets[0].name / "Outdoor", "Outdoor", ".npy")
    densities_as_maps(sets[1], maps / "other" / "Indoor", "Indoor", ".tif")
    densities_as_maps(sets[1], maps / "Shelf", "Shelf", ".png")
    page = tmp_path / "page.html"
    words = [f"--data={each}" for each in sets]
    values = evaluated(tmp_path / "scores.json", f"--maps={maps}", *words, "--beside=live_net")
    assert (values["model"], values["sha256"]) == (str(maps), "")
    rows = {(row["category"], row["predictor"]): row for row in values["rows"]}
    assert rows[MACRO, "their_maps"]["CC"] > 0.99 and rows[MACRO, "their_maps"]["KL"] < 0.02
    assert rows[MACRO, "their_maps"]["NSS"] > rows[MACRO, "live_net"]["NSS"]
    assert values["differences"][-1]["NSS"] > 0
    capfd.readouterr()
    alone = evaluated(tmp_path / "alone.json", f"--maps={maps}", words[0], f"--report={page}", "--worst=1")
    by = {(row["category"], row["predictor"]): row for row in alone["rows"]}
    assert by["Outdoor", "their_maps"] == rows["Outdoor", "their_maps"]
    assert "ready-made maps" in page.read_text(encoding="utf-8")


def test_maps_that_cannot_be_scored_are_refused_in_a_sentence(
    sets: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data, maps = f"--data={sets[1]}", tmp_path / "maps"
    assert "it is not a folder" in refused(capfd, data, f"--maps={maps}")
    densities_as_maps(sets[1], maps / "Indoor", "Indoor", ".npy")
    assert "it has no map of 2 of 5 pictures; the first: Shelf/001" in refused(capfd, data, f"--maps={maps}")
    densities_as_maps(sets[1], maps / "Shelf", "Shelf", ".npy")
    file = maps / "Shelf" / "002.npy"
    for values, reason in (
        (np.zeros((96, 128)), "the map is empty"),
        (np.full((96, 128), -1.0), "negative numbers"),
        (np.full((96, 128), np.nan), "not finite"),
        (np.ones((96, 96)), "another aspect ratio (96 x 96)"),
        (np.ones((3, 96, 128)), "not an array of numbers with rows and columns"),
    ):
        np.save(file, values)
        said = refused(capfd, data, f"--maps={maps}")
        assert reason in said and "002.npy" in said and "Traceback" not in said
    file.write_bytes(b"\x93NUMPY")
    assert "the map is damaged" in refused(capfd, data, f"--maps={maps}")


def test_options_that_do_not_go_together_are_refused(
    sets: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [f"--data={each}" for each in sets]
    assert "--beside names live_net itself" in refused(capfd, words[0], "--beside=live_net")
    assert "--maps takes the place of --model" in refused(capfd, words[0], "--model=live_net", "--maps=x")
    for option in (f"--report={tmp_path / 'page.html'}", f"--split={tmp_path / 'split.json'}"):
        assert f"{option.split('=')[0]} needs a single --data" in refused(capfd, *words, option)
    shutil.copytree(sets[1], tmp_path / "other")
    said = refused(capfd, words[1], f"--data={tmp_path / 'other'}")
    assert "two of the data sets have the name other" in said
