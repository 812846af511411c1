"""Parts of the window's batch: its choices, its rate, and its turns with the network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from salviewer.app.features.batch import words
from salviewer.app.features.batch.progress_presenter import BatchEnd, BatchProgress
from salviewer.app.features.batch.request import Survey
from salviewer.app.features.batch.shared_predictor import SharedPredictor
from salviewer.app.state.batch_choices import BatchChoices, batch_from
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.state.settings import ViewerSettings, from_dict
from salviewer.app.workers.inference import LOADING, PREDICTING, SHOWN, Engine, Inference, Request
from salviewer.errors import ModelError
from salviewer.media.images import load_picture
from salviewer.models.loading import load_model
from salviewer.results.rate import LATELY, Rate
from salviewer.results.run import StoppedError
from tests.app.conftest import held

LONG = 60_000


def test_choices_are_remembered_and_what_is_unknown_keeps_its_default() -> None:
    files = ExportChoices(kinds=("focus",), maps=("npy",), reports=("pdf",), folder="/there")
    chosen = BatchChoices(files, source="/here", policy="keep", summed=False)
    settings, refused = from_dict(ViewerSettings(batch=chosen).to_dict())
    assert settings.batch == chosen and refused == []
    content = {**chosen.to_dict(), "policy": "whatever", "summary": 1, "quality": 900}
    assert batch_from(content, refused) == BatchChoices(files, source="/here")
    assert refused == ["batch.quality", "batch.policy", "batch.summary"]


def test_the_pace_is_that_of_late() -> None:
    rate = Rate(100.0)
    assert rate.rate == 0 and rate.left(10) is None
    rate.mark(100.5, 3)
    assert rate.rate == 0  # too early
    rate.mark(102.0, 4)
    assert rate.rate == pytest.approx(2) and rate.left(10) == pytest.approx(5)
    for second in range(1, 61):
        rate.mark(102.0 + second, 4 + 10 * second)
    assert rate.rate == pytest.approx(10)
    assert LATELY < 60


def test_what_is_said() -> None:
    progress = BatchProgress(done=1200, skipped=20, failed=3, pictures=2000, rate=0.5, left=3600)
    assert words.count(progress) == "1\u202f223 of 2\u202f000 pictures"
    assert words.rate(progress) == "2.0 s a picture, about 60 min left"
    assert words.parts(progress) == "1\u202f200 done, 20 done before, 3 could not be done"
    assert words.badge(progress) == "Batch, 61%"
    stopped = BatchEnd("stopped", BatchProgress(done=2, pictures=5), Path("/out"), seconds=4)
    assert words.end(stopped) == "Stopped after 2 of 5 pictures"
    assert words.took(stopped) == "2 done, in 4 s; 0.5 pictures a second."
    assert "to continue" in words.where(stopped)
    assert words.found(Survey(9, 9, 0, 0, (), "")) == "9 pictures, all done before. Nothing is left to do."
    assert words.found(Survey(9, 2, 1, 3, ("a.png", "b.csv", "c.npy", "d.pdf"), "x: it is damaged")) == (
        "9 pictures, 2 done before, 1 whose results would replace pictures; choose another folder."
        " 3 files there will be replaced. Files of the first picture: a.png, b.csv, c.npy and 1 more."
        " x: it is damaged."
    )


@pytest.fixture
def inference(qapp: object) -> Iterator[Inference]:
    """The window's worker by itself."""
    made = Inference()
    yield made
    made.worker.close()
    assert made.worker.join(60)


def in_thread(job: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run a job beside the test; returns its thread, and a list that gets its value or exception."""
    got: list[object] = []

    def run() -> None:
        try:
            got.append(job())
        except Exception as error:
            got.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, got


def test_what_is_on_screen_comes_before_the_batch(
    qtbot: QtBot, inference: Inference, model_folder: Path, pictures: list[Path]
) -> None:
    gate, order = held(inference), []
    batch = inference.in_turn(lambda: order.append("batch"))
    inference.began.connect(lambda stage: order.append(stage.what), Qt.ConnectionType.DirectConnection)
    pixels = load_picture(pictures[0]).pixels
    inference.request(Request(1, Engine(str(model_folder)), "shown", pixels, SHOWN))
    with qtbot.waitSignal(inference.responded, timeout=LONG) as heard:
        gate.set()
    batch.result(60)
    assert heard.args is not None and heard.args[0].saliency is not None
    assert order == [LOADING, PREDICTING, "batch"]


def test_a_picture_of_a_batch_is_predicted_as_any_other(
    inference: Inference, model_folder: Path, pictures: list[Path]
) -> None:
    picture = load_picture(pictures[0])
    saliency = SharedPredictor(inference, Engine(str(model_folder)), threading.Event()).predict(picture)
    assert (saliency.density == load_model(model_folder).predict(picture.pixels).density).all()


def test_a_batch_that_waits_for_the_network_stops_at_once(inference: Inference) -> None:
    gate, stop = held(inference), threading.Event()
    thread, got = in_thread(SharedPredictor(inference, Engine("live_net"), stop).ready)
    stop.set()
    thread.join(30)
    assert not thread.is_alive() and isinstance(got[0], StoppedError)  # though the network is still at work
    gate.set()


def test_a_model_that_is_not_there_is_a_sentence(inference: Inference) -> None:
    with pytest.raises(ModelError, match="no_such_model"):
        SharedPredictor(inference, Engine("no_such_model"), threading.Event()).ready()
