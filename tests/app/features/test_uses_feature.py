"""The feature of uses, alone on a small bench."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.uses.feature import PAGE, UsesFeature
from salviewer.app.state.export_choices import choices_from
from salviewer.app.widgets.export_form import ExportForm
from salviewer.app.workbench import Workbench
from salviewer.core.applications.crops import CropRequest, best_crop, kept_by
from salviewer.core.applications.cutouts import Click
from salviewer.core.applications.uses import Uses, apply
from salviewer.core.areas import Rectangle
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.scene import Scene
from salviewer.results.naming import plan
from salviewer.results.source import Source
from salviewer.results.writing import write_files
from tests.app.features.bench import open_picture

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def uses(bench: Workbench) -> UsesFeature:
    """The feature."""
    feature = UsesFeature(bench)
    bench.commands.refresh()
    return feature


def made(qtbot: QtBot, feature: UsesFeature) -> None:
    """Wait until what is asked for is there."""
    controller = feature.controller
    qtbot.waitUntil(lambda: controller.applied is not None and not controller.busy, timeout=30_000)


def save_as(qtbot: QtBot, bench: Workbench, feature: UsesFeature, path: Path) -> None:
    """Press the button, and answer the dialog."""
    feature.page.save.click()
    dialog = bench.dialog_parent.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(bench.files.writer.saved, timeout=30_000):
        dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: bench.dialog_parent.findChild(QFileDialog) is None, timeout=5_000)


def test_a_crop_is_the_best_one_and_is_saved_to_the_pixel(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path], tmp_path: Path
) -> None:
    assert not bench.commands["use_crop"].isEnabled()
    open_picture(qtbot, bench, pictures[0])
    bench.commands["use_crop"].trigger()
    assert bench.panel.is_front(PAGE) and bench.commands["use_crop"].isChecked()
    made(qtbot, uses)
    saliency, loaded = bench.session.saliency, bench.session.loaded
    assert saliency is not None and loaded is not None
    crop = best_crop(saliency, CropRequest((9, 16)))
    assert uses.controller.crop == crop and f"{100 * crop.kept:.1f}" in uses.page.said.text()
    save_as(qtbot, bench, uses, tmp_path / "tall.png")
    np.testing.assert_array_equal(
        np.asarray(Image.open(tmp_path / "tall.png")), crop.of(loaded.picture.pixels)
    )
    uses.page.aspect.select("1:1")
    uses.page.aspect.chosen.emit("1:1")
    made(qtbot, uses)
    assert uses.controller.crop == best_crop(saliency, CropRequest((1, 1)))


def test_the_frame_is_dragged_says_what_it_keeps_and_goes_back(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    uses.show("crop")
    made(qtbot, uses)
    saliency, best = bench.session.saliency, uses.controller.crop
    assert saliency is not None and best is not None and uses.tool.active
    x, y, width, height = best.fractions
    start = QPointF(x + width / 2, y + height / 2)
    other = 0.0 if x > 0.3 else 1.0
    assert uses.tool.hover(start) == Qt.CursorShape.SizeAllCursor
    assert uses.tool.press(start, LEFT, NONE)
    uses.tool.drag(QPointF(other, start.y()), NONE)
    uses.tool.release(QPointF(other, start.y()), NONE)
    moved = uses.controller.crop
    assert moved is not None and moved.left in (0, moved.picture[0] - moved.width) and moved != best
    assert moved.kept == pytest.approx(kept_by(saliency, moved.left, moved.top, moved.width, moved.height))
    assert f"{100 * moved.kept:.1f}" in uses.page.said.text()
    assert not uses.tool.press(QPointF(1 - other, start.y()), LEFT, NONE)  # beside it the picture moves
    uses.page.best.click()
    made(qtbot, uses)
    assert uses.controller.crop == best
    uses.show("none")
    assert not uses.tool.active and uses.marks.applied is None


def test_an_area_is_kept_whole(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    uses.show("crop")
    made(qtbot, uses)
    crop = uses.controller.crop
    assert crop is not None
    x, _, width, _ = crop.fractions
    edge = x if x > 0.1 else x + width
    bench.areas.put([Rectangle(edge - 0.06, 0.3, edge + 0.06, 0.6, name="Logo")], "draw")
    made(qtbot, uses)
    moved = uses.controller.crop
    assert moved is not None and moved.left != crop.left and not moved.cut


@pytest.mark.parametrize("kind, name", [("regions", "r.json"), ("cutout", "c.png"), ("words", "w.json")])
def test_the_other_uses_are_those_of_python_to_the_bit(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path], tmp_path: Path, kind, name
) -> None:
    open_picture(qtbot, bench, pictures[0])
    uses.show(kind)
    made(qtbot, uses)
    loaded, saliency, shown = bench.session.loaded, bench.session.saliency, uses.controller.applied
    assert loaded is not None and saliency is not None and shown is not None
    own = apply(loaded.picture.pixels, saliency, uses.controller.uses)
    assert (shown.regions, shown.description, shown.objects) == (own.regions, own.description, own.objects)
    assert uses.page.said.text()
    save_as(qtbot, bench, uses, tmp_path / name)
    if kind == "cutout":
        assert shown.cutout is not None and own.cutout is not None
        rgba = np.asarray(Image.open(tmp_path / name))
        np.testing.assert_array_equal(rgba, own.cutout.of(loaded.picture.pixels))
    else:
        content = json.loads((tmp_path / name).read_text())
        assert len(content["regions" if kind == "regions" else "stops"]) > 0


def test_clicks_correct_the_cut_out_and_belong_to_their_picture(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    uses.show("cutout")
    made(qtbot, uses)
    assert uses.tool.press(QPointF(0.9, 0.9), LEFT, NONE)
    assert uses.tool.press(QPointF(0.1, 0.1), LEFT, Qt.KeyboardModifier.AltModifier)
    made(qtbot, uses)
    assert uses.controller.clicks == (Click(0.9, 0.9), Click(0.1, 0.1, False))
    shown = uses.controller.applied
    assert shown is not None and shown.cutout is not None
    height, width = shown.cutout.alpha.shape
    assert shown.cutout.mask[int(0.9 * height), int(0.9 * width)] == 255
    assert shown.cutout.mask[int(0.1 * height), int(0.1 * width)] == 0
    uses.page.undo.click()
    assert uses.controller.clicks == (Click(0.9, 0.9),)
    open_picture(qtbot, bench, pictures[1])
    assert uses.controller.clicks == ()


def test_what_is_painted_shades_what_is_cut_off(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    before = bench.stage.canvas.grab().toImage()
    uses.show("crop")
    made(qtbot, uses)
    qtbot.wait(50)
    after = bench.stage.canvas.grab().toImage()
    assert before != after
    for kind in ("regions", "cutout", "words", "none"):
        uses.show(kind)
        if kind != "none":
            made(qtbot, uses)
        qtbot.wait(20)
        bench.stage.canvas.grab()
    assert bench.stage.canvas.grab().toImage() == before


def test_choices_stay_while_the_picture_changes(
    qtbot: QtBot, bench: Workbench, uses: UsesFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    uses.controller.choose(replace(uses.controller.choices, kind="crop", crop=CropRequest((1, 1))))
    made(qtbot, uses)
    open_picture(qtbot, bench, pictures[1])
    made(qtbot, uses)
    saliency = bench.session.saliency
    assert saliency is not None
    assert uses.controller.crop == best_crop(saliency, CropRequest((1, 1)))
    assert uses.controller.uses == Uses(crops=(CropRequest((1, 1)),))


def test_export_and_batch_write_the_same_crop(
    qtbot: QtBot, bench: Workbench, pictures: list[Path], tmp_path: Path
) -> None:
    """What is ticked in the form becomes the order of a batch, and is kept in the settings."""
    form = ExportForm()
    qtbot.addWidget(form)
    for use in ("crop 9:16", "words", "regions", "cutout"):
        form.uses[use].click()
    form.shown.click()
    refused: list[str] = []
    choices = choices_from(form.choices.to_dict(), refused)
    assert choices == form.choices and not refused and not choices.empty
    open_picture(qtbot, bench, pictures[0])
    loaded, saliency = bench.session.loaded, bench.session.saliency
    assert loaded is not None and saliency is not None
    order = choices.order(Scene(), HotspotSettings())
    (job,) = plan([pictures[0]], tmp_path, order.endings)
    written = list(write_files(job, order, Source(loaded.picture, saliency), when=date(2026, 1, 1)))
    assert sorted(path.name.removeprefix(pictures[0].stem) for path in written) == [
        "-crop-9x16.png",
        "-cutout.png",
        "_crops.csv",
        "_regions.csv",
        "_words.txt",
    ]
    own = best_crop(saliency, CropRequest((9, 16))).of(loaded.picture.pixels)
    np.testing.assert_array_equal(np.asarray(Image.open(written[0])), own)
