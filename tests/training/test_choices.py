"""What the dialogs know of data, recipes, runs and models, without a window."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.io import savemat

from salviewer.errors import DataError, ModelError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model, list_models
from salviewer.models.checkpoints import read_model, write_model
from salviewer.models.user_models import add_model, delete_model, export_model, import_model
from salviewer.training import control, lock
from salviewer.training.lock import Holder
from salviewer.training.order import Order, read_order, to_resume
from salviewer.training.probe import estimate
from salviewer.training.recipe import load_recipe, recipes_for
from salviewer.training.recipe_schema import FIELDS, fault, recipe_of, text_of
from salviewer.training.run_history import follow
from salviewer.training.run_setup import (
    free_name,
    place_of,
    prepare,
    prepare_to_go_on,
    save_recipe,
    saved_recipes,
)
from salviewer.training.run_state import RunState
from salviewer.training.runs import list_runs, look, read_events
from salviewer.training.sheets import cut_triplets, draw_triplets, spread
from salviewer.training.survey import survey


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALVIEWER_DATA_DIR", str(tmp_path / "data"))


# Data


def test_survey_of_cat2000(discs: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(discs, tmp_path / "copy"))
    (data / "trainSet/Stimuli/Indoor/002.jpg").write_bytes(b"broken")
    (data / "trainSet/FIXATIONMAPS/Outdoor/003.png").unlink()
    Image.new("RGB", (256, 192)).save(data / "trainSet/Stimuli/Indoor/001.jpg")
    events: list[tuple[int, int]] = []
    found = survey(data, 0.25, 3, lambda done, total: events.append((done, total)))
    assert (found.layout, found.categories) == ("CAT2000", (("Indoor", 7), ("Outdoor", 7)))
    assert found.pictures == 14 and found.labelled and found.fixations > 14 * 20
    assert found.sizes == ((128, 96), (256, 192))
    assert {problem.name for problem in found.problems} == {"Indoor/002", "Outdoor/003"}
    assert sum(found.split) == 14 and not found.own_split
    shown = ["Indoor/001", "Indoor/003", "Outdoor/001", "Outdoor/002"]  # 002 of Indoor is damaged
    assert [item.name for item in found.samples] == shown
    assert events == [(number, 15) for number in range(1, 16)]


def test_survey_can_be_called_off(discs: Path) -> None:
    def enough(done: int, total: int) -> None:
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        survey(discs, progress=enough)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("decoding")]


@pytest.fixture
def osie(discs: Path, tmp_path: Path) -> Path:
    """OSIE's layout: two viewers, one picture that nobody looked at, one that is not in the record."""
    root = tmp_path / "osie"
    (root / "stimuli").mkdir(parents=True)
    (root / "eye").mkdir()
    for number in range(1, 7):
        shutil.copy(discs / f"trainSet/Stimuli/Indoor/{number:03d}.jpg", root / "stimuli" / f"{number}.jpg")
    seen = [{"fix_x": [32.5, 64.5], "fix_y": [24.5, 48.5]}, {"fix_x": [500.0], "fix_y": [10.0]}]
    nobody: list[dict[str, Any]] = [{"fix_x": [], "fix_y": []}, {"fix_x": [], "fix_y": []}]
    entries = [{"img": f"{n}.jpg", "subjects": seen if n < 5 else nobody} for n in range(1, 6)]
    savemat(root / "eye/fixations.mat", {"fixations": np.array(entries, dtype=object)})
    return root


def test_survey_of_a_fixation_record(osie: Path) -> None:
    found = survey(osie)
    assert found.layout == "record" and found.pictures == 4
    assert found.fixations == 8  # the one outside the picture is not counted
    assert {problem.name for problem in found.problems} == {"5", "6"}
    peak = np.unravel_index(found.samples[0].density.argmax(), found.samples[0].density.shape)
    assert min(abs(peak[0] - 45), abs(peak[0] - 90)) <= 1  # a quarter and a half of the 180 rows down


