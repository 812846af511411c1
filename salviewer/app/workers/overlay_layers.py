"""A map as drawn: the layer with statistics and lines, and its settings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from salviewer.app.workers.lines import Lines
from salviewer.core.map_statistics import MapStatistics
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.views import VIEWS, View

_NO_PIXELS = np.zeros((0, 0, 3), np.uint8)  # for layers that do not need them


@dataclass(frozen=True, slots=True, eq=False)
class OverlayLayer:
    """A map as shown now.

    Attributes:
        image: the layer over the picture.
        measured: statistics of the map.
        lines: lines over the layer.
    """

    image: QImage
    measured: MapStatistics
    lines: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """Appearance of a map.

    Attributes:
        settings, style: numbers and colours.
        view: one of `core.views.canvas_views`.
        outline: whether the threshold's border is drawn.
    """

    settings: PostprocessSettings = field(default_factory=PostprocessSettings)
    style: OverlayStyle = field(default_factory=OverlayStyle)
    view: View = "overlay"
    outline: bool = False

    @property
    def lined(self) -> bool:
        """Whether lines are drawn, whose cost depends on the map."""
        spec = VIEWS[self.view]
        return self.outline or spec.outlined or spec.lines is not None


def to_image(layer: NDArray[np.uint8]) -> QImage:
    """Return RGB or straight-alpha RGBA as a premultiplied image with its own memory, as painters need it."""
    height, width, channels = layer.shape
    layer = np.ascontiguousarray(layer)
    form = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
    shared = QImage(layer.data, width, height, channels * width, form)
    return shared.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
