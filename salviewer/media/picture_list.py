"""Which pictures next and previous walk: a value, and arithmetic on it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Listing:
    """The list that is open.

    Attributes:
        sources: the files and folders it is made of, as asked for.
        folders: those whose content decides what is in it: sources that are folders, and where files lie.
        beside: the one file that was opened when its folder is listed for its sake; else None.
        paths: its pictures, each once.
        removed: those a person took out of it; their files stay.
        needle: only pictures whose name contains it are walked, whatever the case; "" for all.
    """

    sources: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    beside: Path | None = None
    paths: tuple[Path, ...] = ()
    removed: frozenset[Path] = frozenset()
    needle: str = ""

    @cached_property
    def walked(self) -> tuple[Path, ...]:
        """The pictures that the filter lets through, in order."""
        if not self.needle:
            return self.paths
        needle = self.needle.casefold()
        return tuple(path for path in self.paths if needle in path.name.casefold())

    @cached_property
    def index(self) -> dict[Path, int]:
        """Where in `walked` each picture is."""
        return {path: index for index, path in enumerate(self.walked)} if self.needle else self.order

    @cached_property
    def order(self) -> dict[Path, int]:
        """Where in `paths` each picture is."""
        return {path: index for index, path in enumerate(self.paths)}

    def step(self, current: Path | None, steps: int, gap: int = 0) -> Path | None:
        """The picture so many steps on, stopping at the ends; None when there is nothing that way.

        Args:
            current: where to begin.
            steps: forward, or back when negative; not 0.
            gap: how many of `paths` stand before `current`, for one that is no longer among them.
        """
        last = len(self.walked) - 1
        if current in self.index:
            at = self.index[current]
            first, target = at, at + steps
        else:  # in a gap: the one after it is as near as the one before
            before = self.gap(current, gap)
            after = bisect_left(self.walked, before, key=self.order.__getitem__)
            first, target = (after - 1, after + steps - 1) if steps > 0 else (after, after + steps)
        if (steps > 0 and first >= last) or (steps < 0 and first <= 0):
            return None
        return self.walked[min(max(target, 0), last)]

    def gap(self, current: Path | None, otherwise: int = 0) -> int:
        """How many of `paths` stand before `current`; `otherwise` for one that is not among them."""
        return otherwise if current is None else self.order.get(current, otherwise)

    def relisted(self, paths: Sequence[Path]) -> Listing:
        """With what is there now; what a person removed stays out."""
        kept = tuple(path for path in paths if path not in self.removed)
        return self if kept == self.paths else replace(self, paths=kept)

    def without(self, path: Path) -> Listing:
        """With one picture taken out."""
        kept = tuple(other for other in self.paths if other != path)
        return replace(self, paths=kept, removed=self.removed | {path})