def test_photographs_alone_and_what_is_not_recognised(discs: Path, tmp_path: Path) -> None:
    found = survey(discs / "trainSet/Stimuli/Indoor")
    assert found.layout == "photographs" and not found.labelled and found.pictures == 8
    assert not found.samples[0].density.any()
    (tmp_path / "bare").mkdir()
    shutil.copy(next((discs / "trainSet/Stimuli/Indoor").glob("*.*")), tmp_path / "bare")
    (tmp_path / "bare/broken.png").write_text("x")
    problem = str(survey(tmp_path / "bare").problems[0])
    assert problem.startswith("broken.png: it is not") and problem.count("broken.png") == 1
    (tmp_path / "odd/things").mkdir(parents=True)
    (tmp_path / "odd/report.txt").write_text("")
    with pytest.raises(DataError) as caught:
        survey(tmp_path / "odd")
    text = str(caught.value)
    assert "no data set that is known (`salviewer data --layouts`)" in text
    assert "Found were the folders things and no picture" in text and "\n" not in text


def test_damaged_records_get_a_sentence(osie: Path) -> None:
    (osie / "eye/fixations.mat").write_bytes(b"MATLAB 5.0" + b"\0" * 300)
    with pytest.raises(DataError, match=r"damaged or not a \.mat file"):
        survey(osie)
    savemat(osie / "eye/fixations.mat", {"other": 1})
    with pytest.raises(DataError, match="no list `fixations`"):
        survey(osie)


# Recipes


@pytest.mark.parametrize("network", list(ARCHITECTURES))
def test_every_entry_of_every_recipe_can_be_typed(network: str) -> None:
    for name in recipes_for(network):
        recipe = load_recipe(name, network)
        texts = {field: text_of(recipe, field) for field in FIELDS}
        assert texts.keys() == recipe.to_dict().keys()
        assert not any(fault(field, text) for field, text in texts.items())
        assert recipe_of(texts) == recipe


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("lr", "0", "0 is outside 1e-08 to 10"),
        ("lr", "fast", "'fast' is not a number"),
        ("lr", "nan", "nan is outside"),
        ("epochs", "1.5", "'1.5' is not a whole number"),
        ("train_batch", "0", "0 is outside 1 to 4096"),
        ("input_size", "240", "not a height and a width"),
        ("stages", "0.5", "not a share and a size"),
        ("lr", " 1e-3 ", ""),
        ("stages", "0.3 96x128, 0.7 240×320", ""),
    ],
)
def test_entries_are_checked_by_themselves(name: str, text: str, sentence: str) -> None:
    assert sentence in fault(name, text)
    assert bool(sentence) == bool(fault(name, text))


def test_a_recipe_is_shared_as_a_file(tmp_path: Path) -> None:
    recipe = replace(load_recipe("modern", "live_net"), epochs=3)
    path = save_recipe(tmp_path / "data/recipes/quick one", recipe)
    assert saved_recipes() == (path,) and path.suffix == ".json"
    assert load_recipe(str(path), "live_net") == replace(recipe, name="quick one")
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="it could not be written"):
        save_recipe(tmp_path / "file" / "x.json", recipe)


def test_an_estimate_times_real_steps(discs: Path, tiny_recipe: Path, tmp_path: Path) -> None:
    order = Order(discs, "live_net", tmp_path / "run", str(tiny_recipe), device="cpu")
    found = estimate(order, pictures=40, watched=5)
    assert found.steps == 2 * 10
    assert 0 < found.step < 30 and found.seconds > 20 * found.step * 0.99
    assert 50e6 < found.memory < 20e9
    assert not (tmp_path / "run").exists()
    wrong = replace(load_recipe("modern", "live_net"), output_size=(100, 100))
    path = save_recipe(tmp_path / "wrong", wrong)
    with pytest.raises(
        SalviewerError, match="the recipe's output size is 100x100, and live_net gives 240x320"
    ):
        estimate(replace(order, recipe=str(path)), 10, 1)


# Runs


