"""Write the labels of areas, and place them so that they do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import Area

Labels = Literal["off", "name", "share", "both"]
"""The content of labels; "both" is name and share."""

LABELS: tuple[Labels, ...] = get_args(Labels)

LONGEST_NAME = 32
"""Most letters of a name that are drawn; a longer name is shortened."""

SHORT_NAME = 10
"""Most letters of a name where the whole label would hide another area."""

HIDDEN = 0.5
"""Share of another area's box that a label may cover before it is shortened."""

LITTLE = 0.1
"""Share of another area's box that a label covers only if every other place covers more."""

_APART = 2.0  # between two labels, in pixels of the window
_NOWHERE = 1e9


def area_label(area: Area, share: float | None, labels: Labels = "both") -> str:
    """Return an area's label: its name, shortened if needed, and its share of attention if known."""
    name = " ".join(area.name.split()) if labels in ("name", "both") else ""
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1].rstrip()}…"
    share_text = "" if share is None or labels not in ("share", "both") else f"{100 * share:.1f} %"
    return "  ".join(filter(None, (name, share_text)))


def area_texts(area: Area, share: float | None, labels: Labels = "both") -> tuple[str, ...]:
    """Return an area's label, then shorter ones for where it would hide others: an elided name, the share."""
    whole = area_label(area, share, labels)
    if not whole:
        return ()
    name = " ".join(area.name.split())
    short = replace(area, name=f"{name[: SHORT_NAME - 1].rstrip()}…" if len(name) > SHORT_NAME else name)
    texts = [whole, area_label(short, share, labels)]
    if labels == "both":
        texts.append(area_label(area, share, "share"))
    return tuple(dict.fromkeys(filter(None, texts)))


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
    See `place_texts` for labels that make room for other areas.

    Args:
        outlines: of the areas, as in `label_centre`.
        sizes: width and height of each label; a width of 0 for none.
        gap, window: as in `label_centre`.
        first: indices of areas whose labels are placed before the others, such as selected areas.

    Returns:
        for each area the label's centre (x, y), or None if there is no room.
    """
    placed = place_texts(outlines, [(size,) if size[0] > 0 else () for size in sizes], gap, window, first)
    return [None if each is None else each[1] for each in placed]


def place_texts(
    outlines: Sequence[NDArray[np.float64]],
    sizes: Sequence[Sequence[tuple[float, float]]],
    gap: float,
    window: tuple[float, float],
    first: Iterable[int] = (),
) -> list[tuple[int, tuple[float, float]] | None]:
    """Choose a text for the label of each area, and place it so that no two labels overlap.

    An area's first text is taken if it finds a place where it covers at most `LITTLE`, or else `HIDDEN`, of
    the box of any other area, else the next one, and the last of all wherever there is room.

    Args:
        outlines, gap, window, first: as in `place_labels`.
        sizes: of each area, the width and height of its texts, the best first; none for no label.

    Returns:
        for each area which of its texts and the label's centre (x, y), or None if there is no room.
    """
    centres: list[tuple[int, tuple[float, float]] | None] = [None] * len(outlines)
    areas = np.array([(*line.min(axis=0), *line.max(axis=0)) for line in outlines]).reshape(-1, 4)
    taken = np.full((len(outlines), 4), _NOWHERE)  # left, top, right, bottom
    count = 0
    for index in dict.fromkeys((*first, *range(len(outlines)))):
        others = np.delete(areas, index, axis=0)
        for text, size in enumerate(sizes[index]):
            free = [
                (centre, label)
                for centre in _candidates(outlines[index], size, gap, window)
                if _is_clear(label := _around(centre, size), taken[:count])
            ]
            if not free:
                continue
            covered = [_covered(label, others) for _, label in free]
            best = next(
                (
                    each
                    for most in (LITTLE, HIDDEN)
                    for each, part in zip(free, covered, strict=True)
                    if part <= most
                ),
                None,
            )
            if best is None and text < len(sizes[index]) - 1:
                continue
            centre, label = best or free[0]
            centres[index] = text, centre
            taken[count] = label
            count += 1
            break
    return centres


def _around(centre: tuple[float, float], size: tuple[float, float]) -> tuple[float, float, float, float]:
    (x, y), (width, tall) = centre, size
    return x - width / 2, y - tall / 2, x + width / 2, y + tall / 2


def _is_clear(label: tuple[float, float, float, float], boxes: NDArray[np.float64]) -> bool:
    left, top, right, bottom = label
    clear = (
        (boxes[:, 0] >= right + _APART)
        | (boxes[:, 2] <= left - _APART)
        | (boxes[:, 1] >= bottom + _APART)
        | (boxes[:, 3] <= top - _APART)
    )
    return bool(clear.all())


def _covered(label: tuple[float, float, float, float], areas: NDArray[np.float64]) -> float:
    """The largest share of an area's box that a label covers."""
    if not len(areas):
        return 0.0
    left, top, right, bottom = label
    wide = np.clip(np.minimum(areas[:, 2], right) - np.maximum(areas[:, 0], left), 0, None)
    high = np.clip(np.minimum(areas[:, 3], bottom) - np.maximum(areas[:, 1], top), 0, None)
    whole = np.maximum((areas[:, 2] - areas[:, 0]) * (areas[:, 3] - areas[:, 1]), 1e-9)
    return float((wide * high / whole).max())


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
