"""The list of pictures that next and previous walk through: a value, and arithmetic on it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Listing:
    """The list of open pictures.

    Attributes:
        sources: the requested files and folders.
        folders: folders whose content determines the list: sources that are folders, and folders of files.
        beside: the file that was opened, if its folder is listed because of it; else None.
        paths: its pictures, each once.
        removed: pictures that the user removed from the list; their files stay.
        needle: walk only through pictures whose name contains it, in any case; "" for all.
    """

    sources: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    beside: Path | None = None
    paths: tuple[Path, ...] = ()
    removed: frozenset[Path] = frozenset()
    needle: str = ""

    @cached_property
    def walked(self) -> tuple[Path, ...]:
        """The pictures that pass the filter, in order."""
        if not self.needle:
            return self.paths
        needle = self.needle.casefold()
        return tuple(path for path in self.paths if needle in path.name.casefold())

    @cached_property
    def index(self) -> dict[Path, int]:
        """The index of each picture in `walked`."""
        return {path: index for index, path in enumerate(self.walked)} if self.needle else self.order

    @cached_property
    def order(self) -> dict[Path, int]:
        """The index of each picture in `paths`."""
        return {path: index for index, path in enumerate(self.paths)}

    def step(self, current: Path | None, steps: int, gap: int = 0) -> Path | None:
        """Return the picture a number of steps away, stopping at the ends; None if there is none that way.

        Args:
            current: the start.
            steps: forward, or back if negative; not 0.
            gap: number of `paths` before `current`, if that is no longer among them.
        """
        last = len(self.walked) - 1
        if current in self.index:
            at = self.index[current]
            first, target = at, at + steps
        else:  # in a gap: the picture after it is as near as the one before
            before = self.gap(current, gap)
            after = bisect_left(self.walked, before, key=self.order.__getitem__)
            first, target = (after - 1, after + steps - 1) if steps > 0 else (after, after + steps)
        if (steps > 0 and first >= last) or (steps < 0 and first <= 0):
            return None
        return self.walked[min(max(target, 0), last)]

    def gap(self, current: Path | None, otherwise: int = 0) -> int:
        """Return the number of `paths` before `current`; `otherwise` if it is not among them."""
        return otherwise if current is None else self.order.get(current, otherwise)

    def relisted(self, paths: Sequence[Path]) -> Listing:
        """Return the list with the pictures that exist now; removed ones stay out."""
        kept = tuple(path for path in paths if path not in self.removed)
        return self if kept == self.paths else replace(self, paths=kept)

    def without(self, path: Path) -> Listing:
        """Return the list without one picture."""
        kept = tuple(other for other in self.paths if other != path)
        return replace(self, paths=kept, removed=self.removed | {path})
