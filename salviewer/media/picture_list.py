"""The list of pictures that next and previous walk through, arithmetic on it, and the place in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from salviewer.media.openers.names import file_of


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


class Walk:
    """The user's place in a list, which stays where it was if its picture is removed.

    Attributes:
        listing: the pictures that next and previous walk through.
        cursor: the current place of next and previous; None before there was one.
    """

    def __init__(self) -> None:
        self.listing = Listing()
        self.cursor: Path | None = None
        self._gap = 0  # number of pictures in the list before a removed one
        self._way = 1  # 1 while the user goes forward, -1 while back

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The pictures that the user chose: the list, or only the file for whose sake it was listed.

        Of a document, these are its pages.
        """
        beside = self.listing.beside
        if beside is None:
            return self.listing.paths
        return tuple(path for path in self.listing.paths if file_of(path) == file_of(beside)) or (beside,)

    def position_of(self, path: Path | None) -> tuple[int, int]:
        """Return (index, number of pictures), counted from one; (0, 0) if the list lacks it."""
        index = self.listing.index
        return (index[path] + 1, len(index)) if path in index else (0, 0)

    def begin(self) -> None:
        """Begin in a new list, going forward."""
        self._gap, self._way = 0, 1

    def at(self, steps: int) -> Path | None:
        """Return the picture that many steps on; None beyond the ends of the list."""
        return None if self.cursor is None else self.listing.step(self.cursor, steps, self._gap)

    def turn(self, steps: int) -> Path | None:
        """Set the direction, and return the picture there; None at the ends of the list."""
        target = self.at(steps)
        if target is not None:
            self._way = 1 if steps > 0 else -1
        return target

    def towards(self, path: Path) -> bool:
        """Set the direction to a picture of the list; return whether it is another one."""
        index = self.listing.index
        if path not in index or path == self.cursor:
            return False
        if self.cursor in index:
            self._way = 1 if index[path] > index[self.cursor] else -1
        return True

    def go(self, path: Path) -> None:
        """Make this the current place."""
        self._gap = self.listing.gap(path)
        self.cursor = path

    def relist(self, listing: Listing) -> bool:
        """Take another list, with the place kept; return whether it is another one."""
        if listing == self.listing:
            return False
        before, self.listing = self.listing, listing
        if self.cursor in listing.order:
            self._gap = listing.order[self.cursor]
        else:
            at = before.gap(self.cursor, self._gap)
            self._gap = sum(path in listing.order for path in before.paths[:at])
        return True

    def neighbours(self, path: Path | None) -> list[Path]:
        """Return the next picture in the direction of travel, then the other neighbour."""
        if path is None:
            return []
        near = (self.listing.step(path, way, self._gap) for way in (self._way, -self._way))
        return [found for found in near if found is not None]
