"""The numbers under the cursor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window
from salviewer.core.map_statistics import measure
from tests.app.test_window import opened


def point(qtbot: QtBot, window: Window, u: float, v: float) -> QPoint:
    """Move the cursor to fractions of the picture."""
    area = window.bench.stage.canvas.picture_rect()
    place = QPoint(round(area.x() + u * area.width()), round(area.y() + v * area.height()))
    qtbot.mouseMove(
        window.bench.stage.canvas, QPoint(1, 1)
    )  # a move to where the cursor already was would be none
    qtbot.mouseMove(window.bench.stage.canvas, place)
    return place


def test_the_cursor_reads_pixel_value_and_times_the_average(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    saliency, view = window.bench.session.saliency, window.bench.stage.canvas.view
    assert saliency is not None and view is not None
    place = point(qtbot, window, 0.3, 0.7)
    ratio = window.bench.stage.canvas.devicePixelRatioF()
    x, y = view.to_picture(place.x() * ratio, place.y() * ratio)
    expected = measure(saliency, window.bench.settings.now.heat).at(x / 120, y / 80)
    text = window.bench.status.reading.text()
    match = re.fullmatch(r"x (\d+), y (\d+)  ·  (\d\.\d\d)  ·  ([\d.]+)× the average", text)
    assert match is not None, text
    assert (int(match[1]), int(match[2])) == (int(x), int(y))
    assert float(match[3]) == pytest.approx(expected.value, abs=0.0051)
    assert float(match[4]) == pytest.approx(expected.times, abs=0.051)
    assert window.bench.status.reading.accessibleName() == text


def test_the_reading_follows_the_settings_the_view_and_the_cursor_leaving(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    point(qtbot, window, 0.3, 0.7)
    first = window.bench.status.reading.text()
    window.feature(ViewsFeature).display.threshold.number.setValue(0)
    qtbot.waitUntil(lambda: "hidden" in window.bench.status.reading.text(), timeout=20_000)
    window.feature(ViewsFeature).display.reset.click()
    qtbot.waitUntil(lambda: window.bench.status.reading.text() == first, timeout=20_000)
    window.bench.stage.canvas.zoom(3.0)
    assert window.bench.status.reading.text() != first
    qtbot.mouseMove(window.bench.stage.canvas, QPoint(2, 2))
    window.bench.stage.canvas.fit()
    assert window.bench.status.reading.text() == ""


def test_nothing_moves_while_numbers_change(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    opened(qtbot, window, pictures[0])
    places = []
    for u in (0.01, 0.5, 0.99):
        point(qtbot, window, u, 0.5)
        qtbot.wait(30)
        places.append(
            [
                w.geometry()
                for w in (window.bench.status.reading, window.bench.status.zoom, window.bench.status.engine)
            ]
        )
    assert places[0] == places[1] == places[2]
    assert window.bench.status.reading.sizeHint().width() <= window.bench.status.reading.width()
