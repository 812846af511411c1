"""The features that write results, export and batch, each alone on a small bench."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from salviewer.app.features.batch.dialog import BatchDialog
from salviewer.app.features.batch.feature import BatchFeature
from salviewer.app.features.export.dialog import ExportDialog
from salviewer.app.features.export.feature import ExportFeature
from salviewer.app.state.batch_choices import BatchChoices
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.workbench import Workbench
from tests.app.features.bench import open_picture
from tests.folders import files_in

LONG = 60_000


def test_an_export_writes_what_was_chosen_and_keeps_the_choice(
    qtbot: QtBot, bench: Workbench, pictures: list[Path], tmp_path: Path
) -> None:
    ExportFeature(bench)
    bench.commands.refresh()
    assert not bench.commands["export"].isEnabled()
    open_picture(qtbot, bench, pictures[0])
    bench.settings.change(
        export=ExportChoices(shown=False, kinds=("focus",), maps=("npy",), folder=str(tmp_path / "out"))
    )
    bench.commands["export"].trigger()
    dialog = bench.dialog_parent.findChild(ExportDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.export.isEnabled, timeout=LONG)
    with qtbot.waitSignal(bench.files.writer.saved, timeout=LONG):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    names = {path.name for path in files_in(tmp_path / "out")}
    assert names == {"picture0-focus.png", "picture0.npy"}


def test_a_batch_writes_every_picture_and_tells_of_it_at_the_end(
    qtbot: QtBot, bench: Workbench, pictures: list[Path], tmp_path: Path
) -> None:
    feature = BatchFeature(bench)
    files = ExportChoices(kinds=("overlay",), maps=(), reports=(), folder=str(tmp_path / "done"))
    bench.settings.change(batch=BatchChoices(files, source=str(pictures[0].parent)))
    assert feature.may_close()
    feature._start(bench.settings.now.batch)
    assert feature.badge.isVisible()
    with qtbot.waitSignal(feature.working.ended, timeout=LONG):
        assert not feature.may_close()
    assert isinstance(feature.dialog, BatchDialog) and feature.may_close()
    assert len(list((tmp_path / "done").glob("*-overlay.png"))) == len(pictures)
    assert bench.notices.text.startswith("Batch: ")
