"""`benchmarks/robustness.py`: what it does to pictures, and that its clean row is `salviewer evaluate`'s."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from scipy.io import savemat

from salviewer.cli import main
from salviewer.core.resizing import resize
from tests.training.conftest import SIZE, make_sample

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FRAME = (240, 320)

pytestmark = pytest.mark.skipif(
    not BENCHMARKS.is_dir(), reason="the benchmarks are not packed with the tests"
)


@pytest.fixture(scope="module")
def altered() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PYTHONPATH", "OMP_WAIT_POLICY"):  # which `checkout` sets
            patch.setenv(name, os.environ.get(name, ""))
        patch.syspath_prepend(BENCHMARKS)
        yield import_module("altered")


def noise(size: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)


def test_a_corruption_changes_values_alone_and_does_the_same_every_time(altered: Any) -> None:
    picture = noise((48, 64))
    before = picture.copy()
    for title, corrupt in altered.CORRUPTIONS.items():
        once = corrupt(picture)
        assert (once.shape, once.dtype) == (picture.shape, np.uint8), title
        assert (once != picture).any(), title
        np.testing.assert_array_equal(once, corrupt(picture), title)
    np.testing.assert_array_equal(picture, before)


def test_each_corruption_is_as_strong_as_it_says(altered: Any) -> None:
    flat = np.full((120, 160, 3), (100, 120, 140), np.uint8)
    corrupted = {title: corrupt(flat).astype(float) for title, corrupt in altered.CORRUPTIONS.items()}
    assert (corrupted["darkness, x 0.25"] == (25, 30, 35)).all()
    assert (corrupted["darkness, x 0.1"] == (10, 12, 14)).all()
    assert (corrupted["noise, sigma 25"] - flat).std() == pytest.approx(25, rel=0.02)
    assert np.ptp(corrupted["grey"]) == 0
    edge = np.zeros((9, 64, 3), np.uint8)
    edge[:, 32:] = 255
    for sigma in (2, 4):  # a blurred edge's slope is the Gaussian's own peak
        slope = np.diff(altered.CORRUPTIONS[f"blur, sigma {sigma}"](edge)[4, :, 0].astype(float)).max()
        assert slope / 255 == pytest.approx(1 / (sigma * np.sqrt(2 * np.pi)), rel=0.05)
    picture = cv2.GaussianBlur(noise((96, 128)), (0, 0), 3)
    lost = [np.abs(altered.compressed(picture, quality).astype(int) - picture).mean() for quality in (10, 90)]
    assert lost[0] > 3 * lost[1]
    np.testing.assert_array_equal(
        altered.CORRUPTIONS["JPEG, quality 10"](picture), altered.compressed(picture, 10)
    )


@pytest.mark.parametrize("ratio", [(9, 16), (3, 4), (1, 1), (3, 2), (16, 9), (21, 9)])
@pytest.mark.parametrize("size", [(60, 80), (80, 60), (64, 64)])
def test_a_window_is_the_largest_of_its_ratio_and_no_other_place_keeps_more(
    altered: Any, size: tuple[int, int], ratio: tuple[int, int]
) -> None:
    cells = np.random.default_rng(sum(size) + sum(ratio)).integers(0, size, (30, 2))
    window = altered.best_window(size, ratio, cells)
    assert window.height == size[0] or window.width == size[1]
    assert abs(window.width * ratio[1] - window.height * ratio[0]) <= max(ratio) / 2 + 1e-9
    assert window.of(np.zeros(size)).shape == window.size
    kept = [
        len(altered.Window(top, left, *window.size).within(cells))
        for top in range(size[0] - window.height + 1)
        for left in range(size[1] - window.width + 1)
    ]
    assert len(window.within(cells)) == max(kept)


def test_a_window_that_keeps_all_anyway_has_them_in_its_middle(altered: Any) -> None:
    cells = np.array([[10, 50], [20, 52], [30, 54]])
    window = altered.best_window((40, 100), (1, 1), cells)
    assert window == altered.Window(0, 32, 40, 40)
    np.testing.assert_array_equal(window.within(cells), cells - (0, 32))
    np.testing.assert_array_equal(window.within(np.array([[5, 31], [5, 72], [39, 71]])), [[39, 39]])


@pytest.mark.parametrize("size", [(240, 135), (137, 320), (240, 240), (240, 320)])
@pytest.mark.parametrize("fill", ["grey", "edges"])
def test_a_letterboxed_picture_maps_back_exactly(altered: Any, size: tuple[int, int], fill: str) -> None:
    picture = noise(size)
    frame = altered.letterboxed(picture, FRAME, fill)
    assert frame.shape == (*FRAME, 3)
    part = altered.fitted(size, FRAME)
    np.testing.assert_array_equal(part.of(frame), picture)
    back = altered.unboxed(frame[..., 0].astype(np.float32), size, FRAME)
    np.testing.assert_allclose(back, picture[..., 0] / picture[..., 0].sum(dtype=float), rtol=1e-5)
    around = np.ones(FRAME, bool)
    part.of(around)[:] = False
    if fill == "grey":
        assert (frame[around] == 128).all()
    else:
        rows = np.arange(FRAME[0]).clip(part.top, part.top + part.height - 1)
        columns = np.arange(FRAME[1]).clip(part.left, part.left + part.width - 1)
        np.testing.assert_array_equal(frame, frame[rows][:, columns])


@pytest.mark.parametrize("size", [(300, 169), (171, 400), (1, 900), (7, 3)])
def test_a_picture_of_any_size_is_fitted_whole_and_centred(altered: Any, size: tuple[int, int]) -> None:
    part = altered.fitted(size, FRAME)
    assert part.height == FRAME[0] or part.width == FRAME[1]
    assert abs(2 * part.top + part.height - FRAME[0]) <= 1
    assert abs(2 * part.left + part.width - FRAME[1]) <= 1
    picture = noise(size)
    frame = altered.letterboxed(picture, FRAME, "edges")
    np.testing.assert_array_equal(part.of(frame), resize(picture, part.size))
    back = altered.unboxed(np.ones((60, 80), np.float32), size, FRAME)
    assert back.shape == size
    assert back.sum() == pytest.approx(1, rel=1e-4)
    assert np.ptp(back) < 1e-6 * back.max()


def test_the_script_from_data_to_tables(model_folder: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(8)
    data = tmp_path / "data"
    for category, stem in (("Indoor", "001"), ("Indoor", "002"), ("Outdoor", "001")):
        make_sample(data, category, stem, random)
    few = np.zeros(SIZE, np.uint8)
    few[40, 60:64] = 1
    savemat(data / "trainSet" / "FIXATIONLOCS" / "Outdoor" / "001.mat", {"fixLocs": few})
    names = ["Indoor/001", "Indoor/002", "Outdoor/001"]
    (data / "split.json").write_text(json.dumps({"train": [], "val": names, "test": []}))
    words = [
        *("--model", str(model_folder), "--data", str(data)),
        *("--part", "val", "--json", str(tmp_path / "found.json")),
    ]
    script = [sys.executable, str(BENCHMARKS / "robustness.py"), *words]
    done = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "found.json").read_text())

    assert main(["evaluate", *words[:-1], str(tmp_path / "scores.json")]) == 0
    scores = json.loads((tmp_path / "scores.json").read_text())
    clean = next(
        row for row in scores["rows"] if row["predictor"] != "centre bias" and row["category"] == "all"
    )
    same = next(
        row
        for row in found["corruptions"]["clean"]["rows"]
        if row["predictor"] == "clean" and row["category"] == "all"
    )
    assert {**same, "predictor": ""} == {**clean, "predictor": ""}
    assert f"| clean | {clean['NSS']:.3f} | 1.000 |  | {clean['CC']:.3f} | {clean['KL']:.3f} |" in done.stdout

    assert {row["name"] for row in found["windows"]} == {"Indoor/001", "Indoor/002"}
    ways = {(row["ratio"], row["way"]) for row in found["windows"]}
    assert len(ways) == 6 * 5
    assert len(found["windows"]) == 2 * len(ways)
    assert done.stdout.count("| 2 of 3 |") == 6
    tables = [table.splitlines() for table in done.stdout.split("\n\n")[1:]]
    assert [len(table) for table in tables] == [2 + 9, 2 + 9, 2 + 30, 2 + 18]
    for table in tables:
        assert len({row.count("|") for row in table}) == 1
