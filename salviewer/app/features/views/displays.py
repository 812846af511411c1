"""Displays that were saved under a name: in the menu, as files."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from salviewer.app.shell.file_dialogs import ask_file, ask_new_file
from salviewer.app.state.presets import folder_to_save_in, named
from salviewer.app.translation import tr
from salviewer.app.workbench import Workbench
from salviewer.errors import SalviewerError
from salviewer.media.display_presets import PRESET_SUFFIX, DisplayPreset, load_preset, save_preset

_PRESETS = f"salviewer (*{PRESET_SUFFIX} *.json)"


class Displays(QObject):
    """Saves and opens displays; those in the folder of presets are entries of a menu."""

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._entries: list[QAction] = []

    def fill(self, menu: QMenu) -> None:
        """List the saved displays at the top of `menu` each time it opens."""
        first = menu.insertSeparator(menu.actions()[0])
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self._list(menu, first))

    def save(self) -> None:
        """Ask for a file, and write how maps are displayed."""
        now = self._bench.settings.now
        preset = DisplayPreset(now.view, now.heat, now.style)

        def write(name: str) -> None:
            try:
                save_preset(name, preset)
                self._bench.notices.inform(tr("Saved {path}", path=name))
            except SalviewerError as error:
                self._bench.notices.error(str(error))

        ask_new_file(
            self._bench.dialog_parent,
            tr("Save the display"),
            _PRESETS,
            f"display{PRESET_SUFFIX}",
            write,
            folder_to_save_in(),
        )

    def open(self) -> None:
        """Ask for a file, and display maps as it says."""
        ask_file(self._bench.dialog_parent, tr("Open a display"), _PRESETS, self.use, folder_to_save_in())

    def use(self, name: str) -> None:
        """Display maps as a file says."""
        try:
            preset, notes = load_preset(name)
        except SalviewerError as error:
            self._bench.notices.error(str(error))
            return
        self._bench.settings.change(view=preset.view, heat=preset.settings, style=preset.style, shown=True)
        if notes:
            self._bench.notices.error(f"{name}: {'; '.join(notes)}")

    def _list(self, menu: QMenu, before: QAction) -> None:
        for action in self._entries:
            menu.removeAction(action)
            action.deleteLater()
        self._entries = []
        for name, path in named(PRESET_SUFFIX):
            action = QAction(name.replace("&", "&&"), menu)
            action.setToolTip(str(path))
            action.triggered.connect(partial(self.use, str(path)))
            self._entries.append(action)
        menu.insertActions(before, self._entries)
