"""Compare two predictions: two designs with one model, or one picture with two models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.core.lookup_tables import STEPS, alphas, steps
from salviewer.core.metrics import cc, kl, sim
from salviewer.core.postprocess import PostprocessSettings, smooth
from salviewer.core.render import OverlayStyle, layer_size, overlay
from salviewer.core.saliency_map import SaliencyMap
from salviewer.first_use import cmap, cv2

_COLOURS = "matplotlib:coolwarm"  # blue, grey, red; lightness falls evenly to both sides (Moreland 2009)
_PALE = 0.4  # share of the way to either end whose colours are too pale to distinguish; left out


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Differences of the second map from the first.

    Attributes:
        difference: float32, (h, w): second minus first, smoothed, in multiples of the uniform density, so
            difference: float32, (h, w): second minus first, smoothed, in multiples of the uniform density, so
                that its mean is 0; on the finer of the two grids. Read-only.
            cc: linear correlation, -1..1.
            sim: the attention that both share, 0..1; 1 - sim has moved.
            kl_first: nats, >= 0: how badly the first predicts the second (`metrics.kl(first, second)`).
    """

    difference: NDArray[np.float32]
    cc: float
    sim: float
    kl_first: float
    kl_second: float


def compare(
    first: SaliencyMap, second: SaliencyMap, settings: PostprocessSettings | None = None
) -> Comparison:
    """Compare two maps place by place.

    Places are matched by their fractions of width and height, whatever the pictures' sizes; a design of
    another aspect ratio is stretched onto the other.

    Args:
        first, second: the predictions.
        settings: sigma smooths the difference (each map on its own picture); the defaults if None. The
            numbers compare the networks' own densities.
    """
    sigma = (settings or PostprocessSettings()).sigma
    rows = max(first.density.shape[0], second.density.shape[0])
    columns = max(first.density.shape[1], second.density.shape[1])
    a, b = (resample(each.density, (rows, columns)) for each in (first, second))
    smooth_a, smooth_b = (
        resample(smooth(each.density, sigma, each.source_size), (rows, columns)) for each in (first, second)
    )
    difference = ((smooth_b - smooth_a) * (rows * columns)).astype(np.float32)
    difference.setflags(write=False)
    # Regularised, the divergence of a map from itself is a little below 0
    there, back = (max(0.0, kl(one, other)) for one, other in ((a, b), (b, a)))
    return Comparison(difference, cc(a, b), sim(a, b), there, back)


def resample(density: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Resample a density to another grid by area; attention is assumed even within each old cell.

    Args:
        density: (h, w), sums to 1.
        shape: (rows, columns).

    Returns:
        float64, shape, the same sum.
    """
    if density.shape == shape:
        return density.astype(np.float64)
    rows, columns = (shares_of_cells(old, new) for old, new in zip(density.shape, shape, strict=True))
    moved: NDArray[np.float64] = rows @ density.astype(np.float64) @ columns.T
    return moved


def difference_layer(
    comparison: Comparison,
    source_size: tuple[int, int],
    style: OverlayStyle | None = None,
    peak: float | None = None,
) -> NDArray[np.uint8]:
    """Colour the difference, for `render.overlay` to stretch over the picture.

    Red where the second map is higher, blue where the first is, clear where they agree. Opacity grows with
    the difference as in a heatmap.

    Args:
        comparison: what to show.
        source_size: (width, height) of the picture under it.
        style: its opacity and fade; the defaults if None.
        peak: the difference shown in full colour, in multiples of the uniform density, > 0; None for the
            largest difference.

    Returns:
        uint8, (h, w, 4), straight-alpha RGBA, of `layer_size`.

    Raises:
        ValueError: the peak is not positive.
    """
    style = style or OverlayStyle()
    largest = float(np.abs(comparison.difference).max()) if peak is None else peak
    if peak is not None and not peak > 0:
        raise ValueError(f"the difference shown in full colour is positive, not {peak:g}")
    signed = comparison.difference / largest if largest > 1e-6 else np.zeros_like(comparison.difference)
    field = np.clip((signed + 1) / 2, 0, 1).astype(np.float32)
    table = _table(style)
    words = np.take(table, steps(field, layer_size(field.shape, source_size)), mode="clip")
    return words.view(np.uint8).reshape(*words.shape, 4)


def draw_difference(
    pixels: NDArray[np.uint8],
    comparison: Comparison,
    style: OverlayStyle | None = None,
    peak: float | None = None,
) -> NDArray[np.uint8]:
    """Draw `difference_layer` over the picture in grey, whose own colours would mislead: uint8, (H, W, 3)."""
    size = (pixels.shape[1], pixels.shape[0])
    grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return overlay(np.asarray(grey, np.uint8), difference_layer(comparison, size, style, peak))


def difference_colours() -> NDArray[np.float64]:
    """Return the colours of -1..1 times the peak: (STEPS, 3) sRGB in 0..1, without alpha."""
    signed = np.linspace(-1, 1, STEPS)
    place = 0.5 + np.sign(signed) * (_PALE + (1 - _PALE) * np.abs(signed)) / 2
    colours: NDArray[np.float64] = np.asarray(cmap.Colormap(_COLOURS)(place), np.float64)[:, :3]
    return colours


def _table(style: OverlayStyle) -> NDArray[np.uint32]:
    """Return the table from -1..1 in `STEPS` to straight-alpha RGBA, four bytes packed into one word."""
    rgba = np.empty((STEPS, 4))
    rgba[:, :3] = difference_colours()
    rgba[:, 3] = alphas(np.abs(np.linspace(-1, 1, STEPS)), style.opacity, style.fade or 1 / STEPS, 0)
    return np.rint(rgba * 255).astype(np.uint8).view(np.uint32)[:, 0]


def shares_of_cells(old: int, new: int, span: tuple[float, float] = (0.0, 1.0)) -> NDArray[np.float64]:
    """Return how much of each old cell is in each new one: (new, old).

    Args:
        old, new: how many cells there are along one side.
        span: the part of the old side that the new cells divide, in 0..1; what lies outside is lost. Of the
            whole side the columns sum to 1.
    """
    edges = np.arange(old + 1) / old
    cuts = span[0] + (span[1] - span[0]) * np.arange(new + 1) / new
    low = np.maximum(cuts[:-1, None], edges[None, :-1])
    high = np.minimum(cuts[1:, None], edges[None, 1:])
    shares: NDArray[np.float64] = np.maximum(high - low, 0) * old
    return shares
