"""Score a model, or maps of another program, on any data: from the menu to the clipboard."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.training.score_dialog import ScoreDialog
from salviewer.app.features.training.scoring import ScoringRequest
from salviewer.app.workbench import Workbench
from salviewer.cli import main
from tests.app.test_training import choose_file
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
    request = ScoringRequest((Path("d"),), Path("m"), None, "M", original=True, skip_first=True)
    words = "evaluate --data=d --part=test --model=m --grid=original --skip-first"
    assert request.arguments() == words.split()
    request = ScoringRequest((Path("d"), Path("e")), None, Path("s"), "S", Path("b"), "B", "val", whole=True)
    words = "evaluate --data=d --data=e --part=val --maps=s --beside=b --shuffled=all"
    assert request.arguments() == words.split()


def test_several_data_sets_beside_a_model_as_on_the_command_line(
    qtbot: QtBot, bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "maps").mkdir()
    for name in ("one", "two"):
        plain_table(tmp_path / name)
    for number, scene in enumerate(SCENES):
        np.save(tmp_path / "maps" / f"p{number}.npy", scene.map.astype(float) + 1)
    training, dialog = opened(bench)
    dialog.model.setCurrentIndex(dialog.model.count() - 1)
    dialog.maps.setText(str(tmp_path / "maps"))
    for name in ("one", "two", "one"):
        dialog._add(str(tmp_path / name))
    assert dialog.data.text() == f"{tmp_path / 'one'}; {tmp_path / 'two'}"
    known = [dialog.beside.itemData(number) for number in range(dialog.beside.count())]
    beside = next(place for place in known if place.endswith("live_net"))
    dialog.beside.setCurrentIndex(known.index(beside))
    dialog.begin.click()
    qtbot.waitUntil(lambda: not training.services.scoring_data.busy, timeout=LONG)
    assert dialog.note.property("role") != "trouble", dialog.note.text()
    sets = [f"--data={tmp_path / name}" for name in ("one", "two")]
    files = [f"--json={tmp_path / 'cli.json'}", f"--csv={tmp_path / 'cli.csv'}", f"--beside={beside}"]
    assert main(["evaluate", *sets, f"--maps={tmp_path / 'maps'}", *files]) == 0
    values = json.loads((tmp_path / "cli.json").read_text())
    expected = [*values["rows"], *values["differences"]]
    assert len(dialog.table.lines) == len(expected) and values["rows"][-1]["category"] == "mean of categories"
    for line, row in zip(dialog.table.lines, expected, strict=True):
        assert all(row[name] == score for name, score in line.scores.items()) and line.scores
        assert {name: list(ends) for name, ends in line.intervals.items()} == row["intervals"]
    other = dialog.beside.currentText()
    assert dialog.table.lines[-1].title == f"Mean of categories: The maps less {other}"
    dialog.spread.setChecked(True)
    assert " (" in dialog.table.item(0, 2).text()
    assert dialog.table.as_table().columns[2:5] == ("NSS", "NSS low", "NSS high")
    dialog.each.click()
    choose_file(tmp_path / "each.csv")
    qtbot.waitUntil((tmp_path / "each.csv").is_file, timeout=LONG)
    assert (tmp_path / "each.csv").read_bytes() == (tmp_path / "cli.csv").read_bytes()
    training.close()
    dialog.close()
