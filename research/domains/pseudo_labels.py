"""Make maps for pages without fixations: a network's map, text and headings, times how pages are read.

    PYTHONPATH=. python -m research.domains.pseudo_labels tune MODEL PAGES TEXT.npz
    PYTHONPATH=. python -m research.domains.pseudo_labels write MODEL SCREENS TEXT.npz OUT.npz

MODEL is a network's name, several with commas between, or a file of maps that `research.attention.prepare`
keeps. `tune` prints how well such maps predict the fixations on the pages for choosing, for a grid of the few
numbers in `Reading`; `write` makes the pseudo-labels of all screens with these numbers.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch

from research.distil.card_data import SIZE
from research.domains.sets import pack_of
from salviewer.models.loading import load_model
from salviewer.training.batches import fixation_counts
from salviewer.training.losses import quick_scores

ROWS = ((np.arange(SIZE[0]) + 0.5) / SIZE[0])[:, None].astype(np.float32)
COLUMNS = ((np.arange(SIZE[1]) + 0.5) / SIZE[1])[None].astype(np.float32)


@dataclass(frozen=True)
class Reading:
    """Parameters of the hand-made map; chosen on 26 pages.

    Attributes:
        power: exponent of the network's map.
        text, heading: shares of text and of headings in the mixture.
        column, width: centre and s.d. of the column that is read, as shares of the width.
        top, height: the same for the rows.
        floor: least value of the prior, whose highest is 1.
        blur: s.d. in pixels of the text's smoothing.
    """

    power: float = 0.95
    text: float = 0.05
    heading: float = 0.1
    column: float = 0.15
    width: float = 0.6
    top: float = 0.3
    height: float = 0.4
    floor: float = 0.5
    blur: float = 8.0


def density(full: np.ndarray) -> np.ndarray:
    """Scale a map to sum 1."""
    whole: np.ndarray = full / max(float(full.sum()), 1e-12)
    return whole


def prior(how: Reading) -> np.ndarray:
    """Return where pages are read: (240, 320), highest 1."""
    across = np.exp(-0.5 * ((COLUMNS - how.column) / how.width) ** 2)
    down = np.exp(-0.5 * (np.maximum(ROWS - how.top, 0) / how.height) ** 2) * np.exp(
        -0.5 * (np.minimum(ROWS - how.top, 0) / 0.3) ** 2
    )
    full: np.ndarray = how.floor + (1 - how.floor) * across * down
    return full


def smoothed(text: np.ndarray, high: np.ndarray, blur: float) -> tuple[np.ndarray, np.ndarray]:
    """Return densities of text and of headings, from uint8 maps of text and of its lines' heights."""
    there = text.astype(np.float32) / 255
    heading = there * (high.astype(np.float32) / 255) ** 1.0
    parts = [cv2.GaussianBlur(some, (0, 0), blur) + 1e-6 for some in (there, heading)]
    return density(parts[0]), density(parts[1])


def made(seen: np.ndarray, text: np.ndarray, heading: np.ndarray, how: Reading) -> np.ndarray:
    """Return the map: (240, 320), summing to 1."""
    mixture = (1 - how.text - how.heading) * density(seen**how.power)
    mixture = mixture + how.text * text + how.heading * heading
    return density(mixture * prior(how))


def seen_by(model: str, stimuli: np.ndarray) -> np.ndarray:
    """Return float32 (n, 240, 320): the mean density of networks, named with commas between, or kept maps."""
    if model.endswith(".npy"):
        return np.stack([density(kept.astype(np.float32)) for kept in np.load(model)])
    predictors = [load_model(name) for name in model.split(",")]
    return np.stack(
        [
            np.mean([each.densities(np.asarray(picture[None]))[0] for each in predictors], axis=0)
            for picture in stimuli
        ]
    )


def tune(model: str, folder: Path, file: Path) -> None:
    """Print scores by kind of page, the best last."""
    pack, text = pack_of(folder), np.load(file)
    assert list(text["names"]) == list(pack.names)
    seen = seen_by(model, pack.stimuli)
    kinds = np.array([name.split("/")[0] for name in pack.names])
    truth = torch.from_numpy(np.stack([density(each.astype(np.float32)) for each in pack.maps]))
    counts = torch.from_numpy(
        np.stack([fixation_counts(pack.fixations_of(row), SIZE) for row in range(len(kinds))])
    )

    def scores(maps: np.ndarray) -> dict[str, list[float]]:
        found = quick_scores(torch.from_numpy(maps.astype(np.float32)), truth, counts)
        return {
            kind: [round(float(found[key].numpy()[kinds == kind].mean()), 3) for key in ("NSS", "CC", "KL")]
            for kind in ("Pages", "Posters")
        }

    print("network alone", scores(seen))
    how = Reading()
    grid = {
        "power": (0.6, 0.8, 1.0), "text": (0.0, 0.1, 0.2, 0.3), "heading": (0.0, 0.15, 0.3, 0.45),
        "column": (0.15, 0.25, 0.35, 0.45), "width": (0.2, 0.3, 0.4, 0.6), "top": (0.15, 0.3, 0.45, 0.6),
        "height": (0.2, 0.4, 0.8), "floor": (0.05, 0.15, 0.3), "blur": (5.0, 8.0, 12.0),
    }  # fmt: skip
    cache: dict[float, list[tuple[np.ndarray, np.ndarray]]] = {}

    def value(how: Reading) -> tuple[float, dict[str, list[float]]]:
        if how.blur not in cache:
            both = zip(text["text"], text["high"], strict=True)
            cache[how.blur] = [smoothed(one, other, how.blur) for one, other in both]
        parts = zip(seen, cache[how.blur], strict=True)
        found = scores(np.stack([made(some, *words, how) for some, words in parts]))
        worth = [found[kind][0] / 1.4 + found[kind][1] / 0.6 - found[kind][2] for kind in found]
        return worth[0] + 0.5 * worth[1], found

    best = value(how)
    for _, name in itertools.product(range(2), grid):  # one parameter at a time, twice
        for option in grid[name]:
            other = replace(how, **{name: option})
            if other != how and (got := value(other))[0] > best[0]:
                how, best = other, got
        print(name, how, best, flush=True)


def write(model: str, folder: Path, file: Path, out: Path) -> None:
    """Write pseudo-labels of a folder; leave out pictures with too little text."""
    pack, text = pack_of(folder), np.load(file)
    assert list(text["names"]) == list(pack.names)
    seen, how = seen_by(model, pack.stimuli), Reading()
    maps = []
    for some, one, other in zip(seen, text["text"], text["high"], strict=True):
        full = made(some, *smoothed(one, other, how.blur), how)
        maps.append((full / full.max()).astype(np.float16))
    covered = (text["text"] > 128).mean((1, 2))
    rows = np.flatnonzero(covered > 0.01)
    print(f"{len(rows)} of {len(maps)} pictures have text enough")
    np.savez(out, maps=np.stack(maps), rows=rows, covered=covered)


if __name__ == "__main__":
    if sys.argv[1] == "tune":
        tune(sys.argv[2], *map(Path, sys.argv[3:]))
    else:
        write(sys.argv[2], *map(Path, sys.argv[3:]))
