"""Projects in the window: opened in every way, saved correctly, and never lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.main import start
from salviewer.app.window import Window
from salviewer.core.areas import Area, Ellipse, Polygon, Rectangle
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.media.project import Project, ProjectPicture, load_project, save_project
from tests.app.test_window import drop, opened

Buttons = QMessageBox.StandardButton
AREAS: tuple[Area, ...] = (
    Rectangle(0.1, 0.1, 0.3, 0.3, name="Logo", id="a", hue=3),
    Ellipse(0.6, 0.6, 0.3, 0.3, name="Face", id="b", hue=0),
    Polygon(((0.2, 0.2), (0.9, 0.3), (0.4, 0.8)), name="Sky", id="c", hue=1),
)
LOOK = (
    PostprocessSettings(0.05, Threshold("percentile", 60), "fixed", 33.0),
    OverlayStyle("magma", 0.5, 2.0, 0.25),
)


@pytest.fixture
def project(pictures: list[Path], model_folder: Path) -> Path:
    """Three pictures, the first and the last with areas."""
    path = pictures[0].parent / "shelf.salviewer.json"
    listed = [
        ProjectPicture(pictures[0], AREAS),
        ProjectPicture(pictures[1]),
        ProjectPicture(pictures[2], AREAS[:1]),
    ]
    save_project(path, Project(tuple(listed), str(model_folder), *LOOK))
    return path


def loaded(qtbot: QtBot, window: Window, areas: tuple[Area, ...] = AREAS) -> None:
    qtbot.waitUntil(
        lambda: window.bench.project.path is not None and window.bench.areas.all == areas, timeout=20_000
    )


def question(window: Window) -> QMessageBox:
    box = window.findChild(QMessageBox, "unsaved")
    assert box is not None
    return box


def saved_to(qtbot: QtBot, window: Window, path: Path) -> None:
    dialog = window.findChild(QFileDialog)
    assert dialog is not None and not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    with qtbot.waitSignal(window.bench.files.documents.saved, timeout=20_000):
        dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.setParent(None)  # type: ignore[call-overload]
    dialog.deleteLater()


def by_drop(window: Window, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    drop(window, mime)


def by_dialog(window: Window, path: Path) -> None:
    window.bench.commands["open_project"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()


def by_opening(window: Window, path: Path) -> None:
    window.bench.commands["open_files"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(path)])
    dialog.close()


@pytest.mark.parametrize("way", [by_drop, by_dialog, by_opening, lambda w, p: start(w, [str(p)])])
def test_a_project_comes_back_whole_in_every_way(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path], way: Callable[[Window, Path], None]
) -> None:
    way(window, project)
    loaded(qtbot, window)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)
    assert (window.bench.settings.now.heat, window.bench.settings.now.style) == LOOK
    assert window.feature(ViewsFeature).display.opacity.value == 50
    assert window.windowTitle() == "picture0.png – shelf[*] – salviewer" and not window.isWindowModified()
    assert not window.bench.notices.text
    window.bench.session.turn(2)
    qtbot.waitUntil(lambda: window.bench.areas.all == AREAS[:1], timeout=20_000)
    assert window.bench.project.now() == load_project(project)


def test_saving_asks_for_a_name_once_and_then_writes_what_is_there(
    qtbot: QtBot, window: Window, pictures: list[Path], tmp_path: Path
) -> None:
    assert not window.bench.commands["save_project"].isEnabled()
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 3), timeout=20_000)
    window.bench.areas.put(AREAS, "put")
    assert window.isWindowModified() and window.windowTitle().startswith("picture0.png[*]")
    window.bench.commands["save_project"].trigger()
    path = tmp_path / "mine.salviewer.json"
    saved_to(qtbot, window, path)
    assert not window.isWindowModified() and "mine" in window.windowTitle()
    found = load_project(path)
    assert [picture.path for picture in found.pictures] == pictures
    assert [picture.areas for picture in found.pictures] == [AREAS, (), ()]
    assert found.model == window.bench.session.engine.model
    assert found.settings == window.bench.settings.now.heat and found.style == window.bench.settings.now.style
    window.bench.areas.rename("a", "Renamed")
    assert window.isWindowModified()
    with qtbot.waitSignal(window.bench.files.documents.saved, timeout=20_000):
        window.bench.commands["save_project"].trigger()
    assert load_project(path).pictures[0].areas[0].name == "Renamed"
    window.bench.areas.undo()
    assert window.isWindowModified()
    window.bench.areas.redo()
    assert not window.isWindowModified()
    window.bench.commands["save_project_as"].trigger()
    saved_to(qtbot, window, tmp_path / "sub")
    assert (tmp_path / "sub.salviewer.json").is_file() and window.bench.project.name == "sub"


def test_a_name_without_its_suffix_does_not_overwrite_another_project(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path]
) -> None:
    opened(qtbot, window, pictures[0])
    before = project.read_bytes()
    window.bench.commands["save_project_as"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(project.with_name("shelf")))
    dialog.close()
    assert "exists already" in window.bench.notices.text and str(project) in window.bench.notices.text
    assert project.read_bytes() == before and not window.bench.files.documents.worker.busy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "it is damaged: line 1 is not valid JSON"),
        ('{"a": 1}', "it is not a salviewer project"),
        (None, "no such"),
    ],
)
def test_what_is_no_project_is_one_sentence_and_all_stays(
    qtbot: QtBot, window: Window, project: Path, tmp_path: Path, content: str | None, said: str
) -> None:
    window.feature(FilesFeature).projects.open(project)
    loaded(qtbot, window)
    bad = tmp_path / "bad.json"
    if content is not None:
        bad.write_text(content)
    by_drop(window, bad)
    qtbot.waitUntil(lambda: bool(window.bench.notices.text), timeout=20_000)
    assert window.bench.notices.text.startswith(f"{bad}: ") and said in window.bench.notices.text
    assert "\n" not in window.bench.notices.text
    assert window.bench.areas.all == AREAS and window.bench.project.path == project


def test_missing_pictures_are_named_the_rest_opens_and_they_stay_in_the_file(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path]
) -> None:
    pictures[0].unlink()
    window.feature(FilesFeature).projects.open(project)
    qtbot.waitUntil(lambda: window.bench.session.position == (1, 2), timeout=20_000)
    qtbot.waitUntil(lambda: bool(window.bench.notices.text))
    assert "picture0.png" in window.bench.notices.text and "picture1.png" not in window.bench.notices.text
    with qtbot.waitSignal(window.bench.files.documents.saved, timeout=20_000):
        window.feature(FilesFeature).projects.save()
    kept = load_project(project)
    assert [picture.path for picture in kept.pictures] == pictures and kept.pictures[0].areas == AREAS


def test_missing_and_broken_pictures_are_both_named(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path]
) -> None:
    pictures[0].unlink()
    pictures[1].write_bytes(b"no picture")
    window.feature(FilesFeature).projects.open(project)
    qtbot.waitUntil(lambda: window.bench.areas.all == AREAS[:1], timeout=20_000)
    qtbot.waitUntil(lambda: "picture0.png" in window.bench.notices.text)
    assert "picture1.png" in window.bench.notices.text and len(window.bench.notices.text.splitlines()) == 2


def test_a_project_without_any_of_its_pictures_changes_nothing(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    moved = elsewhere / project.name
    project.rename(moved)
    window.feature(FilesFeature).projects.open(moved)
    qtbot.waitUntil(lambda: bool(window.bench.notices.text), timeout=20_000)
    assert "none of its pictures" in window.bench.notices.text and "picture2.png" in window.bench.notices.text
    assert window.bench.project.path is None and not window.bench.areas.of_files()


def change(qtbot: QtBot, window: Window, project: Path) -> None:
    window.feature(FilesFeature).projects.open(project)
    loaded(qtbot, window)
    window.bench.areas.remove("a")
    assert window.isWindowModified()
    window.close()
    assert window.isVisible() and not window.stopped


def test_closing_asks_and_cancel_stays(qtbot: QtBot, window: Window, project: Path) -> None:
    change(qtbot, window, project)
    assert "shelf" in question(window).text()
    window.close()  # asks once
    assert len(window.findChildren(QMessageBox)) == 1
    question(window).button(Buttons.Cancel).click()
    assert window.isVisible() and window.isWindowModified()
    assert load_project(project).pictures[0].areas == AREAS
    window.close()
    assert question(window).isVisible()


def test_closing_asks_and_discard_leaves_the_file(qtbot: QtBot, window: Window, project: Path) -> None:
    change(qtbot, window, project)
    question(window).button(Buttons.Discard).click()
    assert not window.isVisible() and window.stopped
    assert load_project(project).pictures[0].areas == AREAS


def test_closing_asks_and_save_writes_then_closes(qtbot: QtBot, window: Window, project: Path) -> None:
    change(qtbot, window, project)
    question(window).button(Buttons.Save).click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert window.stopped and load_project(project).pictures[0].areas == AREAS[1:]


def test_closing_waits_when_saving_fails(qtbot: QtBot, window: Window, project: Path, tmp_path: Path) -> None:
    change(qtbot, window, project)
    window.bench.project.path = tmp_path / "gone" / "x.salviewer.json"
    with qtbot.waitSignal(window.bench.files.documents.failed, timeout=20_000):
        question(window).button(Buttons.Save).click()
    assert (
        window.isVisible() and window.isWindowModified() and "x.salviewer.json" in window.bench.notices.text
    )


def test_areas_that_were_never_in_a_project_are_asked_about_too(
    qtbot: QtBot, window: Window, pictures: list[Path], project: Path, tmp_path: Path
) -> None:
    opened(qtbot, window, pictures[0])
    window.bench.areas.put(AREAS[:1], "put")
    by_drop(window, project)
    assert "in a project" in question(window).text() and window.bench.project.path is None
    question(window).button(Buttons.Save).click()
    saved_to(qtbot, window, tmp_path / "first.salviewer.json")
    loaded(qtbot, window)
    assert window.bench.project.name == "shelf"
    assert load_project(tmp_path / "first.salviewer.json").pictures[0].areas == AREAS[:1]


def test_closing_a_project_forgets_its_areas_and_keeps_the_pictures(
    qtbot: QtBot, window: Window, project: Path
) -> None:
    window.feature(FilesFeature).projects.open(project)
    loaded(qtbot, window)
    window.bench.commands["close_project"].trigger()
    assert (
        window.bench.project.path is None
        and not window.bench.areas.of_files()
        and not window.isWindowModified()
    )
    assert window.windowTitle() == "picture0.png[*] – salviewer" and window.bench.session.position[1] == 3
    assert not window.bench.commands["close_project"].isEnabled()


def test_other_pictures_that_are_opened_join_the_project(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path], tmp_path: Path
) -> None:
    window.feature(FilesFeature).projects.open(project)
    loaded(qtbot, window)
    other = tmp_path / "other.png"
    other.write_bytes(pictures[1].read_bytes())
    opened(qtbot, window, other)
    assert window.bench.areas.all == ()
    window.bench.areas.put([replace(AREAS[0], id="z")], "put")
    held = {picture.path: picture.areas for picture in window.bench.project.now().pictures}
    assert held[pictures[0]] == AREAS and held[other] == (replace(AREAS[0], id="z"),)


def test_a_pasted_picture_has_areas_that_a_project_does_not_hold_and_it_says_so(
    qtbot: QtBot, window: Window, project: Path, pictures: list[Path]
) -> None:
    window.feature(FilesFeature).projects.open(project)
    loaded(qtbot, window)
    window.bench.session.paste(QImage(str(pictures[1])))
    qtbot.waitUntil(lambda: window.bench.session.position == (0, 0), timeout=20_000)
    window.bench.panel.show_page("areas")
    window.bench.areas.put([Rectangle(0, 0, 0.5, 0.5)], "put")
    assert window.feature(AreasFeature).page.note.isVisible() and not window.isWindowModified()
    with qtbot.waitSignal(window.bench.files.documents.saved, timeout=20_000):
        window.feature(FilesFeature).projects.save()
    assert "pasted" in window.bench.notices.text
    assert len(load_project(project).pictures) == 3
