"""Waiting for frames in the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.live.run import LiveRun
from salviewer.app.window import Window
from salviewer.streaming.pipeline import Shown
from tests.video.videos import number_of

PATIENCE = 60_000


def wait(qtbot: QtBot, until: Callable[[], bool]) -> None:
    qtbot.waitUntil(until, timeout=PATIENCE)


def frame_number(window: Window) -> int:
    """The number that the frame on screen shows; -1 while there is none."""
    loaded = window.bench.session.loaded
    return -1 if loaded is None else number_of(loaded.picture.pixels)


def play(qtbot: QtBot, window: Window, path: Path) -> LiveRun:
    """Open a video and wait for a frame with its overlay."""
    window.bench.session.request([str(path)])
    return arrived(qtbot, window)


def arrived(qtbot: QtBot, window: Window) -> LiveRun:
    """The source that is on screen, with its overlay."""
    wait(
        qtbot,
        lambda: window.feature(LiveFeature).run is not None and window.bench.stage.canvas.layer is not None,
    )
    run = window.feature(LiveFeature).run
    assert run is not None
    return run


def page_offered(window: Window) -> bool:
    """Whether the tab of the page Live is there to be clicked."""
    tabs = window.bench.panel.tabs
    return tabs.isTabVisible([tabs.tabText(place) for place in range(tabs.count())].index("Live"))


def rest_at(qtbot: QtBot, window: Window, number: int) -> None:
    """Pause at this frame, with its own overlay."""
    rest(qtbot, window.feature(LiveFeature), number)
    assert frame_number(window) == number and window.bench.session.saliency is not None


def rest(qtbot: QtBot, live: LiveFeature, number: int) -> None:
    """Pause at this frame, and wait until it is on screen with the map that the network made of it.

    Before that map, the frame is shown with the map of another frame, moved to it: a test that compares two
    moments would see both.
    """
    assert live.run is not None and live.run.player is not None
    final: list[Shown] = []

    def note(run: LiveRun, shown: Shown) -> None:
        if shown.own and shown.frame.index == number and shown.captured >= asked:
            final.append(shown)

    live.sources.frame_arrived.connect(note)  # after the feature itself, which has shown it by then
    try:
        live.run.player.pause()
        asked = time.monotonic()  # the same frame may have been shown while it played
        live.run.player.seek(number)
        wait(qtbot, lambda: bool(final))
    finally:
        live.sources.frame_arrived.disconnect(note)
