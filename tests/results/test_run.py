"""A batch: its files, an early end, and resuming."""

import csv
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.core.areas import Rectangle
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.scene import Scene, render_scene
from salviewer.errors import ImageError
from salviewer.media.images import load_picture
from salviewer.media.listing import find_pictures_below
from salviewer.results.naming import make_folder
from salviewer.results.order import Order
from salviewer.results.record import RECORD_NAME
from salviewer.results.request import Batch
from salviewer.results.run import Watch, run
from tests.folders import files_in


def names(folder):
    return sorted(path.name for path in files_in(folder))


def rows(batch):
    with batch.summary_path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def do(predict):
    """Do a batch; its outcomes by status, in the pictures' order."""

    def do(batch, **options):
        make_folder(batch.folder)
        outcomes = list(run(batch, batch.plan(), predict, **options))
        found = {"done": [], "skipped": [], "failed": []}
        for outcome in sorted(outcomes, key=lambda outcome: batch.pictures.index(outcome.job.picture)):
            found[outcome.status].append(outcome.job.picture.stem)
        return found

    return do


@pytest.fixture
def batch(pictures, tmp_path):
    return Batch(pictures, tmp_path / "out", Order(plain=True), policy="skip-done", model="m", summed=True)


ALL = [f"p{number}" for number in range(6)]


def test_every_picture_and_the_summary(do, batch, predict):
    (batch.pictures[2]).write_bytes(b"Dear diary")
    batch = replace(batch, policy="replace", order=Order(plain=True, hotspots=HotspotSettings(2)))
    assert do(batch, kind=lambda pixels: f"kind of {pixels.shape}") == {
        "done": [*ALL[:2], *ALL[3:]],
        "skipped": [],
        "failed": ["p2"],
    }
    files = [f"{stem}{end}" for stem in ALL if stem != "p2" for end in (".png", "_hotspots.csv")]
    assert names(batch.folder) == sorted([*files, "salviewer-summary.csv"])
    table = rows(batch)
    assert [row["picture"] for row in table] == [str(path) for path in batch.pictures]
    assert [row["status"] for row in table] == ["done", "done", "failed", *["done"] * 3]
    assert table[2]["sentence"].startswith(f"{batch.pictures[2]}: ") and table[2]["files"] == ""
    assert table[0]["files"] == "p0.png; p0_hotspots.csv" and float(table[0]["milliseconds"]) > 0
    assert table[1]["kind"].startswith("kind of (") and table[2]["kind"] == ""
    picture = load_picture(batch.pictures[0])
    (spot,) = find_hotspots(predict(picture), HotspotSettings(1))
    assert float(table[0]["hottest_share"]) == pytest.approx(spot.share, abs=1e-6)
    assert float(table[0]["hottest_x"]) == pytest.approx(spot.x, abs=0.06)
    with Image.open(batch.folder / "p0.png") as image:
        expected = render_scene(picture.pixels, predict(picture), Scene())
        np.testing.assert_array_equal(np.asarray(image), expected)


def test_kinds_are_kept_in_the_record_and_older_records_do_without(do, batch):
    do(batch, kind=lambda pixels: "page")
    assert do(batch)["skipped"] == ALL and {row["kind"] for row in rows(batch)} == {"page"}
    record = batch.folder / RECORD_NAME
    record.write_text(record.read_text().replace(',\n      "kind": "page"', ""))
    assert '"kind": "page"' not in record.read_text()
    assert do(batch)["skipped"] == ALL and {row["kind"] for row in rows(batch)} == {""}


def test_stopped_in_the_middle_and_gone_on(do, batch, predict):
    stop = threading.Event()
    began = []

    def note(picture):
        began.append(picture.stem)
        if len(began) == 3:
            stop.set()

    found = do(batch, stop=stop, watch=Watch(began=note))
    assert began == ALL[:3] == found["done"] and not found["failed"]
    assert names(batch.folder) == ["p0.png", "p1.png", "p2.png", RECORD_NAME, "salviewer-summary.csv"]
    assert [row["status"] for row in rows(batch)] == ["done"] * 3 + ["not begun"] * 3
    for stem in ALL[:3]:
        with Image.open(batch.folder / f"{stem}.png") as image:
            image.load()
    before = {stem: (batch.folder / f"{stem}.png").stat().st_mtime_ns for stem in ALL[:3]}
    assert do(batch) == {"done": ALL[3:], "skipped": ALL[:3], "failed": []}
    assert before == {stem: (batch.folder / f"{stem}.png").stat().st_mtime_ns for stem in ALL[:3]}
    table = rows(batch)
    assert [row["status"] for row in table] == ["skipped"] * 3 + ["done"] * 3
    assert all(float(row["hottest_share"]) > 0 for row in table)


