"""The window says what kind of picture is on screen, and how well the model does on pictures of that kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from salviewer import paths
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.viewer.kind_choice import KindChoice, described
from salviewer.app.window import Window
from salviewer.models.card import ModelCard, read_card
from salviewer.models.kind_scores import score_of

PAGE = paths.resources() / "samples" / "web_page.png"


def choose(choice: KindChoice, kind: str) -> None:
    choice.kind.setCurrentIndex(choice.kind.findData(kind))
    choice.kind.activated.emit(choice.kind.currentIndex())


def test_the_kind_is_found_said_and_can_be_overridden(
    qtbot: QtBot, make_window: Callable[..., Window], pictures: list[Path]
) -> None:
    window = make_window("live_net")
    views = window.feature(ViewsFeature)
    card = read_card(paths.model_weights() / "live_net" / "card.json")
    score = score_of(card, "page")
    assert score is not None
    assert views.kind.about.text() == "Trained on photographs and advertisements."
    assert [views.kind.kind.itemText(row) for row in range(4)] == [
        "Automatic", "Photograph", "Advertisement", "Page"
    ]  # fmt: skip
    window.bench.session.open([PAGE, pictures[0]])
    qtbot.waitUntil(lambda: views.kinds.found is not None, timeout=60_000)
    assert views.kinds.now == "page"
    assert views.kind.kind.currentText() == "Automatic: page"
    assert f"On pages: NSS {score.NSS:.2f}, from 26 pictures" in views.kind.about.text()
    choose(views.kind, "advertisement")
    assert views.kinds.now == "advertisement" and "On advertisements: NSS" in views.kind.about.text()
    window.bench.session.turn(1)
    qtbot.waitUntil(lambda: window.bench.session.shown == pictures[0] and views.kinds.found is not None)
    assert views.kinds.now == "advertisement"
    choose(views.kind, "auto")
    assert views.kinds.now == views.kinds.found.kind  # type: ignore[union-attr]
    assert views.kind.kind.currentText().startswith("Automatic: ")


def test_of_a_model_that_nobody_measured_that_is_said() -> None:
    card = ModelCard("live_net", "mine", "logits")
    assert described(card, "page") == "Not measured on pages."
    assert described(card, None) == ""


def test_nothing_is_looked_for_while_frames_are_shown(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    views = window.feature(ViewsFeature)
    window.bench.session.open([pictures[0]])
    qtbot.waitUntil(lambda: views.kinds.found is not None, timeout=60_000)
    window.bench.session.live = True
    assert views.kinds.found is None and views.kinds.now is None
    window.bench.session.live = False
