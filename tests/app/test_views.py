"""The views on the canvas, a key each, and what is saved of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.state.viewport import View
from salviewer.app.viewer.line_painting import paint
from salviewer.app.window import Window
from salviewer.app.workers.lines import attention_contours, threshold_outline
from salviewer.app.workers.overlay_layers import to_image
from salviewer.core.contours import contours, draw_threshold
from salviewer.core.focus import focus_layer
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle, heat_layer
from salviewer.core.views import heatmap_layer, view
from tests.app.test_window import opened
from tests.core.maps import gaussian

KEYS = {
    "overlay": Qt.Key.Key_O,
    "heatmap": Qt.Key.Key_M,
    "focus": Qt.Key.Key_G,
    "contours": Qt.Key.Key_C,
}


def save(qtbot: QtBot, window: Window, target: Path) -> np.ndarray:
    window.bench.commands["save_overlay"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(window.bench.files.writer.saved, timeout=30_000):
        dialog.fileSelected.emit(str(target))
    dialog.close()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return np.asarray(Image.open(target))


def test_each_key_shows_its_view_and_saves_it(
    qtbot: QtBot, make_window: Callable[..., Window], pictures: list[Path], tmp_path: Path
) -> None:
    window = make_window("live_net")
    opened(qtbot, window, pictures[0])
    window.activateWindow()
    loaded, saliency = window.bench.session.loaded, window.bench.session.saliency
    assert loaded is not None and saliency is not None
    pixels, look = loaded.picture.pixels, window.bench.settings.now
    arrays = {
        "overlay": heat_layer(saliency, look.heat, look.style),
        "heatmap": heatmap_layer(saliency, look.heat, look.style),
        "focus": focus_layer(pixels, saliency, look.heat, look.style),
    }
    for name in ("heatmap", "focus", "contours", "overlay"):
        with qtbot.waitSignal(window.bench.shown.overlay_changed, timeout=30_000):
            qtbot.keyClick(window.bench.stage.canvas, KEYS[name])
        assert window.bench.commands[f"view_{name}"].isChecked() and window.bench.stage.canvas.layer_visible
        assert len(window.bench.stage.canvas.lines) == (3 if name == "contours" else 0)
        if name in arrays:
            assert window.bench.stage.canvas.layer == to_image(arrays[name])
        expected = view(pixels, saliency, name, look.heat, look.style)
        assert np.array_equal(save(qtbot, window, tmp_path / f"{name}.png"), expected)


def test_the_picture_alone_is_the_view_switched_off(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    window.activateWindow()
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_G)
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_P)
    assert not window.bench.stage.canvas.layer_visible and window.bench.commands["view_picture"].isChecked()
    assert (
        not window.bench.commands["show_heat"].isChecked()
        and not window.bench.commands["save_overlay"].isEnabled()
    )
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_H)
    assert (
        window.bench.commands["view_focus"].isChecked() and window.bench.commands["save_overlay"].isEnabled()
    )
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_P)
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_O)
    assert window.bench.stage.canvas.layer_visible and window.feature(ViewsFeature).display.shown.isChecked()


def test_the_view_and_the_outline_are_remembered(make_window: Callable[..., Window]) -> None:
    first = make_window()
    first.feature(ViewsFeature).display.outline.click()
    first.bench.commands["view_contours"].trigger()
    assert first.bench.commands["show_outline"].isChecked()
    first.close()
    second = make_window()
    assert (
        second.bench.commands["view_contours"].isChecked()
        and second.feature(ViewsFeature).display.outline.isChecked()
    )


def test_the_outline_is_drawn_and_saved(
    qtbot: QtBot, make_window: Callable[..., Window], pictures: list[Path], tmp_path: Path
) -> None:
    window = make_window("live_net")
    opened(qtbot, window, pictures[0])
    window.activateWindow()
    window.feature(ViewsFeature).display.threshold.number.setValue(30)
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: len(window.bench.stage.canvas.lines) == 1, timeout=30_000)
    loaded, saliency, look = (
        window.bench.session.loaded,
        window.bench.session.saliency,
        window.bench.settings.now,
    )
    assert loaded is not None and saliency is not None and look.outline
    overlay = view(loaded.picture.pixels, saliency, "overlay", look.heat, look.style)
    expected = draw_threshold(overlay, saliency, look.heat)
    assert not np.array_equal(expected, overlay)
    assert np.array_equal(save(qtbot, window, tmp_path / "outlined.png"), expected)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("scale", [0.5, 8.0])
def test_the_outline_is_a_thin_line_where_the_threshold_is_at_every_zoom(
    qtbot: QtBot, ratio: float, scale: float
) -> None:
    spread = 0.08
    saliency = gaussian(sigma=spread)
    settings = PostprocessSettings(sigma=0.0, threshold=Threshold("absolute", 0.5))
    radius = spread * np.sqrt(2 * np.log(2)) * 640 * scale  # device pixels
    place = View((640, 480), (400, 300), scale, 200 - 320 * scale + radius, 150 - 240 * scale)
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.gray)
    painter = QPainter(image)
    paint(painter, threshold_outline(saliency, settings), place, ratio)
    painter.end()
    row = np.array([image.pixelColor(x, 150).lightness() for x in range(400)])
    bright = np.flatnonzero(row > 200)
    left = bright[bright < 230]  # at scale 0.5 the other side is in the picture too
    assert abs(left.mean() - 200) <= 2.5 and 1 <= np.ptp(left) + 1 <= 3 * ratio
    assert row[205 + round(3 * ratio)] == row[0]


def test_nothing_hidden_has_no_outline() -> None:
    assert threshold_outline(gaussian(), PostprocessSettings()) == ()


def test_contours_lie_within_each_other_with_labels_on_their_lines() -> None:
    found = attention_contours(contours(gaussian(), PostprocessSettings(), OverlayStyle()))
    assert [line.label for line in found] == ["75 %", "50 %", "25 %"]
    for outer, inner in pairwise(found):
        assert outer.path.boundingRect().contains(inner.path.boundingRect())
    for line in found:
        box = line.path.boundingRect().adjusted(-1e-6, -1e-6, 1e-6, 1e-6)
        assert box.contains(QPointF(*line.anchor))
