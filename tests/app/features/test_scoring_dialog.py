"""Score a model, or maps of another program, on any data: from the menu to the clipboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.training.score_dialog import ScoreDialog
from salviewer.app.features.training.scoring import ScoringRequest
from salviewer.app.workbench import Workbench
from tests.training.layouts import SCENES, plain_table

LONG = 120_000


def opened(bench: Workbench) -> tuple[TrainingFeature, ScoreDialog]:
    training = TrainingFeature(bench)
    bench.commands["score_model"].trigger()
    dialog = bench.dialog_parent.findChild(ScoreDialog)
    assert dialog is not None and dialog.isVisible()
    bench.commands["score_model"].trigger()
    assert len(bench.dialog_parent.findChildren(ScoreDialog)) == 1
    return training, dialog


def test_maps_are_scored_copied_and_saved(
    qtbot: QtBot, bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    plain_table(tmp_path / "data")
    (tmp_path / "maps").mkdir()
    for number, scene in enumerate(SCENES):
        np.save(tmp_path / "maps" / f"p{number}.npy", scene.map.astype(float) + 1)
    training, dialog = opened(bench)
    assert not dialog.begin.isEnabled() and not dialog.maps_row.isVisible()
    dialog.model.setCurrentIndex(dialog.model.count() - 1)
    assert dialog.maps_row.isVisible()
    dialog.maps.setText(str(tmp_path / "maps"))
    dialog.data.setText(str(tmp_path / "data"))
    assert dialog.table.isColumnHidden(dialog.table.columnCount() - 1)
    for box in (dialog.original, dialog.old, dialog.one):
        box.setChecked(True)
    assert dialog.begin.isEnabled() and not dialog.copy.isVisible()
    dialog.begin.click()
    assert dialog.end.isVisible() and not dialog.begin.isVisible()
    qtbot.waitUntil(lambda: not training.services.scoring_data.busy, timeout=LONG)
    assert dialog.note.property("role") != "trouble", dialog.note.text()
    titles = [line.title for line in dialog.table.lines]
    assert titles == ["Centre bias", "The maps", "Half of the viewers", "One viewer"]
    assert dialog.table.lines[1].own and dialog.table.lines[1].scores["CC"] > 0.95
    assert dialog.table.lines[1].scores["EMD"] < 1 and not dialog.table.isColumnHidden(10)
    dialog.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Model\tPictures\tNSS\t")
    training.close()
    dialog.close()


def test_what_cannot_be_scored_is_said_in_the_dialog(qtbot: QtBot, bench: Workbench, tmp_path: Path) -> None:
    training, dialog = opened(bench)
    dialog.data.setText(str(tmp_path / "nothing"))
    dialog.begin.click()
    qtbot.waitUntil(lambda: dialog.note.property("role") == "trouble", timeout=LONG)
    assert "there is no such folder" in dialog.note.text()
    assert not dialog.table.lines and dialog.begin.isVisible()
    training.close()
    dialog.close()


def test_a_request_is_an_order_of_the_command_line() -> None:
    request = ScoringRequest(Path("d"), Path("m"), None, "M", original=True, skip_first=True)
    assert request.arguments() == ["evaluate", "--data=d", "--model=m", "--grid=original", "--skip-first"]
    assert ScoringRequest(Path("d"), None, Path("s"), "S", whole=True).arguments() == [
        "evaluate",
        "--data=d",
        "--maps=s",
        "--shuffled=all",
    ]
