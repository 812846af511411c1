"""The feature of files, alone on a small bench."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.workbench import Workbench
from salviewer.core.areas import Rectangle
from salviewer.core.scene import render_scene
from salviewer.media.openers.names import page_path
from salviewer.media.project import load_project
from tests.app.features.bench import SmallLayout, open_picture
from tests.documents import encrypted_pdf, pdf_file


@pytest.fixture
def files(bench: Workbench) -> FilesFeature:
    """The feature."""
    feature = FilesFeature(bench)
    bench.commands.refresh()
    return feature


def chosen(bench: Workbench, path: Path) -> None:
    """Choose a file in the dialog that is open."""
    dialog = bench.dialog_parent.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_a_dropped_picture_is_opened_and_its_folder_kept(
    qtbot: QtBot, bench: Workbench, files: FilesFeature, pictures: list[Path]
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures[1]))])
    layout = bench.layout
    assert isinstance(layout, SmallLayout) and layout.drop(mime, QPointF(10, 10))
    qtbot.waitUntil(lambda: bench.session.shown == pictures[1], timeout=20_000)
    assert bench.settings.now.folder == str(pictures[1].parent)
    assert bench.dialog_parent.windowTitle() == f"{pictures[1].name}[*] – salviewer"


def test_what_is_no_picture_is_reported_and_the_picture_stays(
    qtbot: QtBot, bench: Workbench, files: FilesFeature, pictures: list[Path]
) -> None:
    open_picture(qtbot, bench, pictures[0])
    mime = QMimeData()
    mime.setText("words")
    assert isinstance(bench.layout, SmallLayout)
    bench.layout.drop(mime, QPointF(10, 10))
    assert bench.notices.text == "Only pictures from this computer can be dropped here."
    assert bench.session.shown == pictures[0]


def test_saved_and_copied_is_what_is_shown(
    qtbot: QtBot, bench: Workbench, files: FilesFeature, pictures: list[Path], tmp_path: Path
) -> None:
    assert not bench.commands["save_overlay"].isEnabled()
    open_picture(qtbot, bench, pictures[0])
    loaded, saliency = bench.session.loaded, bench.session.saliency
    assert loaded is not None and saliency is not None and bench.commands["save_overlay"].isEnabled()
    expected = render_scene(loaded.picture.pixels, saliency, bench.shown.scene)
    bench.commands["save_overlay"].trigger()
    with qtbot.waitSignal(bench.files.writer.saved, timeout=20_000):
        chosen(bench, tmp_path / "saved.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "saved.png").convert("RGB")), expected)
    with qtbot.waitSignal(bench.files.clipboard.copied, timeout=20_000):
        bench.commands["copy_view"].trigger()
    image = QGuiApplication.clipboard().image()
    colour = image.pixelColor(5, 7)
    assert [colour.red(), colour.green(), colour.blue()] == expected[7, 5].tolist()


def test_a_project_with_unsaved_areas_is_asked_about(
    qtbot: QtBot, bench: Workbench, files: FilesFeature, pictures: list[Path], tmp_path: Path
) -> None:
    open_picture(qtbot, bench, pictures[0])
    bench.areas.show(pictures[0])
    area = Rectangle(0.1, 0.2, 0.3, 0.4, name="Logo")
    bench.areas.put([area], "Draw")
    assert not files.may_close()
    question = bench.dialog_parent.findChild(QMessageBox, "unsaved")
    assert question is not None
    question.button(QMessageBox.StandardButton.Cancel).click()
    bench.commands["save_project_as"].trigger()
    target = tmp_path / "p.salviewer.json"
    with qtbot.waitSignal(bench.files.documents.saved, timeout=20_000):
        chosen(bench, target)
    assert files.may_close() and bench.project.name == "p"
    assert [p.areas for p in load_project(target).pictures if p.path == pictures[0]] == [(area,)]


def test_pages_of_a_document_are_walked_through_with_areas_of_their_own(
    qtbot: QtBot, bench: Workbench, files: FilesFeature, tmp_path: Path
) -> None:
    document = pdf_file(tmp_path / "b.pdf", 2)
    Image.new("RGB", (60, 40)).save(tmp_path / "c.png")
    bench.session.siblings = True
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(document))])
    assert isinstance(bench.layout, SmallLayout) and bench.layout.drop(mime, QPointF(10, 10))
    pages = [page_path(document, 1), page_path(document, 2)]
    qtbot.waitUntil(lambda: bench.session.shown == pages[0], timeout=20_000)
    listed = (*pages, tmp_path / "c.png")
    qtbot.waitUntil(lambda: bench.session.listing.paths == listed, timeout=20_000)
    assert bench.session.chosen == tuple(pages)
    assert bench.settings.now.folder == str(tmp_path)
    bench.session.turn(1)
    qtbot.waitUntil(lambda: bench.session.shown == pages[1], timeout=20_000)
    assert bench.dialog_parent.windowTitle() == "b.pdf, page 2[*] – salviewer"
    loaded = bench.session.loaded
    assert loaded is not None and loaded.stem == "b-p02" and loaded.picture.note == "page 2 of 2"


def test_the_password_of_a_document_is_asked_for(
    qtbot: QtBot, bench: Workbench, files: FilesFeature, tmp_path: Path
) -> None:
    document = tmp_path / "secret.pdf"
    document.write_bytes(encrypted_pdf())

    def answer(password: str) -> None:
        asked = bench.dialog_parent.findChild(QInputDialog)
        assert asked is not None and "secret.pdf" in asked.labelText()
        asked.setTextValue(password)
        asked.accept()

    with qtbot.waitSignal(bench.session.locked, timeout=20_000):
        bench.session.request([document])
    with qtbot.waitSignal(bench.session.locked, timeout=20_000):
        answer("guess")
    qtbot.waitUntil(lambda: len(bench.dialog_parent.findChildren(QInputDialog)) == 1, timeout=20_000)
    again = bench.dialog_parent.findChild(QInputDialog)
    assert again is not None and "not the password" in again.labelText()
    answer("opensesame")
    qtbot.waitUntil(lambda: bench.session.shown == document, timeout=20_000)
