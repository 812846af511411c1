"""The variants on screen: in a row, a column, a grid, behind a divider or as differences, zoomed together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, get_args

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from salviewer.app.features.variants.compared import Compared, Suggestion
from salviewer.app.state.viewport import View
from salviewer.app.translation import fill, tr
from salviewer.app.viewer.canvas import Canvas
from salviewer.app.viewer.cover import Cover, Pane
from salviewer.app.viewer.divider import UNITS, Divider
from salviewer.app.viewer.lettering import set_lettering
from salviewer.app.widgets.buttons import label
from salviewer.core.area_drawing import area_colour
from salviewer.core.area_labels import place_labels
from salviewer.core.areas import Area

BoardArrangement = Literal["grid", "side", "over", "swipe", "difference"]
BOARD_ARRANGEMENTS: tuple[BoardArrangement, ...] = get_args(BoardArrangement)

_LINE = 1.8
_DARK, _INK = QColor(18, 20, 24, 210), QColor(20, 22, 26)


class AreaMarks:
    """Areas of one variant with names and shares, painted in fractions of its picture."""

    def __init__(self) -> None:
        self.areas: Sequence[Area] = ()
        self.shares: dict[str, str] = {}
        self.suggested: Sequence[Area] = ()

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint as `Ornament` says; suggestions are dashed."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = view.picture
        place = QTransform(width * view.scale, 0, 0, height * view.scale, view.left, view.top)
        areas = (*self.areas, *self.suggested)
        for number, area in enumerate(areas):
            shape = place.map(QPolygonF([QPointF(x, y) for x, y in area.outline().tolist()]))
            dashed = number >= len(self.areas)
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(_DARK, (_LINE + 1.2) * ratio))
            painter.drawPolygon(shape)
            painter.setPen(QPen(QColor(*area_colour(area, number)), _LINE * ratio, style))
            painter.drawPolygon(shape)
        self._paint_labels(painter, areas, view, ratio)

    def _paint_labels(self, painter: QPainter, areas: Sequence[Area], view: View, ratio: float) -> None:
        set_lettering(painter, 11 * ratio)
        metrics = painter.fontMetrics()
        high = metrics.height() + 2 * ratio
        texts = [
            self.shares.get(area.name, area.name) if number < len(self.areas) else area.name
            for number, area in enumerate(areas)
        ]
        sizes = [(metrics.horizontalAdvance(text) + 8 * ratio if text else 0.0, high) for text in texts]
        outlines = [area.outline() * view.picture * view.scale + (view.left, view.top) for area in areas]
        centres = place_labels(outlines, sizes, _LINE * ratio, view.window)
        for number, (text, size, centre) in enumerate(zip(texts, sizes, centres, strict=True)):
            if centre is None:
                continue
            plate = QRectF(centre[0] - size[0] / 2, centre[1] - size[1] / 2, *size)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*area_colour(areas[number], number)))
            painter.drawRoundedRect(plate, 3 * ratio, 3 * ratio)
            painter.setPen(_INK)
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


class Board(QWidget):
    """Shows the variants; all canvases zoom and pan together."""

    opened = Signal(object)  # Path: a double click on a variant

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variantBoard")
        self.setMinimumSize(320, 200)
        self._canvases: list[_Pane] = []
        self._found: Compared | None = None
        self._arrangement: BoardArrangement = "grid"
        self._current = 1
        self._linking = False
        self._suggestions: tuple[Suggestion, ...] = ()
        self._ground = QColor("#808080")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._divider: Divider | None = None

    @property
    def canvases(self) -> tuple[Canvas, ...]:
        """Those on screen, in order."""
        return tuple(self._canvases)

    @property
    def arrangement(self) -> BoardArrangement:
        """The arrangement of the variants."""
        return self._arrangement

    def set_ground(self, colour: QColor) -> None:
        """Set the colour around the pictures."""
        self._ground = colour
        for canvas in self._canvases:
            canvas.set_ground(colour)

    def arrange(self, arrangement: BoardArrangement, current: int) -> None:
        """Arrange the variants; `current` is the one that a divider compares with the first."""
        self._arrangement, self._current = arrangement, current
        self._build()

    def set_compared(self, found: Compared | None) -> None:
        """Show these variants."""
        self._found = found
        self._build()

    def set_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Show where areas may be, dashed."""
        self._suggestions = suggestions
        self._mark()

    def fit(self) -> None:
        """Show the whole pictures."""
        for canvas in self._canvases:
            canvas.fit()

    def _build(self) -> None:
        """Make the canvases that the arrangement needs, and fill them."""
        found = self._found
        shown = self._shown()
        views = {canvas.index: canvas.view for canvas in self._canvases if canvas.view is not None}
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._canvases, self._divider = [], None
        if found is None:
            return
        self._linking = True
        columns = self._columns(len(shown))
        for place, index in enumerate(shown):
            canvas = _Pane(index)
            canvas.set_ground(self._ground)
            canvas.view_changed.connect(lambda source=canvas: self._link(source))
            canvas.chosen.connect(lambda index: self.opened.emit(found.pictures[index].path))
            self._canvases.append(canvas)
            self._grid.addWidget(_captioned(canvas), place // columns, place % columns)
            one = found.pictures[index]
            difference = self._arrangement == "difference"
            canvas.set_picture(one.grey if difference else one.pyramid)
            canvas.set_layer(found.differences[index] if difference else found.layers[index])
            if self._arrangement == "swipe":
                self._part(canvas, found)
            view = views.get(index)
            if view is not None and not view.fitted:
                canvas.follow(view)
        for line in range(13):
            self._grid.setRowStretch(line, 1 if line < -(-len(shown) // columns) else 0)
            self._grid.setColumnStretch(line, 1 if line < columns else 0)
        self._linking = False
        self._mark()

    def _shown(self) -> list[int]:
        if self._found is None:
            return []
        count = len(self._found.pictures)
        if self._arrangement == "swipe":
            return [min(self._current, count - 1)]
        if self._arrangement == "difference":
            return list(range(1, count)) or [0]
        return list(range(count))

    def _columns(self, count: int) -> int:
        match self._arrangement:
            case "side":
                return max(count, 1)
            case "over" | "swipe":
                return 1
            case _:
                return max(1, math.ceil(math.sqrt(count)))

    def _part(self, canvas: Canvas, found: Compared) -> None:
        """Show the first variant left of a divider, the current one right of it."""
        divider = Divider(canvas)
        divider.set_place(0.5)
        first = found.pictures[0]
        pane = Pane(first.pyramid, found.layers[0])

        def cover(value: int) -> None:
            canvas.set_cover(Cover(pane, 0.0, value / UNITS))

        divider.valueChanged.connect(cover)
        divider.show()
        cover(divider.value())
        self._divider = divider

    def _mark(self) -> None:
        found = self._found
        if found is None:
            return
        for canvas in self._canvases:
            name, path = found.names[canvas.index], found.pictures[canvas.index].path
            canvas.marks.areas = found.request.areas[canvas.index]
            canvas.marks.shares = {
                area: fill("{area}  {share:.1f} %", area=area, share=100 * cell.share)
                for area in found.table.areas
                if (cell := found.table.cell(area, name)) is not None
            }
            canvas.marks.suggested = [
                one.found.area for one in self._suggestions if one.found is not None and one.variant == name
            ]
            first = f"{found.names[0]}  {found.pictures[0].path.name}"
            text = f"{name}  {path.name}"
            if self._arrangement == "swipe":
                text = f"{first}   |   {text}"
            elif self._arrangement == "difference":
                text = tr("{name} minus {first}", name=text, first=found.names[0])
            canvas.caption.setText(text)
            canvas.update()

    def _link(self, source: Canvas) -> None:
        if self._linking or source.view is None:
            return
        self._linking = True
        try:
            for canvas in self._canvases:
                if canvas is not source:
                    canvas.follow(source.view)
        finally:
            self._linking = False


class _Pane(Canvas):
    """One variant."""

    chosen = Signal(int)

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index
        self.setObjectName(f"variant{index}")
        self.marks = AreaMarks()
        self.caption: QLabel = label(role="muted", name=f"caption{index}")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add_ornament(self.marks)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open the picture where its areas can be drawn."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.index)


def _captioned(canvas: _Pane) -> QWidget:
    """Put a canvas under its caption."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(canvas.caption)
    column.addWidget(canvas, 1)
    return both
