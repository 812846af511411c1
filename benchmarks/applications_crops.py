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
    """Return the share of fixations that each method's crop keeps: by aspect, category and method."""
    try:
        from smartcrop import SmartCrop
    except ImportError:
        raise SystemExit("this needs the package smartcrop: pip install smartcrop") from None
    found: dict[str, dict[str, dict[str, list[float]]]] = {aspect: {} for aspect in ASPECTS}
    for number, picture in enumerate(pictures, 1):
        print(f"\r{number} of {len(pictures)}", end="", file=sys.stderr)
        image = Image.fromarray(picture.pixels)
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
    print(file=sys.stderr)
    return found


def kept(fixations: NDArray[np.float64], box: Box, size: tuple[int, int]) -> float:
    """Return the share of fixations in a box (left, top, width, height) in pixels."""
    low = np.array(box[:2]) / size
    high = low + np.array(box[2:]) / size
    return float(((fixations >= low) & (fixations < high)).all(axis=1).mean())
