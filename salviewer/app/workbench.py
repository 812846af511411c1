"""Everything that a feature may use: state, commands, and places for widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from salviewer.app.shell import icons
from salviewer.app.shell.first_page import FirstPage
from salviewer.app.shell.incoming import DropTarget
from salviewer.app.shell.keymap import Keymap, Row, keymap, native, plain, portable
from salviewer.app.shell.notices import Notices
from salviewer.app.shell.status import Status
from salviewer.app.shell.theme import Theme
from salviewer.app.shell.why_not import WHY_NOT
from salviewer.app.state.areas import AreaStore
from salviewer.app.state.models import ModelList
from salviewer.app.state.project import ProjectStore
from salviewer.app.state.session import Session
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.state.shown import Shown
from salviewer.app.translation import mark, tr
from salviewer.app.viewer.panel import Panel
from salviewer.app.viewer.stage import Stage
from salviewer.app.workers.file_jobs import FileJobs
from salviewer.app.workers.pool import Workers

Place = tuple[int, int]
"""(section, position in it), both from 1; a line separates sections."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do: in a menu, by a key, on the tool bar, in the palette of commands.

    Attributes:
        text, tip, submenu: in English; they are translated when they are shown.
        id: unique; the action's object name, and its name in the settings' shortcuts.
        text: as in the menu, with its ampersand.
        run: carries it out; called with the new state if `checked` is given and it has no `group`.
        menu: title of its menu, without ampersand: one of `menu_bar.MENUS`.
        place: its place in the menu.
        keys: shortcuts; the first is shown.
        icon: of `resources/icons`; "" for none.
        tip: a longer explanation; the text if empty.
        when: name of the condition under which it is possible; "" for always.
        checked: returns whether it is on; None for a command without on and off.
        group: of commands exactly one of which is on; "" for none.
        submenu: title of the submenu, with its ampersand; "" for the menu itself.
        toolbar: its place on the tool bar; None for none.
        label: a word on its tool bar button, beside the icon, or alone in a group; "" for the icon alone.
        at: carries it out at a place (x, y), in fractions of the picture: the picture's context menu has it;
            None for a command that has no place.
    """

    id: str
    text: str
    run: Callable[..., object]
    menu: str
    place: Place
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    when: str = ""
    checked: Callable[[], bool] | None = None
    group: str = ""
    submenu: str = ""
    toolbar: Place | None = None
    label: str = ""
    at: Callable[[tuple[float, float]], object] | None = None

    @property
    def words(self) -> str:
        """Its name without ampersands, with the submenu in front: "Appearance: Dark"."""
        return f"{plain(tr(self.submenu))}: {plain(tr(self.text))}" if self.submenu else plain(tr(self.text))


class Commands(QObject):
    """The commands of all features as actions, enabled and checked by the state."""

    added = Signal()
    keys_changed = Signal()

    def __init__(self, theme: Theme, owner: QWidget) -> None:
        super().__init__(owner)
        self._theme, self._owner = theme, owner
        self._records: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._conditions: dict[str, Callable[[], bool]] = {}
        self._possible: dict[str, bool] = {}  # the conditions as the actions show them; empty to look again
        self._held = self._wanted = False  # `hold`; whether a refresh was asked for meanwhile
        self._tips: dict[str, str] = {}  # by command id, for when it is possible
        self._keymap: Keymap | None = None
        theme.changed.connect(self._dress)

    def __contains__(self, id: str) -> bool:
        return id in self._actions

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    @property
    def records(self) -> tuple[Command, ...]:
        """All commands, in the order in which features added them."""
        return tuple(self._records.values())

    def add(self, *commands: Command) -> None:
        """Register commands.

        Raises:
            ValueError: two commands have the same id.
        """
        for command in commands:
            if command.id in self._records:
                raise ValueError(f"there are two commands {command.id!r}")
            self._records[command.id] = command
            self._actions[command.id] = self._make(command)
        self._possible = {}
        self.added.emit()

    def add_conditions(self, **conditions: Callable[[], bool]) -> None:
        """Register conditions by the names that `Command.when` uses."""
        self._conditions |= conditions

    def is_possible(self, condition: str) -> bool:
        """Evaluate a condition by name."""
        return self._conditions[condition]()

    def hold(self, held: bool) -> None:
        """Put refreshes off while many signals tell of one change; then do them as one."""
        self._held = held
        if not held and self._wanted:
            self.refresh()

    def refresh(self) -> None:
        """Enable and check each command by the current state. Cheap: call it after any change of state."""
        self._wanted = self._held
        if self._held:
            return
        before, self._possible = self._possible, {name: test() for name, test in self._conditions.items()}
        for id, command in self._records.items():
            action = self._actions[id]
            if (
                command.when
                and before.get(command.when) is not (possible := self._possible[command.when])
                and action.isEnabled() != possible
            ):
                action.setEnabled(possible)
                self._explain(command)
            if command.checked is not None and action.isChecked() != command.checked():
                action.setChecked(command.checked())

    def refresh_after(self, old: ViewerSettings, new: ViewerSettings) -> None:
        """Refresh unless only sliders moved, which change often and make nothing possible."""
        if any(
            getattr(old, name) != getattr(new, name)
            for name in ViewerSettings.__dataclass_fields__
            if name not in ("heat", "style")
        ):
            self.refresh()

    @property
    def keymap(self) -> Keymap:
        """Return the built-in keys of all commands."""
        rows = tuple(
            Row(
                c.id,
                menu_name(c.menu),
                c.words,
                tuple(map(portable, c.keys)),
            )
            for c in in_menu_order(self.records)
        )
        return Keymap(rows)

    def set_keys(self, shortcuts: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Set the commands' keys with the user's changes, and show them in tooltips."""
        self._keymap = keys = keymap(self.keymap.rows, tuple(shortcuts))
        for id, command in self._records.items():
            mine = keys.keys(id)
            words = tr(command.tip) or plain(tr(command.text))
            self._actions[id].setShortcuts([QKeySequence(key) for key in mine])
            self._tips[id] = f"{words} ({native(mine[:1])})" if mine else words
            self._explain(command)
        self.keys_changed.emit()

    def _explain(self, command: Command) -> None:
        """Explain a command in its tooltip, and why it is not possible, if so."""
        action, tip = self._actions[command.id], self._tips.get(command.id, plain(tr(command.text)))
        reason = tr(WHY_NOT.get(command.when, "")) if not action.isEnabled() else ""
        wanted = f"{tip}\n{reason}" if reason else tip
        if action.toolTip() != wanted:
            action.setToolTip(wanted)

    def key(self, id: str) -> str:
        """Return the first key of a command in this system's notation; "" for none."""
        return self._actions[id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def _make(self, command: Command) -> QAction:
        action = QAction(tr(command.text), self._owner)
        action.setObjectName(command.id)
        if command.group:
            self._groups.setdefault(command.group, QActionGroup(self)).addAction(action)
        if command.checked is not None:
            action.setCheckable(True)
            action.setIconVisibleInMenu(False)  # the check mark needs the space
        if command.checked is None or command.group:
            action.triggered.connect(lambda _=False: command.run())  # even if it is on already
        else:
            action.toggled.connect(lambda on: self._toggle(command, on))
        self._set_icon(command, action)
        return action

    def _toggle(self, command: Command, on: bool) -> None:
        """Request the change, and show the resulting state."""
        assert command.checked is not None
        if on != command.checked():
            command.run(on)

    def _dress(self) -> None:
        for id, command in self._records.items():
            self._set_icon(command, self._actions[id])

    def _set_icon(self, command: Command, action: QAction) -> None:
        if command.icon:
            colours = self._theme.colours
            action.setIcon(icons.icon(command.icon, colours.text, colours.faint))


MENUS = (
    mark("&File"),
    mark("Fol&der"),
    mark("&View"),
    mark("&Areas"),
    mark("&Compare"),
    mark("&Live"),
    mark("&Train"),
    mark("&Settings"),
    mark("&Help"),
)
"""From left to right."""


def menu_name(menu: str) -> str:
    """Return the displayed title of a menu, without ampersand, by its name in `Command.menu`."""
    return plain(tr(next(title for title in MENUS if plain(title) == menu)))


def in_menu_order(commands: Sequence[Command]) -> list[Command]:
    """Sort commands in menu order, left to right and top to bottom."""
    order = [plain(title) for title in MENUS]
    return sorted(commands, key=lambda command: (order.index(command.menu), command.place))


class Layout(Protocol):
    """The window's places for widgets of features."""

    @property
    def first_page(self) -> FirstPage:
        """The page shown before there is a picture."""

    def add_beside(self, widget: QWidget) -> None:
        """Put a widget to the left of the picture."""

    def add_below(self, widget: QWidget) -> None:
        """Put a widget below the picture."""

    def widen_panel(self, width: int, share: float) -> None:
        """Widen the panel to `width` logical pixels, unless the picture would get less than its share.

        Args:
            width: of the panel, in logical pixels.
            share: of the window's width that everything beside the picture may take.
        """

    def add_drop_target(self, target: DropTarget) -> None:
        """Offer drops to `target` first."""

    def focus_picture(self) -> None:
        """Focus the picture, or the first button if there is none."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything that a feature may use. Features do not know each other: they share state here."""

    session: Session
    settings: SettingsStore
    areas: AreaStore
    project: ProjectStore
    shown: Shown
    models: ModelList
    commands: Commands
    panel: Panel
    stage: Stage
    status: Status
    notices: Notices
    files: FileJobs
    workers: Workers
    theme: Theme
    layout: Layout
    dialog_parent: QWidget


class Feature(QObject):
    """Base of the features in `features/`, each made with the workbench by `composition`."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.dialog_parent)
        self._bench = bench

    def may_close(self) -> bool:
        """Return whether the window may close now; a feature that returns False asks, then closes it."""
        return True

    def close(self) -> None:
        """End the feature's work; return at once. Workers on the bench end without this."""
