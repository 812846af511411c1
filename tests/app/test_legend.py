"""Histogram, colour bar and threshold line, in step with the panel's controls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.state.settings import SettingsFile
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.viewer.display_settings import DisplayControls
from salviewer.app.viewer.legend import UNITS, Legend
from salviewer.app.window import Window
from salviewer.core.map_statistics import measure
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from tests.app.test_window import opened
from tests.core.maps import gaussian


@pytest.fixture
def look(qtbot: QtBot, own_settings: Path) -> DisplayControls:
    """The controls for a Gaussian spot, answering as the window does."""
    store = SettingsStore(SettingsFile(own_settings))
    look, saliency = DisplayControls(store), gaussian()
    store.setParent(look)
    qtbot.addWidget(look)
    store.changed.connect(lambda _, now: look.show_statistics(measure(saliency, now.heat)))
    look.resize(256, look.sizeHint().height())
    look.show()
    look.show_statistics(measure(saliency, PostprocessSettings()))
    return look


def settings(look: DisplayControls) -> SettingsStore:
    store = look.findChild(SettingsStore)
    assert store is not None
    return store


def threshold(look: DisplayControls) -> Threshold:
    return settings(look).now.heat.threshold


def test_the_slider_moves_the_line_and_the_line_the_slider(look: DisplayControls) -> None:
    measured = measure(gaussian(), PostprocessSettings(threshold=Threshold("percentile", 90)))
    look.threshold.number.setValue(10)
    assert look.legend.value() == pytest.approx(measured.level * UNITS, abs=1)
    look.legend.setValue(400)
    shown = 100 * (1 - measured.hidden_share(0.4))
    assert look.threshold.value == pytest.approx(shown, abs=0.06)
    assert threshold(look).value == pytest.approx(100 - shown, abs=0.01)
    look.kind.chosen.emit("absolute")
    assert look.threshold.value == pytest.approx(0.4, abs=0.01)
    look.threshold.number.setValue(0.25)
    assert look.legend.value() == 250


@pytest.mark.parametrize("kind", ["percentile", "absolute"])
def test_the_keyboard_reaches_every_place_of_the_line(qtbot: QtBot, look: DisplayControls, kind: str) -> None:
    look.kind.chosen.emit(kind)
    legend = look.legend
    legend.setFocus()
    seen = [legend.value()]
    for _ in range(120):
        qtbot.keyClick(legend, Qt.Key.Key_Right)
        seen.append(legend.value())
    assert seen[-1] == UNITS and all(np.diff(seen) >= 0)
    assert seen[1] > 0
    qtbot.keyClick(legend, Qt.Key.Key_Left)
    assert legend.value() < UNITS
    qtbot.keyClick(legend, Qt.Key.Key_Home)
    assert legend.value() == 0 and threshold(look).value == 0


def test_a_drag_follows_the_cursor(qtbot: QtBot, look: DisplayControls) -> None:
    legend = look.legend
    start = legend.line().toPoint()
    qtbot.mousePress(legend, Qt.MouseButton.LeftButton, pos=start)
    assert legend.value() == 0
    for x in (60, 120, 90):
        qtbot.mouseMove(legend, QPoint(x, 30))
        assert legend.line().x() == pytest.approx(x, abs=1)
    qtbot.mouseRelease(legend, Qt.MouseButton.LeftButton, pos=QPoint(90, 30))
    assert legend.line().x() == pytest.approx(90, abs=1)
    shown = measure(gaussian(), PostprocessSettings(threshold=threshold(look))).level
    assert shown * UNITS == pytest.approx(legend.value(), abs=10)


def test_the_bar_shows_the_colours_and_nothing_below_the_line(qtbot: QtBot, look: DisplayControls) -> None:
    look.kind.chosen.emit("absolute")
    look.threshold.number.setValue(0.5)
    settings(look).change(
        heat=PostprocessSettings(threshold=Threshold("absolute", 0.5)),
        style=OverlayStyle(colormap="viridis", fade=0.0),
    )
    legend: Legend = look.legend
    image = legend.grab().toImage()
    scale = image.devicePixelRatio()
    y = round((legend.height() - legend.fontMetrics().height() - 9) * scale)
    ground = look.palette().base().color()
    left, right = (image.pixelColor(round(x * scale), y) for x in (60, legend.width() - 9))
    assert left == ground
    assert right.red() > 220 and right.green() > 200 and right.blue() < 80  # the yellow end of viridis


def test_the_bar_of_the_focus_map_goes_from_fog_to_clear(look: DisplayControls) -> None:
    look.kind.chosen.emit("absolute")
    look.threshold.number.setValue(0.3)
    settings(look).change(view="focus")
    legend = look.legend
    image = legend.grab().toImage()
    scale = image.devicePixelRatio()
    y = round((legend.height() - legend.fontMetrics().height() - 9) * scale)
    hidden, clear = (image.pixelColor(round(x * scale), y) for x in (30, legend.width() - 9))
    assert hidden.lightness() < 60 and clear == look.palette().base().color()


def test_the_scale_says_its_unit_and_fixes_the_peak(look: DisplayControls) -> None:
    assert not look.peak.isEnabled()
    assert look.units.text().startswith("Relative to the hottest spot, ")
    heats: list[PostprocessSettings] = []
    settings(look).changed.connect(lambda _, now: heats.append(now.heat))
    look.scale.chosen.emit("fixed")
    assert look.peak.isEnabled() and look.units.text() == "Times the average attention"
    look.peak.setValue(7.5)
    assert heats[-1].normalise == "fixed" and heats[-1].fixed_peak == 7.5
    look.reset.click()
    assert heats[-1] == PostprocessSettings() and not look.peak.isEnabled()


def test_gamma_is_even_in_ratios(look: DisplayControls) -> None:
    styles: list[OverlayStyle] = []
    settings(look).changed.connect(lambda _, now: styles.append(now.style))
    assert look.gamma.slider.value() == 500
    look.gamma.slider.setValue(0)
    look.gamma.slider.setValue(750)
    assert [style.gamma for style in styles] == [0.2, pytest.approx(5**0.5, abs=0.006)]


def test_the_legend_is_empty_without_a_map_and_fills_with_one(
    qtbot: QtBot, make_window: Callable[..., Window], pictures: list[Path]
) -> None:
    window = make_window("live_net")  # the map of random weights is flat
    legend = window.feature(ViewsFeature).display.legend
    assert not legend.isEnabled()
    opened(qtbot, window, pictures[0])
    assert legend.isEnabled()
    with qtbot.waitSignal(window.bench.shown.overlay_changed, timeout=20_000):
        legend.setValue(500)
    saliency, heat = window.bench.session.saliency, window.bench.settings.now.heat
    assert saliency is not None and 0 < heat.threshold.value < 100
    assert measure(saliency, heat).level == pytest.approx(0.5, abs=0.02)
