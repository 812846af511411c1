"""What is remembered, and how to change or forget it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from salviewer.app.features.preferences.dialog import PreferencesDialog
from salviewer.app.features.preferences.shortcuts_dialog import ShortcutsDialog
from salviewer.app.menus.spec import LINE, Menu, Spec
from salviewer.app.shell.keymap import Keymap, keymap
from salviewer.app.state.browsing import Browsing


class SettingsMenu(Menu):
    """Preferences, keys, and back to the beginning."""

    TITLE = "&Settings"
    SPECS = (
        Spec("preferences", "&Preferences…", ("Ctrl+,",)),
        Spec("shortcuts", "&Keyboard shortcuts…", ("F1",), tip="See and change the keys of all actions"),
        LINE,
        Spec("reset_settings", "&Reset all settings…", tip="Everything as on the first day"),
    )

    def preferences(self) -> None:
        """Open the dialog."""
        remembered = self.window.preferences
        dialog = PreferencesDialog(remembered.now.browsing, remembered.file.path, self.window)
        dialog.changed.connect(self._browse)
        dialog.shortcuts_wanted.connect(dialog.close)
        dialog.shortcuts_wanted.connect(self.shortcuts)
        dialog.reset_wanted.connect(dialog.close)
        dialog.reset_wanted.connect(self.reset_settings)
        dialog.open()

    def shortcuts(self) -> None:
        """List all keys, to be changed."""
        now = keymap(tuple(self.window.menus.values()), self.window.preferences.now.shortcuts)
        dialog = ShortcutsDialog(now, self.window)
        dialog.changed.connect(self._use_keys)
        dialog.open()

    def reset_settings(self) -> None:
        """Ask, then forget everything."""
        box = QMessageBox(self.window)
        box.setObjectName("resetDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Reset all settings")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText("Go back to the settings of the first day?")
        box.setInformativeText(
            "This forgets the look of heatmaps, model and device, changed keys and what was opened last. "
            "No picture and no file of yours is touched."
        )
        reset = box.addButton("&Reset", QMessageBox.ButtonRole.DestructiveRole)
        reset.setObjectName("resetConfirm")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        reset.clicked.connect(self.window.remembered.reset)
        box.open()

    def _browse(self, browsing: Browsing) -> None:
        now = self.window.preferences.now.browsing
        kept = replace(browsing, panel=now.panel, thumbnails=now.thumbnails, size=now.size, recent=now.recent)
        self.window.preferences.change(browsing=kept)
        self.window.remembered.apply_browsing()

    def _use_keys(self, keys: Keymap) -> None:
        self.window.preferences.change(shortcuts=keys.shortcuts)
        self.window.remembered.apply_keys()
