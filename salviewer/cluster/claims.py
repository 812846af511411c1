"""Names that are taken, for lists too long to be held: eight bytes a name."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from salviewer.results.naming import folded

_PAGE = 4096  # names that are held as a set before they are packed


class Claims:
    """Give each stem once; later ones become ``STEM-2``, ``STEM-3`` and so on.

    A name is held as 64 bits of its hash, in sorted arrays that are merged when two are equally long: 80 MB
    for 10 million names. Two of 10 million names share a hash with a probability of 3 in a million; the later
    one then gets a number without need.
    """

    def __init__(self) -> None:
        self._young: set[int] = set()
        self._packed: list[NDArray[np.uint64]] = []

    def claim(self, stem: str) -> tuple[str, bool]:
        """Return the stem to use, and whether it has a number."""
        if self._take(stem):
            return stem, False
        number = 2
        while not self._take(f"{stem}-{number}"):
            number += 1
        return f"{stem}-{number}", True

    def _take(self, stem: str) -> bool:
        text = folded(stem).encode("utf-8", "surrogatepass")
        mark = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
        if mark in self._young or any(_has(page, np.uint64(mark)) for page in self._packed):
            return False
        self._young.add(mark)
        if len(self._young) >= _PAGE:
            page = np.sort(np.fromiter(self._young, np.uint64, len(self._young)))
            self._young.clear()
            while self._packed and self._packed[-1].size <= page.size:
                page = np.sort(np.concatenate([self._packed.pop(), page]), kind="stable")
            self._packed.append(page)
        return True


def _has(page: NDArray[np.uint64], mark: np.uint64) -> bool:
    at = int(np.searchsorted(page, mark))
    return at < page.size and bool(page[at] == mark)
