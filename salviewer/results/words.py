"""Format numbers and settings as text for a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from salviewer.core.hotspots import HotspotSettings
from salviewer.core.iso_lines import mass_level
from salviewer.core.map_statistics import MapStatistics
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.core.views import VIEWS
from salviewer.texts import mark, worded

_MONTHS = [
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
]  # of the report's language, not of the process


def view_title(kind: str) -> str:
    """Return a caption for a picture of this kind, one of `order.kinds`."""
    return worded("The picture") if kind == "picture" else worded(VIEWS[kind].title)


def percent(share: float) -> str:
    """Format 0.1234 as "12.3 %"."""
    return f"{100 * share:.1f} %"


def times(value: float) -> str:
    """Format 3.21 as "3.2×"."""
    return f"{value:.1f}×" if value < 99.95 else f"{value:.0f}×"


def day(when: date) -> str:
    """Format a date like 3 May 2026."""
    month = worded(_MONTHS[when.month - 1])
    return worded("{day} {month} {year}", day=when.day, month=month, year=when.year)


def concentration(density: NDArray[np.float32]) -> str:
    """Return how much of the picture holds half of the attention."""
    area = float((density >= mass_level(density, 0.5)).mean())
    return worded(
        "Half of the predicted attention falls on {share} % of the picture.", share=f"{100 * area:.2g}"
    )


def smoothing(settings: PostprocessSettings) -> str:
    """Describe the smoothing."""
    if not settings.sigma:
        return worded("none")
    return worded("{share} % of the width", share=f"{100 * settings.sigma:.3g}")


def threshold(cut: Threshold) -> str:
    """Describe the threshold."""
    if cut.value == 0:
        return worded("the whole map")
    if cut.kind == "percentile":
        return worded("the hottest {share} % of the area", share=f"{100 - cut.value:.3g}")
    return worded("values from {value} on", value=f"{cut.value:.2g}")


def scale(settings: PostprocessSettings, measured: MapStatistics) -> str:
    """Describe what the hottest colour stands for."""
    if settings.normalise == "fixed":
        return worded("fixed, up to {times} the average", times=times(measured.top))
    return worded("of this picture, up to {times} the average", times=times(measured.top))


def colours(style: OverlayStyle) -> str:
    """Describe colormap, opacity, and gamma if it is not 1."""
    gamma = "" if style.gamma == 1 else f", gamma {style.gamma:.2g}"
    opacity = f"{100 * style.opacity:.0f}"
    return worded("{colormap}, {opacity} % opaque", colormap=style.colormap, opacity=opacity) + gamma


def spots(wanted: HotspotSettings) -> str:
    """Describe how hotspots are found."""
    return worded("radius {share} % of the width", share=f"{100 * wanted.radius:.3g}")


def names(items: Sequence[str], most: int = 3) -> str:
    """Join names for a sentence: "a, b and 2 more"; names after the first `most` are counted."""
    more = len(items) - most
    named = ", ".join(items[:most])
    return worded("{names} and {count} more", names=named, count=more) if more > 0 else named
