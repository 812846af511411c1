import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from salviewer.errors import DataError
from salviewer.media.fixation_files import read_fixation_file
from salviewer.media.ground_truth import read_fixation_map
from salviewer.training.datasets import open_dataset
from salviewer.training.pack import open_pack
from salviewer.training.splits import choose_split, make_split, read_split


@pytest.fixture
def copy(discs: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(discs, tmp_path / "data"))


def test_cat2000_layout_with_any_number_of_categories(discs: Path) -> None:
    for root in (discs, discs / "trainSet"):
        dataset = open_dataset(root)
        assert dataset.layout == "CAT2000"
        assert dataset.categories == ("Indoor", "Outdoor")
        assert [sample.name for sample in dataset.samples][:2] == ["Indoor/001", "Indoor/002"]
        assert len(dataset.samples) == 16
        assert all(sample.locations for sample in dataset.samples)


def test_jpg_maps_and_missing_locations_are_fine(copy: Path) -> None:
    base = copy / "trainSet"
    shutil.rmtree(base / "FIXATIONLOCS")
    for path in (base / "FIXATIONMAPS").rglob("*.png"):
        Image.open(path).save(path.with_suffix(".jpg"))
        path.unlink()
    (base / "Stimuli" / "Indoor" / "Output").mkdir()
    dataset = open_dataset(copy)
    pack = open_pack(dataset.samples, (48, 64))
    assert len(pack.names) == 16
    assert len(pack.fixations) == 0


def test_pair_of_folders(discs: Path, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "maps").mkdir()
    for number in (1, 2, 10):
        shutil.copy(discs / f"trainSet/Stimuli/Indoor/{1:03d}.jpg", tmp_path / "images" / f"a{number}.jpg")
        shutil.copy(discs / f"trainSet/FIXATIONMAPS/Indoor/{1:03d}.png", tmp_path / "maps" / f"a{number}.png")
    dataset = open_dataset(tmp_path)
    assert dataset.layout == "pairs"
    assert [sample.name for sample in dataset.samples] == ["a1", "a2", "a10"]
    assert dataset.categories == ("",)


def test_missing_and_broken_pairs_are_listed_and_skipped(copy: Path) -> None:
    base = copy / "trainSet"
    (base / "FIXATIONMAPS/Indoor/001.png").unlink()
    (base / "Stimuli/Indoor/002.jpg").write_bytes(b"not a picture")
    (base / "FIXATIONMAPS/Indoor/003.png").write_bytes(b"")
    Image.new("L", (128, 96)).save(base / "FIXATIONMAPS/Indoor/004.png")
    Image.new("L", (96, 128), 9).save(base / "FIXATIONMAPS/Indoor/005.png")
    (base / "FIXATIONLOCS/Indoor/006.mat").write_bytes(b"\0" * 200)
    dataset = open_dataset(copy)
    pack = open_pack(dataset.samples, (48, 64))
    reasons = {problem.name: problem.reason for problem in (*dataset.problems, *pack.problems)}
    assert len(pack.names) == 11
    assert len(pack.stimuli) == len(pack.maps) == len(pack.bounds) - 1 == 11
    assert "no fixation map" in reasons["Indoor/001"]
    assert reasons["Indoor/002"].startswith("002.jpg: ")
    assert "damaged" in reasons["Indoor/003"]
    assert "empty" in reasons["Indoor/004"]
    assert "another aspect ratio" in reasons["Indoor/005"]
    assert "its fixations are left out: 006.mat: it is damaged or not a .mat file" in reasons["Indoor/006"]
    assert len(pack.fixations_of(pack.names.index("Indoor/006"))) == 0


