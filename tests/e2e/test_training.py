"""A newcomer trains a network in the real window, and the window comes and goes while it trains."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
    """Six pictures a category of the real data, and folders of our own for what training leaves."""
    if not DATA.is_dir():
        pytest.skip("the eye-tracking data is not beside the checkout")
    small = tmp_path / "small"
    for category in CATEGORIES:
        stems = sorted(path.stem for path in (DATA / "Stimuli" / category).iterdir())[:6]
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


def test_a_killed_windows_training_goes_on_and_is_found_at_the_next_start(
    training: dict[str, str], drive: Drive, tmp_path: Path
) -> None:
    out = tmp_path / "hold"
    out.mkdir()
    command = [sys.executable, "-m", "tests.e2e.driver", "training_scenarios.hold", str(out)]
    window = subprocess.Popen(command, env=training, cwd=ROOT)
    try:
        _wait(lambda: (out / "running").is_file() and (out / "running").read_text() != "")
    finally:
        window.kill()
        window.wait(20)
    root = Path((out / "running").read_text())
    _, offset = read_events(root)
    _wait(lambda: any(event["event"] == "step" for event in read_events(root, offset)[0]))
    notes = drive("training_scenarios.find_again")
    assert notes["badge"].split(",")[0] in ("Training", "Preparing")
    assert look(root).state == "stopped" and look(root).resumable and holder(root) is None


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
