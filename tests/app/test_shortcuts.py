"""Keys: all are listed, all can be changed, and none has two actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.features.preferences.dialog import PreferencesDialog
from salviewer.app.features.preferences.shortcuts_dialog import ShortcutsDialog
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.shell.keymap import keymap
from salviewer.app.state.browsing import Browsing
from salviewer.app.state.settings import SettingsFile, ViewerSettings
from salviewer.app.window import Window


@pytest.fixture
def dialog(window: Window) -> Iterator[ShortcutsDialog]:
    window.bench.commands["shortcuts"].trigger()
    found = window.findChild(ShortcutsDialog)
    assert found is not None
    yield found
    found.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(dialog: ShortcutsDialog, action: str, key: str) -> None:
    dialog.choose(action)
    dialog.edit.setKeySequence(QKeySequence(key))


def rows(dialog: ShortcutsDialog) -> dict[str, str]:
    found = {}
    for index in range(dialog.tree.topLevelItemCount()):
        section = dialog.tree.topLevelItem(index)
        for at in range(section.childCount()):
            item = section.child(at)
            if not item.isHidden():
                found[item.text(0)] = item.text(1)
    return found


def test_no_two_actions_have_the_same_key(window: Window) -> None:
    keys = window.bench.commands.keymap
    for row in keys.rows:
        for key in keys.keys(row.name):
            owner = keys.owner(key, row.name)
            assert owner is None, f"{key}: {row.name} and {owner}"


def test_the_dialog_lists_every_key_and_filters(window: Window, dialog: ShortcutsDialog) -> None:
    assert not dialog.isModal() or dialog.windowModality() == Qt.WindowModality.WindowModal
    listed = rows(dialog)
    for command in window.bench.commands.records:
        if not command.submenu:
            assert command.text.replace("&", "").rstrip("…") in listed
    assert "Appearance: Dark" in listed
    assert listed["Open"] == "Ctrl+O" and listed["The picture alone"] == "Space, held"
    dialog.filter.setText("zoom")
    assert {"Zoom in", "Zoom out", "Zoom at the cursor"} == set(rows(dialog))
    dialog.filter.setText("ctrl+o")
    assert "Open" in rows(dialog) and "Zoom in" not in rows(dialog)


def test_a_changed_key_works_at_once_is_reported_and_remembered(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path
) -> None:
    window = make_window()
    window.bench.commands["shortcuts"].trigger()
    dialog = window.findChild(ShortcutsDialog)
    assert dialog is not None
    press(dialog, "show_heat", "Ctrl+Alt+H")
    assert "Ctrl+Alt+H" in dialog.note.text() and rows(dialog)["Show heatmap"] == "Ctrl+Alt+H"
    dialog.close()
    action = window.bench.commands["show_heat"]
    assert action.shortcuts() == [QKeySequence("Ctrl+Alt+H")] and "(Ctrl+Alt+H)" in action.toolTip()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.first_page, Qt.Key.Key_H)
    assert window.bench.settings.now.shown
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(window.first_page, Qt.Key.Key_H, both)
    assert not window.bench.settings.now.shown
    window.close()
    assert SettingsFile(own_settings).read()[0].shortcuts == (("show_heat", ("Ctrl+Alt+H",)),)
    again = make_window()
    assert again.bench.commands["show_heat"].shortcuts() == [QKeySequence("Ctrl+Alt+H")]


def test_a_key_that_is_taken_is_named_and_given_up_only_when_asked(
    window: Window, dialog: ShortcutsDialog
) -> None:
    press(dialog, "show_heat", "Ctrl+O")
    assert "File › Open" in dialog.note.text() and dialog.take.isVisible()
    assert window.bench.commands["open_files"].shortcuts() == [QKeySequence("Ctrl+O")]
    assert window.bench.commands["show_heat"].shortcuts() == [QKeySequence("H")]
    dialog.take.click()
    assert not window.bench.commands["open_files"].shortcuts()
    assert window.bench.commands["show_heat"].shortcuts() == [QKeySequence("Ctrl+O")]
    dialog.choose("open_files")
    dialog.reset.click()  # which takes it back
    assert window.bench.commands["open_files"].shortcuts() == [QKeySequence("Ctrl+O")]
    assert not window.bench.commands["show_heat"].shortcuts()
    dialog.reset_all.click()
    assert window.bench.commands["show_heat"].shortcuts() == [QKeySequence("H")]
    assert window.bench.settings.now.shortcuts == ()


def test_some_keys_cannot_be_had_and_an_action_can_do_without(
    window: Window, dialog: ShortcutsDialog
) -> None:
    for key in ("Space", "Left", "Esc"):
        press(dialog, "show_heat", key)
        assert "cannot be changed" in dialog.note.text() and not dialog.take.isVisible()
    dialog.none.click()
    assert not window.bench.commands["show_heat"].shortcuts()
    assert window.bench.commands["show_heat"].toolTip() == "Show heatmap"


def test_keys_of_actions_that_are_no_more_are_left_out(window: Window) -> None:
    rows = window.bench.commands.keymap.rows
    keys = keymap(rows, (("gone", ("Ctrl+O",)), ("fit", ("Ctrl+9",))))
    assert keys.keys("open_files") == ("Ctrl+O",) and keys.keys("fit") == ("Ctrl+9",)
    assert keys.shortcuts == (("fit", ("Ctrl+9",)),)


def test_preferences_count_at_once_and_survive(
    qtbot: QtBot, make_window: Callable[[], Window], own_settings: Path
) -> None:
    window = make_window()
    window.bench.commands["preferences"].trigger()
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None and str(own_settings / "settings.json") in dialog.place.text()
    dialog.siblings.setChecked(False)
    dialog.memory.setValue(1200)
    dialog.prefetch.chosen.emit("pictures")
    dialog.close()
    assert not window.bench.session.siblings and window.bench.session.prefetch.preparing == "pictures"
    window.close()
    expected = Browsing(siblings=False, memory=1200, prefetch="pictures")
    assert make_window().bench.settings.now.browsing == expected


@pytest.mark.parametrize("answer", ["Reset", "Cancel"])
def test_reset_asks_and_then_forgets_everything(qtbot: QtBot, window: Window, answer: str) -> None:
    window.feature(ViewsFeature).display.opacity.slider.setValue(200)
    window.bench.commands["appearance_dark"].trigger()
    window.bench.commands["view_focus"].trigger()
    window.bench.commands["thumbnail_overlays"].setChecked(True)
    window.bench.settings.change_browsing(recent=("/a.png",), siblings=False)
    window.bench.settings.change(shortcuts=(("fit", ("Ctrl+9",)),))
    before = window.bench.settings.now
    window.bench.commands["reset_settings"].trigger()
    box = window.findChild(QMessageBox, "resetDialog")
    assert box is not None and window.bench.settings.now == before
    button = next(b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == answer)
    button.click()
    if answer == "Cancel":
        assert window.bench.settings.now == before
        return
    assert window.bench.settings.now == ViewerSettings()
    assert window.feature(ViewsFeature).display.opacity.value == 65
    assert (
        window.bench.commands["view_overlay"].isChecked()
        and window.bench.commands["fit"].shortcuts()[0].toString() == "F"
    )
    assert not window.feature(FolderFeature).panel.overlays.isChecked() and window.bench.session.siblings
    assert not window.first_page.recent


def test_the_settings_of_browsing_and_keys_round_trip_and_refuse_what_cannot_be(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    browsing = Browsing(False, "overlay", 208, False, "nothing", 900, recent=("/a/ä.png",))
    settings = replace(
        ViewerSettings(), browsing=browsing, shortcuts=(("fit", ("Ctrl+9", "F")), ("next", ()))
    )
    assert file.write(settings) == "" and file.read() == (settings, "")
    text = file.path.read_text(encoding="utf-8").replace("900", "9").replace('"F"', "7")
    file.path.write_text(text, encoding="utf-8")
    read, note = file.read()
    assert read == replace(settings, browsing=replace(browsing, memory=400), shortcuts=(("next", ()),))
    assert "browsing.memory" in note and "shortcuts.fit" in note
