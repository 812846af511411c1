"""A widget that paints a picture and a layer over it, sharp on every screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from salviewer.app.state.viewport import View
from salviewer.app.viewer.cover import Cover
from salviewer.app.viewer.line_painting import paint
from salviewer.app.viewer.ornament import Ornament
from salviewer.app.workers.lines import Lines
from salviewer.app.workers.pyramid import Pyramid

_BLOCKS_FROM = 4.0  # scale from which single pixels are shown as blocks
_MARGIN = 16  # logical pixels around a fitted picture


class PaintedPicture(QWidget):
    """Paints a picture and the layer over it. It does not depend on models, maps or files."""

    view_changed = Signal()
    pictured = Signal()  # there is another picture, or none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(90, 120)  # two of them stand side by side on a stage
        self._ground = QColor("#808080")
        self._pyramid: Pyramid | None = None
        self._layer: QImage | None = None
        self._lines: tuple[Lines, ...] = ()
        self._ornaments: list[tuple[Ornament, bool]] = []  # with whether each belongs to the layer
        self.label_boxes: list[tuple[float, float, float, float]] = []  # painted by earlier ornaments
        self._cover: Cover | None = None
        self._cover_back: QPixmap | None = None  # like `_back`, for the cover's picture
        self._shown = True
        self._peeking = False
        self._view: View | None = None
        self._ratio = self.devicePixelRatioF()
        self._back: QPixmap | None = None  # background and picture in the window, in device pixels

    @property
    def view(self) -> View | None:
        """Place and scale of the picture; None without one."""
        return self._view

    @property
    def pyramid(self) -> Pyramid | None:
        """The picture."""
        return self._pyramid

    @property
    def cover(self) -> Cover | None:
        """The layer painted in place of a part of the picture."""
        return self._cover

    @property
    def layer(self) -> QImage | None:
        """The layer over the picture."""
        return self._layer

    @property
    def lines(self) -> tuple[Lines, ...]:
        """The lines over the layer."""
        return self._lines

    @property
    def layer_visible(self) -> bool:
        """Whether the layer is painted now."""
        return self._shown and not self._peeking and self._layer is not None

    def set_picture(self, pyramid: Pyramid | None) -> None:
        """Show another picture, fitted, without a layer."""
        self._pyramid = pyramid
        self._layer, self._lines = None, ()
        self.pictured.emit()
        self.set_view(None if pyramid is None else View.fit(pyramid.size, self._room(), self._margin()))

    def set_frame(self, pyramid: Pyramid) -> None:
        """Show the next frame of the same source; its place stays, and so does the layer until the next."""
        if self._pyramid is None or self._pyramid.size != pyramid.size:
            self.set_picture(pyramid)
            return
        self._pyramid = pyramid
        self._back = self._cover_back = None
        self.pictured.emit()
        self.update()

    def set_layer(self, layer: QImage | None, lines: tuple[Lines, ...] = ()) -> None:
        """Set an image of any resolution, and lines, over the whole picture."""
        self._layer, self._lines = layer, lines
        self.update()

    def add_ornament(self, ornament: Ornament, of_layer: bool = False) -> None:
        """Paint an ornament over picture, layer and earlier ornaments; call `update` after changing it.

        One `of_layer` belongs to the canvas's own layer: it is painted last, and not under a cover.
        """
        self._ornaments.append((ornament, of_layer))
        self.update()

    def set_cover(self, cover: Cover | None) -> None:
        """Paint something else over a part of the picture, or None."""
        before = self._cover
        if cover is None and before is None:
            return
        if cover is None or before is None or cover.pane.pyramid is not before.pane.pyramid:
            self._cover_back = None
        self._cover = cover
        self.update()

    def set_layer_shown(self, shown: bool) -> None:
        """Show or hide the layer."""
        self._shown = shown
        self.update()

    def set_ground(self, colour: QColor) -> None:
        """Set the colour around the picture."""
        self._ground = colour
        self._back = self._cover_back = None
        self.update()

    def fit(self) -> None:
        """Show the whole picture."""
        if self._view is not None:
            self.set_view(View.fit(self._view.picture, self._room(), self._margin()))

    def actual_size(self) -> None:
        """Show one pixel of the picture per device pixel."""
        if self._view is not None:
            self.set_view(self._view.actual())

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge around a point of the widget, by default its middle."""
        if self._view is not None:
            x, y = self._device(QPointF(self.width() / 2, self.height() / 2) if at is None else at)
            self.set_view(self._view.zoomed(factor, x, y))

    def pan(self, dx: float, dy: float) -> None:
        """Move by logical pixels."""
        if self._view is not None:
            self.set_view(self._view.panned(dx * self._ratio, dy * self._ratio))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size for looking at a photograph."""
        return QSize(860, 640)

    def peek(self, bare: bool) -> None:
        """Hide the layer for a moment."""
        self._peeking = bare
        self.update()

    def picture_rect(self) -> QRectF:
        """Return the picture's rectangle, in logical pixels of the widget; empty without a picture."""
        if self._view is None:
            return QRectF()
        view = self._view
        width, height = (side * view.scale / self._ratio for side in view.picture)
        return QRectF(view.left / self._ratio, view.top / self._ratio, width, height)

    def set_view(self, view: View | None) -> None:
        """Set place and scale, for two canvases that move together."""
        self._view = view
        self._back = self._cover_back = None
        self.update()
        self.view_changed.emit()

    def reveal(self, u: float, v: float) -> None:
        """Centre an enlarged picture on a place, in fractions of width and height."""
        view = self._view
        if view is not None and not view.fitted:
            x, y = view.to_window(u * view.picture[0], v * view.picture[1])
            self.set_view(view.panned(view.window[0] / 2 - x, view.window[1] / 2 - y))

    def follow(self, view: View) -> None:
        """Show the same place as another canvas; do nothing without a picture."""
        if self._pyramid is not None:
            self.set_view(view.linked(self._pyramid.size, self._room(), self._margin()))

    def _room(self) -> tuple[float, float]:
        return self.width() * self._ratio, self.height() * self._ratio

    def _margin(self) -> float:
        return _MARGIN * self._ratio

    def _device(self, point: QPointF) -> tuple[float, float]:
        return point.x() * self._ratio, point.y() * self._ratio

    def event(self, event: QEvent) -> bool:
        """Adapt to another screen."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            ratio = self.devicePixelRatioF()
            if self._view is not None:
                self.set_view(self._view.rescreened(ratio / self._ratio))
            self._ratio = ratio
            self._back = self._cover_back = None
            self.update()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit a fitted picture again; otherwise keep the middle."""
        self._ratio = self.devicePixelRatioF()
        if self._view is not None:
            self.set_view(self._view.resized(self._room(), self._margin()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture from a pixmap kept for this view, then the layer, scaled by the painter."""
        painter = QPainter(self)
        self.label_boxes.clear()
        if self._pyramid is None or self._view is None:
            painter.fillRect(self.rect(), self._ground)
        else:
            if self._back is None:
                self._back = self._backdrop(self._pyramid, self._view)
            painter.drawPixmap(0, 0, self._back)
            painter.scale(1 / self._ratio, 1 / self._ratio)
            cover = None if self._peeking else self._cover
            own = None if cover is None else cover.parts(self._view)[1]
            self._paint_over(painter, self._view, self._layer, self._lines, own)
            if cover is not None:
                self._paint_cover(painter, cover, self._view)
            pinned, others = (
                [o for o, is_pinned in self._ornaments if is_pinned is so] for so in (True, False)
            )
            self._paint_ornaments(painter, self._view, others)
            self._paint_ornaments(painter, self._view, pinned, own)
            if cover is not None:
                view = self._view_under(cover, self._view)
                self._paint_ornaments(painter, view, cover.pane.ornaments, cover.parts(self._view)[0])
        painter.end()

    def _paint_over(
        self,
        painter: QPainter,
        view: View,
        layer: QImage | None,
        lines: tuple[Lines, ...],
        within: QRectF | None,
    ) -> None:
        if layer is None or not self._shown or self._peeking or (within is not None and within.isEmpty()):
            return
        painter.save()
        if within is not None:
            painter.setClipRect(within)
        _draw(painter, layer, view, smooth=True)
        paint(painter, lines, view, self._ratio)
        painter.restore()

    def _paint_ornaments(
        self,
        painter: QPainter,
        view: View,
        ornaments: Sequence[Ornament],
        within: QRectF | None = None,
    ) -> None:
        for ornament in ornaments if not self._peeking else ():
            painter.save()
            if within is not None:
                painter.setClipRect(within)
            ornament.paint(painter, view, self._ratio)
            painter.restore()

    def _paint_cover(self, painter: QPainter, cover: Cover, own: View) -> None:
        part, pane = cover.parts(own)[0], cover.pane
        if part.isEmpty():
            return
        view = self._view_under(cover, own)
        if pane.pyramid is not None and view is not own:
            if self._cover_back is None:
                self._cover_back = self._backdrop(pane.pyramid, view)
            painter.drawPixmap(part, self._cover_back, part)
        self._paint_over(painter, view, pane.layer, pane.lines, part)

    def _view_under(self, cover: Cover, own: View) -> View:
        """Return the view of the cover's picture: ours, or another picture's linked to it."""
        pyramid = cover.pane.pyramid
        if pyramid is None or pyramid is self._pyramid:
            return own
        return own.linked(pyramid.size, own.window, own.margin)

    def _backdrop(self, pyramid: Pyramid, view: View) -> QPixmap:
        width, height = (math.ceil(side) for side in self._room())
        back = QPixmap(width, height)
        back.fill(self._ground)
        painter = QPainter(back)
        _draw(painter, pyramid.level(view.scale), view, smooth=view.scale < _BLOCKS_FROM)
        painter.end()
        back.setDevicePixelRatio(self._ratio)
        return back


def _draw(painter: QPainter, image: QImage, view: View, smooth: bool) -> None:
    """Draw the visible part of `image`, which covers the whole picture."""
    u0, v0, u1, v1 = view.visible()
    if u1 <= u0 or v1 <= v0:
        return
    across, down = image.width() / view.picture[0], image.height() / view.picture[1]
    left, right = max(math.floor(u0 * across) - 2, 0), min(math.ceil(u1 * across) + 2, image.width())
    top, bottom = max(math.floor(v0 * down) - 2, 0), min(math.ceil(v1 * down) + 2, image.height())
    x0, y0 = view.to_window(left / across, top / down)
    x1, y1 = view.to_window(right / across, bottom / down)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), image, QRectF(left, top, right - left, bottom - top))
