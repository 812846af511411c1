"""Comparing in the window: another picture, another model, people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.compare.feature import CompareFeature
from salviewer.app.features.compare.second import OtherModel, People
from salviewer.app.window import Window
from salviewer.core.agreement import agreement
from salviewer.core.compare import compare
from salviewer.core.pairs import PairScene, Side, render_pair
from salviewer.media.ground_truth import TruthFiles, load_truth
from tests.app.bad_pictures import BROKEN
from tests.app.test_stage import shot
from tests.app.test_window import opened


@pytest.fixture
def one(qtbot: QtBot, window: Window, pictures: list[Path]) -> Window:
    """A window with the first picture and its map."""
    opened(qtbot, window, pictures[0])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def two(qtbot: QtBot, one: Window, pictures: list[Path]) -> Window:
    """Compared with the second."""
    one.feature(CompareFeature).take(pictures[1])
    qtbot.waitUntil(lambda: one.feature(CompareFeature).contrast is not None, timeout=60_000)
    return one


def numbers(window: Window) -> list[float]:
    table = window.feature(CompareFeature).page.numbers.table
    return [float(row[1]) for row in table.rows]


def test_two_pictures_stand_side_by_side_with_their_numbers(two: Window) -> None:
    first, second = two.bench.session.saliency, two.feature(CompareFeature).second.saliency
    assert first is not None and second is not None and second.source_size == (90, 140)
    found = compare(first, second, two.bench.settings.now.heat)
    assert numbers(two) == pytest.approx([found.cc, found.sim, found.kl_first, found.kl_second], abs=1e-3)
    assert two.bench.stage.arrangement == "side" and two.bench.stage.other.isVisible()
    assert two.bench.stage.other.x() > two.bench.stage.canvas.x()  # A, which was there first, is left
    assert two.bench.settings.now.heat.normalise == "fixed"  # one scale for both


def test_swapping_turns_sides_and_numbers_round(qtbot: QtBot, two: Window) -> None:
    cc, sim, kl_first, kl_second = numbers(two)
    two.bench.commands["swap_sides"].trigger()
    swapped = pytest.approx([cc, sim, kl_second, kl_first], abs=1e-6)
    qtbot.waitUntil(lambda: numbers(two) == swapped, timeout=20_000)
    assert two.bench.stage.other.x() < two.bench.stage.canvas.x()


def test_the_difference_of_a_picture_with_itself_is_neutral(
    qtbot: QtBot, one: Window, pictures: list[Path]
) -> None:
    one.feature(CompareFeature).take(pictures[0])
    qtbot.waitUntil(lambda: one.feature(CompareFeature).contrast is not None, timeout=60_000)
    qtbot.keyClick(one.bench.stage.canvas, Qt.Key.Key_D)
    qtbot.waitUntil(
        lambda: np.ptp(shot(one.bench.stage.canvas)[40:], axis=2).max() == 0, timeout=20_000
    )  # below the captions
    assert numbers(one)[:2] == pytest.approx([1, 1], abs=1e-6)


def test_leaving_brings_back_all_there_was(qtbot: QtBot, one: Window, pictures: list[Path]) -> None:
    before, heat = shot(one.bench.stage.canvas), one.bench.settings.now.heat
    one.feature(CompareFeature).take(pictures[1])
    qtbot.waitUntil(lambda: one.feature(CompareFeature).contrast is not None, timeout=60_000)
    assert one.bench.settings.now.heat != heat
    one.bench.commands["stop_comparing"].trigger()
    assert one.bench.settings.now.heat == heat and one.bench.stage.arrangement == "single"
    assert not one.bench.commands["save_comparison"].isEnabled()
    qtbot.waitUntil(lambda: np.array_equal(shot(one.bench.stage.canvas), before), timeout=20_000)


@pytest.mark.parametrize("name", ["missing.png", "truncated.png"])
def test_a_second_that_cannot_be_opened_is_one_sentence_and_the_first_stays(
    qtbot: QtBot, one: Window, tmp_path: Path, name: str
) -> None:
    bad = tmp_path / "bad" / name
    bad.parent.mkdir()
    BROKEN[name](bad)
    loaded = one.bench.session.loaded
    one.feature(CompareFeature).take(bad)
    qtbot.waitUntil(lambda: bool(one.bench.notices.text), timeout=20_000)
    assert str(bad) in one.bench.notices.text and "\n" not in one.bench.notices.text
    assert one.bench.session.loaded is loaded and not one.feature(CompareFeature).comparing


def test_another_model_and_one_that_is_not_there(qtbot: QtBot, one: Window) -> None:
    one.feature(CompareFeature).second.choose(OtherModel("live_net"))
    qtbot.waitUntil(lambda: one.feature(CompareFeature).contrast is not None, timeout=60_000)
    first, second = one.bench.session.saliency, one.feature(CompareFeature).second.saliency
    assert first is not None and second is not None
    assert second.model == "live_net" and first.source_size == second.source_size
    assert 0 < numbers(one)[1] < 1
    one.feature(CompareFeature).second.choose(OtherModel("no_such_model"))
    qtbot.waitUntil(lambda: "no_such_model" in one.bench.notices.text, timeout=20_000)
    assert one.bench.session.saliency is first and not one.feature(CompareFeature).comparing


@pytest.mark.parametrize("kind", ["side", "swipe", "difference"])
def test_the_comparison_is_saved_as_the_core_draws_it(
    qtbot: QtBot, two: Window, tmp_path: Path, kind: str
) -> None:
    two.feature(CompareFeature).arrange(kind, True)  # type: ignore[arg-type]
    assert two.bench.stage.arrangement == kind
    two.bench.commands["save_comparison"].trigger()
    dialog = two.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(two.bench.files.writer.saved, timeout=30_000):
        dialog.fileSelected.emit(str(tmp_path / "both.png"))
    dialog.close()
    now, second = two.bench.settings.now, two.feature(CompareFeature).second
    assert two.bench.session.loaded and two.bench.session.saliency and second.loaded and second.saliency
    expected = render_pair(
        Side(two.bench.session.loaded.picture.pixels, two.bench.session.saliency),
        Side(second.loaded.picture.pixels, second.saliency),
        PairScene(kind, now.scene, now.divider),  # type: ignore[arg-type]
    )
    assert np.array_equal(np.asarray(Image.open(tmp_path / "both.png")), expected)


def test_recorded_fixations_are_drawn_measured_and_compared_with(
    qtbot: QtBot, one: Window, pictures: list[Path]
) -> None:
    table = pictures[0].with_name("picture0_fixations.csv")
    table.write_text("x,y\n" + "".join(f"{30 + i % 7},{20 + i // 7}\n" for i in range(49)), encoding="utf-8")
    one.bench.session.open([pictures[1]])
    qtbot.waitUntil(
        lambda: one.bench.stage.canvas.layer is not None and one.bench.session.shown == pictures[1],
        timeout=20_000,
    )
    opened(qtbot, one, pictures[0])
    page = one.feature(CompareFeature).page
    qtbot.waitUntil(lambda: page.fixations.isEnabled(), timeout=20_000)
    plain = shot(one.bench.stage.canvas)
    qtbot.keyClick(one.bench.stage.canvas, Qt.Key.Key_X)
    changed = (shot(one.bench.stage.canvas) != plain).any(axis=2)
    rows, columns = np.nonzero(changed)
    scale = changed.shape[1] / 120
    assert abs(columns.mean() / scale - 33) < 4 and abs(rows.mean() / scale - 23) < 4
    saliency = one.bench.session.saliency
    assert saliency is not None
    qtbot.waitUntil(lambda: len(one.feature(CompareFeature).page.scores.table.rows) > 0, timeout=20_000)
    expected = agreement(saliency, load_truth(TruthFiles(None, table), (120, 80)))
    found = {row[0]: row[1] for row in one.feature(CompareFeature).page.scores.table.rows}
    assert found["NSS"] == pytest.approx(expected["NSS"], abs=1e-3)
    one.feature(CompareFeature).second.choose(People())
    qtbot.waitUntil(lambda: one.feature(CompareFeature).contrast is not None, timeout=20_000)
    assert (
        one.feature(CompareFeature).second.saliency is not None
        and one.feature(CompareFeature).second.saliency.model == "people"
    )