@pytest.mark.parametrize("kind", ["absent", "empty", "unknown", "no maps", "all broken"])
def test_nothing_to_learn_from_is_an_error(copy: Path, tmp_path: Path, kind: str) -> None:
    root = tmp_path / "none"
    if kind == "empty":
        (root / "trainSet/Stimuli").mkdir(parents=True)
        (root / "trainSet/FIXATIONMAPS").mkdir()
    elif kind == "unknown":
        root.mkdir()
    elif kind == "no maps":
        root = copy
        shutil.rmtree(copy / "trainSet/FIXATIONMAPS/Indoor")
        shutil.rmtree(copy / "trainSet/FIXATIONMAPS/Outdoor")
    elif kind == "all broken":
        root = copy
        for path in (copy / "trainSet/Stimuli").rglob("*.jpg"):
            path.write_bytes(b"")
    with pytest.raises(DataError) as caught:
        open_pack(open_dataset(root).samples, (48, 64))
    assert "\n" not in str(caught.value)


def test_pack_holds_what_the_files_hold_and_is_made_once(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = open_dataset(copy)
    seen: list[tuple[int, int]] = []
    pack = open_pack(dataset.samples, (96, 128), lambda done, total: seen.append((done, total)))
    assert seen == [(number, 16) for number in range(1, 17)]
    again = open_pack(dataset.samples, (96, 128), lambda done, total: pytest.fail("decoded a second time"))
    for index, sample in enumerate(dataset.samples):
        assert again.names[index] == sample.name
        original = np.asarray(Image.open(sample.stimulus))
        assert np.abs(again.stimuli[index].astype(int) - original).max() <= 1
        assert np.array_equal(again.maps[index], np.asarray(Image.open(sample.fixation_map)))
        assert sample.locations
        assert np.array_equal(
            again.fixations_of(index), read_fixation_file(sample.locations, (128, 96)).points
        )
    (copy / "trainSet/Stimuli/Indoor/001.jpg").write_bytes(
        (copy / "trainSet/Stimuli/Indoor/002.jpg").read_bytes()
    )
    changed = open_pack(dataset.samples, (96, 128))
    assert np.array_equal(changed.stimuli[0], pack.stimuli[1])


def test_fixations_are_cell_centres(tmp_path: Path) -> None:
    matrix = np.zeros((10, 20), np.uint8)
    matrix[2, 5] = matrix[9, 19] = 1
    savemat(tmp_path / "a.mat", {"fixLocs": matrix})
    read = read_fixation_file(tmp_path / "a.mat", (20, 10))
    assert np.allclose(read.points, [[0.25, 0.275], [0.95, 0.975]])


def test_sixteen_bit_map_keeps_its_depth(tmp_path: Path) -> None:
    levels = np.arange(600, dtype=np.uint16).reshape(20, 30) * 100
    Image.fromarray(levels).save(tmp_path / "a.png")
    assert np.array_equal(read_fixation_map(tmp_path / "a.png"), levels)


def test_split_is_stratified_seeded_and_disjoint(discs: Path) -> None:
    dataset = open_dataset(discs)
    split = make_split(dataset, 0.25, seed=4)
    assert [name.split("/")[0] for name in split.test] == ["Indoor"] * 2 + ["Outdoor"] * 2
    assert set(split.train) | set(split.test) == {sample.name for sample in dataset.samples}
    assert not set(split.train) & set(split.test)
    assert make_split(dataset, 0.25, seed=4) == split
    assert make_split(dataset, 0.25, seed=5).test != split.test


def test_split_file(discs: Path, tmp_path: Path) -> None:
    dataset = open_dataset(discs)
    file = tmp_path / "split.json"
    file.write_text(json.dumps({"train": ["Indoor/001", "Gone/7"], "test": ["Indoor/002"]}))
    split = choose_split(dataset, 0.15, 0, file)
    assert (split.train, split.val, split.test) == (("Indoor/001",), (), ("Indoor/002",))
    for text, reason in (
        ("{", "not valid JSON"),
        ("[]", "a JSON object with the lists"),
        ('{"train": ["Indoor/001"], "test": ["Indoor/001"]}', "Indoor/001 stands in two parts"),
        ('{"train": ["x"], "test": ["y"]}', "names no sample"),
    ):
        file.write_text(text)
        with pytest.raises(DataError, match=reason):
            read_split(file, dataset)
