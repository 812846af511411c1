"""The batch dialog on real folders."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from salviewer.app.features.batch.dialog import BatchDialog
from salviewer.app.features.batch.feature import BatchFeature
from salviewer.app.state.batch_choices import BatchChoices
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.window import Window
from salviewer.cli import main
from salviewer.core.areas import Rectangle
from salviewer.results.record import RECORD_NAME
from tests.app.conftest import held
from tests.documents import artboard_layers, pdf_file, photoshop
from tests.folders import files_in

LONG = 60_000
MANY = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four pictures and one that is broken."""
    made = tmp_path / "designs"
    make(made, 4)
    (made / "02b.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    return made


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """So many pictures that there is time to do something meanwhile."""
    return make(tmp_path / "many", MANY)


def make(folder: Path, count: int) -> Path:
    folder.mkdir()
    random = np.random.default_rng(count)
    for number in range(count):
        pixels = random.integers(0, 255, (90, 120 + number, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number + 1:02d}.png")
    return folder


def asked(qtbot: QtBot, window: Window, folder: Path) -> BatchDialog:
    """The dialog, by its key's action, with a folder of pictures."""
    window.bench.settings.change(folder=str(folder))
    window.bench.commands["batch"].trigger()
    dialog = window.feature(BatchFeature).dialog
    assert dialog.isVisible() and dialog.setup.source.text() == str(folder)
    surveyed(qtbot, dialog)
    return dialog


def surveyed(qtbot: QtBot, dialog: BatchDialog) -> None:
    qtbot.waitUntil(lambda: dialog.setup.survey is not None, timeout=LONG)


def click(qtbot: QtBot, dialog: BatchDialog, name: str) -> None:
    button = dialog.findChild(QAbstractButton, name)
    assert button is not None and button.isVisible() and button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, button.height() // 2))


def ended(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: window.feature(BatchFeature).working.request is None, timeout=LONG)


def rows(dialog: BatchDialog) -> list[tuple[str, str]]:
    """What the table of failures says."""
    table = dialog.progress.failures
    cells = [[table.item(row, column) for column in (0, 1)] for row in range(table.rowCount())]
    return [(first.text(), second.text()) for first, second in cells]


def test_documents_are_done_page_by_page(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    made = tmp_path / "designs"
    made.mkdir()
    pdf_file(made / "b.pdf", 2)
    (made / "d.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"/>')
    boards = artboard_layers({"Home": (0, 0, 30, 40), "Shop": (30, 0, 60, 40)})
    (made / "l.psd").write_bytes(photoshop((60, 40), [bytes(2400)] * 3, layers=boards))
    (made / "spoiled.pdf").write_bytes(b"%PDF-1.7 and no more")
    dialog = asked(qtbot, window, made)
    click(qtbot, dialog, "startBatch")
    ended(qtbot, window)
    assert rows(dialog) == [("spoiled.pdf", "its PDF data are damaged")]
    stems = {path.name.removesuffix("-overlay.png") for path in (made / "attention").glob("*.png")}
    assert stems == {"b-p01", "b-p02", "d", "l-p01", "l-p02"}


def test_a_folder_with_a_broken_picture_and_once_more(
    qtbot: QtBot, window: Window, folder: Path, model_folder: Path, tmp_path: Path
) -> None:
    dialog = asked(qtbot, window, folder)
    out = folder / "attention"
    assert dialog.setup.into.text() == str(out)
    for name in ("export-heatmap", "export-map-npy", "export-hotspots", "export-report-html"):
        click(qtbot, dialog, name)
    surveyed(qtbot, dialog)
    assert dialog.setup.said.text() == (
        "5 pictures. Files of the first picture: 01-overlay.png, 01-heatmap.png, 01.npy and 2 more."
    )
    assert dialog.start.text() == "&Start, 5 pictures" and not out.exists()
    click(qtbot, dialog, "startBatch")
    assert dialog.progress.isVisible() and window.feature(BatchFeature).badge.isVisible()
    assert dialog.isVisible() and not dialog.isModal()
    ended(qtbot, window)
    assert dialog.progress.title.text() == "4 of 5 pictures are done"
    assert rows(dialog) == [("02b.png", "its PNG header is damaged")]
    table = dialog.progress.failures
    qtbot.waitUntil(lambda: table.visibleRegion().boundingRect().height() == table.height(), timeout=LONG)
    assert not window.feature(BatchFeature).badge.isVisible()
    endings = ("-overlay.png", "-heatmap.png", ".npy", "_hotspots.csv", "-report.html")
    wanted = {f"0{number}{ending}" for number in range(1, 5) for ending in endings}
    assert {path.name for path in files_in(out)} == wanted | {RECORD_NAME, "salviewer-summary.csv"}
    with (out / "salviewer-summary.csv").open(encoding="utf-8-sig") as file:
        status = {Path(row["picture"]).name: row["status"] for row in csv.DictReader(file)}
    assert status == dict.fromkeys(("01.png", "02.png", "03.png", "04.png"), "done") | {"02b.png": "failed"}

    views = ("--view", "overlay", "--view", "heatmap", "--save-map", "npy", "--hotspots", "5")
    main(["predict", str(folder), "-o", str(tmp_path / "cli"), "--model", str(model_folder), *views])
    for name in wanted:
        if not name.endswith("html"):
            assert (out / name).read_bytes() == (tmp_path / "cli" / name).read_bytes(), name

    click(qtbot, dialog, "closeBatch")
    dialog = asked(qtbot, window, folder)
    assert dialog.setup.said.text().startswith("5 pictures, 4 done before.")
    click(qtbot, dialog, "startBatch")
    ended(qtbot, window)
    assert dialog.progress.rate.text().startswith("0 done, 4 done before, 1 could not be done")
    (folder / "02b.png").unlink()
    click(qtbot, dialog, "anotherBatch")
    surveyed(qtbot, dialog)
    assert dialog.setup.said.text() == "4 pictures, all done before. Nothing is left to do."
    assert not dialog.start.isEnabled()


def test_cancelled_it_goes_on_from_there(qtbot: QtBot, window: Window, many: Path) -> None:
    dialog = asked(qtbot, window, many)
    click(qtbot, dialog, "startBatch")
    qtbot.waitUntil(lambda: window.feature(BatchFeature)._progress.done >= 3, timeout=LONG)
    assert dialog.progress.bar.maximum() == MANY and dialog.progress.now.text().endswith(".png")
    click(qtbot, dialog, "stopBatch")
    assert dialog.progress.title.text() == "Stopping…" and not dialog.stop.isEnabled()
    ended(qtbot, window)
    assert dialog.progress.title.text().startswith("Stopped after")
    assert "to continue" in dialog.progress.where.text()
    there = {path.name: path.stat().st_mtime_ns for path in (many / "attention").glob("*-overlay.png")}
    assert 3 <= len(there) < MANY
    leftovers = {path.suffix for path in files_in(many / "attention")} - {".png", ".json", ".csv"}
    assert not leftovers
    click(qtbot, dialog, "anotherBatch")
    surveyed(qtbot, dialog)
    assert dialog.setup.survey is not None and dialog.setup.survey.skipped == len(there)
    click(qtbot, dialog, "startBatch")
    ended(qtbot, window)
    assert dialog.progress.title.text() == "All pictures are done"
    now = {path.name: path.stat().st_mtime_ns for path in (many / "attention").glob("*-overlay.png")}
    assert len(now) == MANY and now.items() >= there.items()


def test_the_window_is_served_first_and_goes_on(
    qtbot: QtBot, window: Window, folder: Path, pictures: list[Path]
) -> None:
    gate, done_then = held(window.bench.session.inference), []
    dialog = asked(qtbot, window, folder)
    click(qtbot, dialog, "startBatch")
    dialog.close()
    qtbot.waitUntil(lambda: window.feature(BatchFeature)._progress.pictures == 5, timeout=LONG)
    window.bench.session.map_changed.connect(
        lambda saliency: (
            done_then.append(window.feature(BatchFeature)._progress.done) if saliency is not None else None
        )
    )
    with qtbot.waitSignal(window.bench.session.picture_changed, timeout=LONG):
        window.bench.session.open([pictures[0]])
    qtbot.waitUntil(lambda: window.bench.session.inference.worker._waiting.keys() >= {0}, timeout=LONG)
    gate.set()
    ended(qtbot, window)
    qtbot.waitUntil(lambda: bool(done_then), timeout=LONG)
    assert done_then[0] == 0
    assert window.bench.notices.text.startswith(
        "Batch: 4 of 5 pictures are done; 4 done, 1 could not be done"
    )
    assert len(list((folder / "attention").glob("*-overlay.png"))) == 4


def test_closing_asks_and_leaves_what_can_be_gone_on_with(
    qtbot: QtBot, make_window: Callable[[], Window], many: Path
) -> None:
    window = make_window()
    dialog = asked(qtbot, window, many)
    click(qtbot, dialog, "startBatch")
    qtbot.waitUntil(lambda: window.feature(BatchFeature)._progress.done >= 1, timeout=LONG)
    window.close()
    box = window.findChild(QMessageBox, "batchQuestion")
    assert box is not None and box.text().startswith("A batch is running:") and window.isVisible()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible() and window.feature(BatchFeature).working.request is not None
    QApplication.sendPostedEvents(box, QEvent.Type.DeferredDelete)
    window.close()
    box = window.findChild(QMessageBox, "batchQuestion")
    assert box is not None
    leave = next(button for button in box.buttons() if button.objectName() == "stopBatchAndClose")
    qtbot.mouseClick(leave, Qt.MouseButton.LeftButton)
    assert not window.isVisible() and not dialog.isVisible()
    for worker in window.bench.workers.all:
        assert worker.join(60)
    written = len(list((many / "attention").glob("*-overlay.png")))
    again = make_window()
    dialog = asked(qtbot, again, many)
    assert dialog.setup.survey is not None and dialog.setup.survey.skipped == written < MANY


def test_each_picture_has_its_own_areas(qtbot: QtBot, window: Window, folder: Path) -> None:
    area = Rectangle(0.1, 0.1, 0.6, 0.7, name="Logo")
    window.bench.areas.replace_all({folder / "03.png": (area,)})
    choices = BatchChoices(ExportChoices(shown=True, areas=True), policy="replace", summed=False)
    window.bench.settings.change(batch=choices)
    dialog = asked(qtbot, window, folder)
    click(qtbot, dialog, "startBatch")
    ended(qtbot, window)
    out = folder / "attention"
    lines = {path.name: len(path.read_text().splitlines()) for path in out.glob("*_areas.csv")}
    assert lines == {f"0{number}_areas.csv": 2 if number == 3 else 1 for number in range(1, 5)}
    assert not (out / "salviewer-summary.csv").exists()
    dialog.setup.policy.select("keep")
    dialog.setup.policy.chosen.emit("keep")
    dialog.ask()
    surveyed(qtbot, dialog)
    assert dialog.setup.said.text().endswith(
        "Files of the first picture: 01-2-overlay.png and 01-2_areas.csv."
    )
    window.bench.areas.replace_all({})
    click(qtbot, dialog, "closeBatch")


def test_what_cannot_be_is_a_sentence(qtbot: QtBot, window: Window, folder: Path, tmp_path: Path) -> None:
    dialog = asked(qtbot, window, folder)
    said, into, source = dialog.setup.said, dialog.setup.into, dialog.setup.source

    def says(words: str) -> None:
        qtbot.waitUntil(lambda: words in said.text(), timeout=LONG)
        assert not dialog.start.isEnabled()

    into.setText(str(folder))
    says("Choose another folder for the results")
    into.clear()
    says("Choose a folder for the results.")
    into.setText(str(folder / "attention"))
    click(qtbot, dialog, "export-shown")
    says("Choose what to write.")
    click(qtbot, dialog, "export-shown")
    (tmp_path / "empty").mkdir()
    source.clear()
    says("Choose the folder with the pictures.")
    qtbot.keyClicks(source, str(tmp_path / "empty"))
    assert into.text() == str(tmp_path / "empty" / "attention")  # they go together until one is chosen
    says(f"{tmp_path / 'empty'}: there are no pictures in this folder")
    source.setText(str(tmp_path / "nowhere"))
    says(f"{tmp_path / 'nowhere'}: there is no such file or folder")

    (tmp_path / "file").write_text("")
    source.setText(str(folder))
    into.setText(str(tmp_path / "file"))
    says(f"{tmp_path / 'file'}: this is a file, and results need a folder")

    into.setText(str(folder / "attention"))
    dialog.setup.plan()
    surveyed(qtbot, dialog)
    folder.rename(tmp_path / "moved")
    click(qtbot, dialog, "startBatch")
    ended(qtbot, window)
    assert dialog.progress.title.text() == "The batch could not continue"
    assert dialog.progress.notes.text() == f"{folder}: there is no such file or folder"
    assert not dialog.reveal.isEnabled() and not folder.exists()


def test_every_control_is_named_and_reached_by_keyboard(qtbot: QtBot, window: Window, folder: Path) -> None:
    dialog = asked(qtbot, window, folder)
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for control in dialog.findChildren(kind):
            if control.objectName().startswith("qt_"):
                continue
            name = control.objectName()
            named = control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())
            assert name and named and (control.toolTip() or kind is QLineEdit), name
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, name
    assert window.bench.commands.key("batch") == "Ctrl+B"


def test_folders_in_the_folder_keep_their_place_and_results_are_no_pictures(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    make(folder / "autumn", 1)
    dialog = asked(qtbot, window, folder)
    assert dialog.setup.said.text().startswith("5 pictures.")
    click(qtbot, dialog, "batchDeep")
    surveyed(qtbot, dialog)
    assert dialog.setup.said.text().startswith("6 pictures.")
    click(qtbot, dialog, "startBatch")
    ended(qtbot, window)
    assert (folder / "attention" / "autumn" / "01-overlay.png").is_file()
    assert window.bench.settings.now.batch.deep
    click(qtbot, dialog, "closeBatch")
    dialog = asked(qtbot, window, folder)
    assert dialog.setup.deep.isChecked()
    assert dialog.setup.said.text().startswith("6 pictures, 5 done before.")
