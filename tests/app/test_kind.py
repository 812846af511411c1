"""The window says what kind of picture is on screen, and how well the model does on pictures of that kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer import paths
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.viewer.kind_choice import KindChoice, better_model, described
from salviewer.app.window import Window
from salviewer.models.card import ModelCard, read_card
from salviewer.models.catalog import ModelEntry
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


def scored(name: str, nss: float, pictures: int = 100) -> ModelEntry:
    kinds = {"page": {"NSS": nss, "pictures": pictures, "fitted": False}}
    card = ModelCard("live_net", f"The {name}", "logits", metrics={"kinds": kinds})
    return ModelEntry(name, Path(name), card)


def test_a_model_is_suggested_that_is_clearly_better_on_the_same_pictures() -> None:
    mine, close, better = scored("mine", 1.40), scored("close", 1.42), scored("better", 1.45)
    elsewhere = scored("elsewhere", 2.0, pictures=7)
    assert better_model([mine, close, better, elsewhere], "mine", "page") is better
    assert better_model([mine, close, elsewhere], "mine", "page") is None
    assert better_model([mine, better], "better", "page") is None
    assert better_model([mine, better], "mine", "photograph") is None
    assert better_model([mine, better], "unknown", "page") is None
    assert better_model([mine, better], "mine", None) is None


def test_the_suggested_model_is_used_at_a_press(
    qtbot: QtBot, make_window: Callable[..., Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window("deep_convnet")
    views = window.feature(ViewsFeature)
    window.bench.session.open([PAGE])
    qtbot.waitUntil(lambda: views.kinds.found is not None, timeout=60_000)
    choose(views.kind, "photograph")
    models = window.bench.models.all
    best = better_model(models, "deep_convnet", "photograph")
    assert best is not None and views.kind.better.isVisibleTo(views.kind)
    assert views.kind.better.text().startswith(f"Better on these: {best.title}, NSS ")
    views.kind.better.click()
    assert window.bench.session.engine.model == best.name
    assert not views.kind.better.isVisibleTo(views.kind)


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