def test_left_early_by_an_interruption(batch, predict):
    make_folder(batch.folder)

    def interrupted(picture):
        if picture.path == batch.pictures[4]:
            raise KeyboardInterrupt
        return predict(picture)

    with pytest.raises(KeyboardInterrupt):
        list(run(batch, batch.plan(), interrupted))
    recorded = json.loads((batch.folder / RECORD_NAME).read_text("utf-8"))["pictures"]
    done = sorted(Path(name).stem for name in recorded)
    assert done and [path.stem for path in sorted(batch.folder.glob("*.png"))] == done
    assert todo(batch) == [stem for stem in ALL if stem not in done] and {"p4", "p5"} <= set(todo(batch))


@pytest.fixture
def finished(do, batch):
    """A batch that has been done."""
    assert do(batch)["done"] == ALL
    return batch


def todo(batch):
    return [job.picture.stem for job in batch.plan().jobs]


def test_what_is_done_is_left(finished, do):
    assert todo(finished) == []
    assert do(finished) == {"done": [], "skipped": ALL, "failed": []}


@pytest.mark.parametrize(
    "change",
    [
        {"order": Order(plain=True, scene=Scene("focus"))},
        {"order": Order(plain=True, quality=50)},
        {"order": Order(plain=True, maps=("npy",))},
        {"order": Order()},
        {"model": "another"},
    ],
)
def test_other_settings_do_all_again(finished, change):
    assert todo(replace(finished, **change)) == ALL


def test_what_changed_is_done_again(finished, do):
    first, second = finished.pictures[:2]
    Image.new("RGB", (30, 30)).save(first)
    os.utime(second, ns=(0, second.stat().st_mtime_ns + 1))
    (finished.folder / "p2.png").write_bytes(b"short")
    (finished.folder / "p3.png").unlink()
    assert todo(finished) == ALL[:4]
    assert do(finished)["done"] == ALL[:4] and todo(finished) == []
    with Image.open(finished.folder / "p0.png") as image:
        assert image.size == (30, 30)


def test_other_areas_do_their_picture_again(do, batch):
    order = Order(plain=True, areas=True)
    first, second = (Rectangle(0.1, 0.1, side, 0.6, name="Logo", id="1") for side in (0.4, 0.5))
    batch = replace(batch, order=order, areas={batch.pictures[1]: (first,)})
    do(batch)
    assert todo(batch) == []
    changed = {batch.pictures[1]: (second,), batch.pictures[4]: (first,)}
    assert todo(replace(batch, areas=changed)) == ["p1", "p4"]
    assert todo(replace(batch, draws_areas=True)) == ALL


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace("salviewer batch", "salviewer project"),
        lambda text: text.replace('"version": 1', '"version": 9'),
        lambda text: text.replace('"milliseconds"', '"seconds"'),
        lambda text: "[" * 100_000,
        lambda text: "\ud800",
    ],
)
def test_a_damaged_record_is_ignored_with_a_sentence(finished, do, damage):
    path = finished.folder / RECORD_NAME
    path.write_bytes(damage(path.read_text("utf-8")).encode("utf-8", "surrogatepass"))
    plan = finished.plan()
    assert plan.record.note.startswith(f"{path}: it ") and "a new one is written" in plan.record.note
    assert len(plan.jobs) == 6
    assert do(finished)["done"] == ALL and finished.plan().record.note == ""


def test_other_folders_settings_stay_as_long_as_a_picture_has_them(finished, do):
    focus = replace(finished, pictures=finished.pictures[:2], order=Order(plain=True, scene=Scene("focus")))
    do(focus)
    content = json.loads((finished.folder / RECORD_NAME).read_text("utf-8"))
    assert len(content["settings"]) == 2
    do(finished)
    content = json.loads((finished.folder / RECORD_NAME).read_text("utf-8"))
    assert len(content["settings"]) == 1 and todo(finished) == []


def test_existing_files_are_kept_and_new_ones_numbered(do, batch):
    make_folder(batch.folder)
    (batch.folder / "P1.PNG").write_bytes(b"mine")
    batch = replace(batch, policy="keep")
    assert do(batch)["done"] == ALL
    assert (batch.folder / "P1.PNG").read_bytes() == b"mine"
    assert "p1-2.png" in names(batch.folder) and "p1.png" not in names(batch.folder)
    assert rows(batch)[1]["sentence"] == "renamed: the name was taken"
    do(batch)
    assert {"p0.png", "p0-2.png", "p1-2.png", "p1-3.png"} <= set(names(batch.folder))


