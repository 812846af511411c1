"""Qt objects are destroyed in the window's thread, never by the garbage collector."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from pytestqt.qtbot import QtBot

from salviewer.app.state.session import Session
from salviewer.app.workers.inference import Engine


def test_a_session_is_no_garbage_that_a_worker_could_collect(
    qtbot: QtBot, model_folder: Path, pictures: list[Path]
) -> None:
    """A cycle would be collected in whatever thread allocates next, timers and file watchers and all."""
    gc.collect()
    gc.disable()
    try:
        session = Session(Engine(str(model_folder), "cpu"))
        session.prefetch.preparing = "maps"
        with qtbot.waitSignal(session.learned, timeout=60_000):
            session.open(pictures)
        assert session.close(120)
        gone = weakref.ref(session)
        del session
        assert gone() is None
    finally:
        gc.enable()
