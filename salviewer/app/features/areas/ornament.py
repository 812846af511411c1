"""Paint areas over the picture: outlines, labels, and the handles of the selected one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from salviewer.app.viewer.lettering import draw_plate, set_lettering
from salviewer.core.area_drawing import area_colour
from salviewer.core.area_labels import Labels, area_texts, place_texts
from salviewer.core.area_shapes import box
from salviewer.core.areas import Area, AreaScore, Ellipse
from salviewer.core.text_drawing import DARK, SHADOW

if TYPE_CHECKING:
    from salviewer.app.features.areas.tool import AreaTool
    from salviewer.app.state.areas import AreaStore
    from salviewer.app.state.viewport import View

_RIM, _HALO = QColor(*DARK), QColor(255, 255, 255, 190)
_LINE, _CHOSEN = 1.6, 2.6  # logical pixels: a line, a selected one
_LETTERS, _PLATE, _GAP = 11, 17, 3
_HANDLE = 8


class AreaOrnament:
    """Paints the areas and the tool's drawing; nothing while `shown` is off.

    Args:
        areas: the areas to paint.
        score: returns the newest score of an area, for its label.
        tool: gives the handles and the half-drawn polygon.
        boxes: gets left, top, right and bottom of each label that is painted, for others to avoid.
    """

    def __init__(
        self,
        areas: AreaStore,
        score: Callable[[Area], AreaScore | None],
        tool: AreaTool,
        boxes: list[tuple[float, float, float, float]] | None = None,
    ) -> None:
        self._areas, self._score, self._tool = areas, score, tool
        self._boxes = [] if boxes is None else boxes
        self.shown = True
        self.labels: Labels = "both"
        self.suggested: Sequence[Area] = ()

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if not self.shown:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = view.picture
        place = QTransform(width * view.scale, 0, 0, height * view.scale, view.left, view.top)
        areas, selection = self._areas.all, self._areas.selection
        for number, area in enumerate(areas):
            wide = _CHOSEN if area.id in selection else _LINE
            _stroke(painter, place.map(_path(area)), QColor(*area_colour(area, number)), wide, ratio)
        for area in self.suggested:
            shape = place.map(_path(area))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for ink, wide, style in (
                (_HALO, 2.4, Qt.PenStyle.SolidLine),
                (_RIM, 1.2, Qt.PenStyle.DashLine),
            ):
                painter.setPen(QPen(ink, wide * ratio, style))
                painter.drawPath(shape)
        if self.labels != "off":
            self._paint_labels(painter, view, ratio)
        selected = self._areas.selected
        if len(selected) == 1 and isinstance(selected[0], Ellipse):
            _frame(painter, place, selected[0], ratio)
        for handle in self._tool.handles():
            _grip(painter, place.map(QPointF(handle.x, handle.y)), handle.vertex >= 0, ratio)
        self._draft(painter, place, ratio)

    def _paint_labels(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint the labels for which there is room, those of selected areas first."""
        areas, selection = self._areas.all, self._areas.selection
        set_lettering(painter, _LETTERS * ratio)
        metrics, wide, tall = painter.fontMetrics(), 12 * ratio, _PLATE * ratio
        texts: list[tuple[str, ...]] = []
        outlines = []
        for area in areas:
            score = self._score(area)
            each = area_texts(area, None if score is None else score.share, self.labels)
            outline = area.outline() * view.picture * view.scale + (view.left, view.top)
            outside = outline.max(axis=0).min() < 0 or (outline.min(axis=0) > view.window).any()
            texts.append(() if outside else each)
            outlines.append(outline)
        sizes = [[(metrics.horizontalAdvance(text) + wide, tall) for text in each] for each in texts]
        chosen = [number for number, area in enumerate(areas) if area.id in selection]
        placed = place_texts(outlines, sizes, _GAP * ratio, view.window, chosen)
        for number, found in enumerate(placed):
            if found is None:
                continue
            text, size, centre = texts[number][found[0]], sizes[number][found[0]], found[1]
            fill = QColor(*area_colour(areas[number], number))
            draw_plate(painter, text, centre, size, fill, _RIM, ratio)
            (x, y), (across, high) = centre, size
            self._boxes.append((x - across / 2, y - high / 2, x + across / 2, y + high / 2))

    def _draft(self, painter: QPainter, place: QTransform, ratio: float) -> None:
        points = self._tool.draft
        if not points:
            return
        line = [place.map(QPointF(*point)) for point in points]
        path = QPainterPath()
        path.addPolygon(QPolygonF(line))
        _stroke(painter, path, QColor("white"), _LINE, ratio)
        for index, at in enumerate(line[:-1]):
            _grip(painter, at, True, ratio, accent=index == 0)


def _path(area: Area) -> QPainterPath:
    path = QPainterPath()
    if isinstance(area, Ellipse):
        path.addEllipse(QPointF(area.x, area.y), area.radius_x, area.radius_y)
    else:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in area.outline().tolist()]))
        path.closeSubpath()
    return path


def _stroke(painter: QPainter, path: QPainterPath, colour: QColor, wide: float, ratio: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    shadows = [(QColor(*DARK, cover), factor * wide) for factor, cover in SHADOW]
    for ink, width in (*shadows, (colour, wide)):
        pen = QPen(ink, width * ratio)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPath(path)


def _frame(painter: QPainter, place: QTransform, area: Area, ratio: float) -> None:
    """Draw an ellipse's bounding box, whose corners are its handles."""
    left, top, right, bottom = box(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, line in ((_RIM, Qt.PenStyle.SolidLine), (QColor("white"), Qt.PenStyle.DashLine)):
        painter.setPen(QPen(ink, ratio, line))
        painter.drawRect(place.mapRect(QRectF(left, top, right - left, bottom - top)))


def _grip(painter: QPainter, at: QPointF, dot: bool, ratio: float, accent: bool = False) -> None:
    painter.setPen(QPen(_RIM, 1.4 * ratio))
    painter.setBrush(QColor(*DARK) if accent else QColor("white"))
    half = _HANDLE * ratio / 2
    square = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
    if accent:
        painter.setPen(QPen(QColor("white"), 2 * ratio))
    if dot:
        painter.drawEllipse(square)
    else:
        painter.drawRoundedRect(square, 1.5 * ratio, 1.5 * ratio)
