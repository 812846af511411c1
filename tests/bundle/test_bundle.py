"""A user's first steps with the download, done with the built program."""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from salviewer import __version__
from salviewer.training.recipe import load_recipe
from tests.bundle.conftest import Run
from tests.documents import pdf_file
from tests.training.conftest import make_sample
from tests.video.videos import make_video

FULL = os.environ.get("SALVIEWER_BUNDLE", "full") != "viewer"
needs_torch = pytest.mark.skipif(not FULL, reason="a viewer has no torch")


def test_the_doctor_finds_both_networks_and_what_computes(run: Run) -> None:
    assert run("--version").stdout.strip() == f"salviewer {__version__}"
    found = json.loads(run("doctor", "--json").stdout)
    names = [model["name"] for model in found["models"]]
    assert names == ["live_net", "live_net_recurrent", "deep_convnet", "attention_net"]
    assert not any(model["trouble"] or model["note"] for model in found["models"])
    engines = {engine["name"]: engine for engine in found["engines"]}
    assert engines["openvino"]["version"] and "FP32" in engines["openvino"]["detail"]
    assert bool(engines["torch"]["version"]) is FULL
    assert found["cache_bytes"] > 10_000_000  # the compiled networks, for the next start
    again = run("doctor", "--json")
    assert json.loads(again.stdout)["cache_bytes"] == found["cache_bytes"]
    assert "compiled again" not in again.stderr


@pytest.mark.parametrize("engine", ["openvino", pytest.param("torch", marks=needs_torch)])
def test_a_photographs_pixels_are_the_source_trees(
    run: Run, source: Run, photograph: Path, tmp_path: Path, engine: str
) -> None:
    for who, folder in ((run, "built"), (source, "source")):
        who("predict", photograph, "-o", tmp_path / folder, "--engine", engine)
    built, expected = (
        np.asarray(Image.open(next((tmp_path / folder).glob("*.png"))).convert("RGB")).astype(int)
        for folder in ("built", "source")
    )
    assert built.shape == expected.shape and built.std() > 20
    assert abs(built - expected).max() <= 1


def test_documents_are_drawn(run: Run, tmp_path: Path) -> None:
    pdf_file(tmp_path / "b.pdf", 2)
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='60'><text y='40'>Sale</text></svg>"
    (tmp_path / "a.svg").write_text(drawing)
    run("predict", tmp_path, "-o", tmp_path / "out", "--dpi", "72")
    assert {"a.png", "b-p01.png", "b-p02.png"} <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("codec", ["vp9", "av1"])
def test_a_video_is_written(run: Run, tmp_path: Path, codec: str) -> None:
    clip = make_video(tmp_path / "clip.mp4", count=6)
    run("predict", clip, "-o", tmp_path / "out.mp4", "--codec", codec)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 6


@needs_torch
def test_two_steps_of_training(run: Run, tmp_path: Path) -> None:
    data, random = tmp_path / "data", np.random.default_rng(5)
    for category in ("Indoor", "Outdoor"):
        for number in range(8):
            make_sample(data, category, f"{number + 1:03d}", random)
    recipe = replace(
        load_recipe("modern", "live_net"),
        name="tiny", epochs=1, train_batch=4, test_batch=4, init="published",
        input_size=(64, 96), output_size=(64, 96), ema=0.9,
    )  # fmt: skip
    (tmp_path / "tiny.json").write_text(json.dumps(recipe.to_dict()))
    order = ["--data", data, "--model", "live_net", "--recipe", tmp_path / "tiny.json"]
    run("train", *order, "--run", tmp_path / "run", "--device", "cpu")
    events = [json.loads(line) for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines()]
    assert max(event["step"] for event in events if event["event"] == "step") >= 2
    run("predict", next(data.rglob("*.jpg")), "-o", tmp_path / "out", "--model", _model(tmp_path / "run"))


def _model(root: Path) -> Path:
    return next(path.parent for path in root.rglob("card.json"))


def test_the_notices_name_everything_inside(program: Path) -> None:
    text = next(program.parent.rglob("THIRD-PARTY.txt")).read_text("utf-8")
    titles = re.findall(r"^={100}\n(.+)\n={100}$", text, re.MULTILINE)
    said = " ".join(titles).lower()
    for name in (
        "salviewer",
        "weights",
        "python",
        "pyside6",
        "numpy",
        "opencv",
        "openvino",
        "pillow",
        "scipy",
    ):
        assert name in said
    assert ("torch" in said) is FULL
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text and "Apache License" in text


def test_every_use_of_a_map(run: Run, source: Run, photograph: Path, tmp_path: Path) -> None:
    clip = make_video(tmp_path / "clip.mp4", count=6)
    uses = {
        "crop": (photograph, "--aspect", "9:16"),
        "regions": (photograph, "--write", "csv"),
        "cutout": (photograph, "--write", "mask"),
        "describe": (photograph, "--write", "txt"),
        "track": (clip, "--write", "csv", "--reframe", "1:1"),
    }
    for name, arguments in uses.items():
        for who, folder in ((run, "built"), (source, "source")):
            who("apply", name, *arguments, "-o", tmp_path / folder / name)
        built, expected = (
            sorted(path.name for path in (tmp_path / folder / name).iterdir())
            for folder in ("built", "source")
        )
        assert built == expected and any(not each.startswith(".") for each in built), name
    for name, file, most in (("crop", "astronaut-crop-9x16.png", 0), ("cutout", "astronaut-mask.png", 0.005)):
        built, expected = (
            np.asarray(Image.open(tmp_path / folder / name / file)) for folder in ("built", "source")
        )
        assert built.shape == expected.shape and (built != expected).mean() <= most, file
    for name, file in (("regions", "astronaut_regions.csv"), ("track", "clip_tracks.csv")):
        built, expected = (table(tmp_path / folder / name / file) for folder in ("built", "source"))
        assert len(built) > 0 and built == pytest.approx(expected, abs=0.01), file
    built, expected = (
        (tmp_path / folder / "describe" / "astronaut_words.txt").read_text("utf-8")
        for folder in ("built", "source")
    )
    assert re.sub(r"\d+ %", "", built) == re.sub(r"\d+ %", "", expected)


def table(path: Path) -> list[float]:
    """All numbers of a table of regions or tracks, row by row."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows, path
    return [float(value) for row in rows for value in row.values() if re.fullmatch(r"-?\d+(\.\d+)?", value)]
