"""The part of `applications.py` about crops."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from seen_pictures import Seen

from salviewer.core.applications.crops import CropRequest, best_crop, largest_window

ASPECTS = ("1:1", "4:5", "16:9", "9:16", "21:9")
Box = tuple[float, float, float, float]


def crop_shares(pictures: Sequence[Seen]) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return the share of fixations that each method's crop keeps: by aspect, category and method.

    The row "all aspects" has each picture's mean over the aspects in which the crop is not the whole picture.
    """
    try:
        from smartcrop import SmartCrop
    except ImportError:
        raise SystemExit("this needs the package smartcrop: pip install smartcrop") from None
    found: dict[str, dict[str, dict[str, list[float]]]] = {name: {} for name in ("all aspects", *ASPECTS)}
    for number, picture in enumerate(pictures, 1):
        print(f"\r{number} of {len(pictures)}", end="", file=sys.stderr)
        image = Image.fromarray(picture.pixels)
        of_aspects: dict[str, list[float]] = {}
        for aspect in ASPECTS:
            request = CropRequest.parse(aspect)
            crop = best_crop(picture.saliency, request)
            wide, high = crop.picture
            width, height = largest_window(crop.picture, request.aspect or (1, 1))
            top = SmartCrop().crop(image, width, height, min_scale=1.0)["top_crop"]
            boxes = {
                "best_crop": (crop.left, crop.top, crop.width, crop.height),
                "centre": ((wide - width) / 2, (high - height) / 2, width, height),
                "smartcrop": (top["x"], top["y"], width, height),
            }
            rows = found[aspect].setdefault(picture.category, {name: [] for name in boxes})
            for name, box in boxes.items():
                rows[name].append(kept(picture.fixations, box, (wide, high)))
                if (width, height) != (wide, high):
                    of_aspects.setdefault(name, []).append(rows[name][-1])
        for name, shares in of_aspects.items():
            rows = found["all aspects"].setdefault(picture.category, {})
            rows.setdefault(name, []).append(float(np.mean(shares)))
    print(file=sys.stderr)
    return found


def kept(fixations: NDArray[np.float64], box: Box, size: tuple[int, int]) -> float:
    """Return the share of fixations in a box (left, top, width, height) in pixels."""
    low = np.array(box[:2]) / size
    high = low + np.array(box[2:]) / size
    return float(((fixations >= low) & (fixations < high)).all(axis=1).mean())
