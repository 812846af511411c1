"""``train`` and ``evaluate`` are asked to end, or killed."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salviewer.training.runs import look
from tests.training.processes import Process

NAMES = ["SIGINT", "SIGTERM", "SIGHUP"]
Begin = Callable[..., Process]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Start ``salviewer ARGUMENTS`` with a cache of its own."""
    begun: list[Process] = []
    (tmp_path / "said").mkdir()

    def start(*arguments: str) -> Process:
        cache = {"SALVIEWER_CACHE": str(tmp_path / "cache")}
        begun.append(Process(list(arguments), tmp_path / "said", cache))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()


def until(process: Process, kind: str, number: int | None) -> None:
    """Wait for an event, then send a signal; None kills."""
    for event in process.events():
        if event["event"] == kind:
            process.send(signal.SIGKILL if number is None else signal.Signals(number))
            return
    raise AssertionError(f"it ended without {kind}: {process.end()}")


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_training_stops_with_a_checkpoint(
    discs: Path, tiny_recipe: Path, tmp_path: Path, begin: Begin, name: str
) -> None:
    run = tmp_path / "run"
    process = begin(
        "train", f"--data={discs}", "--model=live_net", f"--run={run}", f"--recipe={tiny_recipe}",
        "--device=cpu", "--epochs=500", "--events=jsonl",
    )  # fmt: skip
    until(process, "step", getattr(signal, name))
    done = process.end()
    assert (done.returncode, done.stderr) == (130, "")
    assert look(run).state == "stopped" and look(run).resumable


@pytest.fixture
def many(discs: Path, tmp_path: Path) -> Path:
    """A data set whose reading takes a while."""
    root = tmp_path / "many"
    for number in range(40):
        for folder in ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS"):
            shutil.copytree(
                discs / "trainSet" / folder / "Indoor", root / "trainSet" / folder / f"{number:02d}"
            )
    return root


@pytest.mark.parametrize("name", NAMES)
def test_a_training_that_still_reads_pictures_says_that_it_stopped(
    many: Path, tiny_recipe: Path, tmp_path: Path, begin: Begin, name: str
) -> None:
    run = tmp_path / "run"
    process = begin(
        "train", f"--data={many}", "--model=live_net", f"--run={run}", f"--recipe={tiny_recipe}",
        "--device=cpu", "--events=jsonl",
    )  # fmt: skip
    until(process, "packing", getattr(signal, name))
    done = process.end()
    assert (done.returncode, done.stderr) == (130, "salviewer: interrupted\n")
    assert look(run).state == "stopped"
    assert not list((tmp_path / "cache" / "packs").glob(".making-*"))


@pytest.mark.parametrize("name", NAMES)
def test_an_evaluation_ends_and_leaves_nothing(
    many: Path, model_folder: Path, tmp_path: Path, begin: Begin, name: str
) -> None:
    scores = tmp_path / "scores.json"
    process = begin(
        "evaluate", f"--data={many}", f"--model={model_folder}", "--device=cpu", "--engine=torch",
        "--events=jsonl", f"--json={scores}",
    )  # fmt: skip
    until(process, "reading pictures", getattr(signal, name))
    done = process.end()
    assert (done.returncode, done.stderr) == (130, "salviewer: interrupted\n")
    assert not scores.exists() and not list((tmp_path / "cache" / "packs").glob(".making-*"))


def test_what_a_kill_left_is_cleared_at_the_next_run(
    many: Path, discs: Path, model_folder: Path, tmp_path: Path, begin: Begin
) -> None:
    scores = tmp_path / "scores.json"
    words = ["evaluate", f"--model={model_folder}", "--device=cpu", "--engine=torch", "--events=jsonl"]
    words.append(f"--json={scores}")
    assert begin(*words, f"--data={discs}").end().returncode == 0  # its pack is there from now on
    process = begin(*words, f"--data={many}")
    until(process, "reading pictures", None)
    assert process.end().returncode == -9
    packs = tmp_path / "cache" / "packs"
    (tmp_path / _temporary(process.pid)).write_text("{")  # as if killed while it wrote
    assert list(packs.glob(".making-*"))
    assert begin(*words, f"--data={discs}").end().returncode == 0
    assert not list(packs.glob(".making-*")) and not list(tmp_path.glob(".salviewer-*"))
    assert json.loads(scores.read_text())["fitted_among"] is None


def _temporary(pid: int) -> str:
    from salviewer.media.saving import temporary_name

    return f"{temporary_name()[:-6]}{pid & 0xFFFFFF:06x}.json"
