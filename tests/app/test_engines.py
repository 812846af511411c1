"""Engines can be chosen and are shown; one that fails is replaced, with a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.state.settings import SettingsFile
from salviewer.app.window import Window
from salviewer.models.engines import runtime


def predicted(qtbot: QtBot, window: Window, kind: str) -> np.ndarray:
    def there() -> bool:
        return window.bench.session.engine.kind == kind and window.bench.session.saliency is not None

    qtbot.waitUntil(there, timeout=60_000)
    assert window.bench.session.saliency is not None
    return window.bench.session.saliency.density


def choose(window: Window, kind: str) -> None:
    choice = window.feature(ViewsFeature).engine.engine
    choice.setCurrentIndex(choice.findData(kind))
    choice.activated.emit(choice.currentIndex())


def test_the_engine_can_be_chosen_is_shown_and_remembered(
    qtbot: QtBot, window: Window, pictures: list[Path], own_settings: Path
) -> None:
    window.bench.session.open([pictures[0]])
    first = predicted(qtbot, window, "auto")
    choice = window.feature(ViewsFeature).engine.engine
    qtbot.waitUntil(lambda: choice.count() == 3)
    assert [choice.itemText(index) for index in range(3)] == ["Automatic", "PyTorch", "OpenVINO"]
    if window.bench.session.saliency is not None and window.bench.session.saliency.device == "cpu":
        assert window.feature(ViewsFeature).engine.running.text() in (
            "Running on CPU, float32, OpenVINO", "Running on CPU, bfloat16, OpenVINO"
        )  # fmt: skip
    choose(window, "torch")
    second = predicted(qtbot, window, "torch")
    assert np.abs(second - first).max() < 1e-2 * first.max()  # torch may use half precision
    qtbot.waitUntil(lambda: window.feature(ViewsFeature).engine.running.text().startswith("Running on "))
    assert "OpenVINO" not in window.feature(ViewsFeature).engine.running.text()
    window.close()
    assert SettingsFile(own_settings).read()[0].engine == "torch"


def test_an_engine_that_fails_is_replaced_and_the_banner_says_so(
    qtbot: QtBot,
    make_window: Callable[[], Window],
    pictures: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> object:
        raise RuntimeError("Exception from src/core.cpp:\nthe plugin cannot be loaded")

    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(runtime, "core", broken)
    window = make_window()
    window.bench.session.set_engine(replace(window.bench.session.engine, device="cpu"))
    window.bench.session.open([pictures[0]])
    predicted(qtbot, window, "auto")
    qtbot.waitUntil(lambda: "computes instead" in window.bench.notices.text)
    assert (
        "OpenVINO on the CPU cannot be used (the plugin cannot be loaded); CPU, " in window.bench.notices.text
    )
    assert window.feature(ViewsFeature).engine.running.toolTip() in window.bench.notices.text
