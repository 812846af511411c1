"""The swatch of a colormap is drawn when the colormaps were read, which the window does not wait for."""

from __future__ import annotations

import threading

import cmap
import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.widgets.controls import ColormapChoice, reading_colormaps


def drawn(choice: ColormapChoice) -> bool:
    size = choice.iconSize()
    return bool(choice.itemIcon(choice.currentIndex()).pixmap(size).toImage().pixelColor(30, 5).alpha())


def test_the_swatch_comes_when_the_colormaps_were_read(qtbot: QtBot) -> None:
    choice = ColormapChoice(["viridis", "magma"])
    qtbot.addWidget(choice)
    assert not drawn(choice)
    choice.show()
    qtbot.waitUntil(lambda: drawn(choice), timeout=20_000)
    assert not reading_colormaps().is_alive()
    choice.setCurrentIndex(1)
    qtbot.waitUntil(lambda: drawn(choice), timeout=20_000)


def test_the_colormaps_are_read_once_and_not_in_the_windows_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[threading.Thread] = []
    monkeypatch.setattr(cmap, "Colormap", lambda name: asked.append(threading.current_thread()))
    reading_colormaps.cache_clear()
    first = reading_colormaps()
    assert reading_colormaps() is first
    first.join()
    assert asked == [first]
    reading_colormaps.cache_clear()
