"""Explain a place and an area in the window, as the command line does; and with a model that cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.explain import explainer
from salviewer.app.features.explain.explainer import Explained, ExplainRequest
from salviewer.app.features.explain.feature import ExplainFeature
from salviewer.app.features.explain.window import ExplanationWindow, words
from salviewer.app.workbench import Workbench
from salviewer.cli import main
from salviewer.core.areas import Rectangle
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, save_project
from salviewer.models.attention_net import AttentionNet
from salviewer.models.card import ModelCard
from salviewer.models.catalog import ModelEntry
from salviewer.models.checkpoints import write_model
from salviewer.models.explanation import explain
from tests.app.features.bench import close_bench, open_picture, small_bench
from tests.app.features.test_area_menus import ask, entries, on_picture, opened
from tests.app.features.test_watching_feature import encoded

SIZE = (64, 96)
AREA = Rectangle(0.5, 0.4, 0.9, 0.8, name="Button", id="b")
LEFT = Qt.MouseButton.LeftButton
Feature = tuple[Workbench, ExplainFeature]


@pytest.fixture(scope="module")
def attentive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with attention, small pictures and random weights."""
    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("models") / "attentive"
    card = ModelCard("attention_net", "Attentive", "logits", input_size=SIZE)
    write_model(folder, card, AttentionNet().eval())
    return folder


@pytest.fixture
def made(
    qtbot: QtBot, own_settings: Path, model_folder: Path, attentive: Path, pictures: list[Path]
) -> Iterator[Feature]:
    """The feature beside areas, with a picture and an area; one of two models has attention."""
    bench = small_bench(qtbot, own_settings, model_folder)
    AreasFeature(bench)
    feature = ExplainFeature(bench)
    titled = {"Plain": (model_folder, "live_net"), "Attentive": (attentive, "attention_net")}
    bench.models.set(
        [
            ModelEntry(str(folder), folder, ModelCard(architecture, title, "logits"))
            for title, (folder, architecture) in titled.items()
        ]
    )
    open_picture(qtbot, bench, pictures[0])
    bench.areas.put([AREA], "put")
    yield bench, feature
    feature.close()
    close_bench(bench)


def answered(qtbot: QtBot, feature: ExplainFeature) -> ExplanationWindow:
    """Wait for the window's answer."""
    qtbot.waitUntil(lambda: feature.window is not None and feature.window.save.isEnabled(), timeout=60_000)
    assert feature.window is not None and feature.window.isVisible()
    return feature.window


def save(qtbot: QtBot, bench: Workbench, window: ExplanationWindow, path: Path) -> None:
    """Save what the window shows."""
    window.save.click()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and Path(dialog.selectedFiles()[0]).name == "picture0-explained.png"
    with qtbot.waitSignal(bench.files.writer.saved, timeout=20_000):
        dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_the_window_offers_a_model_with_attention_then_has_the_command_lines_files(
    qtbot: QtBot, made: Feature, attentive: Path, pictures: list[Path], tmp_path: Path
) -> None:
    bench, feature = made
    bench.commands["explain_place"].trigger()
    assert bench.notices.text == "Plain has no attention that could be explained; Attentive has."
    assert not feature.tool.active and not bench.commands["explain_place"].isChecked()
    bench.notices.way_out.click()
    assert bench.session.engine.model == str(attentive)
    assert feature.tool.active and bench.commands["explain_place"].isChecked()
    canvas, at = bench.stage.canvas, on_picture(bench, 0.3, 0.6)
    qtbot.mouseClick(canvas, LEFT, pos=at)
    place = canvas.fraction(at.toPointF())
    assert place is not None and feature.tool.place == (place.x(), place.y())
    window = answered(qtbot, feature)
    found = explain(attentive, load_picture(pictures[0]).pixels, (place.x(), place.y()))
    assert window.sentence.text() == words(found.agreement)
    save(qtbot, bench, window, tmp_path / "ours.png")
    order = ["predict", str(pictures[0]), "--model", str(attentive), "-o", str(tmp_path / "theirs.png")]
    assert main([*order, "--explain", f"{place.x()!r},{place.y()!r}"]) == 0
    assert (tmp_path / "ours.png").read_bytes() == (tmp_path / "theirs.png").read_bytes()
    with qtbot.waitSignal(bench.files.clipboard.copied, timeout=20_000):
        window.copy.click()
    assert QGuiApplication.clipboard().image().width() == load_picture(tmp_path / "ours.png").full_size[0]
    window.reject()
    assert not feature.tool.active and feature.tool.place is None

    bench.areas.select([AREA.id])
    bench.commands["explain_area"].trigger()
    assert window.sentence.text() == "Working…" and not window.save.isEnabled()
    answered(qtbot, feature)
    assert window.heading.text() == "Button in picture0, by Attentive"
    save(qtbot, bench, window, tmp_path / "ours.png")
    save_project(tmp_path / "p.json", Project((ProjectPicture(pictures[0], (AREA,)),)))
    order = ["predict", "--project", str(tmp_path / "p.json"), *order[2:]]
    assert main([*order, "--explain", "Button"]) == 0
    assert (tmp_path / "ours.png").read_bytes() == (tmp_path / "theirs.png").read_bytes()
    window.reject()


