"""OpenCV's selective search, for a Python that has opencv-contrib."""

from __future__ import annotations

import json
import sys
from typing import Any

import cv2


def main(folder: str, pictures: int, boxes: int) -> None:
    """Print the first boxes of FOLDER/0.png and so on as JSON, in fractions of the picture."""
    cv2.setRNGSeed(0)
    found: list[Any] = []
    for number in range(pictures):
        pixels: Any = cv2.imread(f"{folder}/{number}.png")
        search = cv2.ximgproc.segmentation.createSelectiveSearchSegmentation()  # type: ignore[attr-defined]
        search.setBaseImage(pixels)
        search.switchToSelectiveSearchFast()
        high, wide = pixels.shape[:2]
        rows = [[int(value) for value in row] for row in search.process()[: 20 * boxes]]
        whole = [row for row in rows if row[2] * row[3] < 0.9 * wide * high] or rows
        found.append([[x / wide, y / high, (x + w) / wide, (y + h) / high] for x, y, w, h in whole[:boxes]])
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
