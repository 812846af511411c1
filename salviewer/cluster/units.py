"""The work, cut into shards: some pictures each, done by one worker and recorded by one marker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from salviewer.cluster.stores import shown
from salviewer.core.areas import Area

SHARD = 64
"""Pictures of a shard, on average."""

Kind = Literal["files", "rows", "tar", "clip", "segment", "join"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One picture or clip, with the names of its results.

    Attributes:
        address: where it is; of a member of a tar or a row of a Parquet file, a name for display.
        size, modified: bytes and nanoseconds since 1970, as listed; -1 where the store does not say.
        files: (what, path below the target) of each result, as `Order.endings` names them.
        renamed: whether the names have a number because its own stem was taken.
        areas: of interest.
        problem: why it cannot be read, known from listing; "" for nothing.
    """

    address: str
    size: int = -1
    modified: int = -1
    files: tuple[tuple[str, str], ...] = ()
    renamed: bool = False
    areas: tuple[Area, ...] = ()
    problem: str = ""

    @property
    def shown(self) -> str:
        """The address as it may be shown and kept."""
        return shown(self.address)

    @property
    def key(self) -> str:
        """A text that changes with the picture and with where its results go."""
        return repr((self.shown, self.size, self.modified, self.files, self.areas, self.problem))


@dataclass(frozen=True, slots=True)
class Shard:
    """The work that one worker does at once.

    Attributes:
        id: 16 hexadecimal digits that change with the pictures, the model and what is written.
        units: its pictures; of a tar or a Parquet file one: the file itself, its `files` being endings.
        kind: how they are read.
        column: of a Parquet file.
        group: its row group.
        first, count: which rows, counted from the file's beginning.
        resumed: whether an earlier run did a part of it.
        segments: first frame and number of frames of each segment of a clip.
    """

    id: str
    units: tuple[Unit, ...]
    kind: Kind = "files"
    column: str = ""
    group: int = 0
    first: int = 0
    count: int = 0
    resumed: bool = False
    segments: tuple[tuple[int, int], ...] = ()

    @property
    def pictures(self) -> int:
        """The number of pictures; 1 for a tar or clip, which are not counted beforehand."""
        if self.kind in ("segment", "join"):
            return int(self.kind == "join")
        return self.count or len(self.units)

    def resuming(self, partly: bool) -> Shard:
        """Return it with whether an earlier run did a part of it."""
        return replace(self, resumed=partly)


def cut(units: Iterable[Unit], settings: str, size: int = SHARD, kind: Kind = "files") -> Iterator[Shard]:
    """Cut a stream of pictures where their names say so.

    A picture that comes or goes changes its own shard alone, not all that follow.

    Args:
        settings: a text that changes with everything else the results depend on.
        size: pictures of a shard on average; it has half as many at least and twice as many at most.
    """
    waiting: list[Unit] = []
    for unit in units:
        waiting.append(unit)
        mark = hashlib.blake2b(unit.shown.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        ends = int.from_bytes(mark, "little") % max(1, size // 2) == 0
        if len(waiting) >= 2 * size or (ends and len(waiting) >= max(1, size // 2)):
            yield whole(waiting, settings, kind)
            waiting = []
    if waiting:
        yield whole(waiting, settings, kind)


def whole(
    units: Iterable[Unit],
    settings: str,
    kind: Kind = "files",
    column: str = "",
    group: int = 0,
    first: int = 0,
    count: int = 0,
) -> Shard:
    """Make one shard of these."""
    units = tuple(units)
    text = repr((settings, kind, column, group, first, count, [unit.key for unit in units]))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Shard(digest, units, kind, column, group, first, count)
