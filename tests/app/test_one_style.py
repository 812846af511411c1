"""Consistent style everywhere: frames, dashes, file names, words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.table import COLUMNS
from salviewer.app.shell.notices import Notices
from salviewer.app.shell.theme import DARK, LIGHT, Theme


class _Opener(QObject):
    """Takes the place of the file manager."""

    def __init__(self, asked: list[Path]) -> None:
        super().__init__()
        self._asked = asked

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """Note what is to be opened."""
        self._asked.append(Path(url.toLocalFile()))


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_a_drop_down_has_one_frame(qtbot: QtBot, qapp: QApplication, appearance: str) -> None:
    theme = Theme(qapp, appearance)  # type: ignore[arg-type]
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["One", "Two", "Three"])
    box.resize(200, 30)
    box.show()
    box.showPopup()
    popup = box.view().window()
    qtbot.waitExposed(popup)
    image = popup.grab().toImage()
    top = box.view().visualRect(box.model().index(1, 0)).center().y()
    across = [image.pixelColor(x, top).name() for x in range(12)]
    down = [image.pixelColor(image.width() - 40, y).name() for y in range(4)]
    box.hidePopup()
    colours = DARK if appearance == "dark" else LIGHT
    assert across[0] == down[0] == colours.border
    assert set(across[1:]) == set(down[1:]) == {colours.panel}
    theme.deleteLater()


_CHILD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = QApplication([])
from salviewer.app.main import run

def look():
    application.setApplicationName("probe")  # the display name is the same one unless one was set
    print(application.applicationDisplayName())
    for widget in application.topLevelWidgets():
        widget.close()

QTimer.singleShot(500, look)
sys.exit(run([]))
"""


def test_the_system_adds_no_dash_of_its_own_to_titles(own_settings: Path) -> None:
    """Qt adds an em dash (X11) or a hyphen (Windows) and the display name to titles that lack the name."""
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "probe\n"


def test_the_window_and_the_report_call_a_number_alike() -> None:
    assert [column.title for column in COLUMNS[:3]] == ["Share", "Rank", "Density"]


def test_what_was_saved_is_shown_in_its_folder(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    asked: list[Path] = []
    opener = _Opener(asked)
    QDesktopServices.setUrlHandler("file", opener, "open")
    try:
        theme = Theme(qapp, "light")
        notices = Notices(theme)
        qtbot.addWidget(notices)
        saved = tmp_path / "a b.png"
        saved.touch()
        notices.saved(f"Saved {saved}", saved)
        assert notices.way_out.isVisible() and notices.way_out.text() == "Show in folder"
        drawn = notices.way_out.grab().toImage()
        words = {drawn.pixelColor(x, drawn.height() // 2).name() for x in range(drawn.width())}
        assert LIGHT.good_text in words and LIGHT.trouble_text not in words
        qtbot.mouseClick(notices.way_out, Qt.MouseButton.LeftButton)
        assert asked == [tmp_path] and not notices.text
        notices.saved("Saved 2 files", tmp_path)
        notices.way_out.click()
        assert asked == [tmp_path, tmp_path]
        notices.inform("Copied")
        assert not notices.way_out.isVisible()
        theme.deleteLater()
    finally:
        QDesktopServices.unsetUrlHandler("file")
