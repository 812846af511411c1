"""Unsaved areas outlive the program: killed, or without its display."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.state.recovery import Recovery
from salviewer.app.window import Window
from salviewer.core.areas import Area, Rectangle
from salviewer.core.render import OverlayStyle
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, load_project, save_project
from tests.x_server import x_server

AREAS: tuple[Area, ...] = (Rectangle(0.1, 0.2, 0.4, 0.8, name="Left", id="left"),)
MORE: tuple[Area, ...] = (*AREAS, Rectangle(0.5, 0.1, 0.9, 0.6, name="Right", id="right"))

_CHILD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from salviewer.app.main import run
from salviewer.app.window import Window
from salviewer.core.areas import Rectangle

application = QApplication([])

def draw():
    for window in application.topLevelWidgets():
        if isinstance(window, Window) and window.bench.session.loaded is not None:
            window.bench.areas.put([Rectangle(0.1, 0.2, 0.4, 0.8, name="Left", id="left")], "draw")
            timer.stop()

timer = QTimer()
timer.timeout.connect(draw)
timer.start(20)
sys.exit(run([sys.argv[1]], sys.argv[2]))
"""


@pytest.fixture
def display() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A display of its own, to be lost."""
    with x_server("1280x900x24") as (name, server):
        yield name, server


def draws(folder: Path, picture: Path, model: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start the program, and wait until areas that it has drawn are in its recovery file."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(picture), str(model)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 120
    while not any(folder.glob("recovery/*.salviewer.json")):
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < until, "there is no recovery file"
        time.sleep(0.1)
    return child


def offered(qtbot: QtBot, window: Window) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "recovery") is not None, timeout=20_000)
    box = window.findChild(QMessageBox, "recovery")
    assert box is not None
    return box


def restore(qtbot: QtBot, window: Window) -> None:
    button = offered(qtbot, window).findChild(QPushButton, "restore")
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: window.bench.session.loaded is not None, timeout=20_000)


def test_areas_come_back_after_a_kill(
    qtbot: QtBot,
    make_window: Callable[[], Window],
    own_settings: Path,
    pictures: list[Path],
    model_folder: Path,
) -> None:
    child = draws(own_settings, pictures[1], model_folder)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    window = make_window()
    assert "picture1.png" in offered(qtbot, window).informativeText()
    restore(qtbot, window)
    assert window.bench.areas.all == AREAS and window.bench.project.unsaved
    assert window.windowTitle() == "picture1.png[*] – salviewer"
    (copy,) = own_settings.glob("recovery/*.salviewer.json")
    assert copy == window.feature(FilesFeature).autosave.recovery.copy, "not the one that was left behind"
    window.bench.project.discard()
    assert not any(own_settings.glob("recovery/*"))


def test_areas_come_back_after_the_display_is_lost(
    qtbot: QtBot,
    make_window: Callable[[], Window],
    own_settings: Path,
    pictures: list[Path],
    model_folder: Path,
    display: tuple[str, subprocess.Popen[bytes]],
) -> None:
    child = draws(own_settings, pictures[0], model_folder, QT_QPA_PLATFORM="xcb", DISPLAY=display[0])
    display[1].kill()
    child.communicate(timeout=60)
    assert child.returncode != 0
    window = make_window()
    restore(qtbot, window)
    assert window.bench.areas.all == AREAS


def test_a_project_comes_back_with_what_was_not_saved(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path, pictures: list[Path]
) -> None:
    path = pictures[0].parent / "shelf.salviewer.json"
    save_project(path, Project((ProjectPicture(pictures[0], AREAS), ProjectPicture(pictures[1]))))
    left = Recovery(own_settings)
    left.write(Project((ProjectPicture(pictures[0], MORE), ProjectPicture(pictures[1]))), path)
    left._lock.release()  # as the system does when the process ends
    window = make_window()
    restore(qtbot, window)
    project = window.bench.project
    assert project.path == path and project.unsaved_pictures == (pictures[0],)
    assert window.bench.areas.all == MORE and window.windowTitle() == "picture0.png[*] – shelf – salviewer"
    window.bench.session.turn(1)
    qtbot.waitUntil(lambda: window.bench.areas.picture == pictures[1], timeout=20_000)
    assert window.windowTitle() == "picture1.png – unsaved: picture0.png[*] – shelf – salviewer"
    window.close()
    box = window.findChild(QMessageBox, "unsaved")
    assert box is not None and "those of picture0.png" in box.informativeText()
    box.button(QMessageBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert load_project(path).pictures[0].areas == MORE and not any(own_settings.glob("recovery/*"))


def test_a_copy_of_a_running_window_is_not_offered_and_a_damaged_one_is_kept(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path, pictures: list[Path]
) -> None:
    running = Recovery(own_settings)
    running.write(Project((ProjectPicture(pictures[0], AREAS),)), None)
    (own_settings / "recovery/broken.salviewer.json").write_text("{")
    window = make_window()
    qtbot.waitUntil(lambda: "broken.salviewer.json.damaged" in window.bench.notices.text, timeout=20_000)
    assert window.findChild(QMessageBox, "recovery") is None
    assert (own_settings / "recovery/broken.salviewer.json.damaged").read_text() == "{"
    running.remove()


def test_discarding_the_offer_removes_the_copy(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path, pictures: list[Path]
) -> None:
    left = Recovery(own_settings)
    left.write(Project((ProjectPicture(pictures[0], AREAS),)), None)
    left._lock.release()
    window = make_window()
    offered(qtbot, window).button(QMessageBox.StandardButton.Discard).click()
    assert not list(own_settings.glob("recovery/*.salviewer.json")) and not window.bench.areas.all


def copied(own_settings: Path) -> Project | None:
    """The content of the only copy; None before there is one."""
    copies = list(own_settings.glob("recovery/*.salviewer.json"))
    return load_project(copies[0]) if copies else None


def test_model_look_and_list_are_in_the_copy_too(
    qtbot: QtBot, window: Window, own_settings: Path, pictures: list[Path]
) -> None:
    bench = window.bench
    bench.session.open(pictures[:1], alone=True)
    qtbot.waitUntil(lambda: bench.session.loaded is not None, timeout=60_000)
    bench.areas.put(AREAS, "put")
    qtbot.waitUntil(lambda: copied(own_settings) is not None, timeout=20_000)
    bench.settings.change(style=replace(bench.settings.now.style, opacity=0.35))
    qtbot.waitUntil(lambda: copied(own_settings).style.opacity == 0.35, timeout=20_000)
    bench.session.open(pictures, alone=True)
    qtbot.waitUntil(lambda: len(copied(own_settings).pictures) == len(pictures), timeout=20_000)
    bench.session.set_engine(replace(bench.session.engine, model="deep_convnet"))
    qtbot.waitUntil(lambda: copied(own_settings).model == "deep_convnet", timeout=20_000)


def test_a_project_whose_look_alone_changed_comes_back(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path, pictures: list[Path]
) -> None:
    """It has a copy while it differs from its file; the window asks nothing for that when it closes."""
    path = pictures[0].parent / "shelf.salviewer.json"
    save_project(path, Project((ProjectPicture(pictures[0]),)))
    window = make_window()
    bench = window.bench
    bench.session.request([str(path)])
    qtbot.waitUntil(lambda: bench.project.path == path and bench.session.saliency is not None, timeout=60_000)
    assert not bench.project.differs
    style = replace(bench.settings.now.style, opacity=0.35)
    bench.settings.change(style=style)
    qtbot.waitUntil(lambda: copied(own_settings) is not None, timeout=20_000)
    assert not bench.project.unsaved and not window.isWindowModified()
    bench.settings.change(style=replace(style, opacity=OverlayStyle().opacity))  # as in the file
    qtbot.waitUntil(lambda: copied(own_settings) is None, timeout=20_000)
    bench.settings.change(style=style)
    qtbot.waitUntil(lambda: copied(own_settings) is not None, timeout=20_000)
    window.feature(FilesFeature).autosave.recovery._lock.release()  # as if it were killed
    bench.settings.change(style=OverlayStyle())
    other = make_window()
    assert "shelf" in offered(qtbot, other).informativeText()
    restore(qtbot, other)
    assert other.bench.project.path == path and other.bench.settings.now.style == style
    assert other.bench.project.differs and not other.bench.project.unsaved
    other.close()
    assert not other.isVisible()


def test_the_areas_of_a_pasted_picture_come_back_with_it(
    qtbot: QtBot,
    make_window: Callable[[], Window],
    own_settings: Path,
    pictures: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SALVIEWER_DATA_DIR", str(tmp_path / "data"))
    window = make_window()
    window.bench.session.paste(QImage(str(pictures[1])))
    qtbot.waitUntil(lambda: window.bench.session.loaded is not None, timeout=60_000)
    pixels = window.bench.session.loaded.picture.pixels
    window.bench.areas.put(AREAS, "put")
    qtbot.waitUntil(lambda: bool((copied(own_settings) or Project()).pictures), timeout=20_000)
    window.feature(FilesFeature).autosave.recovery._lock.release()  # as if it were killed
    other = make_window()
    assert "a pasted picture" in offered(qtbot, other).informativeText()
    restore(qtbot, other)
    assert other.bench.areas.all == AREAS and other.bench.project.unsaved
    path = other.bench.session.loaded.picture.path
    assert path is not None and path.parent == tmp_path / "data" / "recovered"
    assert (load_picture(path).pixels == pixels).all()
    assert not list(own_settings.glob("recovery/*.png"))
    other.bench.project.discard()


def test_closing_the_window_leaves_no_copy_of_pasted_pictures(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path, pictures: list[Path]
) -> None:
    window = make_window()
    window.bench.session.paste(QImage(str(pictures[1])))
    qtbot.waitUntil(lambda: window.bench.session.loaded is not None, timeout=60_000)
    window.bench.areas.put(AREAS, "put")
    qtbot.waitUntil(lambda: bool((copied(own_settings) or Project()).pictures), timeout=20_000)
    window.close()
    assert not list(own_settings.glob("recovery/*"))
