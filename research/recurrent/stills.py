"""The stills that sequences are made from: which are for training and which are held back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from research.domains.sets import pack_of, part_of
from research.recurrent.teacher import Teacher

HELD = 100
"""Pictures without a split of their own that are held back, the last ones of each set."""


@dataclass
class Stills:
    """Pictures with live_net's maps.

    Attributes:
        pictures: uint8 (n, 240, 320, 3).
        maps: float16 (n, 60, 80), densities divided by their peak.
        mirrored: (n,), whether a picture may be mirrored; not with text.
    """

    pictures: np.ndarray
    maps: np.ndarray
    mirrored: np.ndarray


def stills(data: Path, work: Path, teacher: Teacher, held: bool) -> Stills:
    """Return the pictures to train on, or those held back (``test`` where a set has a split).

    Maps are cached in ``work``.
    """
    pictures, mirrored = [], []
    for name in ("eyetracking", "designs", "photos", "screens"):
        pack = pack_of(data / name)
        if (data / name / "trainSet").is_dir():
            place = {each: row for row, each in enumerate(pack.names)}
            chosen = part_of(data / name, "test" if held else "train")
            rows = np.array(sorted(place[each] for each in chosen if each in place))
        else:
            count = len(pack.names)
            rows = np.arange(count - HELD, count) if held else np.arange(count - HELD)
        pictures.append(np.asarray(pack.stimuli[rows]))
        mirrored.append(np.full(len(rows), name in ("eyetracking", "photos")))
    looks = np.concatenate(pictures)
    file = work / f"maps-{'held' if held else 'train'}.npy"
    if not file.is_file():
        maps = np.concatenate([teacher.maps(looks[start : start + 16]) for start in range(0, len(looks), 16)])
        np.save(file, (maps / maps.max((1, 2), keepdims=True)).astype(np.float16))
    return Stills(looks, np.load(file), np.concatenate(mirrored))
