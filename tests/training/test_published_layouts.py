"""Every published layout opens from a synthetic copy, with the fixations where they were made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.errors import DataError
from salviewer.media.data.tables import Columns, preview, write_columns
from salviewer.media.ground_truth import TruthFiles, find_truth
from salviewer.training.datasets import open_dataset
from salviewer.training.evaluation import evaluate
from salviewer.training.guesses import Guesser
from salviewer.training.held_out import open_held_out
from salviewer.training.pack import open_pack
from salviewer.training.scored_part import scored_part
from salviewer.training.splits import choose_split, make_split
from salviewer.training.survey import survey
from tests.training.layouts import COUNT, LAYOUTS, SCENES, VIEWERS, plain_table, salicon

SIZE = (60, 80)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_opens_with_its_fixations_in_place(name: str, tmp_path: Path) -> None:
    make, layout, viewers = LAYOUTS[name]
    make(tmp_path)
    dataset = open_dataset(tmp_path)
    assert dataset.layout == layout and dataset.taken
    pack = open_pack(dataset.samples, SIZE)
    assert not [problem for problem in pack.problems if not problem.kept], pack.problems
    assert len(pack.names) == (9 if layout in ("frames", "clips") else COUNT)
    found = survey(tmp_path)  # as the window's dialog and `salviewer data` show it
    assert (found.layout, found.pictures, found.taken) == (layout, len(pack.names), dataset.taken)
    for row, sample in enumerate(dataset.samples):
        place = pack.names.index(sample.name)
        difference = [np.abs(pack.stimuli[place].astype(int) - scene.pixels).mean() for scene in SCENES]
        scene = SCENES[int(np.argmin(difference))]
        assert min(difference) < 25
        cells = (pack.fixations_of(place) * SIZE).astype(int)
        found = np.zeros(SIZE, bool)
        found[cells[:, 0], cells[:, 1]] = True
        np.testing.assert_array_equal(found, scene.matrix > 0)
        assert len(set(pack.viewers_of(place).tolist())) == (VIEWERS if viewers else 1)
        assert (pack.viewers_of(place).min() >= 0) == viewers, row
        density = np.asarray(pack.maps[place], np.float64)
        assert np.corrcoef(density.ravel(), scene.map.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_evaluated(name: str, tmp_path: Path) -> None:
    """As `salviewer evaluate` does, with maps that know the answer in place of a network."""
    LAYOUTS[name][0](tmp_path)
    held = open_held_out(tmp_path, None, "test", None)
    rows = {item: row for row, item in enumerate(held.pack.names)}
    knowing = Guesser("knowing", lambda names: [held.pack.maps[rows[each]] for each in names])
    result = evaluate(knowing, held.pack, held.chosen.held, held.chosen.fitted)
    scores = {row.predictor: row.scores for row in result.rows if row.category in ("", "all")}
    scores = scores or {row.predictor: row.scores for row in result.rows}
    assert scores["knowing"]["CC"] > 0.999 and scores["knowing"]["NSS"] > scores["centre bias"]["NSS"]
    assert held.chosen.instead == ("val" if name.startswith("SALICON") else "")


def test_parts_and_groups_make_splits(tmp_path: Path) -> None:
    salicon(tmp_path / "salicon")
    split = choose_split(open_dataset(tmp_path / "salicon"), 0.5, 0)
    assert (len(split.train), len(split.val), len(split.test)) == (2, 2, 0)
    dataset = open_dataset(tmp_path / "salicon")
    pack = open_pack(dataset.samples, SIZE)
    chosen = scored_part(dataset, pack, None, None, "test")
    assert (chosen.held, chosen.instead) == (split.val, "val")
    LAYOUTS["frames"][0](tmp_path / "video")
    dataset = open_dataset(tmp_path / "video")
    drawn = make_split(dataset, 0.34, 3)
    videos = [{name.partition("-")[0] for name in part} for part in (drawn.train, drawn.test)]
    assert videos[0] and videos[1] and not videos[0] & videos[1]
    assert "one in 12" in str(dataset.problems[0])


@pytest.mark.parametrize("name", ["FiWI", "SALICON without maps"])
def test_fixations_alone_are_the_truth_beside_a_picture_too(name: str, tmp_path: Path) -> None:
    LAYOUTS[name][0](tmp_path)
    for sample in open_dataset(tmp_path, blur=2).samples:
        assert find_truth(sample.stimulus) == TruthFiles(None, sample.locations)
        assert not sample.mapped and sample.blur == 2


def test_one_without_a_fixation_is_named(tmp_path: Path) -> None:
    LAYOUTS["FiWI"][0](tmp_path)
    Image.new("L", (80, 60)).save(tmp_path / "webpage_dataset/fixations/all5/2.png")
    pack = open_pack(open_dataset(tmp_path).samples, SIZE)
    assert [str(each) for each in pack.problems] == ["2: 2.png: it holds not one fixation"]


def test_parts_without_ground_truth_are_photographs(tmp_path: Path) -> None:
    for number, scene in enumerate(SCENES):
        scene.picture(tmp_path / "cat" / "testSet" / "Stimuli" / "Action" / f"{number}.jpg")
        scene.density(tmp_path / "cat" / "testSet" / "Stimuli" / "Action" / "Output" / f"{number}.jpg")
        scene.picture(tmp_path / "mit" / "BenchmarkIMAGES" / f"i{number}.jpg")
    for folder in ("cat", "mit"):
        found = open_dataset(tmp_path / folder, photographs=True)
        assert found.layout == "photographs" and len(found.samples) == COUNT
        with pytest.raises(DataError, match="it is no data set"):
            open_dataset(tmp_path / folder)


def test_a_table_whose_columns_have_other_names_is_explained_once(tmp_path: Path) -> None:
    plain_table(tmp_path)
    table = tmp_path / "fixations.csv"
    table.write_text(table.read_text().replace("image,subject,x,y", "bild,wer,links,oben"))
    assert preview(table).columns is None and preview(table).names[:2] == ("bild", "wer")
    with pytest.raises(DataError, match="it is no data set"):
        open_dataset(tmp_path)
    write_columns(table, Columns("links", "oben", "bild", "wer", "start", "duration"))
    dataset = open_dataset(tmp_path)
    assert dataset.layout == "table" and len(dataset.samples) == COUNT


def test_what_is_wrong_with_a_table_is_named(tmp_path: Path) -> None:
    plain_table(tmp_path)
    table = tmp_path / "fixations.csv"
    (tmp_path / "pictures" / "p0.png").unlink()
    dataset = open_dataset(tmp_path)
    assert [str(each) for each in dataset.problems] == [
        "p0.png: fixations.csv has fixations on it, and there is no such picture"
    ]
    table.write_text(table.read_text().replace("v0,", "v0,oops", 1))
    with pytest.raises(DataError, match=r"fixations\.csv: row 2 has no numbers in the columns x and y"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("head", ["picture,crop,x,y,width,height,kept", "number,x,y,share,peak"])
def test_tables_of_boxes_and_hotspots_are_none_of_fixations(head: str, tmp_path: Path) -> None:
    table = tmp_path / "p0.csv"
    table.write_text(head + "\n" + ",".join(["1"] * (head.count(",") + 1)) + "\n")
    SCENES[0].picture(tmp_path / "p0.png")
    assert preview(table).columns is None and find_truth(tmp_path / "p0.png") is None
    with pytest.raises(DataError, match="it is no data set"):
        open_dataset(tmp_path)


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "data.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DataError, match=r"data\.zip: the archive is damaged or incomplete"):
        open_dataset(tmp_path / "data.zip")


def test_a_blur_in_pixels_of_the_picture(tmp_path: Path) -> None:
    plain_table(tmp_path)
    spreads = []
    for blur in (1.5, 6.0):
        pack = open_pack(open_dataset(tmp_path, blur=blur).samples, SIZE)
        spreads.append(float(np.asarray(pack.maps[0], np.float64).mean()))
    assert spreads[1] > 2 * spreads[0]
