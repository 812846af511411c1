"""Known contents of a picture besides its map: named areas, lines of text, faces, objects of a detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from salviewer.core.areas import Area
from salviewer.core.proposals import on_picture

KnownKind = Literal["area", "text", "face", "object"]


@dataclass(frozen=True, slots=True)
class Known:
    """Something with a place in the picture.

    Attributes:
        left, top, right, bottom: its box, in fractions of the picture's width and height, 0..1.
        label: its name, the text that was read, or the detector's label; may be empty.
        kind: an area of the user, a line of text, a face, or an object of a detector.
        score: the detector's confidence, 0..1.

    Raises:
        ValueError: the box has no extent.
    """

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""
    kind: KnownKind = "object"
    score: float = 1.0

    def __post_init__(self) -> None:
        box = np.array([self.left, self.top, self.right, self.bottom])
        if not np.isfinite(box).all() or self.left >= self.right or self.top >= self.bottom:
            raise ValueError("what is known to be in a picture has a box with an extent")


def known_areas(areas: Sequence[Area]) -> tuple[Known, ...]:
    """Return the boxes around areas of interest, cut off at the picture's border, in their order."""
    found = []
    for area in areas:
        outline = area.outline()
        if box := on_picture(*outline.min(axis=0), *outline.max(axis=0)):
            found.append(Known(*box, area.name, "area"))
    return tuple(found)


def known_on_picture(known: Sequence[Known]) -> list[Known]:
    """Cut boxes off at the picture's border, in their order; those outside it are left out."""
    found = []
    for each in known:
        if box := on_picture(each.left, each.top, each.right, each.bottom):
            found.append(Known(*box, each.label, each.kind, each.score))
    return found
