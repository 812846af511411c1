"""The stage: the canvas, and what it is compared with beside or over it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QBoxLayout, QWidget

from salviewer.app.state.viewport import View
from salviewer.app.translation import tr
from salviewer.app.viewer.canvas import Canvas
from salviewer.app.viewer.cover import Cover, Pane
from salviewer.app.viewer.divider import UNITS, Divider
from salviewer.app.viewer.marks import Captions, Cross
from salviewer.app.viewer.ornament import Ornament
from salviewer.app.viewer.painted import PaintedPicture
from salviewer.app.widgets.buttons import with_name

StageArrangement = Literal["single", "side", "swipe", "difference"]


class Stage(QWidget):
    """One canvas, or two that zoom and pan together.

    `canvas` is the one that the user works on; features paint on it in every arrangement. A pane is shown

    - side: in `other`, left or right of it;
    - swipe: over the part of it left or right of a divider;
    - difference: over all of it.
    """

    divider_moved = Signal(float)  # fraction of the picture's width

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setMinimumSize(200, 150)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.canvas = Canvas()
        self.other = with_name(Canvas(), "otherCanvas")
        self.divider = Divider(self.canvas)
        self.divider.set_place(0.5)
        self._arrangement: StageArrangement = "single"
        self._pane = Pane()
        self._first = False  # whether the canvas is left of the pane
        self._linking = False
        self._captions = (Captions(), Captions())
        self._names = ("", "")
        self._pane_ornaments: list[Ornament] = []
        self._crosses = (Cross(), Cross())
        self._box = QBoxLayout(QBoxLayout.Direction.RightToLeft, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self._box.addWidget(self.canvas, 1)
        self._box.addWidget(self.other, 1)
        self.other.hide()
        self.other.add_ornament(_Panes(self))
        for index, canvas in enumerate((self.canvas, self.other)):
            canvas.add_ornament(self._captions[index])
            canvas.add_ornament(self._crosses[index])
        self.canvas.view_changed.connect(lambda: self._link(self.canvas, self.other))
        self.other.view_changed.connect(lambda: self._link(self.other, self.canvas))
        self.canvas.pictured.connect(self._fill)
        self.canvas.pointed.connect(self._point_other)
        self.other.pointed.connect(self._point_canvas)
        self.divider.valueChanged.connect(self._move_divider)

    @property
    def arrangement(self) -> StageArrangement:
        """The arrangement of the canvas and the pane."""
        return self._arrangement

    @property
    def pane(self) -> Pane:
        """The pane that the canvas is compared with."""
        return self._pane

    @property
    def pane_ornaments(self) -> tuple[Ornament, ...]:
        """The ornaments over the picture in the pane; whoever fills the pane includes them."""
        return tuple(self._pane_ornaments)

    def add_pane_ornament(self, ornament: Ornament) -> None:
        """Paint something over the picture in the pane, wherever it is shown with its map."""
        self._pane_ornaments.append(ornament)

    def update_canvases(self) -> None:
        """Repaint both canvases after a change of an ornament."""
        self.canvas.update()
        self.other.update()

    def arrange(
        self,
        arrangement: StageArrangement,
        pane: Pane,
        names: tuple[str, str] = ("", ""),
        *,
        first: bool = False,
    ) -> None:
        """Show a pane beside the canvas.

        Args:
            arrangement: the arrangement; "single" shows no pane.
            pane: its content; an empty one shows the canvas's picture without anything over it.
            names: captions of the left and the right one.
            first: whether the canvas is the left one.
        """
        self._arrangement, self._pane, self._names, self._first = arrangement, pane, names, first
        way = QBoxLayout.Direction
        self._box.setDirection(way.LeftToRight if first else way.RightToLeft)
        self._fill()
        self.other.setVisible(arrangement == "side")
        self.divider.setVisible(arrangement == "swipe")
        self._cover()
        self._name()

    def set_divider(self, place: float) -> None:
        """Move the divider to a fraction of the picture's width."""
        self.divider.set_place(place)

    def set_layer_shown(self, shown: bool) -> None:
        """Show or hide the layers."""
        for canvas in (self.canvas, self.other):
            canvas.set_layer_shown(shown)

    def set_ground(self, colour: QColor) -> None:
        """Set the colour around the pictures."""
        for canvas in (self.canvas, self.other):
            canvas.set_ground(colour)

    def _fill(self) -> None:
        """Show the pane in the other canvas, or nothing."""
        pyramid = self._pane.pyramid or self.canvas.pyramid
        if self._arrangement != "side":
            pyramid = None
        self._linking = True
        try:
            if pyramid is not self.other.pyramid:
                self.other.set_picture(pyramid)
                if self.canvas.view is not None:
                    self.other.follow(self.canvas.view)
            self.other.set_layer(self._pane.layer, self._pane.lines)
        finally:
            self._linking = False

    def _cover(self) -> None:
        place = self.divider.value() / UNITS
        match self._arrangement:
            case "swipe":
                begin, end = (place, 1.0) if self._first else (0.0, place)
                self.canvas.set_cover(Cover(self._pane, begin, end))
            case "difference":
                self.canvas.set_cover(Cover(self._pane))
            case _:
                self.canvas.set_cover(None)

    def _name(self) -> None:
        own, other = self._captions
        before = (own.left, own.right, other.left)
        left, right = self._names
        both = self._arrangement != "side"
        own.left = left if both or self._first else right
        own.right = right if both else ""
        other.left = right if self._first else left
        self.other.setAccessibleName(other.left or tr("The picture alone"))
        if (own.left, own.right, other.left) != before:
            for canvas in (self.canvas, self.other):
                canvas.update()

    def _move_divider(self, value: int) -> None:
        if self._arrangement == "swipe":
            self._cover()
        self.divider_moved.emit(value / UNITS)

    def _link(self, source: PaintedPicture, target: PaintedPicture) -> None:
        if self._arrangement == "side" and not self._linking and source.view is not None:
            self._linking = True
            try:
                target.follow(source.view)
            finally:
                self._linking = False

    def _point_other(self) -> None:
        if self._arrangement == "side":
            self._crosses[1].place = None if self.other.underMouse() else self.canvas.place
            self.other.update()

    def _point_canvas(self) -> None:
        self._crosses[0].place = self.other.place
        if self._pane.pyramid is None and self._pane.layer is None:
            self.canvas.point(self.other.place)
        self.canvas.update()


class _Panes:
    """Paints the ornaments of the pane, on the canvas that shows it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        for ornament in self._stage.pane.ornaments:
            painter.save()
            ornament.paint(painter, view, ratio)
            painter.restore()
