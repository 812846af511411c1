"""The feature of comparing, alone on a small bench."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QUrl
from pytestqt.qtbot import QtBot

from salviewer.app.features.compare.feature import CompareFeature
from salviewer.app.features.compare.second import OtherPicture
from salviewer.app.workbench import Workbench
from salviewer.core.compare import compare
from tests.app.features.bench import SmallLayout, open_picture


@pytest.fixture
def comparing(bench: Workbench) -> CompareFeature:
    """The feature."""
    feature = CompareFeature(bench)
    bench.commands.refresh()
    return feature


def take(qtbot: QtBot, comparing: CompareFeature, path: Path) -> None:
    """Compare with a picture and wait for the numbers."""
    comparing.take(path)
    qtbot.waitUntil(lambda: comparing.contrast is not None, timeout=60_000)


def test_another_picture_is_shown_beside_with_its_map_and_numbers(
    qtbot: QtBot, bench: Workbench, comparing: CompareFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    assert not bench.commands["stop_comparing"].isEnabled()
    take(qtbot, comparing, pictures[1])
    first, second = bench.session.saliency, bench.shown.second
    assert first is not None and second is not None and second.source_size == (90, 140)
    found = compare(first, second, bench.settings.now.heat)
    assert comparing.contrast is not None
    assert comparing.contrast.comparison.cc == pytest.approx(found.cc, abs=1e-6)
    assert bench.stage.arrangement == "side" and bench.panel.front == "compare"
    commands = bench.commands
    assert commands["arrange_side"].isChecked() and commands["stop_comparing"].isEnabled()
    commands["show_difference"].trigger()
    assert bench.stage.arrangement == "difference" and not commands["arrange_side"].isChecked()
    assert bench.settings.now.shown and bench.settings.now.arrangement == "single"
    drawing = bench.shown.drawing()
    assert drawing is not None
    both = drawing.render()
    commands["swap_sides"].trigger()
    swapped = bench.shown.drawing()
    assert swapped is not None and not np.array_equal(both, swapped.render())


def test_stopping_and_closing_give_back_the_settings_and_the_one_picture(
    qtbot: QtBot, bench: Workbench, comparing: CompareFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    before = bench.settings.now
    take(qtbot, comparing, pictures[1])
    assert bench.settings.now.heat.normalise == "fixed"
    bench.commands["stop_comparing"].trigger()
    assert bench.settings.now == before and bench.stage.arrangement == "single"
    assert bench.shown.second is None and bench.shown.drawing() is None
    take(qtbot, comparing, pictures[2])
    comparing.close()
    assert bench.settings.now == before and not comparing.comparing


def test_arrangement_divider_and_fixations_follow_the_settings(
    qtbot: QtBot, bench: Workbench, comparing: CompareFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.settings.change(arrangement="swipe", divider=0.25, fixations=True)
    assert bench.stage.arrangement == "swipe" and bench.commands["arrange_swipe"].isChecked()
    assert bench.commands["divider_left"].isEnabled()
    assert bench.stage.divider.value() == 25_000
    assert comparing.recorded.marks.shown and comparing.page.fixations.isChecked()
    bench.commands["divider_left"].trigger()
    assert bench.settings.now.divider == pytest.approx(0.24)
    comparing.page.fixations.setChecked(False)
    assert not bench.settings.now.fixations
    bench.commands["arrange_swipe"].trigger()
    assert bench.settings.now.arrangement == "single" and bench.stage.arrangement == "single"
    assert not bench.commands["divider_left"].isEnabled()


def test_nothing_is_compared_while_a_source_is_live(
    qtbot: QtBot, bench: Workbench, comparing: CompareFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    take(qtbot, comparing, pictures[1])
    bench.session.live = True
    assert not comparing.comparing and bench.shown.second is None
    assert not comparing.page.isEnabled() and not bench.commands["compare_picture"].isEnabled()
    bench.session.live = False
    assert comparing.page.isEnabled() and bench.commands["compare_picture"].isEnabled()


def test_a_picture_dropped_on_the_right_half_is_compared_with(
    qtbot: QtBot, bench: Workbench, comparing: CompareFeature, pictures: list[Path]
) -> None:
    layout = bench.layout
    assert isinstance(layout, SmallLayout)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures[1]))])
    stage = bench.stage
    at = QPointF(stage.mapTo(bench.dialog_parent, stage.rect().center()))
    left, right = at - QPointF(stage.width() / 4, 0), at + QPointF(stage.width() / 4, 0)
    assert not layout.drop(mime, right)  # there is nothing to compare with
    open_picture(qtbot, bench, pictures[0])
    bench.settings.change(arrangement="side")
    assert not layout.drop(mime, left)
    assert layout.drop(mime, right)
    qtbot.waitUntil(lambda: comparing.contrast is not None, timeout=60_000)
    assert comparing.second.rival == OtherPicture(pictures[1])
