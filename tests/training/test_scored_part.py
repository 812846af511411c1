"""`salviewer evaluate` scores what a model has not seen, and says so where it has."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from salviewer.cli import main
from salviewer.models.checkpoints import read_model
from salviewer.training.datasets import open_dataset
from salviewer.training.evaluation import SIZE
from salviewer.training.known_pictures import split_of
from salviewer.training.pack import open_pack


def scored(data: Path, model: Path, file: Path, *more: str) -> dict[str, object]:
    words = ["evaluate", f"--model={model}", f"--data={data}", "--device=cpu", f"--json={file}", *more]
    assert main(words) == 0
    values: dict[str, object] = json.loads(file.read_text())
    return values


def test_a_model_brings_its_own_split_and_pictures_it_was_fitted_to_are_counted(
    discs: Path, tmp_path: Path, whole: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Under other names and without the run's folder: pictures are known by their content."""
    data = Path(shutil.copytree(discs, tmp_path / "data"))
    for folder in ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS"):
        for path in list((data / "trainSet" / folder).rglob("*.*")):
            path.rename(path.with_name(f"x{path.name}"))
    model = Path(shutil.copytree(whole / "model", tmp_path / "model"))
    test = json.loads((whole / "split.json").read_text())["test"]
    renamed = {name.replace("/", "/x") for name in test}
    values = scored(data, model, tmp_path / "a.json")
    said = capfd.readouterr().err
    assert "scored is the test part of the model's own split" in said and "was fitted to" not in said
    assert {item["name"] for item in values["pictures"]} == renamed  # type: ignore[attr-defined]
    assert (values["split"], values["part"], values["fitted_among"]) == ("the model's own split", "test", 0)

    everything = {"train": [], "test": [sample.name for sample in open_dataset(data).samples]}
    (tmp_path / "split.json").write_text(json.dumps(everything))
    values = scored(data, model, tmp_path / "b.json", f"--split={tmp_path / 'split.json'}")
    assert "was fitted to 14 of the 16 scored pictures, which flatters it" in capfd.readouterr().err
    assert values["fitted_among"] == 14 and "was fitted to 14" in str(values["note"])

    card = json.loads((model / "card.json").read_text())
    del card["data"]["pictures"]  # as in version 0.1
    (model / "card.json").write_text(json.dumps(card))
    values = scored(data, model, tmp_path / "c.json")
    assert "does not say which pictures it was fitted to; some of the 16 may be" in str(values["note"])
    assert (values["split"], values["part"], values["fitted_among"]) == ("", "all", None)


def test_a_part_that_is_not_there_is_a_sentence_with_those_that_are(
    discs: Path, whole: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", f"--model={whole / 'model'}", f"--data={discs}", "--device=cpu", "--part=val"]
    assert main(words) == 1
    assert "the model's own split has no val part here; choose --part test or train" in capfd.readouterr().err


def test_the_card_knows_the_split_of_its_run(discs: Path, whole: Path) -> None:
    split = json.loads((whole / "split.json").read_text())
    known = split_of(read_model(whole / "model")[0], open_pack(open_dataset(discs).samples, SIZE))
    assert known is not None
    assert (set(known.train), set(known.test), known.val) == (set(split["train"]), set(split["test"]), ())
