"""Areas that a picture suggests by itself: buttons, blocks of text, faces, what stands out on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Rectangle
from salviewer.core.postprocess import PostprocessSettings, normalised_field
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2

Kind = Literal["button", "headline", "text", "face", "region", "heading", "link", "image", "form", "price"]
"""What an area is; the last five, and buttons, come from web pages, which know it."""

MOST = 40
"""Areas that are suggested at most."""

_LONGEST = 1600  # pixels of the picture in which buttons are looked for
_ALIKE = 10  # levels: how evenly a button is coloured
_HOT = 0.5  # of the map's peak, from which a region is suggested
_SMALLEST = 0.002  # of the picture: a region
_COVERED = 0.6  # of a region that other suggestions may cover
_LARGER = 1.6  # times the median height: a headline


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text in a picture, in fractions of its width and height.

    Attributes:
        left, top, right, bottom: its upright box.
        text: what it says; "" if unknown.
    """

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    @property
    def height(self) -> float:
        """Of the box, in fractions of the picture's height."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class SuggestedArea:
    """An area that the user may accept.

    Attributes:
        kind: what it is.
        text: what it says; "" for a face, a region, and where it says nothing.
        area: where it is; its name does not matter.
    """

    kind: Kind
    text: str
    area: Rectangle


def suggest(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap | None,
    lines: Sequence[TextLine],
    faces: Sequence[Rectangle] = (),
) -> tuple[SuggestedArea, ...]:
    """Suggest areas, from top to bottom within each kind, at most `MOST`.

    A line of text on an evenly coloured box of its own is a button; other lines that stand close below one
    another are one block, and the block with by far the largest letters is a headline. Connected places with
    at least half of the map's peak are regions, unless texts or faces cover them.

    Args:
        pixels: uint8 (H, W, 3), sRGB.
        saliency: the prediction; None for texts alone.
        lines: of text, in any order.
        faces: in any order.
    """
    small = _scaled(pixels)
    buttons, rest = list[SuggestedArea](), list[TextLine]()
    for line in sorted(lines, key=lambda line: (line.top, line.left)):
        box = _button(small, line)
        if box is None:
            rest.append(line)
        else:
            buttons.append(SuggestedArea("button", line.text, box))
    found = [*buttons, *_texts(rest)]
    found += [SuggestedArea("face", "", face) for face in sorted(faces, key=lambda one: (one.top, one.left))]
    if saliency is not None:
        found += _regions(saliency, [one.area for one in found])
    return tuple(found[:MOST])


def _scaled(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    scale = _LONGEST / max(pixels.shape[:2])
    if scale >= 1:
        return np.ascontiguousarray(pixels)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _button(pixels: NDArray[np.uint8], line: TextLine) -> Rectangle | None:
    """Return the evenly coloured box that a line of text stands on, if it has one of its own."""
    height, width = pixels.shape[:2]
    tall = line.height * height
    x0, x1 = line.left * width, line.right * width
    y0, y1 = line.top * height, line.bottom * height
    left, right = round(max(0, x0 - 5 * tall)), round(min(width, x1 + 5 * tall))
    top, bottom = round(max(0, y0 - 2.2 * tall)), round(min(height, y1 + 2.2 * tall))
    crop = np.array(pixels[top:bottom, left:right])
    if min(crop.shape[:2]) < 6:
        return None
    seed = (
        min(max(round(x0 - 0.2 * tall) - left, 0), crop.shape[1] - 1),
        min(max(round((y0 + y1) / 2) - top, 0), crop.shape[0] - 1),
    )
    mask = np.zeros((crop.shape[0] + 2, crop.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    count, _, _, (bx, by, bw, bh) = cv2.floodFill(crop, mask, seed, 0, (_ALIKE,) * 3, (_ALIKE,) * 3, flags)
    touches = bx == 0 or by == 0 or bx + bw == crop.shape[1] or by + bh == crop.shape[0]
    text_size = (x1 - x0) * tall
    full = count + 0.6 * text_size >= 0.7 * bw * bh
    fits = 0.9 * tall <= bh <= 3.6 * tall and bw >= 0.98 * (x1 - x0)
    if touches or not full or not fits:
        return None
    return Rectangle(
        (left + bx) / width, (top + by) / height, (left + bx + bw) / width, (top + by + bh) / height
    )


def _texts(lines: Sequence[TextLine]) -> list[SuggestedArea]:
    blocks: list[list[TextLine]] = []
    for line in lines:
        for block in reversed(blocks):
            if _continues(block[-1], line):
                block.append(line)
                break
        else:
            blocks.append([line])
    heights = [max(line.height for line in block) for block in blocks]
    largest = int(np.argmax(heights)) if blocks else -1
    typical = float(np.median([line.height for line in lines])) if lines else 0.0
    found = []
    for number, block in enumerate(blocks):
        heads = number == largest and heights[number] >= _LARGER * typical
        text = " ".join(line.text for line in block if line.text)
        area = Rectangle(
            max(0.0, min(line.left for line in block)),
            max(0.0, min(line.top for line in block)),
            min(1.0, max(line.right for line in block)),
            min(1.0, max(line.bottom for line in block)),
        )
        found.append(SuggestedArea("headline" if heads else "text", text, area))
    return found


def _continues(above: TextLine, below: TextLine) -> bool:
    """Return whether a line belongs to the block that ends with another."""
    gap = below.top - above.bottom
    common = min(above.right, below.right) - max(above.left, below.left)
    narrower = min(above.right - above.left, below.right - below.left)
    alike = max(above.height, below.height) <= 1.5 * min(above.height, below.height)
    return alike and -0.3 * below.height <= gap <= 0.8 * below.height and common >= 0.5 * narrower


def _regions(saliency: SaliencyMap, taken: Sequence[Rectangle]) -> list[SuggestedArea]:
    field = normalised_field(saliency, PostprocessSettings())
    rows, columns = field.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats((field >= _HOT).astype(np.uint8))
    found = []
    for part in range(1, count):
        x, y, w, h = (int(stats[part, key]) for key in range(4))
        area = Rectangle(x / columns, y / rows, (x + w) / columns, (y + h) / rows)
        size = w * h / field.size
        covered = sum(_common(area, other) for other in taken) / size
        if size >= _SMALLEST and covered < _COVERED:
            found.append(SuggestedArea("region", "", area))
    return sorted(found, key=lambda one: (one.area.top, one.area.left))


def _common(first: Rectangle, second: Rectangle) -> float:
    wide = min(first.right, second.right) - max(first.left, second.left)
    high = min(first.bottom, second.bottom) - max(first.top, second.top)
    return max(wide, 0.0) * max(high, 0.0)
