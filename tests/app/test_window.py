"""The window as a user sees it, with real workers and the real network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window
from salviewer.app.workers.inference import NOBODY
from salviewer.app.workers.writer import Export
from salviewer.core.postprocess import Threshold, normalised_field, threshold_level
from salviewer.core.render import heat_layer, render
from tests.app.bad_pictures import BROKEN, ODD


def opened(qtbot: QtBot, window: Window, path: Path) -> None:
    """Open and wait for picture, map and layer."""
    window.bench.session.open([path])
    qtbot.waitUntil(
        lambda: window.bench.session.loaded is not None and window.bench.session.loaded.name == path.name,
        timeout=20_000,
    )
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)


def drop(window: Window, mime: QMimeData) -> None:
    nothing = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, *nothing)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, *nothing))


def test_what_cannot_be_opened_is_one_sentence_and_the_old_picture_stays(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    opened(qtbot, window, pictures[0])
    loaded, layer = window.bench.session.loaded, window.bench.stage.canvas.layer
    (tmp_path / "bad").mkdir()
    for name, spoil in BROKEN.items():
        bad = tmp_path / "bad" / name
        spoil(bad)
        window.bench.session.open([bad])
        qtbot.waitUntil(lambda: bool(window.bench.notices.text), timeout=20_000)
        assert window.bench.notices.isVisible()
        assert str(bad) in window.bench.notices.text
        assert "\n" not in window.bench.notices.text and "Traceback" not in window.bench.notices.text
        assert window.bench.session.loaded is loaded and window.bench.stage.canvas.layer is layer, name
        qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_Escape)
        assert not window.bench.notices.isVisible() and not window.bench.notices.text


def test_unusual_pictures_open_right(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    for name, (write, size) in ODD.items():
        path = tmp_path / name
        write(path)
        opened(qtbot, window, path)
        assert window.bench.session.loaded is not None
        assert window.bench.session.loaded.picture.full_size == size, name
        assert f"{size[0]} × {size[1]}" in window.bench.status.facts.text(), name
        assert not window.bench.notices.text, name
        window.grab()


def test_dropped_files_and_pixels_open(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in pictures])
    drop(window, files)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)
    pixels = QMimeData()
    pixels.setImageData(QImage(str(pictures[1])))
    drop(window, pixels)
    qtbot.waitUntil(lambda: window.bench.session.position == (0, 0), timeout=20_000)
    assert window.bench.session.loaded is not None
    assert np.array_equal(window.bench.session.loaded.picture.pixels, np.asarray(Image.open(pictures[1])))
    elsewhere = QMimeData()
    elsewhere.setUrls([QUrl("https://example.org/a.png")])
    drop(window, elsewhere)
    assert "this computer" in window.bench.notices.text


def test_arrows_turn_and_stay_with_the_sliders_when_those_have_the_keyboard(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.bench.session.position == (2, 3), timeout=20_000)
    before = window.feature(ViewsFeature).display.opacity.value
    qtbot.keyClick(window.feature(ViewsFeature).display.opacity.slider, Qt.Key.Key_Left)
    assert window.feature(ViewsFeature).display.opacity.value < before
    assert window.bench.session.position == (2, 3)


def test_controls_change_the_layer_without_the_network(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    asked: list[object] = []
    window.bench.session.inference.began.connect(
        lambda stage: None if stage.generation == NOBODY else asked.append(stage)  # NOBODY: prepared at rest
    )
    display, saliency = window.feature(ViewsFeature).display, window.bench.session.saliency
    assert saliency is not None
    for change in (
        lambda: display.opacity.slider.setValue(300),
        lambda: display.smoothing.number.setValue(7.5),
        lambda: display.threshold.slider.setValue(600),
        lambda: display.colormap.chosen.emit("magma"),
        lambda: display.kind.chosen.emit("absolute"),
    ):
        with qtbot.waitSignal(window.bench.shown.overlay_changed, timeout=20_000):
            change()
        look = window.bench.settings.now
        layer = window.bench.stage.canvas.layer
        expected = heat_layer(saliency, look.heat, look.style)
        assert layer is not None and (layer.width(), layer.height()) == expected.shape[1::-1]
        assert layer.pixelColor(5, 7).alpha() == expected[7, 5, 3]
    assert window.bench.settings.now.style.opacity == pytest.approx(0.3)
    assert window.bench.settings.now.heat.sigma == pytest.approx(0.075)
    field = normalised_field(saliency, window.bench.settings.now.heat)
    expected_level = threshold_level(
        field, Threshold("percentile", 100 - 36)
    )  # the slider's 600 is 36 % of area
    assert window.bench.settings.now.heat.threshold.kind == "absolute"
    assert window.bench.settings.now.heat.threshold.value == pytest.approx(expected_level, abs=1e-4)
    qtbot.mouseClick(display.reset, Qt.MouseButton.LeftButton)
    assert window.bench.settings.now.style == type(window.bench.settings.now.style)()
    assert window.bench.session.saliency is saliency and not asked


def test_h_and_space_hide_the_layer(qtbot: QtBot, window: Window, pictures: list[Path]) -> None:
    opened(qtbot, window, pictures[0])
    window.activateWindow()
    qtbot.keyPress(window.bench.stage.canvas, Qt.Key.Key_Space)
    assert not window.bench.stage.canvas.layer_visible
    qtbot.keyRelease(window.bench.stage.canvas, Qt.Key.Key_Space)
    assert window.bench.stage.canvas.layer_visible
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_H)
    assert (
        not window.bench.stage.canvas.layer_visible
        and not window.feature(ViewsFeature).display.shown.isChecked()
    )
    qtbot.keyClick(window.bench.stage.canvas, Qt.Key.Key_H)
    assert window.bench.stage.canvas.layer_visible and window.feature(ViewsFeature).display.shown.isChecked()


def test_the_wheel_zooms_at_the_cursor_and_a_drag_pans(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    canvas = window.bench.stage.canvas
    at = canvas.picture_rect().center() + QPointF(40, -30)
    ratio = canvas.devicePixelRatioF()
    assert canvas.view is not None
    under = canvas.view.to_picture(at.x() * ratio, at.y() * ratio)
    scale = canvas.view.scale
    turn = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, turn)
    assert canvas.view.scale > scale * 1.3
    assert canvas.view.to_picture(at.x() * ratio, at.y() * ratio) == pytest.approx(under)
    left = canvas.view.left
    start = at.toPoint()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas, start + QPoint(25, 0))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(25, 0))
    assert canvas.view.left == pytest.approx(left + 25 * ratio)
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.view.fitted
    qtbot.keyClick(canvas, Qt.Key.Key_1)
    assert canvas.view.scale == 1


def test_a_saved_overlay_is_what_render_gives(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    opened(qtbot, window, pictures[0])
    loaded, saliency, look = (
        window.bench.session.loaded,
        window.bench.session.saliency,
        window.bench.settings.now,
    )
    assert loaded is not None and saliency is not None
    target = tmp_path / "out.png"
    window.bench.commands["save_overlay"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and dialog.testOption(QFileDialog.Option.DontConfirmOverwrite) is False
    with qtbot.waitSignal(window.bench.files.writer.saved, timeout=20_000):
        dialog.fileSelected.emit(str(target))
    dialog.close()
    expected = render(loaded.picture.pixels, saliency, look.heat, look.style)
    assert np.array_equal(np.asarray(Image.open(target)), expected)
    assert "out.png" in window.bench.notices.text


def test_a_folder_that_is_gone_and_a_cancelled_save_leave_nothing(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    opened(qtbot, window, pictures[0])
    loaded, saliency, look = (
        window.bench.session.loaded,
        window.bench.session.saliency,
        window.bench.settings.now,
    )
    assert loaded is not None and saliency is not None
    gone = Export(loaded.picture, saliency, look.scene, tmp_path / "gone" / "a.png")
    window.bench.files.writer.save(gone)
    qtbot.waitUntil(lambda: bool(window.bench.notices.text), timeout=20_000)
    assert (
        "gone/a.png" in window.bench.notices.text.replace("\\", "/")
        and ".salviewer-" not in window.bench.notices.text
    )
    kept = tmp_path / "kept.png"
    kept.write_bytes(b"old")
    large = replace(loaded.picture, pixels=np.zeros((3000, 4000, 3), np.uint8))  # takes longer than a cancel
    with qtbot.waitSignal(
        window.bench.files.writer.busy_changed, check_params_cb=lambda busy: not busy, timeout=20_000
    ):
        window.bench.files.writer.save(Export(large, saliency, look.scene, kept))
        window.bench.files.writer.cancel()
    assert kept.read_bytes() == b"old"
    assert not list(tmp_path.glob(".salviewer-*"))


def test_settings_are_remembered_and_a_broken_file_is_said(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path
) -> None:
    first = make_window()
    first.feature(ViewsFeature).display.opacity.slider.setValue(200)
    first.bench.commands["appearance_dark"].trigger()
    first.resize(745, 505)
    first.close()
    second = make_window()
    assert second.feature(ViewsFeature).display.opacity.value == 20
    assert second.bench.theme.dark
    assert second.size().width() == 745
    second.close()
    (own_settings / "settings.json").write_text("{")
    third = make_window()
    assert "defaults" in third.bench.notices.text


def test_closing_while_it_works_waits_for_what_runs(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    window.bench.session.open(pictures[1:])
    window.close()
    assert window.stopped and not window.isVisible()


def test_closing_gives_up_on_a_thread_that_does_not_end(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun = threading.Event(), threading.Event()
    monkeypatch.setattr("salviewer.app.window.CLOSING", 0.2)
    window.bench.files.writer.worker.submit(1, lambda: (begun.set(), gate.wait(30)))
    assert begun.wait(5)
    window.close()
    assert not window.stopped and not window.isVisible()
    gate.set()
