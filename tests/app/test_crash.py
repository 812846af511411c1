"""Unexpected errors are shown once, with a report to copy; the window continues."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from salviewer import __version__
from salviewer.app.shell.crash import Crashes
from salviewer.app.shell.error_dialogs import Guard, Relay
from salviewer.app.shell.log import FAULTS, LOG, log_to, stop_logging
from salviewer.app.window import Window
from salviewer.errors import SalviewerError


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log's file, while it is written."""
    log_to(tmp_path / "log")
    yield tmp_path / "log" / LOG
    stop_logging()


@pytest.fixture
def crashes(window: Window, log: Path) -> Iterator[Crashes]:
    """The window guarded as `main` does it."""
    relay = Relay()
    relay.said.connect(window.bench.notices.error)
    made = Crashes(log, window)
    relay.crashed.connect(made.take)
    guard = Guard(relay)
    yield made
    guard.remove()
    for dialog in visible_dialogs():
        dialog.close()


def boom() -> None:
    raise RuntimeError("the kettle boils over")


def visible(crashes: Crashes) -> bool:
    return crashes.dialog is not None and crashes.dialog.isVisible()


def test_an_exception_in_a_slot_opens_one_dialog_with_a_report(
    qtbot: QtBot, window: Window, crashes: Crashes, log: Path
) -> None:
    QTimer.singleShot(0, boom)
    qtbot.waitUntil(lambda: visible(crashes))
    dialog = crashes.dialog
    assert dialog is not None and not dialog.isModal()
    assert dialog.what.text() == "RuntimeError: the kettle boils over"
    dialog.findChild(QPushButton, "crashCopy").click()
    copied = QApplication.clipboard().text()
    assert f"salviewer {__version__}" in copied and "Python 3" in copied and str(log) in copied
    assert 'raise RuntimeError("the kettle boils over")' in copied and "in boom" in copied
    assert "the kettle boils over" in log.read_text()
    assert window.isVisible() and not window.bench.notices.text


def test_the_same_again_is_not_reported_again_and_another_joins_the_dialog(
    qtbot: QtBot, crashes: Crashes, log: Path
) -> None:
    for _ in range(3):
        QTimer.singleShot(0, boom)
    QTimer.singleShot(0, lambda: 1 // 0)
    qtbot.waitUntil(lambda: visible(crashes) and "and 1 more" in crashes.dialog.what.text())
    assert crashes.dialog.text.toPlainText().count("boils over\n") == 1
    assert log.read_text().count("RuntimeError: the kettle boils over") == 3
    crashes.dialog.findChild(QPushButton, "crashClose").click()
    QTimer.singleShot(0, boom)
    qtbot.waitUntil(lambda: log.read_text().count("RuntimeError: the kettle boils over") == 4)
    assert not visible_dialogs()


def visible_dialogs() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w.objectName() == "crash" and w.isVisible()]


def test_a_thread_that_fails_is_named_and_so_is_a_lane(qtbot: QtBot, crashes: Crashes) -> None:
    thread = threading.Thread(target=boom, name="kettle")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: visible(crashes))
    assert "in the thread “kettle”" in crashes.dialog.text.toPlainText()


def test_it_can_be_read_above_a_modal_dialog(qtbot: QtBot, window: Window, crashes: Crashes) -> None:
    question = QMessageBox(window)
    question.open()
    QTimer.singleShot(0, boom)
    qtbot.waitUntil(lambda: visible(crashes))
    assert crashes.dialog.parent() is question
    crashes.dialog.findChild(QPushButton, "crashClose").click()
    question.close()
    question.deleteLater()


def test_what_has_a_sentence_is_said_in_the_banner(qtbot: QtBot, window: Window, crashes: Crashes) -> None:
    def refuse() -> None:
        raise SalviewerError("the kettle is empty")

    QTimer.singleShot(0, refuse)
    qtbot.waitUntil(lambda: window.bench.notices.text == "the kettle is empty")
    assert crashes.dialog is None


def test_what_fails_while_an_object_goes_away_is_logged(crashes: Crashes, log: Path) -> None:
    class Fragile:
        def __del__(self) -> None:
            boom()

    fragile = Fragile()
    del fragile
    gc.collect()
    assert "the kettle boils over" in log.read_text() and crashes.dialog is None


def test_the_log_rotates(log: Path) -> None:
    logger = logging.getLogger("salviewer.test")
    for _ in range(60):
        logger.info("x" * 20_000)
    sizes = [path.stat().st_size for path in log.parent.glob(f"{LOG}*")]
    assert len(sizes) == 2 and max(sizes) <= 500_000


def test_a_run_that_a_library_brought_down_is_in_the_next_runs_log(tmp_path: Path) -> None:
    begin = (
        "import sys; from pathlib import Path; from salviewer.app.shell.log import *;"
        "log_to(Path(sys.argv[1])); "
    )
    end = "import ctypes; ctypes.string_at(0)"
    command = [sys.executable, "-c", begin + end, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert "string_at" in (tmp_path / FAULTS).read_text()
    subprocess.run([sys.executable, "-c", begin, str(tmp_path)], check=True)
    said = (tmp_path / LOG).read_text()
    assert "an earlier run was brought down" in said and "string_at" in said
    assert (tmp_path / FAULTS).read_text() == ""
