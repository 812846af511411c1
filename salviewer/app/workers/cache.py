"""A cache of recent values, bounded by their cost."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class RecentCache(Generic[K, V]):
    """Keeps the most recently used values whose total cost is within `limit`.

    A value that alone exceeds the limit is not kept.
    """

    def __init__(self, limit: int, cost: Callable[[V], int]) -> None:
        self.limit = limit  # a lower one applies from the next `put`
        self._cost = cost
        self._total = 0
        self._values: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def total(self) -> int:
        """The total cost of the kept values."""
        return self._total

    def get(self, key: K) -> V | None:
        """Return the value, which becomes the most recent; None if it is not kept."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def put(self, key: K, value: V) -> None:
        """Add a value, and drop the oldest until everything fits."""
        if key in self._values:
            self._total -= self._cost(self._values.pop(key))
        self._values[key] = value
        self._total += self._cost(value)
        while self._total > self.limit:
            _, oldest = self._values.popitem(last=False)
            self._total -= self._cost(oldest)
