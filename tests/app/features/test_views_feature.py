"""The feature of views, alone on a small bench."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.workbench import Workbench
from tests.app.features.bench import open_picture


@pytest.fixture
def views(bench: Workbench) -> ViewsFeature:
    """The feature."""
    feature = ViewsFeature(bench)
    bench.commands.refresh()
    return feature


def checked(bench: Workbench) -> list[str]:
    """The views that are marked."""
    return [
        command.id for command in bench.commands.records
        if command.group == "view" and bench.commands[command.id].isChecked()
    ]  # fmt: skip


def test_exactly_one_view_is_marked_whoever_changes_it(bench: Workbench, views: ViewsFeature) -> None:
    assert checked(bench) == ["view_overlay"]
    bench.commands["view_focus"].trigger()
    assert bench.settings.now.view == "focus" and checked(bench) == ["view_focus"]
    views.display.shown.click()
    assert not bench.settings.now.shown and checked(bench) == ["view_picture"]
    bench.settings.change(view="contours", shown=True)
    assert checked(bench) == ["view_contours"] and views.display.shown.isChecked()
    assert bench.commands["show_heat"].isChecked()


def test_a_slider_changes_the_settings_and_the_settings_the_slider(
    qtbot: QtBot, bench: Workbench, views: ViewsFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    with qtbot.waitSignal(bench.shown.overlay_changed, timeout=20_000):
        views.display.opacity.slider.setValue(300)
    assert bench.settings.now.style.opacity == pytest.approx(0.3)
    bench.settings.reset()
    assert views.display.opacity.value == 65


def test_the_status_line_says_what_is_shown_and_what_predicted(
    qtbot: QtBot, bench: Workbench, views: ViewsFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    assert bench.status.name.text() == pictures[0].name and "120 × 80" in bench.status.facts.text()
    qtbot.waitUntil(lambda: bool(bench.shown.engine.device), timeout=20_000)
    assert bench.status.engine.text() == bench.shown.engine.line
    assert views.engine.running.text() == f"Running on {bench.shown.engine.device}"


def test_appearance_is_a_setting(bench: Workbench, views: ViewsFeature) -> None:
    bench.commands["appearance_dark"].trigger()
    assert bench.settings.now.appearance == "dark" and bench.commands["appearance_dark"].isChecked()
    bench.settings.change(appearance="light")
    assert (
        bench.commands["appearance_light"].isChecked() and not bench.commands["appearance_dark"].isChecked()
    )
