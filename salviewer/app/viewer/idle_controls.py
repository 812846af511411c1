"""Which display controls do nothing in a view, and why."""

from __future__ import annotations

from typing import Literal

from salviewer.core.postprocess import Normalisation
from salviewer.core.views import View

Control = Literal["colormap", "scale", "peak", "threshold", "outline", "opacity", "smoothing", "gamma"]

_HIDDEN = "The heatmap is not shown: show it first"


def idle(view: View, shown: bool, normalise: Normalisation) -> dict[Control, str]:
    """Say which controls change nothing on screen: each with the reason, one sentence without a full stop.

    Args:
        view: what is shown over the picture.
        shown: whether anything is; False for the picture alone.
        normalise: "fixed" when all pictures have one colour scale.
    """
    if not shown:
        controls: tuple[Control, ...] = (
            "colormap", "scale", "peak", "threshold", "outline", "opacity", "smoothing", "gamma",
        )  # fmt: skip
        return dict.fromkeys(controls, _HIDDEN)
    result: dict[Control, str] = {}
    match view:
        case "heatmap":
            result["opacity"] = "The heatmap alone is always opaque"
        case "focus":
            result["colormap"] = "The focus map has no colours of its own"
        case "contours":
            lines = "Contours are lines around shares of attention"
            result["opacity"] = f"{lines}, always opaque"
            result["gamma"] = f"{lines}, whatever gamma is"
            result["outline"] = "Contours always come with the outline of what the threshold shows"
    if normalise != "fixed":
        result.setdefault("peak", "Each picture has its own scale: choose the fixed one first")
    return result
