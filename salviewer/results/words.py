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

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]  # English, whatever the language of the process


def view_title(kind: str) -> str:
    """Return a caption for a picture of this kind, one of `order.kinds`."""
    return "The picture" if kind == "picture" else VIEWS[kind].title


def percent(share: float) -> str:
    """Format 0.1234 as "12.3 %"."""
    return f"{100 * share:.1f} %"


def times(value: float) -> str:
    """Format 3.21 as "3.2×"."""
    return f"{value:.1f}×" if value < 99.95 else f"{value:.0f}×"


def day(when: date) -> str:
    """Format a date like 3 May 2026."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def concentration(density: NDArray[np.float32]) -> str:
    """Return how much of the picture holds half of the attention."""
    area = float((density >= mass_level(density, 0.5)).mean())
    return f"Half of the predicted attention falls on {100 * area:.2g} % of the picture."


def smoothing(settings: PostprocessSettings) -> str:
    """Describe the smoothing."""
    return f"{100 * settings.sigma:.3g} % of the width" if settings.sigma else "none"


def threshold(cut: Threshold) -> str:
    """Describe the threshold."""
    if cut.value == 0:
        return "the whole map"
    if cut.kind == "percentile":
        return f"the hottest {100 - cut.value:.3g} % of the area"
    return f"values from {cut.value:.2g} on"


def scale(settings: PostprocessSettings, measured: MapStatistics) -> str:
    """Describe what the hottest colour stands for."""
    kind = "fixed" if settings.normalise == "fixed" else "of this picture"
    return f"{kind}, up to {times(measured.top)} the average"


def colours(style: OverlayStyle) -> str:
    """Describe colormap, opacity, and gamma if it is not 1."""
    gamma = "" if style.gamma == 1 else f", gamma {style.gamma:.2g}"
    return f"{style.colormap}, {100 * style.opacity:.0f} % opaque{gamma}"


def spots(wanted: HotspotSettings) -> str:
    """Describe how hotspots are found."""
    return f"radius {100 * wanted.radius:.3g} % of the width"


def names(items: Sequence[str], most: int = 3) -> str:
    """Join names for a sentence: "a, b and 2 more"; names after the first `most` are counted."""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" and {more} more" if more > 0 else "")
