"""What the history of a run says: its best epoch, when to stop waiting for a better one, and its curves."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any


def best_epoch(history: Sequence[Mapping[str, Any]]) -> int:
    """Return the first epoch, from 1, with the lowest loss on the watched samples; 0 for an empty history."""
    return min(history, key=lambda entry: float(entry["test_loss"]))["epoch"] if history else 0


def out_of_patience(history: Sequence[Mapping[str, Any]], patience: int, since: int = 0) -> bool:
    """Return whether the watched loss has not fallen below its lowest value for ``patience`` epochs.

    Args:
        history: an entry for each epoch, with ``epoch`` and ``test_loss``.
        patience: epochs; 0 never ends a run.
        since: epochs up to this one do not count.
    """
    if not patience or not history:
        return False
    return int(history[-1]["epoch"]) - max(best_epoch(history), since) >= patience


def curves(history: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return per-epoch lists of a history: epoch, input_size, train_loss, test_loss and each metric."""
    keys = ("epoch", "input_size", "train_loss", "test_loss")
    lists: dict[str, list[Any]] = {key: [entry[key] for entry in history] for key in keys}
    for name in dict.fromkeys(itertools.chain.from_iterable(entry["metrics"] for entry in history)):
        lists[name] = [entry["metrics"].get(name) for entry in history]
    return lists
