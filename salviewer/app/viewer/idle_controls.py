"""Find display controls without effect in a view, and why."""

from __future__ import annotations

from typing import Literal

from salviewer.app.translation import mark, tr
from salviewer.core.postprocess import Normalisation
from salviewer.core.views import View

Control = Literal["colormap", "scale", "peak", "threshold", "outline", "opacity", "smoothing", "gamma"]

_HIDDEN = mark("The heatmap is not shown: show it first")


def idle(view: View, shown: bool, normalise: Normalisation) -> dict[Control, str]:
    """Return the controls without effect, each with the reason: a sentence without a full stop.

    Args:
        view: the view over the picture.
        shown: whether the view is shown; False for the picture alone.
        normalise: "fixed" if all pictures have one colour scale.
    """
    if not shown:
        controls: tuple[Control, ...] = (
            "colormap", "scale", "peak", "threshold", "outline", "opacity", "smoothing", "gamma",
        )  # fmt: skip
        return dict.fromkeys(controls, tr(_HIDDEN))
    result: dict[Control, str] = {}
    match view:
        case "heatmap":
            result["opacity"] = tr("The heatmap alone is always opaque")
        case "focus":
            result["colormap"] = tr("The focus map has no colours of its own")
        case "contours":
            result["opacity"] = tr("Contours are lines around shares of attention, always opaque")
            result["gamma"] = tr("Contours are lines around shares of attention, whatever gamma is")
            result["outline"] = tr("Contours always come with the outline of what the threshold shows")
    if normalise != "fixed":
        result.setdefault("peak", tr("Each picture has its own scale: choose the fixed one first"))
    return result
