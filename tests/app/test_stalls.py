"""What would make the window's thread stand still while it works."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from ast import literal_eval
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from salviewer.app.features.compare.truth import GroundTruth, Truth
from salviewer.app.main import PROMPT
from salviewer.app.shell.first_paint import PATIENCE, FirstPaint
from salviewer.app.widgets.layouts import in_column
from salviewer.app.window import Window
from salviewer.app.workbench import Command
from salviewer.app.workers.folder_watch import FolderWatch, Listed
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.pyramid import build
from salviewer.app.workers.timers import PAINTED
from salviewer.media.images import load_picture
from salviewer.media.picture_list import Listing

RUN = """
import gc, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from salviewer.app.main import run
application = QApplication([""])
said = []
def look():
    said.append((gc.isenabled(), gc.get_freeze_count(), len(gc.get_objects())))
    said.append(sys.getswitchinterval())
    application.closeAllWindows()
QTimer.singleShot(0, look)
run([], device="cpu", engine="openvino")
said.append((gc.isenabled(), gc.get_freeze_count(), sys.getswitchinterval()))
print(said)
"""


def test_while_the_window_is_open_nothing_makes_its_thread_stand_long(tmp_path: Path) -> None:
    """The collector does not look at what the start made, and threads give way soon."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=os.environ | {"SALVIEWER_CONFIG_DIR": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    (collects, kept_out, looked_at), promptly, after = literal_eval(done.stdout)
    assert collects
    assert kept_out > 50_000 > 10 * looked_at
    assert promptly == pytest.approx(PROMPT)
    assert after == (True, 0, pytest.approx(0.005))


class Slow(QWidget):
    """A widget that takes its time to be painted."""

    def __init__(self, parent: QWidget | None, order: list[str]) -> None:
        super().__init__(parent)
        self.order = order
        self.setMinimumSize(30, 30)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        time.sleep(0.02)
        self.order.append("painted")


def test_work_begins_when_all_of_the_window_was_painted(qtbot: QtBot) -> None:
    order: list[str] = []
    window = Slow(None, order)
    qtbot.addWidget(window)
    in_column(*(Slow(None, order) for _ in range(4)), within=window)
    painted = FirstPaint(window)
    painted.over.connect(lambda: order.append("over"))
    window.show()
    with qtbot.waitSignal(painted.over):
        pass
    assert order == ["painted"] * 5 + ["over"]
    window.update()
    qtbot.waitUntil(lambda: len(order) > 6)
    qtbot.wait(2 * PATIENCE)
    assert order.count("over") == 1


def test_work_begins_although_the_window_is_never_painted(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitSignal(FirstPaint(window).over):
        pass


def test_a_refresh_touches_only_commands_whose_condition_changed(window: Window) -> None:
    commands, possible, done = window.bench.commands, [False], list[str]()
    commands.add_conditions(probe=lambda: possible[0])
    commands.add(Command("probe", "Probe", lambda: None, "View", (9, 9), when="probe"))
    commands.refresh()
    assert not commands["probe"].isEnabled()
    for id in [record.id for record in commands.records]:
        commands[id].enabledChanged.connect(lambda _, id=id: done.append(id))
    calls = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += event == "c_call" and getattr(arg, "__name__", "") in (
            "isEnabled",
            "setEnabled",
            "setToolTip",
        )

    sys.setprofile(count)
    commands.refresh()
    sys.setprofile(None)
    assert calls == 0 and not done
    possible[0] = True
    commands.refresh()
    assert commands["probe"].isEnabled() and done == ["probe"]
    commands.add(Command("later", "Later", lambda: None, "View", (9, 10), when="map"))
    commands.refresh()
    assert not commands["later"].isEnabled()  # though the condition is what it was


def test_signals_about_one_picture_refresh_the_commands_once(
    qtbot: QtBot, window: Window, pictures: list[Path]
) -> None:
    session, commands, looks = window.bench.session, window.bench.commands, list[bool]()
    commands.add_conditions(probe=lambda: not looks.append(session.loaded is not None))
    inside = [0, 0]
    session.changing.connect(lambda changing: inside.__setitem__(not changing, len(looks)))
    session.open([pictures[0]])
    with qtbot.waitSignal(session.opened, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: inside[1] > 0)
    assert inside[1] - inside[0] == 1 and looks[-1]
    assert commands["copy_picture"].isEnabled()
    looks.clear()
    commands.refresh()  # holds no longer
    assert looks == [True]


def test_only_the_newest_folder_is_listed_and_none_that_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    watch, found = FolderWatch(), list[Listed]()
    watch.listed.connect(found.append)
    for folder in folders:
        watch.watch(Listing((folder,), (folder,)))
    assert not watch.worker.busy  # the picture is painted first
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    assert [listed.sources for listed in found] == [(folders[1],)]
    watch.watch(Listing((folders[0],), (folders[0],)))
    watch.watch(Listing())
    qtbot.wait(2 * PAINTED)
    assert len(found) == 1 and not watch.worker.busy
    watch.worker.close()
    assert watch.worker.join(10)


def test_only_the_newest_pictures_fixations_are_read(
    qtbot: QtBot, pictures: list[Path], tmp_path: Path
) -> None:
    for path in pictures[:2]:
        path.with_name(f"{path.stem}_fixations.csv").write_text("x,y\n10,10\n20,20\n", encoding="utf-8")
    truth, found = GroundTruth(), list[Truth | None]()
    truth.changed.connect(found.append)
    shown = [load_picture(path) for path in pictures[:2]]
    loaded = [Loaded(picture, build(picture.pixels), str(n), str(n)) for n, picture in enumerate(shown)]
    for one in loaded:
        truth.set_picture(one)
    assert truth.reading and not truth.worker.busy  # the picture is painted first
    qtbot.waitUntil(lambda: not truth.reading, timeout=20_000)
    assert found[:2] == [None, None]
    assert [each.files.fixations for each in found[2:] if each] == [
        pictures[1].with_name(f"{pictures[1].stem}_fixations.csv")
    ]
    truth.set_picture(loaded[0])
    pasted = replace(loaded[0], picture=replace(shown[0], path=None))
    truth.set_picture(pasted)
    qtbot.wait(2 * PAINTED)
    assert not truth.reading and truth.truth is None and not truth.worker.busy
    truth.worker.close()
    assert truth.worker.join(10)
