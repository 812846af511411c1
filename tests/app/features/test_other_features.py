"""Training, preferences and help, each alone on a small bench."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from salviewer.app.features.help.feature import HelpFeature
from salviewer.app.features.preferences.dialog import PreferencesDialog
from salviewer.app.features.preferences.feature import PreferencesFeature
from salviewer.app.features.preferences.shortcuts_dialog import ShortcutsDialog
from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.training.runs_window import RunsWindow
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.shell.palette import CommandPalette
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.workbench import Workbench


def test_trainings_are_listed_and_nothing_runs_at_first(qtbot: QtBot, bench: Workbench) -> None:
    training = TrainingFeature(bench)
    assert training.may_close() and not training.badge.isVisible()
    bench.commands["trainings"].trigger()
    runs = bench.dialog_parent.findChild(RunsWindow)
    assert runs is not None and runs.isVisible() and runs.list.count() == 0
    training.use_model("deep_convnet")
    assert bench.session.engine.model == "deep_convnet"
    training.close()
    assert not runs.isVisible()


def test_preferences_change_how_pictures_are_opened(bench: Workbench) -> None:
    PreferencesFeature(bench)
    assert bench.session.siblings == bench.settings.now.browsing.siblings
    bench.commands["preferences"].trigger()
    dialog = bench.dialog_parent.findChild(PreferencesDialog)
    assert dialog is not None
    dialog.siblings.click()
    assert bench.session.siblings is False and bench.settings.now.browsing.siblings is False
    dialog.browser.setText(" /opt/chrome ")
    dialog.browser.editingFinished.emit()
    assert bench.settings.now.pages.browser == "/opt/chrome"
    dialog.close()


def test_a_changed_key_is_answered_at_once_and_a_reset_takes_it_back(bench: Workbench) -> None:
    ViewsFeature(bench)
    PreferencesFeature(bench)
    bench.commands["shortcuts"].trigger()
    dialog = bench.dialog_parent.findChild(ShortcutsDialog)
    assert dialog is not None
    dialog.changed.emit(dialog.keymap.with_keys("fit", ["Ctrl+9"]))
    assert bench.commands["fit"].shortcut().toString() == "Ctrl+9"
    dialog.close()
    bench.commands["reset_settings"].trigger()
    box = bench.dialog_parent.findChild(QMessageBox, "resetDialog")
    assert box is not None
    confirm = box.findChild(QPushButton, "resetConfirm")
    assert confirm is not None
    confirm.click()
    assert bench.settings.now == ViewerSettings(model=bench.settings.now.model)
    assert bench.commands["fit"].shortcut().toString() == "F"


def test_help_finds_the_commands_of_other_features(bench: Workbench) -> None:
    HelpFeature(bench)
    ViewsFeature(bench)
    bench.commands["palette"].trigger()
    palette = bench.dialog_parent.findChild(CommandPalette)
    assert palette is not None and palette.list.topLevelItemCount() == len(bench.commands.records)
    palette.close()