def test_places_are_chosen_by_keys_and_menus_and_a_closed_window_wants_no_answer(
    qtbot: QtBot, made: Feature, attentive: Path
) -> None:
    bench, feature = made
    bench.session.set_engine(replace(bench.session.engine, model=str(attentive)))
    canvas = bench.stage.canvas
    ask(canvas, on_picture(bench, 0.7, 0.6))
    menu = opened(bench, "areaMenu")
    assert "explain_area" in entries(menu)
    menu.close()
    at = on_picture(bench, 0.1, 0.9)
    ask(canvas, at)
    menu = opened(bench, "canvasMenu")
    asked: list[ExplainRequest] = []
    answers: list[Explained] = []
    feature.explainer.explained.connect(answers.append)
    gate, real = threading.Event(), explainer._explain

    def held(request: ExplainRequest, *rest: object) -> object:
        asked.append(request)
        gate.wait(20)
        return real(request, *rest)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explainer, "_explain", held)
        next(one for one in menu.actions() if one.objectName() == "explain_place_here").trigger()
        menu.close()
        place = canvas.fraction(at.toPointF())
        assert place is not None and feature.tool.place == (place.x(), place.y())
        qtbot.waitUntil(lambda: len(asked) == 1, timeout=20_000)
        assert feature.window is not None and feature.window.sentence.text() == "Working…"
        feature.window.reject()
        gate.set()
        qtbot.waitUntil(lambda: not feature.explainer.worker.busy, timeout=60_000)
        assert not answers and not feature.window.isVisible() and feature.tool.place is None
        bench.commands["explain_place"].trigger()
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Return):
            qtbot.keyClick(
                canvas,
                key,
                Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Up else Qt.KeyboardModifier.NoModifier,
            )
        qtbot.waitUntil(lambda: len(answers) == 1, timeout=60_000)
    assert asked[1].place == pytest.approx((0.51, 0.4))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not feature.tool.active and not feature.window.isVisible()


def test_on_a_long_page_window_and_command_line_explain_the_same_screen(
    qtbot: QtBot, made: Feature, attentive: Path, tmp_path: Path
) -> None:
    bench, feature = made
    page = tmp_path / "picture0.png"
    page.write_bytes(encoded(2, (120, 200), screen=80))
    bench.session.set_engine(replace(bench.session.engine, model=str(attentive)))
    open_picture(qtbot, bench, page)
    qtbot.waitUntil(lambda: bench.session.loaded is not None and bench.session.loaded.picture.screen == 80)
    feature.explain_at((0.3, 0.9))
    window = answered(qtbot, feature)
    save(qtbot, bench, window, tmp_path / "ours.png")
    order = ["predict", str(page), "--model", str(attentive), "-o", str(tmp_path / "theirs.png")]
    assert main([*order, "--explain", "0.3,0.9"]) == 0
    ours = load_picture(tmp_path / "ours.png").pixels
    assert np.array_equal(ours, load_picture(tmp_path / "theirs.png").pixels)
    assert np.array_equal(ours[:20, :60], load_picture(page).pixels[120:140, :60])  # the screen at the end
    across = Rectangle(0.1, 0.3, 0.6, 0.6, name="Across", id="a")  # of two screens, the middle in the second
    bench.areas.put([across], "put")
    bench.areas.select([across.id])
    feature.explain_area()
    answered(qtbot, feature)
    save(qtbot, bench, window, tmp_path / "ours.png")
    save_project(tmp_path / "p.json", Project((ProjectPicture(page, (across,)),)))
    assert main(["predict", "--project", str(tmp_path / "p.json"), *order[2:], "--explain", "Across"]) == 0
    assert (tmp_path / "ours.png").read_bytes() == (tmp_path / "theirs.png").read_bytes()
    assert load_picture(tmp_path / "ours.png").pixels.shape[0] == 80
    window.reject()


def test_a_model_outside_the_catalogue_is_asked_itself(
    qtbot: QtBot, made: Feature, attentive: Path, model_folder: Path
) -> None:
    bench, feature = made
    bench.models.set([entry for entry in bench.models.all if entry.title == "Attentive"])
    bench.commands["explain_place"].trigger()
    qtbot.mouseClick(bench.stage.canvas, LEFT, pos=on_picture(bench, 0.3, 0.6))
    qtbot.waitUntil(lambda: bool(bench.notices.text) and not feature.tool.active, timeout=60_000)
    qtbot.waitUntil(lambda: "has no attention" in bench.notices.text, timeout=60_000)
    assert bench.session.engine.model == str(model_folder)
    bench.notices.way_out.click()
    answered(qtbot, feature)
    assert bench.session.engine.model == str(attentive)
    assert [panel.image is not None for panel in feature.window.panels] == [True] * 3  # type: ignore[union-attr]


def test_how_far_both_agree_is_said_in_words() -> None:
    assert words(0.7) == "Attention and gradient agree well: correlation 0.70."
    assert words(0.38).startswith("Attention and gradient agree in part (correlation 0.38)")
    assert words(-0.1).startswith("Attention and gradient hardly agree (correlation -0.10)")
