"""What computes can be chosen and is shown; one that fails is replaced and that is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.state.settings import SettingsFile
from salviewer.app.window import Window
from salviewer.models.engines import runtime


def predicted(qtbot: QtBot, window: Window, kind: str) -> np.ndarray:
    def there() -> bool:
        return window.session.engine.kind == kind and window.session.saliency is not None

    qtbot.waitUntil(there, timeout=60_000)
    assert window.session.saliency is not None
    return window.session.saliency.density


def choose(window: Window, kind: str) -> None:
    choice = window.panel.engine
    choice.setCurrentIndex(choice.findData(kind))
    choice.activated.emit(choice.currentIndex())


def test_the_engine_can_be_chosen_is_shown_and_remembered(
    qtbot: QtBot, window: Window, pictures: list[Path], own_settings: Path
) -> None:
    window.session.open([pictures[0]])
    first = predicted(qtbot, window, "auto")
    choice = window.panel.engine
    qtbot.waitUntil(lambda: choice.count() == 3)
    assert [choice.itemText(index) for index in range(3)] == ["Automatic", "PyTorch", "OpenVINO"]
    if window.session.saliency is not None and window.session.saliency.device == "cpu":
        assert window.panel.running.text() in (
            "Running on CPU, float32, OpenVINO", "Running on CPU, bfloat16, OpenVINO"
        )  # fmt: skip
    choose(window, "torch")
    second = predicted(qtbot, window, "torch")
    assert np.abs(second - first).max() < 1e-2 * first.max()  # torch may use half precision
    qtbot.waitUntil(lambda: window.panel.running.text().startswith("Running on "))
    assert "OpenVINO" not in window.panel.running.text()
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
    window.session.set_engine(replace(window.session.engine, device="cpu"))
    window.session.open([pictures[0]])
    predicted(qtbot, window, "auto")
    qtbot.waitUntil(lambda: "computes instead" in window.banner.text)
    assert "OpenVINO on the CPU cannot be used (the plugin cannot be loaded); CPU, " in window.banner.text
    assert window.panel.running.toolTip() in window.banner.text
