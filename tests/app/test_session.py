"""The session with its real workers: the screen always shows the newest picture with its own map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from salviewer.app.state.session import Session
from salviewer.app.workers.inference import Engine, Request, Response
from salviewer.core.saliency_map import SaliencyMap


@pytest.fixture
def session(qtbot: QtBot, model_folder: Path) -> Iterator[Session]:
    session = Session(Engine(str(model_folder), "cpu"))
    yield session
    assert session.close(120)


def shown(qtbot: QtBot, session: Session) -> SaliencyMap:
    qtbot.waitUntil(lambda: session.saliency is not None, timeout=60_000)
    assert session.saliency is not None
    return session.saliency


def test_a_picture_comes_before_its_map(qtbot: QtBot, session: Session, pictures: list[Path]) -> None:
    order: list[str] = []
    session.picture_changed.connect(lambda loaded: order.append(loaded.name))
    session.map_changed.connect(lambda saliency: order.append("none" if saliency is None else "map"))
    session.open([pictures[0]])
    saliency = shown(qtbot, session)
    assert order == ["picture0.png", "none", "map"]
    assert saliency.source_size == (120, 80)
    assert saliency.device == "cpu" and saliency.milliseconds > 0


def test_quick_turns_never_pair_a_picture_with_anothers_map(
    qtbot: QtBot, session: Session, pictures: list[Path]
) -> None:
    pairs: list[tuple[tuple[int, int], tuple[int, int]]] = []

    def note(saliency: SaliencyMap | None) -> None:
        if saliency is not None and session.loaded is not None:
            pairs.append((session.loaded.picture.full_size, saliency.source_size))

    session.map_changed.connect(note)
    session.open(pictures)
    qtbot.waitUntil(lambda: session.loaded is not None)
    for steps in (1, 1, -1, -1, 1, 1):
        session.turn(steps)
        qtbot.wait(3)
    qtbot.waitUntil(
        lambda: session.loaded is not None and session.loaded.name == "picture2.png", timeout=20_000
    )
    shown(qtbot, session)
    assert pairs and all(picture == map_ for picture, map_ in pairs)


def test_opening_two_at_once_shows_only_the_second(
    qtbot: QtBot, session: Session, pictures: list[Path]
) -> None:
    names: list[str] = []
    session.picture_changed.connect(lambda loaded: names.append(loaded.name))
    session.open([pictures[0]])
    session.open([pictures[1]])
    assert shown(qtbot, session).source_size == (90, 140)
    assert names == ["picture1.png"]


def test_a_late_answer_is_dropped_but_remembered(
    qtbot: QtBot, session: Session, pictures: list[Path]
) -> None:
    session.open(pictures[:2])
    current = shown(qtbot, session)
    assert session.loaded is not None
    late = SaliencyMap(np.ones((3, 4), np.float32), (120, 80), "late")
    old = Request(-1, Engine("other", "cpu"), session.loaded.key)
    session.inference.responded.emit(Response(old, late))
    assert session.saliency is current
    session.inference.responded.emit(Response(old, error="too late to matter"))
    session.set_engine(Engine("other", "cpu"))
    assert session.saliency is late


def test_going_back_does_not_run_the_network(qtbot: QtBot, session: Session, pictures: list[Path]) -> None:
    session.open(pictures[:2])
    first = shown(qtbot, session)
    session.turn(1)
    qtbot.waitUntil(lambda: session.position == (2, 2))
    shown(qtbot, session)
    asked: list[object] = []
    session.inference.began.connect(asked.append)
    session.turn(-1)
    qtbot.waitUntil(lambda: session.position == (1, 2))
    assert session.saliency is first
    qtbot.wait(50)
    assert not asked


def test_the_ends_of_the_list_hold(qtbot: QtBot, session: Session, pictures: list[Path]) -> None:
    session.open(pictures[:2])
    shown(qtbot, session)
    session.turn(-1)
    session.turn(5)
    qtbot.waitUntil(lambda: session.position == (2, 2))
    session.turn(1)
    assert session.position == (2, 2)


def test_a_model_that_does_not_load_leaves_the_one_that_works(
    qtbot: QtBot, session: Session, pictures: list[Path], tmp_path: Path
) -> None:
    session.open([pictures[0]])
    before = shown(qtbot, session)
    engine = session.engine
    with qtbot.waitSignal(session.failed, timeout=20_000) as failure:
        session.set_engine(Engine(str(tmp_path / "missing.safetensors")))
    assert "missing.safetensors" in failure.args[0]
    assert session.engine == engine and session.saliency is before


def test_a_device_that_is_not_there_falls_back_to_the_automatic_choice(
    qtbot: QtBot, session: Session, pictures: list[Path], model_folder: Path
) -> None:
    with qtbot.waitSignal(session.failed, timeout=60_000) as failure:
        session.set_engine(Engine(str(model_folder), "cuda:99"))
        session.open([pictures[0]])
    assert "cuda:99" in failure.args[0]
    shown(qtbot, session)
    assert session.engine.device == "auto"


def test_the_first_that_opens_is_shown_and_the_others_are_reported(
    qtbot: QtBot, session: Session, pictures: list[Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    with qtbot.waitSignal(session.failed, timeout=20_000) as failure:
        session.open([tmp_path / "gone.png", bad, pictures[0]])
    assert "gone.png" in failure.args[0] and "bad.png" in failure.args[0]
    assert session.loaded is not None and session.loaded.name == "picture0.png"
    shown(qtbot, session)


def test_a_file_that_changed_is_read_again(qtbot: QtBot, session: Session, pictures: list[Path]) -> None:
    session.open([pictures[0]])
    shown(qtbot, session)
    Image.new("RGB", (33, 44), "red").save(pictures[0])
    with qtbot.waitSignal(session.picture_changed, timeout=20_000):
        session.open([pictures[0]])
    assert shown(qtbot, session).source_size == (33, 44)


def test_what_goes_on_is_said_from_the_first_moment_to_the_last(
    qtbot: QtBot, session: Session, pictures: list[Path]
) -> None:
    said: list[str] = []
    session.activity_changed.connect(said.append)
    session.warm_up()
    assert said == ["Loading the model…"]
    session.open([pictures[0]])
    shown(qtbot, session)
    first = said.index("Opening…")
    assert all(said[first:-1]) and said[-1] == ""


def test_the_map_of_the_last_live_frame_is_announced(
    qtbot: QtBot, session: Session, pictures: list[Path]
) -> None:
    session.open([pictures[0]])
    saliency = shown(qtbot, session)
    maps: list[SaliencyMap | None] = []
    session.map_changed.connect(maps.append)
    session.live = True
    assert session.loaded is not None and not maps
    session.set_frame(session.loaded, saliency)
    session.live = False
    session.live = False
    assert maps == [saliency]
