"""A newcomer trains a network in the real window, and the window comes and goes while it trains."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from salviewer.training.lock import holder
from salviewer.training.runs import look, read_events
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e

Drive = Callable[..., dict[str, Any]]
DATA = ROOT.parent / "shared" / "data" / "eyetracking" / "trainSet"
CATEGORIES = ("Crowd", "Objects", "Scenes")


@pytest.fixture
def training(environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """Four pictures a category of the real data, and folders of our own for what training leaves."""
    if not DATA.is_dir():
        pytest.skip("the eye-tracking data is not beside the checkout")
    small = tmp_path / "small"
    for category in CATEGORIES:
        stems = sorted(path.stem for path in (DATA / "Stimuli" / category).iterdir())[:4]
        for folder in ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS"):
            place = small / "trainSet" / folder / category
            place.mkdir(parents=True)
            for path in (DATA / folder / category).iterdir():
                if path.stem in stems:
                    (place / path.name).symlink_to(path)
    environment |= {
        "TRAINING_DATA": str(small),
        "SALVIEWER_DATA_DIR": str(tmp_path / "data"),
        "SALVIEWER_CACHE": str(tmp_path / "cache"),
        "OMP_NUM_THREADS": "1",
    }
    yield environment
    for root in (tmp_path / "data" / "runs").glob("*"):
        if (worker := holder(root)) is not None:
            worker.kill()


def test_train_watch_stop_resume_finish_and_look(
    training: dict[str, str], drive: Drive, astronaut: Path
) -> None:
    notes = drive("training_scenarios.train", astronaut)
    assert notes["said"] == "Recognised: CAT2000's folders."
    assert notes["fault"] == "Epochs: 0 is outside 1 to 10000" and notes["refused"]
    assert 2 <= notes["points"][0] < notes["points"][1]
    assert notes["badge"].startswith("Training")
    assert notes["stopped"].startswith("Step ")
    assert notes["curves"] == {"train": 2, "test": 2} and notes["samples"] == 3
    assert "goes on after step" in notes["log"] and "finished after" in notes["log"]
    assert notes["model"] == "Mine" and notes["another map"]
    assert Image.open(notes["out"] / "photograph.png").width > 700


def test_a_killed_windows_training_goes_on_is_found_again_and_ends_where_that_is_chosen(
    training: dict[str, str], tmp_path: Path
) -> None:
    with _window(training, "hold", tmp_path / "hold", "running") as running:
        root = Path(running)
    _, offset = read_events(root)
    _wait(lambda: any(event["event"] == "step" for event in read_events(root, offset)[0]))
    with _window(training, "find_again", tmp_path / "again", "notes.json") as text:
        notes = json.loads(text)
    assert notes["badge"].split(",")[0] in ("Training", "Preparing") and notes["viewed"] == "running"
    _wait(lambda: holder(root) is None)
    assert look(root).state == "stopped" and look(root).resumable


@contextmanager
def _window(environment: dict[str, str], scenario: str, out: Path, file: str) -> Iterator[str]:
    """The program, once its scenario has written a file; killed as soon as that is read."""
    out.mkdir()
    command = [sys.executable, "-m", "tests.e2e.driver", f"training_scenarios.{scenario}", str(out)]
    window = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _wait(
            lambda: window.poll() is not None or ((out / file).is_file() and (out / file).read_text() != "")
        )
        assert window.poll() is None
        yield (out / file).read_text()
    finally:
        window.kill()
        window.wait(20)


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
