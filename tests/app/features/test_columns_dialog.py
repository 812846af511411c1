"""A table whose columns nobody knows: the dialog of a new training asks, keeps the answer and reads on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.features.training.columns_dialog import ColumnsDialog
from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.training.new_dialog import NewDialog
from salviewer.app.workbench import Workbench
from tests.training.layouts import COUNT, plain_table, salicon

LONG = 60_000


def test_columns_are_asked_for_and_kept(
    qtbot: QtBot, bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    plain_table(tmp_path / "data")
    table = tmp_path / "data" / "fixations.csv"
    table.write_text(table.read_text().replace("image,subject,x,y", "bild,wer,links,oben"))
    training = TrainingFeature(bench)
    bench.commands["new_training"].trigger()
    page = bench.dialog_parent.findChild(NewDialog).data
    assert not page.columns.isVisible()
    page.set_folder(str(tmp_path / "data"))
    qtbot.waitUntil(page.columns.isVisible, timeout=LONG)
    page.columns.click()
    qtbot.waitUntil(lambda: page.findChild(ColumnsDialog) is not None, timeout=LONG)
    dialog = page.findChild(ColumnsDialog)
    assert dialog.table.horizontalHeaderItem(2).text() == "links" and dialog.table.rowCount() == 8
    assert dialog.choices["start"].currentData() in ("", "start") and not dialog.keep.isEnabled()
    for role, name in (("x", "links"), ("y", "oben"), ("image", "bild"), ("subject", "wer")):
        dialog.choices[role].setCurrentIndex(dialog.choices[role].findData(name))
    assert dialog.keep.isEnabled()
    dialog.keep.click()
    qtbot.waitUntil(lambda: page.survey is not None, timeout=LONG)
    assert page.survey.layout == "table" and page.survey.pictures == COUNT and page.survey.viewers == 3
    assert not page.columns.isVisible() and (tmp_path / "data" / "fixations.csv.columns.json").is_file()
    training.close()


def test_what_was_taken_for_what_is_shown(
    qtbot: QtBot, bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    salicon(tmp_path / "data")
    training = TrainingFeature(bench)
    bench.commands["new_training"].trigger()
    page = bench.dialog_parent.findChild(NewDialog).data
    page.set_folder(str(tmp_path / "data"))
    qtbot.waitUntil(lambda: page.survey is not None, timeout=LONG)
    texts = [page._facts.itemAt(number).widget().text() for number in range(page._facts.count())]
    assert "pictures: images, maps: maps, fixations: fixations" in texts
    assert any("of up to 3 viewers a picture" in text for text in texts)
    training.close()
