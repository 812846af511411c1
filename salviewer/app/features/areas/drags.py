"""Drags that move areas, reshape one, or draw one; each is undone as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF

from salviewer.app.translation import plural, tr
from salviewer.core.area_shapes import (
    Boxed,
    Guides,
    Handle,
    enclosing,
    framed,
    kept_inside,
    moved,
    reshaped,
    spanned,
)
from salviewer.core.areas import Area, new_id

if TYPE_CHECKING:
    from salviewer.app.state.areas import AreaStore


class Drag(Protocol):
    """A change that lasts while the mouse button is held.

    Attributes:
        start: where the button was pressed, in fractions of the picture.
        guides: what edges snap to.
        chosen: id of the area that a press without a drag selects; "" to keep the selection.
    """

    start: QPointF
    chosen: str
    guides: Guides

    def to(self, at: QPointF, square: float) -> None:
        """Follow the mouse to a point; `square` is as in `area_shapes.spanned`.

        Raises:
            ValueError: an area would cover nothing; nothing changes.
        """

    def cancel(self) -> None:
        """Undo the drag without a redo."""


class _Drag:
    def __init__(self, areas: AreaStore, start: QPointF, chosen: str = "") -> None:
        self._areas, self.start, self.chosen = areas, start, chosen
        self._token = object()
        self.guides = Guides()

    def cancel(self) -> None:
        self._areas.withdraw(self._token)

    def _put(self, changed: list[Area], what: str) -> None:
        there = {area.id for area in self._areas.all}  # a key may have deleted one meanwhile
        self._areas.put([area for area in changed if area.id in there], what, self._token)


class Move(_Drag):
    """Moves the selected areas."""

    def __init__(self, areas: AreaStore, start: QPointF, chosen: str) -> None:
        super().__init__(areas, start, chosen)
        self._held = areas.movable

    def to(self, at: QPointF, square: float) -> None:
        if not self._held:
            return
        dx, dy = kept_inside(self._held, at.x() - self.start.x(), at.y() - self.start.y())
        left, top, right, bottom = enclosing(self._held)
        aside, down = self.guides.move((left + dx, top + dy, right + dx, bottom + dy))
        dx, dy = kept_inside(self._held, dx + aside, dy + down)
        what = plural("move", "move {count} areas", len(self._held))
        self._put([moved(area, dx, dy) for area in self._held], what)


class Reshape(_Drag):
    """Reshapes an area by a handle, which stays under the cursor."""

    def __init__(self, areas: AreaStore, start: QPointF, area: Area, handle: Handle) -> None:
        super().__init__(areas, start)
        self._area, self._handle = area, handle

    def to(self, at: QPointF, square: float) -> None:
        aside = QPointF(self._handle.x, self._handle.y) - self.start
        place = self.guides.point((at.x() + aside.x(), at.y() + aside.y()))
        self._put([reshaped(self._area, self._handle, place, square)], tr("reshape"))


class Draw(_Drag):
    """Draws a new area from corner to corner."""

    def __init__(self, areas: AreaStore, start: QPointF, kind: Boxed) -> None:
        super().__init__(areas, start)
        self._corner = min(max(start.x(), 0.0), 1.0), min(max(start.y(), 0.0), 1.0)
        self._kind: Boxed = kind
        self._named = areas.new_name(), new_id(), areas.new_hue()

    def to(self, at: QPointF, square: float) -> None:
        corner = self.guides.point((at.x(), at.y()))
        area = framed(self._kind, spanned(self._corner, corner, square), *self._named)
        self._areas.put(
            [area],
            tr("draw an ellipse") if self._kind == "ellipse" else tr("draw a rectangle"),
            self._token,
        )
        self._areas.select([area.id])
