"""The swatch of a colormap is drawn when its library was imported, which the window does not wait for."""

from __future__ import annotations

import sys

from pytestqt.qtbot import QtBot

from salviewer.app.widgets.controls import ColormapChoice
from salviewer.first_use import imported_beside


def drawn(choice: ColormapChoice) -> bool:
    size = choice.iconSize()
    return bool(choice.itemIcon(choice.currentIndex()).pixmap(size).toImage().pixelColor(30, 5).alpha())


def test_the_swatch_comes_after_the_library(qtbot: QtBot) -> None:
    choice = ColormapChoice(["viridis", "magma"])
    qtbot.addWidget(choice)
    assert not drawn(choice)
    choice.show()
    qtbot.waitUntil(lambda: drawn(choice), timeout=20_000)
    assert not imported_beside("cmap").is_alive() and "cmap" in sys.modules
    choice.setCurrentIndex(1)
    qtbot.waitUntil(lambda: drawn(choice), timeout=20_000)


def test_a_library_is_imported_once() -> None:
    first = imported_beside("colorsys")
    assert imported_beside("colorsys") is first
    first.join()
    assert "colorsys" in sys.modules
