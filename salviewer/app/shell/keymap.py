"""Which keys ask for which action: the menus' own, and what a person made of them. Values, no widgets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtGui import QKeySequence

from salviewer.app.shell.fixed_keys import FIXED_KEYS

_LETTER = re.compile(r"\s*\(&\w\)")  # as Chinese and Japanese have it

Shortcuts = tuple[tuple[str, tuple[str, ...]], ...]
"""As in `ViewerSettings.shortcuts`."""


@dataclass(frozen=True, slots=True)
class Row:
    """An action that may have keys.

    Attributes:
        name: the command's id.
        menu, text: for people, without ampersands; the submenu is part of the text.
        keys: the ones it comes with.
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
        changed: what a person chose, by name. A key chosen for one action is no longer that of another.
    """

    rows: tuple[Row, ...]
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shortcuts(self) -> Shortcuts:
        """What is remembered."""
        return tuple(sorted(self.changed.items()))

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of an action, the one to show first."""
        if name in self.changed:
            return self.changed[name]
        claimed = {key for keys in self.changed.values() for key in keys}
        row = next(row for row in self.rows if row.name == name)
        return tuple(key for key in row.keys if key not in claimed)

    def owner(self, key: str, besides: str) -> Row | None:
        """The action that has this key, when it is another one."""
        owners = (row for row in self.rows if row.name != besides and key in self.keys(row.name))
        return next(owners, None)

    def with_keys(self, name: str, keys: Sequence[str]) -> Keymap:
        """With these for an action, taken from whatever has them."""
        others = {
            other: tuple(key for key in had if key not in keys)
            for other, had in self.changed.items()
            if other != name
        }
        return replace(self, changed=others | {name: tuple(keys)})

    def reset(self, name: str) -> Keymap:
        """With those an action comes with, taken from whatever has them."""
        own = next(row.keys for row in self.rows if row.name == name)
        back = self.with_keys(name, own)
        kept = {other: keys for other, keys in back.changed.items() if other != name}
        return replace(self, changed=kept)

    def reset_all(self) -> Keymap:
        """As it came."""
        return Keymap(self.rows)


def keymap(rows: Sequence[Row], shortcuts: Shortcuts = ()) -> Keymap:
    """Combine the commands' own keys with the user's changes; unknown commands are left out."""
    names = {row.name for row in rows}
    return Keymap(
        tuple(rows), {name: tuple(map(portable, keys)) for name, keys in shortcuts if name in names}
    )


def fixed(key: str) -> str:
    """What a key does that cannot be given to an action; "" for one that can."""
    return FIXED_KEYS.get(key, "")


def plain(text: str) -> str:
    """Without ampersand and dots, and without a letter in brackets that is there for its ampersand alone."""
    return _LETTER.sub("", text).replace("&", "").rstrip("…")


def portable(key: str) -> str:
    """The same key written the same way, whatever the system."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(keys: Sequence[str]) -> str:
    """Keys as people of this system write them."""
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(form) for key in keys)
