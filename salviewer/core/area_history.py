"""Undo and redo for a picture's areas, as a history of whole values."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from salviewer.core.areas import Area


@dataclass(frozen=True, slots=True)
class Step:
    """One change.

    Attributes:
        what: the change in words, as a menu shows it after "Undo".
        areas: the areas after it.
        token: successive changes with equal tokens count as one.
    """

    what: str
    areas: tuple[Area, ...]
    token: Hashable = None


class History:
    """The changes since the start, and which of them is current."""

    def __init__(self, areas: tuple[Area, ...] = ()) -> None:
        self._steps = [Step("", areas)]
        self._at = 0

    @property
    def areas(self) -> tuple[Area, ...]:
        """The current areas."""
        return self._steps[self._at].areas

    @property
    def undoes(self) -> str:
        """The change that undo takes back; "" for none."""
        return self._steps[self._at].what

    @property
    def redoes(self) -> str:
        """The change that redo repeats; "" for none."""
        return self._steps[self._at + 1].what if self._at + 1 < len(self._steps) else ""

    def record(self, areas: tuple[Area, ...], what: str, token: Hashable = None) -> None:
        """Add a change and drop undone ones; ignore a change that changes nothing."""
        if areas == self.areas:
            return
        del self._steps[self._at + 1 :]
        if token is not None and token == self._steps[-1].token:
            del self._steps[-1]
        if areas != self._steps[-1].areas:
            self._steps.append(Step(what, areas, token))
        self._at = len(self._steps) - 1

    def withdraw(self, token: Hashable) -> None:
        """Remove the last change, if it has this token, as if it had never happened."""
        if self._at and self._at == len(self._steps) - 1 and self._steps[-1].token == token:
            del self._steps[-1]
            self._at -= 1

    def undo(self) -> None:
        """Go back one change, if there is one."""
        self._at = max(self._at - 1, 0)

    def redo(self) -> None:
        """Go forward one change, if there is one."""
        self._at = min(self._at + 1, len(self._steps) - 1)
