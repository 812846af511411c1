"""A long page's map: each screen is seen by itself, as a user sees it, and the screens are weighed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from salviewer.core.saliency_map import SaliencyMap

Predict = Callable[[NDArray[np.uint8]], SaliencyMap]


def predict_in_screens(predict: Predict, pixels: NDArray[np.uint8], rows: int) -> SaliencyMap:
    """Predict a picture of a page that is longer than a screen.

    The network sees each screen by itself, at its best resolution. The last one is seen as the browser shows
    it at the end of the page, and only its new part counts. How much of the whole each screen gets comes
    from one more look at the whole page, made as small as a picture: a coarse number.

    Args:
        predict: the network.
        pixels: uint8 (H, W, 3).
        rows: of one screen, in pixels of the picture; 0 for a picture that is none of a page.

    Returns:
        a map over the whole picture, about as many cells for each screen as the network gives one picture.
    """
    height, width = pixels.shape[:2]
    if rows <= 0 or height <= rows:
        return predict(pixels)
    whole = predict(pixels)
    parts, taken = [], whole.milliseconds
    for top, bottom in pairwise(_edges(height, rows)):
        above, below = _seen(top, bottom, height, rows)
        seen = predict(np.ascontiguousarray(pixels[above:below]))
        taken += seen.milliseconds
        cells = seen.density.shape[0]
        first = round(cells * (top - above) / (below - above))
        part = seen.density[min(first, cells - 1) :].astype(np.float64)
        weight = _share(whole.density, top / height, bottom / height)
        parts.append(part * (weight / max(float(part.sum()), 1e-12)))
    rows_of_cells = np.concatenate(parts)
    return replace(
        whole, density=rows_of_cells.astype(np.float32), source_size=(width, height), milliseconds=taken
    )


def screen_at(height: int, rows: int, y: float) -> tuple[int, int]:
    """Return the rows of the picture that the network sees when it predicts a place.

    Args:
        height: of the picture.
        rows: as in `predict_in_screens`.
        y: of the place, 0..1 of the height.

    Returns:
        (first, last + 1); the whole picture for one that is no longer than a screen.
    """
    if rows <= 0 or height <= rows:
        return 0, height
    screens = list(pairwise(_edges(height, rows)))
    top, bottom = next((each for each in screens if y * height < each[1]), screens[-1])
    return _seen(top, bottom, height, rows)


def _edges(height: int, rows: int) -> list[int]:
    """Return where screens begin, and the end of the page."""
    edges = [*range(0, height, rows), height]
    if edges[-1] - edges[-2] < max(1, rows // 50):  # a sliver belongs to the screen before
        del edges[-2]
    return edges


def _seen(top: int, bottom: int, height: int, rows: int) -> tuple[int, int]:
    """Return the rows that are seen with a screen: the last one as at the end of the page."""
    above = max(0, min(top, height - rows))
    return above, above + max(rows, bottom - top)


def _share(density: NDArray[np.float32], top: float, bottom: float) -> float:
    """Return the share of a map's rows between two heights, 0..1; cells that are cut count in part."""
    sums = np.concatenate([[0.0], np.cumsum(density.sum(axis=1, dtype=np.float64))])
    places = np.arange(len(sums)) / (len(sums) - 1)
    return float(np.interp(bottom, places, sums) - np.interp(top, places, sums))