def test_what_appears_meanwhile_is_kept_too(batch, predict):
    make_folder(batch.folder)
    batch = replace(batch, policy="keep")
    plan = batch.plan()
    (batch.folder / "p1.png").write_bytes(b"mine")
    outcomes = {outcome.job.picture.stem: outcome for outcome in run(batch, plan, predict)}
    assert outcomes["p1"].status == "failed" and "meanwhile" in outcomes["p1"].sentence
    assert (batch.folder / "p1.png").read_bytes() == b"mine"


def test_leftovers_of_a_killed_run_go(finished, do):
    old, new = (finished.folder / f".salviewer-{digit * 16}.png" for digit in "ab")
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    do(finished)
    assert not old.exists() and new.exists()


def test_a_record_or_summary_that_cannot_be_written_costs_no_picture(do, batch):
    make_folder(batch.folder)
    (batch.folder / RECORD_NAME).mkdir()
    (batch.folder / "salviewer-summary.csv").mkdir()
    said = []
    assert do(batch, watch=Watch(complain=lambda error: said.append(str(error))))["done"] == ALL
    assert said == [
        f"{batch.folder / RECORD_NAME}: there is a folder of this name",
        f"{batch.summary_path}: there is a folder of this name",
    ]


def test_names_of_no_encoding(batch, do):
    odd = batch.pictures[0].with_name("bytes\udcff 写真.png")
    batch.pictures[0].rename(odd)
    batch = replace(batch, pictures=(odd,))
    assert do(batch)["done"] == [odd.stem] and todo(batch) == []


def test_folders_in_the_folder_keep_their_place(do, predict, pictures, tmp_path):
    top, out = pictures[0].parent, pictures[0].parent / "out"
    for name in ("b/c", ".hidden", "b/out", "a"):
        (top / name).mkdir(parents=True, exist_ok=True)
        (top / name / "p0.png").write_bytes(pictures[0].read_bytes())
    found = find_pictures_below(top, [top / "b" / "out"])
    assert [str(path.relative_to(top)) for path in found] == [
        *(path.name for path in pictures),
        "a/p0.png",
        "b/c/p0.png",
    ]
    batch = Batch(tuple(found), out, Order(plain=True), roots=(top,), policy="skip-done", summed=True)
    assert len(do(batch)["done"]) == 8
    assert [row["files"] for row in rows(batch)] == [
        *(f"{stem}.png" for stem in ALL),
        "a/p0.png",
        "b/c/p0.png",
    ]
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("p0.png")) == [
        "a/p0.png",
        "b/c/p0.png",
        "p0.png",
    ]
    assert len(do(batch)["skipped"]) == 8
    (out / "b" / "c" / "p0.png").unlink()
    assert [job.picture for job in batch.plan().jobs] == [top / "b" / "c" / "p0.png"]


def test_stopped_between_the_files_of_a_picture(do, batch):
    stop = threading.Event()
    order = Order(kinds=("overlay", "heatmap", "focus", "contours"), reports=("html",))
    batch = replace(batch, pictures=batch.pictures[:1], order=order, summed=False)
    assert do(batch, stop=stop, watch=Watch(began=lambda picture: stop.set())) == {
        "done": [],
        "skipped": [],
        "failed": [],
    }
    assert names(batch.folder) == ["p0-overlay.png"]
    assert do(batch)["done"] == ["p0"]
    assert len(names(batch.folder)) == 6


def test_results_beside_the_pictures_are_no_pictures_of_the_next_run(do, batch):
    folder = batch.pictures[0].parent
    beside = replace(batch, folder=folder, order=replace(batch.order, picture_format="jpg"), policy="keep")
    for _ in range(3):
        found = find_pictures_below(folder)
        assert found == list(batch.pictures)
        assert do(replace(beside, pictures=tuple(found)))["done"] == ALL
    assert len([path for path in folder.iterdir() if path.suffix == ".jpg"]) == 3 * len(ALL)


def test_what_was_left_out_stands_in_the_summary(do, batch):
    missed = ImageError("gone.png", "it is a link that leads back to itself")
    do(replace(batch, missed=(missed,)))
    (row,) = [row for row in rows(batch) if row["picture"] == "gone.png"]
    assert (row["status"], row["sentence"]) == ("failed", str(missed))
