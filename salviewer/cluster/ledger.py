"""Lists and counts for a run, beside the program that started it: what is there or done, what ended a worker.

A worker that dies, of a picture that crashes a decoder or takes all memory, is started anew by Ray with the
same shard. The second time the shard is done one picture at a time, and each is entered here before it is
begun; a picture that has ended `STRIKES` workers is not begun again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from salviewer.cluster import versions
from salviewer.cluster.job import Job
from salviewer.cluster.listing import list_shards

STRIKES = 2


class Ledger:
    """An actor: lists are made in threads of their own, and all other calls take turns."""

    def __init__(self) -> None:
        self._attempts: dict[str, int] = {}
        self._begun: dict[str, str] = {}
        self._strikes: dict[str, dict[str, int]] = {}
        self._done: dict[str, dict[str, Any]] = {}
        self._closed: set[str] = set()
        self._turn = 0
        self._sentences: list[str] = []
        self._counts: Counter[str] = Counter()
        self._listed: dict[str, Any] = {
            "pictures": 0,
            "before": 0,
            "complete": False,
            "stale": [],
            "joins": [],
            "error": "",
        }

    def identity(self, model: str, paths: tuple[str, ...]) -> versions.Identity:
        """Return `versions.identity` of this node."""
        return versions.identity(model, paths)

    def list_shards(self, job: Job) -> Iterator[bytes]:
        """List the shards that are not done yet, as rows for workers."""
        turn = self._turn

        def report(**values: Any) -> None:
            if turn == self._turn:
                self.listed(**values)

        for row in list_shards(job, *self.shards(), report):
            if turn != self._turn:  # nobody takes these rows any more
                return
            yield row

    def list_joins(self) -> Iterator[bytes]:
        """List the rows that come when all others are done."""
        yield from (row for row in self._listed["joins"])  # Ray sends values in, which no list takes

    def open(self, shard: str) -> tuple[bool, dict[str, Any], list[str]]:
        """Begin a shard.

        Returns:
            whether to be careful, as a worker died with it; rows of the pictures that were done carefully;
            and the addresses that may not be begun again.
        """
        self._attempts[shard] = self._attempts.get(shard, 0) + 1
        if (address := self._begun.pop(shard, "")) != "":
            strikes = self._strikes.setdefault(shard, {})
            strikes[address] = strikes.get(address, 0) + 1
        refused = [each for each, count in self._strikes.get(shard, {}).items() if count >= STRIKES]
        return self._attempts[shard] > 1, self._done.get(shard, {}), refused

    def begin(self, shard: str, address: str) -> None:
        """Enter a picture before it is begun."""
        self._begun[shard] = address

    def end(self, shard: str, address: str, row: Any) -> None:
        """Enter what became of it."""
        self._begun.pop(shard, None)
        self._done.setdefault(shard, {})[address] = row

    def close(self, shard: str, counts: Mapping[str, int] | None, sentences: Iterable[str] = ()) -> None:
        """Forget a shard.

        Args:
            shard: its id.
            counts: of its pictures by state, as its marker has them; None if it failed as a whole.
            sentences: of its failures, to be shown.
        """
        for table in (self._attempts, self._begun, self._strikes, self._done):
            table.pop(shard, None)
        if counts is not None and shard not in self._closed:
            self._closed.add(shard)
            self._sentences += sentences
            self._counts.update(counts)

    def begin_anew(self) -> None:
        """Blame no picture for the workers that are stopped now, and end the list that is being made."""
        self._turn += 1
        self._begun.clear()

    def shards(self) -> tuple[set[str], set[str]]:
        """Return the shards that this run is done with, and those that were begun and not ended."""
        return set(self._closed), set(self._attempts)

    def listed(self, **values: Any) -> None:
        """Enter how far listing is.

        Args:
            values: `pictures` so far; how many of them were done `before`; whether it is `complete`; then the
                names of `stale` markers; the rows of the `joins` that come last; the `error` that ended it.
        """
        self._listed |= values

    def progress(self) -> dict[str, Any]:
        """Return what `listed` was told last, `counts` of pictures by state, and the new `sentences`."""
        new, self._sentences = self._sentences, []
        return {**self._listed, "counts": self._counts, "sentences": new}
