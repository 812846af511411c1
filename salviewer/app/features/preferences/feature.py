"""Preferences, the keys of commands, and the reset to defaults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtWidgets import QMessageBox

from salviewer.app.shell.keymap import Keymap, keymap
from salviewer.app.state.browsing import Browsing
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.dialog import question
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.inference import Engine
from salviewer.media.openers.options import Opening, opening_of, use_opening

_ON_FIRST_PAGE = {
    "open_files": mark("open"),
    "paste": mark("paste"),
    "view_picture": mark("picture alone"),
    "shortcuts": mark("all keys"),
}
"""Commands whose keys the first page shows."""


class PreferencesFeature(Feature):
    """Applies the settings of no other feature: keys, and how pictures are opened and prepared."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        bench.commands.add(*self._commands())
        bench.commands.keys_changed.connect(self._name_keys)
        bench.settings.follow(self._apply)

    def _commands(self) -> Iterator[Command]:
        menu = "Settings"
        yield Command("preferences", "&Preferences…", self.show_preferences, menu, (1, 1), ("Ctrl+,",))
        yield Command("shortcuts", "&Keyboard shortcuts…", self.show_shortcuts, menu, (1, 2), ("F1",),
                      tip="See and change the keys of all actions")  # fmt: skip
        yield Command("reset_settings", "&Reset all settings…", self.ask_reset, menu, (2, 1),
                      tip="Set everything back to the defaults")  # fmt: skip

    def show_preferences(self) -> None:
        """Open the preferences."""
        from salviewer.app.features.preferences.dialog import PreferencesDialog

        settings = self._bench.settings
        now = settings.now
        dialog = PreferencesDialog(
            now.browsing, now.language, now.pages.browser, settings.file.path, self._bench.dialog_parent
        )
        dialog.changed.connect(self._browse)
        dialog.language_changed.connect(lambda name: settings.change(language=name))
        dialog.browser_changed.connect(lambda program: settings.change_pages(browser=program))
        dialog.shortcuts_wanted.connect(dialog.close)
        dialog.shortcuts_wanted.connect(self.show_shortcuts)
        dialog.reset_wanted.connect(dialog.close)
        dialog.reset_wanted.connect(self.ask_reset)
        dialog.open()

    def show_shortcuts(self) -> None:
        """List all keys for changing them."""
        from salviewer.app.features.preferences.shortcuts_dialog import ShortcutsDialog

        keys = keymap(self._bench.commands.keymap.rows, self._bench.settings.now.shortcuts)
        dialog = ShortcutsDialog(keys, self._bench.dialog_parent)
        dialog.changed.connect(self._use_keys)
        dialog.open()

    def ask_reset(self) -> None:
        """Ask, then reset everything to the defaults."""
        text, title = tr("Set everything back to the defaults?"), tr("Reset all settings")
        detail = tr(
            "This resets how heatmaps look, the model and device, changed keys and the list of "
            "recent files. Your pictures and files are not affected."
        )
        box = question(self._bench.dialog_parent, "resetDialog", text, detail, title)
        reset = box.addButton(tr("&Reset"), QMessageBox.ButtonRole.DestructiveRole)
        reset.setObjectName("resetConfirm")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        reset.clicked.connect(self.reset)
        box.open()

    def reset(self) -> None:
        """Reset everything to the defaults."""
        settings, session = self._bench.settings, self._bench.session
        settings.reset()
        session.set_engine(Engine(settings.now.model, settings.now.device))

    def _browse(self, browsing: Browsing) -> None:
        now = self._bench.settings.now.browsing
        kept = replace(browsing, panel=now.panel, thumbnails=now.thumbnails, size=now.size, recent=now.recent)
        self._bench.settings.change(browsing=kept)

    def _use_keys(self, keys: Keymap) -> None:
        self._bench.settings.change(shortcuts=keys.shortcuts)

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        session, browsing = self._bench.session, now.browsing
        was = None if before is None else before.browsing
        if was is None or was.siblings != browsing.siblings:
            session.siblings = browsing.siblings
        if was is None or was.watch != browsing.watch:
            session.set_watching(browsing.watch)
        if was is None or was.prefetch != browsing.prefetch:
            session.prefetch.preparing = browsing.prefetch
        if (was is None and opening_of() == Opening()) or (was is not None and was.dpi != browsing.dpi):
            use_opening(replace(opening_of(), dpi=browsing.dpi))  # unless the command line says otherwise
        if was is None or was.memory != browsing.memory:
            session.loader.set_limit(browsing.memory)
        if before is not None and before.shortcuts != now.shortcuts:
            self._bench.commands.set_keys(now.shortcuts)

    def _name_keys(self) -> None:
        commands = self._bench.commands
        self._bench.layout.first_page.set_keys(
            [(commands.key(id), tr(what)) for id, what in _ON_FIRST_PAGE.items() if id in commands]
        )
