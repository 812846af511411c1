"""Keeps count for a run, beside the program that started it: what was listed, and what ended its worker.

A worker that dies, of a picture that crashes a decoder or takes all memory, is started anew by Ray with the
same shard. The second time the shard is done one picture at a time, and each is entered here before it is
begun; a picture that has ended `STRIKES` workers is not begun again.
"""

from __future__ import annotations

from typing import Any

STRIKES = 2


class Ledger:
    """An actor; all calls take turns."""

    def __init__(self) -> None:
        self._attempts: dict[str, int] = {}
        self._begun: dict[str, str] = {}
        self._strikes: dict[str, dict[str, int]] = {}
        self._done: dict[str, dict[str, Any]] = {}
        self._listed: dict[str, Any] = {
            "pictures": 0,
            "before": 0,
            "complete": False,
            "stale": [],
            "error": "",
        }

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

    def close(self, shard: str) -> None:
        """Forget a shard: its marker is written, or it failed as a whole."""
        for table in (self._attempts, self._begun, self._strikes, self._done):
            table.pop(shard, None)

    def listed(self, **values: Any) -> None:
        """Enter how far listing is.

        Args:
            values: `pictures` so far; how many of them were done `before`; whether it is `complete`; then the
                names of `stale` markers; the `error` that ended it.
        """
        self._listed |= values

    def progress(self) -> dict[str, Any]:
        """Return what `listed` was told last."""
        return self._listed
