"""Check that a checkpoint belongs to a run as it is requested now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from salviewer.errors import SalviewerError
from salviewer.training.batches import Source
from salviewer.training.recipe import Recipe
from salviewer.training.validation import Held


def contents_of(sources: Sequence[Source], held: Held) -> list[str]:
    """List the data that a run learns from and watches: name and digests of each sample, in order."""
    rows = [(source.pack, int(row)) for source in sources for row in source.rows]
    rows += [(held.pack, int(row)) for row in held.rows]
    known = [(pack, row) for pack, row in rows if pack.pictures]
    return [f"{pack.names[row]} {pack.pictures[row]}{pack.truths[row]}" for pack, row in known]


def check_resumable(
    state: Mapping[str, Any], mine: Mapping[str, Any], recipe: Recipe, contents: Sequence[str], root: Path
) -> Recipe:
    """Refuse a checkpoint of another run or of other data.

    Args:
        state: the checkpoint.
        mine: values that must be equal, and ``pictures``, the number of pictures to train on.
        recipe: the run's; only its epochs may differ from the checkpoint's.
        contents: as `contents_of` returns it.
        root: the run's folder, for the sentence.

    Returns:
        the checkpoint's recipe.

    Raises:
        SalviewerError: the checkpoint cannot be used for this run; the message says why.
    """
    before = state.get("contents")
    if before is not None and list(before) != list(contents):
        raise SalviewerError(
            f"the data are no longer those of the run in {root}: {_difference(before, contents)}"
        )
    if state.get("pictures") != mine["pictures"]:  # a checkpoint without contents
        raise SalviewerError(
            f"the data are no longer those of the run in {root}: there were {state.get('pictures')} pictures"
            f" to train on and there are {mine['pictures']}"
        )
    theirs = Recipe.from_dict(json.loads(state.get("recipe", "{}")))
    for key, value in mine.items():
        if state.get(key) != value:
            raise SalviewerError(f"the checkpoint in {root} belongs to another run: its {key} is another")
    if replace(theirs, epochs=recipe.epochs) != recipe:
        raise SalviewerError(f"the checkpoint in {root} belongs to another run: its recipe is another")
    return theirs


def _difference(before: Sequence[str], now: Sequence[str]) -> str:
    old, new = (dict(entry.rsplit(" ", 1) for entry in entries) for entries in (before, now))
    kinds = {
        "gone": [name for name in old if name not in new],
        "new": [name for name in new if name not in old],
        "changed": [name for name in new if old.get(name, new[name]) != new[name]],
    }
    changes = []
    for kind, names in kinds.items():
        if names:
            changes.append(f"{len(names)} {kind} ({names[0]}{', …' if len(names) > 1 else ''})")
    return ", ".join(changes) or "their order is another"
