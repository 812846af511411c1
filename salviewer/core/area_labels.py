"""Write the labels of areas, and place them so that they do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Area

Labels = Literal["off", "name", "share", "both"]
"""The content of labels; "both" is name and share."""

LABELS: tuple[Labels, ...] = get_args(Labels)

LONGEST_NAME = 32
"""Most letters of a name that are drawn; a longer name is shortened."""

_APART = 2.0  # between two labels, in pixels of the window
_NOWHERE = 1e9


def area_label(area: Area, share: float | None, labels: Labels = "both") -> str:
    """Return an area's label: its name, shortened if needed, and its share of attention if known."""
    name = " ".join(area.name.split()) if labels in ("name", "both") else ""
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1].rstrip()}…"
    share_text = "" if share is None or labels not in ("share", "both") else f"{100 * share:.1f} %"
    return "  ".join(filter(None, (name, share_text)))


def label_centre(
    outline: NDArray[np.float64], label: tuple[float, float], gap: float, window: tuple[float, float]
) -> tuple[float, float]:
    """Place an area's label above its highest point, or below it at the window's edge.

    Args:
        outline: (n, 2) of (x, y) in pixels of the window.
        label: its width and height.
        gap: space between label and outline.
        window: width and height of the drawing area; the label stays inside if it can.

    Returns:
        the label's centre (x, y).
    """
    top = float(outline[:, 1].min())
    width, tall = label
    x = float(outline[outline[:, 1] <= top + 0.5, 0].mean())
    y = top - gap - tall / 2
    if y < tall / 2:
        y = max(top, 0.0) + gap + tall / 2
    return min(max(x, width / 2), max(window[0] - width / 2, width / 2)), y


def place_labels(
    outlines: Sequence[NDArray[np.float64]],
    sizes: Sequence[tuple[float, float]],
    gap: float,
    window: tuple[float, float],
    first: Iterable[int] = (),
) -> list[tuple[float, float] | None]:
    """Place the labels of all areas so that no two overlap; a label without room is left out.

    A label is placed above its area, else inside at the top, in the middle or at the bottom, else below it.

    Args:
        outlines: of the areas, as in `label_centre`.
        sizes: width and height of each label; a width of 0 for none.
        gap, window: as in `label_centre`.
        first: indices of areas whose labels are placed before the others, such as selected areas.

    Returns:
        for each area the label's centre (x, y), or None if there is no room.
    """
    centres: list[tuple[float, float] | None] = [None] * len(outlines)
    taken = np.full((len(outlines), 4), _NOWHERE)  # left, top, right, bottom
    count = 0
    for index in dict.fromkeys((*first, *range(len(outlines)))):
        width, tall = sizes[index]
        if width <= 0:
            continue
        for x, y in _candidates(outlines[index], (width, tall), gap, window):
            left, top, right, bottom = x - width / 2, y - tall / 2, x + width / 2, y + tall / 2
            boxes = taken[:count]
            clear = (
                (boxes[:, 0] >= right + _APART)
                | (boxes[:, 2] <= left - _APART)
                | (boxes[:, 1] >= bottom + _APART)
                | (boxes[:, 3] <= top - _APART)
            )
            if clear.all():
                centres[index] = x, y
                taken[count] = left, top, right, bottom
                count += 1
                break
    return centres


def _candidates(
    outline: NDArray[np.float64], label: tuple[float, float], gap: float, window: tuple[float, float]
) -> Iterable[tuple[float, float]]:
    first = label_centre(outline, label, gap, window)
    yield first
    width, tall = label
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    x = min(max((left + right) / 2, width / 2), max(window[0] - width / 2, width / 2))
    for y in (top + gap + tall / 2, (top + bottom) / 2, bottom - gap - tall / 2, bottom + gap + tall / 2):
        if tall / 2 <= y <= window[1] - tall / 2:
            yield float(x), float(y)
