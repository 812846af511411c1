"""The part of `applications.py` about regions."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from seen_pictures import Seen

from salviewer.core.applications.regions import RegionSettings, find_salient_regions

COUNTS = (1, 3, 5)
Box = tuple[float, float, float, float]  # left, top, right, bottom in fractions


def region_shares(
    pictures: Sequence[Seen], contrib: Path | None
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return the share of fixations inside the first k boxes: by k, category and method.

    All methods have boxes of the sizes that our regions have in that picture: the first box of each has the
    area of our first, and so on. Centred: one box around another, whose areas add up to the same. Random:
    the same boxes at random places. Selective search: its boxes in its order, each scaled about its centre.

    Args:
        contrib: a Python with opencv-contrib, for selective search; None leaves it out.
    """
    found: dict[str, dict[str, dict[str, list[float]]]] = {_row(count): {} for count in COUNTS}
    searched = selective_search(pictures, contrib) if contrib else [[] for _ in pictures]
    rng = np.random.default_rng(0)
    for picture, proposals in zip(pictures, searched, strict=True):
        regions = find_salient_regions(picture.pixels, picture.saliency, RegionSettings(max(COUNTS)))
        for count in COUNTS:
            ours = [region.box for region in regions[:count]]
            if not ours:
                continue
            sizes = [(box[2] - box[0]) * (box[3] - box[1]) for box in ours]
            boxes = {
                "regions": ours,
                "centred": [centred(covered(ours))],
                "random": [placed(rng, box) for box in ours],
            }
            if contrib:
                boxes["selective search"] = [
                    scaled(box, size) for box, size in zip(proposals, sizes, strict=False)
                ]
            rows = found[_row(count)].setdefault(picture.category, {name: [] for name in boxes})
            for name, each in boxes.items():
                rows[name].append(inside(picture.fixations, each))
    return found


def _row(count: int) -> str:
    return f"{count} box" if count == 1 else f"{count} boxes"


def inside(fixations: NDArray[np.float64], boxes: Sequence[Box]) -> float:
    """Return the share of fixations in any of the boxes."""
    hit = np.zeros(len(fixations), bool)
    for left, top, right, bottom in boxes:
        hit |= ((fixations >= (left, top)) & (fixations < (right, bottom))).all(axis=1)
    return float(hit.mean())


def covered(boxes: Sequence[Box]) -> float:
    """Return the share of the picture that boxes cover together."""
    grid = np.zeros((400, 400), bool)
    for left, top, right, bottom in boxes:
        grid[round(top * 400) : round(bottom * 400), round(left * 400) : round(right * 400)] = True
    return float(grid.mean())


def centred(size: float) -> Box:
    """Return a box of the picture's shape in its middle with this share of its area."""
    half = np.sqrt(size) / 2
    return 0.5 - half, 0.5 - half, 0.5 + half, 0.5 + half


def placed(rng: np.random.Generator, box: Box) -> Box:
    """Return a box of the same size anywhere."""
    width, height = box[2] - box[0], box[3] - box[1]
    left, top = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
    return left, top, left + width, top + height


def scaled(box: Box, size: float) -> Box:
    """Return a box about the same centre with this area, moved into the picture."""
    width, height = box[2] - box[0], box[3] - box[1]
    factor = np.sqrt(size / (width * height))
    width = min(1.0, width * factor)
    height = min(1.0, size / width)
    width = min(1.0, size / height)
    left = float(np.clip((box[0] + box[2] - width) / 2, 0, 1 - width))
    top = float(np.clip((box[1] + box[3] - height) / 2, 0, 1 - height))
    return left, top, left + width, top + height


def selective_search(pictures: Sequence[Seen], python: Path) -> list[list[Box]]:
    """Return selective search's first boxes of each picture: it is in another build of OpenCV."""
    with tempfile.TemporaryDirectory() as folder:
        for number, picture in enumerate(pictures):
            cv2.imwrite(f"{folder}/{number}.png", cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR))
        script = Path(__file__).with_name("selective_search.py")
        done = subprocess.run(
            [str(python), str(script), folder, str(len(pictures)), str(max(COUNTS))],
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            check=True,
        )
    return [[(a, b, c, d) for a, b, c, d in boxes] for boxes in json.loads(done.stdout)]