def test_a_run_is_prepared_once(discs: Path, tmp_path: Path) -> None:
    recipe = replace(load_recipe("modern", "live_net"), test_share=0.25)
    root = place_of("My run: a/b")
    assert root == tmp_path / "data/runs/My run- a-b" and free_name("My run: a/b") == "My run: a/b"
    order = prepare(Order(discs, "live_net", root, seed=4), recipe, draw=True)
    assert free_name("My run: a/b") == "My run: a/b 2"
    assert order.chosen_recipe() == recipe
    assert order.split is not None and len(json.loads(order.split.read_text())["test"]) == 4
    assert read_order(root) == replace(order, data=discs.absolute())
    assert to_resume(root).resume is False  # nothing was learned yet
    assert look(root).state == "interrupted" and [run.root for run in list_runs()] == [root]
    with pytest.raises(DataError, match="there is a run of that name already"):
        prepare(Order(discs, "live_net", root), recipe)
    with lock.held(root), pytest.raises(DataError, match="another training is at work"):
        prepare_to_go_on(root)
    assert prepare_to_go_on(root).run == root
    with pytest.raises(DataError, match="there is no training run in this folder"):
        prepare_to_go_on(tmp_path)


def test_orders_survive_the_command_line(discs: Path, tmp_path: Path) -> None:
    import argparse

    from salviewer.cli import train

    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    order = Order(
        discs, "live_net", tmp_path / "-odd name", "modern", 3, "cpu", 5, True, tmp_path / "s.json", "x",
        True, "live_net", "photos", 7.5,
    )  # fmt: skip
    options = parser.parse_args(order.arguments()[1:])
    assert Order(**{name: getattr(options, name) for name in Order.__dataclass_fields__}) == order


def test_who_holds_a_folder(tmp_path: Path) -> None:
    assert lock.holder(tmp_path) is None
    with lock.held(tmp_path):
        me = lock.holder(tmp_path)
        assert me is not None and me.here and me.alive
        reused = replace(me, started=me.started - 100)  # the number was given to another process since
        assert not reused.alive and not reused.kill()
        elsewhere = replace(me, host="elsewhere")
        assert elsewhere.alive and not replace(elsewhere, beat=me.beat - 2 * lock.SILENT).alive
        assert not elsewhere.kill()
        with pytest.raises(DataError, match="another training is at work"), lock.held(tmp_path):
            pytest.fail("two at once")
    assert lock.holder(tmp_path) is None
    assert not Holder(2**22 + 1, me.host, 0).alive


def test_a_request_is_for_the_process_that_lives(tmp_path: Path) -> None:
    control.ask(tmp_path, "pause")
    assert control.requested(tmp_path) == "pause"
    control.forget(tmp_path, before=0)
    assert control.requested(tmp_path) == "pause"
    control.forget(tmp_path, before=4e9)
    assert control.requested(tmp_path) == ""
    with pytest.raises(DataError, match="its folder does not exist"):
        control.ask(tmp_path / "nowhere", "stop")


STARTED = {"event": "started", "step": 0, "total": 8, "epochs": 2, "device": "CPU", "train": 16, "held": 2,
           "watched": "val", "batch": 4}  # fmt: skip


def step(number: int, loss: float) -> dict[str, Any]:
    return {"event": "step", "step": number, "total": 8, "epoch": 1 + (number - 1) // 4, "loss": loss,
            "speed": 10.0, "waiting": 0.01}  # fmt: skip


def epoch(number: int, loss: float) -> dict[str, Any]:
    return {"event": "epoch", "epoch": number, "train_loss": loss, "test_loss": loss + 1, "triplet": "x.png",
            "metrics": {"NSS": 1.5}}  # fmt: skip


def test_a_runs_state_follows_from_events_and_forgets_what_was_lost() -> None:
    events = [{"event": "packing", "step": 3, "total": 18}]
    assert RunState().after(events).preparing == (3, 18)
    events += [STARTED, *(step(number, 10.0 - number) for number in range(1, 7)), epoch(1, 5.0)]
    state = RunState().after([*events, {"event": "step"}, {"event": "from the future"}])
    assert (state.step, state.total, state.epoch, state.preparing) == (6, 8, 2, None)
    assert state.steps[0] == (0.25, 9.0) and len(state.steps) == 6
    assert state.curves == {"train_loss": ((1.0, 5.0),), "test_loss": ((1.0, 6.0),), "NSS": ((1.0, 1.5),)}
    assert state.left == pytest.approx(2 * 4 / 10) and state.sheet == "x.png"
    resumed = state.after([STARTED | {"step": 4}])
    assert len(resumed.steps) == 4 and resumed.curves == state.curves
    assert "goes on after step 4" in resumed.notes[-1]
    assert not state.after([STARTED | {"step": 2}]).curves["NSS"]


