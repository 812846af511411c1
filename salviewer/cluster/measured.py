"""Measurements of a picture on a cluster, as a row of their table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.cluster.parts import DONE, Row
from salviewer.core.areas import Area, measure
from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings, smoothed
from salviewer.core.saliency_map import SaliencyMap


def entropy(density: NDArray[np.floating[Any]]) -> float:
    """Return the Shannon entropy of a density (h, w) that sums to 1, in bits: 0..log2(h w).

    C. E. Shannon, "A mathematical theory of communication", 1948.
    """
    values = density[density > 0].astype(np.float64)
    return float(-(values * np.log2(values)).sum())


def row_of(
    picture: str,
    saliency: SaliencyMap,
    settings: PostprocessSettings,
    spots: HotspotSettings,
    areas: tuple[Area, ...] = (),
    files: tuple[str, ...] = (),
    note: str = "",
) -> Row:
    """Measure a map.

    Returns:
        the columns of `parts.schema`: size in pixels; peak, the hottest cell of the smoothed map in
        multiples of the average; entropy of the network's own map in bits; hotspots and areas with their
        shares in 0..1.
    """
    found = find_hotspots(saliency, spots, settings)
    scores = measure(saliency, areas, settings) if areas else ()
    width, height = saliency.source_size
    hottest = float(smoothed(saliency, settings.sigma).max()) * saliency.density.size
    return {
        "picture": picture,
        "status": DONE,
        "error": "",
        "note": note,
        "files": list(files),
        "width": width,
        "height": height,
        "peak": round(hottest, 6),
        "entropy": round(entropy(saliency.density), 6),
        "hotspots": [
            {
                "number": spot.number,
                "x": round(spot.x, 1),
                "y": round(spot.y, 1),
                "share": round(spot.share, 6),
                "peak": round(spot.peak, 6),
            }
            for spot in found
        ],
        "areas": [
            {"name": score.area.name, "size": round(score.size, 6), "share": round(score.share, 6)}
            for score in scores
        ],
        "model": saliency.model,
    }


def failed_row(picture: str, status: str, error: str) -> Row:
    """Return the row of a picture that failed: `status` is "failed" or "again", `error` a sentence."""
    empty: dict[str, Any] = dict.fromkeys(("width", "height", "peak", "entropy"))
    return {
        "picture": picture,
        "status": status,
        "error": error,
        "note": "",
        "files": [],
        **empty,
        "hotspots": [],
        "areas": [],
        "model": "",
    }
