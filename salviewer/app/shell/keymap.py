"""The keys of actions: the built-in ones and the user's changes. Values, no widgets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from PySide6.QtGui import QKeySequence

from salviewer.app.shell.fixed_keys import FIXED_KEYS

_LETTER = re.compile(r"\s*\(&\w\)")  # as Chinese and Japanese have it

Shortcuts = tuple[tuple[str, tuple[str, ...]], ...]
"""As in `ViewerSettings.shortcuts`."""


@dataclass(frozen=True, slots=True)
class Row:
    """An action that can have keys.

    Attributes:
        name: the command's id.
        menu, text: for display, without ampersands; the submenu is part of the text.
        keys: built-in keys.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Keymap:
    """The keys of all actions.

    Attributes:
        rows: in the menus' order.
        changed: the user's choices, by name. A key chosen for one action is taken from the other.
    """

    rows: tuple[Row, ...]
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shortcuts(self) -> Shortcuts:
        """The user's changes, for the settings."""
        return tuple(sorted(self.changed.items()))

    def keys(self, name: str) -> tuple[str, ...]:
        """Return the keys of an action; the first is shown."""
        if name in self.changed:
            return self.changed[name]
        claimed = {key for keys in self.changed.values() for key in keys}
        row = next(row for row in self.rows if row.name == name)
        return tuple(key for key in row.keys if key not in claimed)

    def owner(self, key: str, besides: str) -> Row | None:
        """Return another action that has this key, or None."""
        owners = (row for row in self.rows if row.name != besides and key in self.keys(row.name))
        return next(owners, None)

    def with_keys(self, name: str, keys: Sequence[str]) -> Keymap:
        """Return the map with these keys for an action, taken from other actions."""
        others = {
            other: tuple(key for key in had if key not in keys)
            for other, had in self.changed.items()
            if other != name
        }
        return replace(self, changed=others | {name: tuple(keys)})

    def reset(self, name: str) -> Keymap:
        """Return the map with an action's built-in keys, taken from other actions."""
        own = next(row.keys for row in self.rows if row.name == name)
        back = self.with_keys(name, own)
        kept = {other: keys for other, keys in back.changed.items() if other != name}
        return replace(self, changed=kept)

    def reset_all(self) -> Keymap:
        """Return the map with all built-in keys."""
        return Keymap(self.rows)


def keymap(rows: Sequence[Row], shortcuts: Shortcuts = ()) -> Keymap:
    """Combine the commands' own keys with the user's changes; unknown commands are left out."""
    names = {row.name for row in rows}
    return Keymap(
        tuple(rows), {name: tuple(map(portable, keys)) for name, keys in shortcuts if name in names}
    )


def fixed(key: str) -> str:
    """Return what a key does that no action can have; "" for any other."""
    return FIXED_KEYS.get(key, "")


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return a text without ampersand and dots, and without a bracketed letter that is only an access key."""
    return _LETTER.sub("", text).replace("&", "").rstrip("…")


def portable(key: str) -> str:
    """Return a key in the same notation on every system."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(keys: Sequence[str]) -> str:
    """Return keys in the notation of this system."""
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(form) for key in keys)