def test_events_are_read_once_and_unfinished_lines_later(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text(json.dumps(STARTED) + "\n" + '{"event": "st')
    first, offset = read_events(tmp_path)
    assert [event["event"] for event in first] == ["started"]
    with (tmp_path / "events.jsonl").open("a") as stream:
        stream.write("\nnot json\n" + json.dumps(step(1, 2.0)) + "\n")
    second, offset = read_events(tmp_path, offset)
    assert [event["event"] for event in second] == ["step"]
    assert read_events(tmp_path, offset) == ([], offset)


def test_a_run_that_died_says_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text(json.dumps(STARTED) + "\n")
    (tmp_path / "log.txt").write_text('{"event": "x"}\nsalviewer: there is not enough memory\n\n')
    following = follow(tmp_path)
    assert following.run.state == "interrupted" and following.trouble == "there is not enough memory"
    with (tmp_path / "events.jsonl").open("a") as stream:
        stream.write(json.dumps({"event": "failed", "message": "the disk is full"}) + "\n")
    assert following.onward().trouble == "the disk is full"


def test_sheets_are_cut_into_the_pictures_they_were_made_of(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    triplets = [
        (np.full((90, 120, 3), shade, np.uint8), random.random((90, 120)), random.random((60, 80)))
        for shade in (40, 200)
    ]
    draw_triplets(triplets, [4 / 3, 9 / 16], tmp_path / "sheet.png")
    rows = cut_triplets(tmp_path / "sheet.png")
    assert [row[0].shape for row in rows] == [(180, 240, 3), (180, 101, 3)]  # in their own shapes
    assert [int(row[0].min()) for row in rows] == [int(row[0].max()) for row in rows] == [40, 200]
    assert all(cell.std() > 5 for row in rows for cell in row[1:])


def test_a_sheet_names_its_samples_and_has_a_foot(tmp_path: Path) -> None:
    grey = np.full((90, 120, 3), 128, np.uint8)
    triplets = [(grey, np.ones((90, 120)), np.ones((90, 120)))] * 2
    draw_triplets(triplets, [4 / 3] * 2, tmp_path / "bare.png")
    names = ["Indoor/001", "Outdoor/a name that is far too long for the width of a sheet " * 3]
    draw_triplets(triplets, [4 / 3] * 2, tmp_path / "named.png", names, "no picture is held out of: Night")
    assert [row[0].shape for row in cut_triplets(tmp_path / "named.png")] == [(180, 240, 3)] * 2
    bare, named = (np.asarray(Image.open(tmp_path / name)) for name in ("bare.png", "named.png"))
    assert named.shape[0] == bare.shape[0] + 2 * 18 + 26 and named.shape[1] == bare.shape[1]
    assert (named[26:44] < 128).any() and (named[-26:] < 128).any()  # the first name, and the foot
    assert (named[:, :3] == 255).all()  # nothing runs over the margin


def test_a_sheet_has_a_sample_of_each_category() -> None:
    assert spread(["a"] * 9) == [0, 1, 2, 3] and spread(["a", "b"]) == [0, 1] and spread([]) == []
    assert spread([*"aaaaabbbbbc"]) == [0, 1, 5, 10]
    twenty = [f"{number % 20}" for number in range(100)]
    assert spread(twenty) == list(range(20))
    assert spread([f"{number // 2}" for number in range(200)]) == list(range(0, 200, 2))


def test_a_sheet_of_a_hundred_categories_shows_them_all_and_can_be_looked_at(tmp_path: Path) -> None:
    """Each keeps its shape and its place; the sheet is about square instead of 20,000 pixels high."""
    shades = np.linspace(20, 240, 100).astype(int).tolist()
    maps = np.random.default_rng(2).random((45, 60))
    triplets = [(np.full((90, 120, 3), shade, np.uint8), maps, maps) for shade in shades]
    aspects = [4 / 3 if number % 2 else 9 / 16 for number in range(100)]
    draw_triplets(triplets, aspects, tmp_path / "all.png", [f"kind {number}/a" for number in range(100)])
    with Image.open(tmp_path / "all.png") as sheet:
        assert max(sheet.size) < 4_000 and max(sheet.size) < 2 * min(sheet.size)
    rows = cut_triplets(tmp_path / "all.png")
    assert [int(row[0].max()) for row in rows] == [int(row[0].min()) for row in rows] == shades
    assert {row[0].shape[:2] for row in rows} == {(88, 117), (88, 50)}


# Models


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as a run leaves it."""
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("run") / "model"
    write_model(folder, ModelCard("live_net", "Live net", "logits"), ARCHITECTURES["live_net"].build())
    return folder


def test_own_models_come_and_go(model: Path, tmp_path: Path) -> None:
    folder = add_model(model, "My Model 2!", "notes of mine")
    assert folder.name == "my_model_2" and find_model("my_model_2") == folder
    entry = next(entry for entry in list_models() if entry.name == "my_model_2")
    assert (entry.title, entry.card.notes) == ("My Model 2!", "notes of mine")
    with pytest.raises(ModelError, match="there is a model of that name already"):
        add_model(model, "my model 2")
    with pytest.raises(ModelError, match="there is a model of that name already"):
        add_model(model, "Live net")
    export_model(folder, tmp_path / "mine.safetensors")
    assert read_model(tmp_path / "mine.safetensors")[0].title == "My Model 2!"
    delete_model(folder)
    assert "my_model_2" not in {entry.name for entry in list_models()}
    again = import_model(tmp_path / "mine.safetensors")
    assert import_model(tmp_path / "mine.safetensors").name == "my_model_2_2"
    first, second = read_model(model), read_model(again)
    assert all(torch.equal(first[1][name], second[1][name]) for name in first[1])
    assert second[0].sha256 == first[0].sha256 and second[0].notes == "notes of mine"
    with pytest.raises(ModelError, match="came with the program"):
        delete_model(find_model("live_net"))


def test_imports_are_checked(model: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    whole = tmp_path / "whole.safetensors"
    export_model(model, whole)
    tensors = load_file(whole)
    card = json.loads((model / "card.json").read_text())

    def written(change: dict[str, Any], values: dict[str, torch.Tensor] = tensors) -> Path:
        save_file(values, tmp_path / "bad.safetensors", metadata={"card": json.dumps(card | change)})
        return tmp_path / "bad.safetensors"

    name = next(name for name, value in tensors.items() if value.is_floating_point())
    with pytest.raises(ModelError, match="its model card cannot be used"):
        import_model(written({"architecture": "unknown"}))
    with pytest.raises(ModelError, match="the hash is different"):
        import_model(written({}, tensors | {name: tensors[name] + 1}))
    with pytest.raises(ModelError, match="deep_convnet"):
        import_model(written({"architecture": "deep_convnet"}))
    narrow = tensors | {name: tensors[name].flatten()[:1]}
    save_file(narrow, tmp_path / "narrow.safetensors", metadata={"output": card["output"]})
    digest = hashlib.sha256((tmp_path / "narrow.safetensors").read_bytes()).hexdigest()
    with pytest.raises(ModelError, match=re.escape(name)):  # whole, and yet no network of ours
        import_model(written({"sha256": digest}, narrow))
    save_file(tensors, tmp_path / "bare.safetensors")
    with pytest.raises(ModelError, match="it has no model card"):
        import_model(tmp_path / "bare.safetensors")
    whole.write_bytes(whole.read_bytes()[:5000])
    with pytest.raises(ModelError, match="damaged or not in the safetensors format"):
        import_model(whole)
    with pytest.raises(ModelError, match="No such file"):
        import_model(tmp_path / "gone.safetensors")
    assert not list((tmp_path / "data/models").glob("*"))
