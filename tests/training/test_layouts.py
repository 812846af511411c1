"""Folders side by side, with categories and with SALICON's parts; ground truth that cannot be right."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.io import loadmat, savemat

from salviewer.media.ground_truth import find_truth, load_truth
from salviewer.training.datasets import open_dataset
from salviewer.training.pack import open_pack
from salviewer.training.splits import choose_split
from salviewer.training.survey import survey


@pytest.fixture
def side_by_side(discs: Path, tmp_path: Path) -> Path:
    """The pictures of `discs` under ``images``, ``maps`` and ``fixations``, in a folder for each category."""
    root = tmp_path / "beside"
    for ours, theirs in (("images", "Stimuli"), ("maps", "FIXATIONMAPS"), ("fixations", "FIXATIONLOCS")):
        shutil.copytree(discs / "trainSet" / theirs, root / ours)
    return root


def test_fixations_beside_images_and_maps_are_read(side_by_side: Path, discs: Path) -> None:
    for kind in ("images", "maps", "fixations"):
        for path in (side_by_side / kind / "Indoor").iterdir():
            path.rename(side_by_side / kind / path.name)
        shutil.rmtree(side_by_side / kind / "Indoor")
        shutil.rmtree(side_by_side / kind / "Outdoor")
    pack = open_pack(open_dataset(side_by_side).samples, (48, 64))
    assert np.diff(pack.bounds).min() > 20 and not pack.problems
    files = find_truth(side_by_side / "images" / "003.jpg")
    assert files is not None and files.fixations == side_by_side / "fixations" / "003.mat"
    assert len(load_truth(files, (128, 96)).fixations) == len(pack.fixations_of(pack.names.index("003")))


def test_folders_within_are_categories(side_by_side: Path) -> None:
    dataset = open_dataset(side_by_side)
    assert dataset.categories == ("Indoor", "Outdoor") and not dataset.own_split
    assert all(sample.locations for sample in dataset.samples) and dataset.samples[0].name == "Indoor/001"


def test_a_category_that_cannot_be_read_is_reported(side_by_side: Path, discs: Path, tmp_path: Path) -> None:
    whole = open_dataset(side_by_side)
    (side_by_side / "images" / "Action").symlink_to("Action")
    dataset = open_dataset(side_by_side)
    assert dataset.samples == whole.samples
    assert [str(each) for each in dataset.problems] == [
        "Action: it cannot be read (too many levels of symbolic links)"
    ]
    cat2000 = tmp_path / "cat"
    shutil.copytree(discs, cat2000)
    (cat2000 / "trainSet" / "Stimuli" / "Action").symlink_to("nowhere")
    dataset = open_dataset(cat2000)
    assert [each.name for each in dataset.problems] == ["Action"] and len(dataset.samples) == 16


def test_salicon_s_folders_are_its_own_split(side_by_side: Path) -> None:
    for kind in ("images", "maps", "fixations"):
        (side_by_side / kind / "Indoor").rename(side_by_side / kind / "train")
        (side_by_side / kind / "Outdoor").rename(side_by_side / kind / "val")
    for path in (side_by_side / "fixations").rglob("*.mat"):
        rows, columns = np.nonzero(loadmat(path)["fixLocs"])
        viewers = np.zeros(2, [("fixations", "O")])
        lists = np.array_split(np.stack([columns + 1, rows + 1], 1), 2)
        viewers["fixations"][0], viewers["fixations"][1] = lists
        savemat(path, {"gaze": viewers.reshape(2, 1), "image": path.stem, "resolution": [[96, 128]]})
    (side_by_side / "images" / "test").mkdir()
    shutil.copy(side_by_side / "images/train/001.jpg", side_by_side / "images/test/900.jpg")
    dataset = open_dataset(side_by_side)
    split = choose_split(dataset, 0.5, 0)
    assert dataset.own_split and dataset.categories == ("",)
    assert split.train == tuple(f"train-{number:03d}" for number in range(1, 9))  # both parts count from 1
    assert (len(split.val), split.test, split.origin) == (8, (), "the data set's own folders")
    assert str(dataset.problems[0]) == (
        "images/test: 1 picture without fixation maps: there is no folder maps/test"
    )
    pack = open_pack(dataset.samples, (48, 64))
    assert set(pack.viewers_of(0).tolist()) == {0, 1} and not pack.problems
    assert survey(side_by_side).split == (8, 8, 0)
    assert find_truth(side_by_side / "images/val/002.jpg") is not None


def test_the_survey_names_what_cannot_belong_together(discs: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(discs, tmp_path / "data"))
    maps, points = data / "trainSet/FIXATIONMAPS/Indoor", data / "trainSet/FIXATIONLOCS/Indoor"
    Image.fromarray(255 - np.asarray(Image.open(maps / "001.png"))).save(maps / "001.png")
    matrix = np.zeros((96, 128), np.uint8)
    matrix[:6, :40] = 1
    savemat(points / "002.mat", {"fixLocs": matrix})
    (points / "003.mat").write_bytes(b"no file of MATLAB's")
    (points / "004.mat").unlink()
    small = cv2.resize(loadmat(points / "005.mat")["fixLocs"], (96, 128))
    savemat(points / "005.mat", {"fixLocs": small})
    found = survey(data)
    reasons = {problem.name: problem.reason for problem in found.problems if problem.kept}
    assert reasons.keys() == {f"Indoor/{number:03d}" for number in range(1, 6)}
    assert "inverted" in reasons["Indoor/001"] and "disagree" in reasons["Indoor/002"]
    assert "003.mat: it is damaged" in reasons["Indoor/003"] and "only a map" in reasons["Indoor/004"]
    assert "transposed" in reasons["Indoor/005"]
    assert found.pictures == 16  # all are used, and named
    shutil.rmtree(data / "trainSet/FIXATIONLOCS")
    assert [str(problem) for problem in survey(data).problems] == [
        "Indoor/001: its map is bright nearly everywhere: it seems to be inverted"
    ]
