"""Convert a density to the displayed field: smooth, normalise, threshold. Runs no network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from salviewer.core.saliency_map import SaliencyMap

ThresholdKind = Literal["percentile", "absolute"]
Normalisation = Literal["peak", "fixed"]

SIGMA_LIMIT = 0.25
FIXED_PEAK_LIMITS = (1.0, 10_000.0)


@dataclass(frozen=True, slots=True)
class Threshold:
    """The part of a map that is shown.

    Attributes:
        kind: ``"percentile"`` hides that many percent of the map's cells, the coldest first;
            ``"absolute"`` hides values of the normalised field below it.
        value: 0..100 for a percentile, 0..1 for an absolute level. At 0 either kind hides nothing.

    Raises:
        ValueError: an unknown kind, or a value outside its range.
    """

    kind: ThresholdKind = "percentile"
    value: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(ThresholdKind):
            raise ValueError(f"threshold kind is 'percentile' or 'absolute', not {self.kind!r}")
        top = 100 if self.kind == "percentile" else 1
        if not 0 <= self.value <= top:
            raise ValueError(f"a threshold of kind {self.kind} lies in 0..{top}, not {self.value:g}")

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Parse ``"0.3"`` (absolute), ``"p75"`` or ``"75%"`` (percentile).

        Raises:
            ValueError: the text is invalid; one sentence names it and the accepted forms.
        """
        word = text.strip().lower()
        kind: ThresholdKind = "absolute"
        number = word
        if word.startswith("p"):
            kind, number = "percentile", word[1:]
        elif word.endswith("%"):
            kind, number = "percentile", word[:-1]
        try:
            value = float(number)
        except ValueError:
            raise ValueError(
                f"a threshold is a level such as 0.3 or a percentile such as p75 or 75%, not {text!r}"
            ) from None
        if kind == "absolute" and 1 < value <= 100:
            raise ValueError(
                f"an absolute threshold lies in 0..1, not {number}; a percentile is written p{number}"
            )
        return cls(kind, value)

    def __str__(self) -> str:
        """Return the text that `parse` turns into an equal threshold."""
        number = repr(float(self.value)).removesuffix(".0")
        return f"p{number}" if self.kind == "percentile" else number


@dataclass(frozen=True, slots=True)
class PostprocessSettings:
    """Settings to turn a density into the field that is shown.

    Attributes:
        sigma: standard deviation of the Gaussian smoothing in fractions of the picture's width, 0..0.25;
            0 shows the network's own map.
        threshold: the part that is shown.
        normalise: ``"peak"`` divides by the map's maximum, so the hottest spot of each picture is 1;
            ``"fixed"`` uses one scale for every picture, so that pictures can be compared.
        fixed_peak: for ``"fixed"``, the density shown as 1, in multiples of the uniform density, 1..10000.

    Raises:
        ValueError: a value outside its range.
    """

    sigma: float = 0.02
    threshold: Threshold = Threshold()
    normalise: Normalisation = "peak"
    fixed_peak: float = 20.0

    def __post_init__(self) -> None:
        if not 0 <= self.sigma <= SIGMA_LIMIT:
            raise ValueError(f"smoothing lies in 0..{SIGMA_LIMIT} of the picture's width, not {self.sigma:g}")
        if self.normalise not in get_args(Normalisation):
            raise ValueError(f"normalisation is 'peak' or 'fixed', not {self.normalise!r}")
        low, high = FIXED_PEAK_LIMITS
        if not low <= self.fixed_peak <= high:
            raise ValueError(
                f"a fixed peak lies in {low:g}..{high:g} times the uniform density, not {self.fixed_peak:g}"
            )


@lru_cache(maxsize=8)
def _gaussian_operator(cells: int, sigma: float) -> NDArray[np.float32]:
    """Return a Gaussian mirrored at both borders: (cells, cells), symmetric, rows and columns sum to 1."""
    sigma = min(sigma, 2.0 * cells)  # a wider one is flat to 1e-8, and very wide for narrow pictures
    period = 2 * cells
    lag = np.arange(period)
    wraps = np.arange(-6, 7)[:, None] * period
    kernel = np.exp(-0.5 * ((lag + wraps) / sigma) ** 2).sum(axis=0)
    kernel[kernel < 1e-12 * kernel.max()] = 0  # subnormal numbers make the product ten times slower
    kernel /= kernel.sum()
    lags = np.concatenate([kernel[cells - 1 : 0 : -1], kernel[:cells]])  # from 1 - cells to cells - 1
    direct = sliding_window_view(lags, cells)[::-1]  # (i, j): the kernel at i - j
    mirrored = sliding_window_view(kernel[1:], cells)  # (i, j): at i + j + 1
    operator: NDArray[np.float32] = (direct + mirrored).astype(np.float32)
    operator.setflags(write=False)
    return operator


