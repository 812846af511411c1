"""Pages, messages and the old map do not move or vanish; disabled controls say why."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.shell.why_not import WHY_NOT
from salviewer.app.viewer.idle_controls import Control, idle
from salviewer.app.viewer.picture_view import make_overlay
from salviewer.app.window import Window
from salviewer.app.workers.overlay_layers import OverlayLayer, OverlaySettings
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.views import View
from tests.app.conftest import held

OTHER: dict[Control, object] = {
    "colormap": {"colormap": "magma"},
    "opacity": {"opacity": 0.3},
    "gamma": {"gamma": 2.5},
    "smoothing": {"sigma": 0.04},
    "scale": {"normalise": "other"},
    "peak": {"fixed_peak": 3.0},
    "threshold": {"threshold": Threshold("absolute", 0.6)},
}


@pytest.fixture
def opened(qtbot: QtBot, window: Window, pictures: list[Path]) -> Window:
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)
    return window


def test_a_message_lies_over_the_picture_and_moves_nothing(qtbot: QtBot, opened: Window) -> None:
    stage, notices = opened.bench.stage, opened.bench.notices
    before, view = stage.geometry(), stage.canvas.view
    notices.error("The picture cannot be opened. " * 12, "Try again", lambda: None)
    qtbot.wait(30)
    assert notices.isVisible() and stage.geometry() == before and stage.canvas.view == view
    top = notices.mapTo(opened, notices.rect().topLeft())
    assert top == stage.mapTo(opened, stage.rect().topLeft()) and notices.width() == stage.width()
    assert notices.height() >= 2 * notices.fontMetrics().lineSpacing()  # all of the sentence
    opened.resize(opened.width() - 150, opened.height())
    qtbot.waitUntil(lambda: notices.width() == stage.width())
    qtbot.keyClick(stage.canvas, Qt.Key.Key_Escape)
    assert not notices.isVisible()


def test_pages_share_a_width(qtbot: QtBot, opened: Window) -> None:
    panel, widths, cut = opened.bench.panel, set(), []
    for id in ("heatmap", "areas", "hotspots", "compare", "live"):
        panel.set_page_visible(id, True)
        panel.show_page(id)
        qtbot.wait(20)
        widths.add(panel.width())
        body = opened.findChild(type(panel), "panel")
        assert body is panel
        page = panel._pages.currentWidget()
        cut.append(page.widget().width() - page.viewport().width())  # type: ignore[attr-defined]
    assert len(widths) == 1 and max(cut) <= 0


def test_the_old_map_stays_while_another_engine_loads(qtbot: QtBot, opened: Window) -> None:
    session, canvas = opened.bench.session, opened.bench.stage.canvas
    layer = canvas.layer
    gate = held(session.inference)
    session.set_engine(replace(session.engine, device="cpu", kind="torch"))
    qtbot.wait(100)
    assert session.saliency is None and session.awaits_map
    assert canvas.layer is layer and opened.bench.shown.overlay is not None
    assert not opened.bench.commands["save_overlay"].isEnabled() or session.saliency is None
    gate.set()
    qtbot.waitUntil(lambda: session.saliency is not None, timeout=60_000)
    qtbot.waitUntil(lambda: canvas.layer is not layer and canvas.layer is not None, timeout=20_000)
    assert not session.awaits_map


def test_the_old_map_goes_with_its_picture(qtbot: QtBot, opened: Window) -> None:
    session, canvas = opened.bench.session, opened.bench.stage.canvas
    gate = held(session.inference)
    session.turn(1)
    qtbot.waitUntil(lambda: session.position == (2, 3), timeout=20_000)
    assert canvas.layer is None and opened.bench.shown.overlay is None
    gate.set()
    qtbot.waitUntil(lambda: canvas.layer is not None, timeout=60_000)


def test_a_model_that_cannot_be_loaded_leaves_the_map_of_the_one_before(qtbot: QtBot, opened: Window) -> None:
    session, canvas = opened.bench.session, opened.bench.stage.canvas
    missing = []
    canvas.pictured.connect(lambda: missing.append(canvas.layer))
    before = session.engine
    session.set_engine(replace(before, model="no_such_model"))
    qtbot.waitUntil(lambda: session.engine == before and session.saliency is not None, timeout=60_000)
    assert canvas.layer is not None and not session.awaits_map and not missing


def image(heat: OverlayLayer) -> tuple[bytes, object]:
    """All that is painted, to be compared."""
    picture = heat.image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = [(line.path, line.colour.name(), line.width, line.label, line.anchor) for line in heat.lines]
    return bytes(picture.constBits()), lines


@pytest.mark.parametrize("view", ["overlay", "heatmap", "focus", "contours"])
def test_a_control_is_idle_exactly_where_it_changes_nothing(view: View) -> None:
    rng = np.random.default_rng(5)
    field = rng.random((24, 32)).astype(np.float32) ** 3
    saliency = SaliencyMap(field / field.sum(), (320, 240), "test")
    pixels = rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)
    for outline, normalise in product((False, True), ("peak", "fixed")):
        settings = PostprocessSettings(
            normalise=normalise, threshold=Threshold("absolute", 0.1), fixed_peak=2.0
        )  # type: ignore[arg-type]
        looks = OverlaySettings(settings, OverlayStyle(), view, outline)
        reasons = idle(view, True, settings.normalise)
        for control, change in OTHER.items():
            fields = dict(change)  # type: ignore[call-overload]
            if control == "scale":
                fields["normalise"] = "fixed" if normalise == "peak" else "peak"
            style = {name: value for name, value in fields.items() if hasattr(looks.style, name)}
            rest = {name: value for name, value in fields.items() if name not in style}
            other = replace(looks, settings=replace(settings, **rest), style=replace(looks.style, **style))
            same = image(make_overlay(saliency, pixels, looks)) == image(
                make_overlay(saliency, pixels, other)
            )
            assert same == (control in reasons), (view, outline, normalise, control)
        other = replace(looks, outline=not outline)
        same = image(make_overlay(saliency, pixels, looks)) == image(make_overlay(saliency, pixels, other))
        assert same == ("outline" in reasons)


def test_idle_controls_are_disabled_and_say_why(qtbot: QtBot, opened: Window) -> None:
    display, settings = opened.feature(ViewsFeature).display, opened.bench.settings
    tip = display.opacity.toolTip()
    settings.change(view="contours", shown=True)
    for control in (display.opacity, display.gamma, display.outline):
        assert not control.isEnabled() and "Contours" in control.toolTip()
    assert display.colormap.isEnabled() and display.threshold.isEnabled() and display.legend.isEnabled()
    settings.change(view="overlay")
    assert display.opacity.isEnabled() and display.opacity.toolTip() == tip
    settings.change(shown=False)
    assert not display.colormap.isEnabled() and "not shown" in display.colormap.toolTip()
    assert display.shown.isEnabled() and display.reset.isEnabled()


def test_commands_that_are_not_possible_say_why(window: Window) -> None:
    commands = window.bench.commands
    for command in commands.records:
        if command.when:
            assert command.when in WHY_NOT, command
            disabled = not commands[command.id].isEnabled()
            assert (WHY_NOT[command.when] in commands[command.id].toolTip()) == disabled, command.id
    assert "open one first" in commands["zoom_in"].toolTip()
