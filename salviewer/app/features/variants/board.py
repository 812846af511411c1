"""The variants on screen: in a row, a column, a grid, behind a divider, as differences or over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from salviewer.app.features.variants.compared import Compared, Suggestion
from salviewer.app.features.variants.marks import AreaDrag, AreaMarks
from salviewer.app.state.viewport import View
from salviewer.app.translation import fill, tr
from salviewer.app.viewer.canvas import Canvas
from salviewer.app.viewer.cover import Cover, Pane
from salviewer.app.viewer.divider import UNITS, Divider
from salviewer.app.widgets.buttons import label
from salviewer.core.areas import Area
from salviewer.core.visits import SECONDS, visits_until

BoardArrangement = Literal["grid", "side", "over", "swipe", "difference", "seconds"]
BOARD_ARRANGEMENTS: tuple[BoardArrangement, ...] = get_args(BoardArrangement)

_CAPTION = 24  # logical pixels above a picture


@dataclass(frozen=True, slots=True)
class Spot:
    """What one canvas shows.

    Attributes:
        index: of the variant.
        seconds: what has been seen of it after so long; 0 for the whole picture with its map.
    """

    index: int
    seconds: int = 0


class Board(QWidget):
    """Shows the variants; all canvases zoom and pan together, and areas on them can be dragged."""

    opened = Signal(object)  # Path: a double click on a variant
    area_moved = Signal(object, object)  # Path of the variant, Area
    suggestion_moved = Signal(object, object)  # Suggestion as it was, Area

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variantBoard")
        self.setMinimumSize(320, 200)
        self._canvases: list[_Pane] = []
        self._found: Compared | None = None
        self._arrangement: BoardArrangement = "grid"
        self._built: BoardArrangement | None = None  # the arrangement of the canvases that are there
        self._current = 1
        self._aligned = (0, 0)  # how many canvases are in how many columns
        self._linking = False
        self._suggestions: tuple[Suggestion, ...] = ()
        self._ground = QColor("#808080")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._under = AreaMarks()  # of the first variant, left of the divider

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
        """Arrange the variants; `current` is the one that is shown beside the first where two are."""
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
        """Make the canvases that the arrangement needs, unless they are there, and fill them."""
        found, spots = self._found, self._spots()
        if self._built != self._arrangement or [canvas.spot for canvas in self._canvases] != spots:
            self._place(spots)
        if found is None:
            return
        self._linking = True
        for canvas in self._canvases:
            self._fill(canvas, found)
        self._linking = False
        self._mark()

    def _place(self, spots: list[Spot]) -> None:
        view = next((canvas.view for canvas in self._canvases if canvas.view is not None), None)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._built, self._aligned = self._arrangement, (0, 0)
        self._canvases = []
        for spot in spots:
            canvas = _Pane(spot)
            canvas.set_ground(self._ground)
            canvas.before = view if view is not None and not view.fitted else None
            canvas.view_changed.connect(lambda source=canvas: self._link(source))
            canvas.chosen.connect(self._open)
            canvas.drag = AreaDrag(canvas.marks, canvas.update, self._dropped(canvas))
            canvas.add_tool(canvas.drag)
            self._canvases.append(canvas)
            canvas.holder = _captioned(canvas, self)
        self._align()
        for canvas in self._canvases:
            canvas.holder.show()

    def _fill(self, canvas: _Pane, found: Compared) -> None:
        index, seconds = canvas.spot.index, canvas.spot.seconds
        one, difference = found.pictures[index], self._arrangement == "difference"
        picture = one.seen[SECONDS.index(seconds)] if seconds else one.grey if difference else one.pyramid
        if canvas.pyramid is not picture:
            view = canvas.before if canvas.view is None or canvas.view.fitted else canvas.view
            canvas.set_picture(picture)
            if view is not None:
                canvas.follow(view)
        if not seconds:
            canvas.set_layer(found.differences[index] if difference else found.layers[index])
        canvas.drag.allowed = not seconds
        if self._arrangement == "swipe":
            self._part(canvas, found)

    def _spots(self) -> list[Spot]:
        if self._found is None:
            return []
        count = len(self._found.pictures)
        current = min(self._current, count - 1)
        match self._arrangement:
            case "swipe":
                return [Spot(current)]
            case "seconds":
                both = dict.fromkeys((0, current))
                return [Spot(index, seconds) for index in both for seconds in SECONDS]
            case "difference":
                return [Spot(index) for index in range(1, count)] or [Spot(0)]
            case _:
                return [Spot(index) for index in range(count)]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put as many variants in a row as make the pictures largest."""
        super().resizeEvent(event)
        self._align()

    def _columns(self, count: int, height: int) -> int:
        match self._arrangement:
            case "side":
                return max(count, 1)
            case "over" | "swipe":
                return 1
            case "seconds":
                return len(SECONDS)
            case _:
                return self._best_columns(count, height)

    def useful_height(self, room: int) -> int:
        """Return the height in logical pixels, at most `room`, above which the pictures grow no further."""
        count = len(self._canvases)
        if self._found is None or not count or self._arrangement == "over":
            return room
        wide, high = self._found.pictures[0].pyramid.size
        columns = self._columns(count, room)
        return min(room, round(-(-count // columns) * (self.width() / columns / wide * high + _CAPTION)))

    def _best_columns(self, count: int, height: int) -> int:
        """Return with how many columns the first picture is shown largest in so many pixels."""
        if self._found is None or count < 2:
            return 1
        wide, high = self._found.pictures[0].pyramid.size

        def scale(columns: int) -> float:
            rows = -(-count // columns)
            return min(self.width() / columns / wide, (height / rows - _CAPTION) / high)

        return max(range(1, count + 1), key=lambda columns: (scale(columns), -columns))

    def _align(self) -> None:
        """Put the canvases into rows and columns."""
        count = len(self._canvases)
        columns = self._columns(count, self.height())
        if self._aligned == (count, columns):
            return
        self._aligned = count, columns
        for place, canvas in enumerate(self._canvases):
            self._grid.addWidget(canvas.holder, place // columns, place % columns)
        for line in range(13):
            self._grid.setRowStretch(line, 1 if line < -(-count // columns) else 0)
            self._grid.setColumnStretch(line, 1 if line < columns else 0)

    def _part(self, canvas: _Pane, found: Compared) -> None:
        """Show the first variant with its areas left of a divider, the current one right of it."""
        canvas.first = Pane(found.pictures[0].pyramid, found.layers[0], ornaments=(self._under,))
        if canvas.divider is None:
            canvas.divider = Divider(canvas)
            canvas.divider.set_place(0.5)
            canvas.divider.valueChanged.connect(canvas.part)
            canvas.divider.show()
        canvas.part(canvas.divider.value())

    def _mark(self) -> None:
        found = self._found
        if found is None:
            return
        self._under.areas, self._under.shares = found.request.areas[0], _shares(found, 0)
        for canvas in self._canvases:
            index, seconds = canvas.spot.index, canvas.spot.seconds
            name, path = found.names[index], found.pictures[index].path
            areas, marks = found.request.areas[index], canvas.marks
            if seconds:
                marks.shares = _first_visits(found, index, seconds)
                marks.areas = tuple(area for area in areas if area.name in marks.shares)
            else:
                marks.areas, marks.shares = areas, _shares(found, index)
                marks.suggested = tuple(
                    one.found.area
                    for one in self._suggestions
                    if one.found is not None and one.variant == name
                )
            first = f"{found.names[0]}  {found.pictures[0].path.name}"
            text = f"{name}  {path.name}"
            if self._arrangement == "swipe":
                text = f"{first}   |   {text}"
            elif self._arrangement == "difference":
                text = tr("{name} minus {first}", name=text, first=found.names[0])
            elif seconds:
                text = tr("{name}: seen after {seconds} s", name=text, seconds=seconds)
            canvas.caption.setText(text)
            canvas.update()

    def _dropped(self, canvas: _Pane) -> Callable[[Area, bool], None]:
        def report(area: Area, suggested: bool) -> None:
            found = self._found
            if found is None:
                return
            if not suggested:
                self.area_moved.emit(found.pictures[canvas.spot.index].path, area)
                return
            for one in self._suggestions:
                if one.found is not None and one.found.area.id == area.id:
                    self.suggestion_moved.emit(one, area)

        return report

    def _open(self, index: int) -> None:
        if self._found is not None:
            self.opened.emit(self._found.pictures[index].path)

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

    drag: AreaDrag
    holder: QWidget  # this and its caption

    def __init__(self, spot: Spot) -> None:
        super().__init__()
        self.spot = spot
        self.before: View | None = None  # how the canvases looked that were there before
        self.divider: Divider | None = None
        self.first = Pane()  # what is left of the divider
        self.setObjectName(f"variant{spot.index}")
        self.marks = AreaMarks()
        self.caption: QLabel = label(role="muted", name=f"caption{spot.index}")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add_ornament(self.marks, of_layer=True)

    def part(self, value: int) -> None:
        """Cover the part left of the divider."""
        self.set_cover(Cover(self.first, 0.0, value / UNITS))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open the picture where its areas can be drawn."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.spot.index)


def _shares(found: Compared, index: int) -> dict[str, str]:
    """Label the areas of a variant with their shares."""
    return {
        area: fill("{area}  {share:.1f} %", area=area, share=100 * cell.share)
        for area in found.table.areas
        if (cell := found.table.cell(area, found.names[index])) is not None
    }


def _first_visits(found: Compared, index: int, seconds: int) -> dict[str, str]:
    """Label the areas that are visited within so many seconds with the beginning of their first visit."""
    return {
        area: fill("{area}  {seconds:.1f} s", area=area, seconds=cell.seconds)
        for area in found.table.areas
        if (cell := found.table.cell(area, found.names[index])) is not None
        and cell.visit is not None
        and cell.seconds is not None
        and cell.visit <= visits_until(seconds)
    }


def _captioned(canvas: _Pane, parent: QWidget) -> QWidget:
    """Put a canvas under its caption."""
    both = QWidget(parent)
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(canvas.caption)
    column.addWidget(canvas, 1)
    return both
