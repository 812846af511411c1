"""Score a run after each epoch: loss and quick scores on the held samples, and pictures of some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from salviewer.first_use import cv2
from salviewer.models.architectures import Output
from salviewer.models.engines.torch_engine import density
from salviewer.models.preprocess import resize
from salviewer.training.batches import fixation_counts
from salviewer.training.losses import loss_of, quick_scores
from salviewer.training.pack import Pack
from salviewer.training.recipe import Recipe
from salviewer.training.sheets import draw_triplets, fitted_size, spread

_Triplet = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The samples that a run watches.

    Attributes:
        pack, rows: the pack, and which of its rows.
        part: the name of their part, ``val`` or ``test``.
        taught: whether their maps are a teacher's and not people's.
    """

    pack: Pack
    rows: NDArray[np.int64]
    part: str
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Means over the held samples, and a sheet of some of them.

    Attributes:
        loss: the recipe's.
        scores: NSS, CC and KL; a score that no picture has is missing.
        sheet: the file.
    """

    loss: float
    scores: dict[str, float]
    sheet: Path


def watch_held(
    network: Callable[[NDArray[np.uint8], NDArray[np.float32]], Tensor],
    held: Held,
    size: tuple[int, int],
    output_size: tuple[int, int],
    recipe: Recipe,
    output: Output,
    sheet: Path,
    autocast: Callable[[], AbstractContextManager[object]],
    to_device: Callable[[NDArray[Any]], Tensor],
    called_off: Callable[[], bool],
) -> Seen | None:
    """Score a network on the held samples.

    Args:
        network: maps stimuli, uint8 (n, h, w, 3), with their true width / height, (n,), to its raw output.
        held: the samples.
        size, output_size: (height, width) of the input and the output.
        recipe: gives the loss and the batch size.
        output: the kind of the network's output.
        sheet: the file for the sheet.
        autocast, to_device: the device's.
        called_off: called before each batch; True ends the scoring.

    Returns:
        None if it was called off.

    Raises:
        ExportError: the sheet cannot be written.
    """
    pack, rows = held.pack, held.rows
    losses: list[float] = []
    categories = [_category(pack.names[row]) for row in rows]
    on_the_sheet = set(spread(categories))
    shown: list[_Triplet] = []
    aspects: list[float] = []
    scores: dict[str, list[float]] = {}
    for start in range(0, len(rows), recipe.test_batch):
        if called_off():
            return None
        chosen = rows[start : start + recipe.test_batch]
        stimuli = np.stack([resize(np.asarray(pack.stimuli[row]), size) for row in chosen])
        truth = np.stack([resize(pack.maps[row].astype(np.float32), output_size) for row in chosen])
        targets = to_device(truth / truth.sum((1, 2), keepdims=True))
        counts = to_device(np.stack([fixation_counts(pack.fixations_of(row), output_size) for row in chosen]))
        with autocast():
            raw = network(np.asarray(stimuli, np.uint8), np.asarray(pack.aspects[chosen], np.float32))
        losses += [float(loss_of(raw, targets, counts, recipe))] * len(chosen)
        maps = density(raw, output)
        for key, values in quick_scores(maps, targets, counts).items():
            scores.setdefault(key, []).extend(values.tolist())
        for number, row in enumerate(chosen):
            if start + number in on_the_sheet:
                aspects.append(float(pack.aspects[row]))
                small = fitted_size(aspects[-1], len(on_the_sheet))
                triplet = (stimuli[number], truth[number], maps[number].cpu().numpy())
                shown.append(_reduced(triplet, small))
    names = [pack.names[rows[number]] for number in sorted(on_the_sheet)]
    foot = _without(map(_category, pack.names), set(categories))
    draw_triplets(shown, aspects, sheet, names, foot, "teacher's map" if held.taught else "fixation map")
    means = {key: float(np.nanmean(values)) for key, values in scores.items() if not np.isnan(values).all()}
    return Seen(float(np.mean(losses)), means, sheet)


def _category(name: str) -> str:
    """Return the category of a sample: its folder; "" for none."""
    return name.rpartition("/")[0]


def _reduced(triplet: _Triplet, size: tuple[int, int]) -> _Triplet:
    """Reduce pictures that are larger than they will be drawn, so that thousands take little memory."""
    width, height = size
    reduced = [
        cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        if pixels.shape[0] > height and pixels.shape[1] > width
        else pixels
        for pixels in triplet
    ]
    return reduced[0], reduced[1], reduced[2]


def _without(categories: Iterable[str], held: set[str]) -> str:
    """Return a line that names categories of which no picture is held out; "" for none."""
    missing = [category or "(no category)" for category in dict.fromkeys(categories) if category not in held]
    return f"no picture is held out of: {', '.join(missing)}" if missing else ""
