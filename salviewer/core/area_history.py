"""What a picture's areas were, are, and were about to be: undo and redo of whole values."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from salviewer.core.areas import Area


@dataclass(frozen=True, slots=True)
class Step:
    """One change.

    Attributes:
        what: was done, as a menu says it after "Undo".
        areas: what came of it.
        token: changes of equal tokens, one after another, are one.
    """

    what: str
    areas: tuple[Area, ...]
    token: Hashable = None


class History:
    """The steps from what the areas were at first, and which of them is current."""

    def __init__(self, areas: tuple[Area, ...] = ()) -> None:
        self._steps = [Step("", areas)]
        self._at = 0

    @property
    def areas(self) -> tuple[Area, ...]:
        """As they are now."""
        return self._steps[self._at].areas

    @property
    def undoes(self) -> str:
        """What undo would take back; "" for nothing."""
        return self._steps[self._at].what

    @property
    def redoes(self) -> str:
        """What redo would do again; "" for nothing."""
        return self._steps[self._at + 1].what if self._at + 1 < len(self._steps) else ""

    def record(self, areas: tuple[Area, ...], what: str, token: Hashable = None) -> None:
        """Go on from here; what was undone is gone. A change that comes to nothing is none."""
        if areas == self.areas:
            return
        del self._steps[self._at + 1 :]
        if token is not None and token == self._steps[-1].token:
            del self._steps[-1]
        if areas != self._steps[-1].areas:
            self._steps.append(Step(what, areas, token))
        self._at = len(self._steps) - 1

    def withdraw(self, token: Hashable) -> None:
        """As if the change of this token, if it is the last, had never been."""
        if self._at and self._at == len(self._steps) - 1 and self._steps[-1].token == token:
            del self._steps[-1]
            self._at -= 1

    def undo(self) -> None:
        """One step back, if there is one."""
        self._at = max(self._at - 1, 0)

    def redo(self) -> None:
        """One step forward, if there is one."""
        self._at = min(self._at + 1, len(self._steps) - 1)
