"""Compute the numbers behind a displayed map, for colour bar, histogram and cursor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.postprocess import PostprocessSettings, cut_field, smoothed
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cv2


@dataclass(frozen=True, slots=True)
class Reading:
    """One place of a map.

    Attributes:
        value: of the field, 0..1, as it is coloured.
        times: the smoothed density in multiples of the uniform density; not clipped.
        hidden: whether the threshold hides it.
    """

    value: float
    times: float
    hidden: bool


@dataclass(frozen=True, slots=True, eq=False)
class MapStatistics:
    """A smoothed and normalised map, with its scale.

    Attributes:
        field: (h, w), 0..1, nothing hidden.
        density: (h, w), smoothed, sums to 1.
        level: the field below which the map is hidden; infinite if all of it is.
        top: the density coloured as 1, in multiples of the uniform density.
    """

    field: NDArray[np.float32]
    density: NDArray[np.float32]
    level: float
    top: float

    def at(self, u: float, v: float) -> Reading:
        """Read the map at fractions `u` of the width and `v` of the height, interpolated as in the layer."""
        value = min(max(_bicubic(self.field, u, v), 0.0), 1.0)
        times = max(_bicubic(self.density, u, v) * self.density.size, 0.0)
        return Reading(value, times, value < self.level)

    def histogram(self, bins: int) -> NDArray[np.intp]:
        """Count the map's cells in each of `bins` equal parts of 0..1."""
        places = np.minimum(self.field * np.float32(bins), np.float32(bins - 1)).astype(np.intp)
        return np.bincount(places.ravel(), minlength=bins)

    def hidden_share(self, value: float) -> float:
        """Return the share of the map's area, 0..1, that a threshold at `value` of the field hides."""
        return float(np.count_nonzero(self.field < np.float32(value)) / self.field.size)


def measure(saliency: SaliencyMap, settings: PostprocessSettings) -> MapStatistics:
    """Compute the statistics of a map under the given settings."""
    density = smoothed(saliency, settings.sigma)
    field, level = cut_field(saliency, settings)
    top = settings.fixed_peak if settings.normalise == "fixed" else float(density.max()) * density.size
    return MapStatistics(field, density, level, top)


def _bicubic(array: NDArray[np.float32], u: float, v: float) -> float:
    height, width = array.shape
    x, y = (np.full((1, 1), place, np.float32) for place in (u * width - 0.5, v * height - 0.5))
    found = cv2.remap(array, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return float(found[0, 0])