def smooth(density: NDArray[np.float32], sigma: float, source_size: tuple[int, int]) -> NDArray[np.float32]:
    """Smooth with a Gaussian that is round on the picture, although the map is stretched over it.

    The map continues beyond each border as its mirror image (the border cell repeated): the operator is
    doubly stochastic, so no mass is lost or piled up at a border, a uniform density stays uniform, and no
    value rises above the old maximum. The time does not depend on sigma.

    Args:
        density: float32, (h, w), non-negative, sums to 1.
        sigma: standard deviation in fractions of the picture's width, >= 0. 0 returns `density` itself.
        source_size: (width, height) of the picture in pixels.

    Returns:
        float32, (h, w), non-negative, sums to 1.

    Raises:
        ValueError: sigma is negative or not finite.
    """
    if not (np.isfinite(sigma) and sigma >= 0):
        raise ValueError(f"smoothing is a finite fraction of the picture's width from 0 on, not {sigma:g}")
    if sigma == 0:
        return density
    height, width = density.shape
    picture_width, picture_height = source_size
    columns = _gaussian_operator(width, sigma * width)
    rows = _gaussian_operator(height, sigma * picture_width * height / picture_height)
    smoothed: NDArray[np.float32] = rows @ density.astype(np.float32, copy=False) @ columns
    smoothed /= np.float32(smoothed.sum(dtype=np.float64))
    return smoothed


@lru_cache(maxsize=2)
def smoothed(saliency: SaliencyMap, sigma: float) -> NDArray[np.float32]:
    """Return `smooth` of a map, read-only. The last two are cached, so only a new sigma costs time."""
    density = smooth(saliency.density, sigma, saliency.source_size)
    density.setflags(write=False)
    return density


def normalised_field(saliency: SaliencyMap, settings: PostprocessSettings) -> NDArray[np.float32]:
    """Smooth and normalise, hiding nothing yet: float32, (h, w), 0..1, read-only.

    With ``normalise="peak"`` the maximum is exactly 1, also for a uniform map, which is 1 everywhere. The
    last two are cached, so a new threshold costs nothing.
    """
    return _field(saliency, settings.sigma, settings.normalise, settings.fixed_peak)


@lru_cache(maxsize=2)
def _field(
    saliency: SaliencyMap, sigma: float, normalise: Normalisation, fixed_peak: float
) -> NDArray[np.float32]:
    density = smoothed(saliency, sigma)
    if normalise == "peak":
        field: NDArray[np.float32] = density / density.max()
    else:
        field = np.minimum(density * np.float32(density.size / fixed_peak), np.float32(1))
    field.setflags(write=False)
    return field


def threshold_level(field: NDArray[np.float32], threshold: Threshold) -> float:
    """Return the value below which `field` is hidden.

    A percentile p hides the coldest ``round(p / 100 * cells)`` cells. Cells equal to the coldest visible one
    stay visible, so a plateau is never cut. At p = 100 nothing is visible: the level is infinite.
    """
    if threshold.kind == "absolute":
        return threshold.value
    hidden = round(threshold.value / 100 * field.size)
    if hidden == 0:
        return 0.0
    if hidden == field.size:
        return float("inf")
    return float(np.partition(field, hidden, axis=None)[hidden])


@lru_cache(maxsize=2)
def cut_field(saliency: SaliencyMap, settings: PostprocessSettings) -> tuple[NDArray[np.float32], float]:
    """Return `normalised_field` and its `threshold_level`; the last two are cached."""
    field = normalised_field(saliency, settings)
    return field, threshold_level(field, settings.threshold)


def postprocess(saliency: SaliencyMap, settings: PostprocessSettings) -> NDArray[np.float32]:
    """Compute the displayed field: smoothed, normalised, and 0 below the threshold.

    Returns:
        float32, (h, w) as the map, 0..1. A threshold of 0 hides nothing.
    """
    field, level = cut_field(saliency, settings)
    return np.where(field >= level, field, np.float32(0)) if level > 0 else field


def shown_density(saliency: SaliencyMap, settings: PostprocessSettings) -> NDArray[np.float32]:
    """Compute the map for files: in the network's units, smoothed, 0 where the threshold hides it.

    Its sum is the share of all fixations that falls on the visible part. With sigma 0 and threshold 0 it is
    the network's own density.

    Returns:
        float32 (h, w), non-negative, sums to at most 1.
    """
    density = smooth(saliency.density, settings.sigma, saliency.source_size)
    field, level = cut_field(saliency, settings)
    return np.where(field >= level, density, np.float32(0)) if level > 0 else density
