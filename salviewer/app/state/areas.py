"""The areas of every picture: which are on screen, and which are selected."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import tr
from salviewer.core.area_drawing import COLOURS
from salviewer.core.area_history import History
from salviewer.core.area_shapes import kept_inside, moved
from salviewer.core.areas import Area, new_id

if TYPE_CHECKING:
    from salviewer.core.suggesting import SuggestedArea

_AUTOMATIC = re.compile(r"Area (\d+)")
_ASIDE = 0.02  # offset of a duplicate, in fractions of the picture


class AreaStore(QObject):
    """Changes areas and remembers how they were; no widgets.

    Each picture has a history of its own, and keeps it while another picture is shown. A picture is a `Path`,
    absolute, or any other key where it has no file.
    """

    changed = Signal()  # the areas on screen have changed, or another picture's are on screen
    turned = Signal()  # another picture's areas are on screen, or all are new; `changed` follows
    selection_changed = Signal()
    offered = Signal()  # areas were suggested for a picture

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._histories: dict[Hashable, History] = {}
        self._picture: Hashable = None
        self._selection: frozenset[str] = frozenset()
        self._offered: dict[Hashable, tuple[SuggestedArea, ...]] = {}

    @property
    def suggestions(self) -> tuple[SuggestedArea, ...]:
        """Areas that were suggested for the picture on screen with it, until they are accepted or dropped."""
        return self._offered.get(self._picture, ())

    def offer(self, picture: Hashable, suggested: tuple[SuggestedArea, ...]) -> None:
        """Suggest areas for any picture, on screen or not; none to take the suggestions back."""
        self._offered.pop(picture, None)
        if suggested:
            self._offered[picture] = suggested
        self.offered.emit()

    @property
    def picture(self) -> Hashable:
        """The picture whose areas are on screen; None before there is one."""
        return self._picture

    @property
    def history(self) -> History:
        """The history of the picture on screen."""
        return self._histories.setdefault(self._picture, History())

    @property
    def all(self) -> tuple[Area, ...]:
        """The areas of the picture on screen, in the user's order."""
        return self.history.areas

    @property
    def selection(self) -> frozenset[str]:
        """The ids of the selected areas."""
        return self._selection

    @property
    def selected(self) -> tuple[Area, ...]:
        """The selected areas."""
        return tuple(area for area in self.all if area.id in self._selection)

    @property
    def movable(self) -> tuple[Area, ...]:
        """The selected areas that are not locked."""
        return tuple(area for area in self.selected if not area.locked)

    def lock(self, ids: Iterable[str], locked: bool) -> None:
        """Lock or unlock areas."""
        chosen = frozenset(ids)
        areas = [replace(area, locked=locked) for area in self.all if area.id in chosen]
        self.put(areas, _counted(tr("lock") if locked else tr("unlock"), len(areas)))

    def of(self, picture: Hashable) -> tuple[Area, ...]:
        """The areas of any picture."""
        history = self._histories.get(picture)
        return () if history is None else history.areas

    def put_on(self, picture: Hashable, areas: Sequence[Area], what: str) -> None:
        """Add areas to any picture, on screen or not; those of a name that is there already are left out."""
        if picture == self._picture:
            have = {area.name for area in self.all}
            self.put([area for area in areas if area.name not in have], what)
            return
        history = self._histories.setdefault(picture, History())
        have = {area.name for area in history.areas}
        history.record((*history.areas, *(area for area in areas if area.name not in have)), what)
        self.changed.emit()

    def put_back(self, picture: Hashable, area: Area, what: str) -> None:
        """Replace the area with the same id on any picture, on screen or not; nothing if it is gone."""
        if all(one.id != area.id for one in self.of(picture)):
            return
        if picture == self._picture:
            self.put([area], what)
            return
        history = self._histories[picture]
        history.record(tuple(area if one.id == area.id else one for one in history.areas), what)
        self.changed.emit()

    def of_files(self) -> dict[Path, tuple[Area, ...]]:
        """Return the areas of every picture that has a file and areas."""
        return {
            key: history.areas
            for key, history in self._histories.items()
            if isinstance(key, Path) and history.areas
        }

    def without_files(self) -> dict[str, tuple[Area, ...]]:
        """Return the areas of every picture that has areas and no file, by the picture's key."""
        return {
            str(key): history.areas
            for key, history in self._histories.items()
            if key is not None and not isinstance(key, Path) and history.areas
        }

    def replace_all(self, areas: Mapping[Path, tuple[Area, ...]]) -> None:
        """Replace all areas and forget all histories: a project was opened or closed."""
        self._histories = {path: History(there) for path, there in areas.items()}
        self._turn()

    def show(self, picture: Hashable) -> None:
        """Show another picture's areas."""
        if picture != self._picture:
            if not self.history.areas and not self.history.undoes and not self.history.redoes:
                del self._histories[self._picture]
            self._picture = picture
            self._turn()

    def _turn(self) -> None:
        self.turned.emit()
        self._selection = frozenset()
        self.changed.emit()
        self.selection_changed.emit()

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these areas."""
        selection = frozenset(ids) & {area.id for area in self.all}
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    def new_name(self) -> str:
        """Return the next automatic name."""
        found = (_AUTOMATIC.fullmatch(area.name) for area in self.all)
        return tr("Area {number}", number=1 + max((int(match[1]) for match in found if match), default=0))

    def new_hue(self, besides: Sequence[Area] = ()) -> int:
        """Return the first of the colours that the fewest areas have."""
        used = [
            (place if area.hue is None else area.hue) % len(COLOURS)
            for place, area in enumerate((*self.all, *besides))
        ]
        return min(range(len(COLOURS)), key=used.count)

    def put(self, areas: Sequence[Area], what: str, token: Hashable = None) -> None:
        """Add areas, or replace those with the same id; successive calls with one token undo as one."""
        given = {area.id: area for area in areas}
        kept = tuple(given.pop(area.id, area) for area in self.all)
        self._record((*kept, *given.values()), what, token)

    def replace(self, ids: Iterable[str], areas: Sequence[Area], what: str) -> None:
        """Put areas in the place of others, as one step."""
        gone = frozenset(ids)
        before = [area for area in self.all if area.id not in gone]
        at = next((place for place, area in enumerate(self.all) if area.id in gone), len(before))
        self._record((*before[:at], *areas, *before[at:]), what)

    def reorder(self, ids: Iterable[str], step: int) -> None:
        """Move areas one place backward (-1) or forward (1) in the order; colours stay."""
        chosen = frozenset(ids)
        areas = [
            area if area.hue is not None else replace(area, hue=place) for place, area in enumerate(self.all)
        ]
        places = range(len(areas)) if step < 0 else range(len(areas) - 1, -1, -1)
        for place in places:
            other = place + step
            here = areas[place].id in chosen
            if here and 0 <= other < len(areas) and areas[other].id not in chosen:
                areas[place], areas[other] = areas[other], areas[place]
        self._record(tuple(areas), _counted(tr("reorder"), len(chosen)))

    def remove(self, ids: Iterable[str]) -> None:
        """Delete areas by their ids."""
        gone = frozenset(ids)
        kept = tuple(area for area in self.all if area.id not in gone or area.locked)
        self._record(kept, _counted(tr("delete"), len(self.all) - len(kept)))

    def rename(self, id_: str, name: str) -> None:
        """Rename an area; spaces around the name are dropped."""
        name = " ".join(name.split())
        self.put([replace(area, name=name) for area in self.all if area.id == id_], tr("rename"))

    def recolour(self, ids: Iterable[str], hue: int) -> None:
        """Give areas a colour by its index in `COLOURS`."""
        chosen = frozenset(ids)
        areas = [replace(area, hue=hue) for area in self.all if area.id in chosen]
        self.put(areas, _counted(tr("colour"), len(areas)))

    def move(self, dx: float, dy: float) -> None:
        """Move the selected areas, in fractions of the picture; successive moves undo as one."""
        areas = self.movable
        dx, dy = kept_inside(areas, dx, dy)
        token = ("nudge", self._selection)
        self.put([moved(area, dx, dy) for area in areas], _counted(tr("move"), len(areas)), token)

    def duplicate(self) -> None:
        """Copy the selected areas with a small offset, and select the copies."""
        areas, copies = self.selected, list[Area]()
        dx, dy = kept_inside(areas, _ASIDE, _ASIDE)
        if not dx and not dy:
            dx, dy = kept_inside(areas, -_ASIDE, -_ASIDE)
        for area in areas:
            name = tr("{name} copy", name=area.name) if area.name else ""
            fresh = replace(area, id=new_id(), name=name, hue=self.new_hue(copies))
            copies.append(moved(fresh, dx, dy))
        self.put(copies, _counted(tr("duplicate"), len(copies)))
        self.select(area.id for area in copies)

    def undo(self) -> None:
        """Undo the last change of the picture on screen."""
        before = self.all
        self.history.undo()
        self._show_difference(before)

    def redo(self) -> None:
        """Redo the last undone change."""
        before = self.all
        self.history.redo()
        self._show_difference(before)

    def withdraw(self, token: Hashable) -> None:
        """Undo the change in progress without a redo."""
        before = self.all
        self.history.withdraw(token)
        if self.all != before:
            self._settle()

    def _record(self, areas: tuple[Area, ...], what: str, token: Hashable = None) -> None:
        before = self.all
        self.history.record(areas, what, token)
        if self.all != before:
            self._settle()

    def _show_difference(self, before: tuple[Area, ...]) -> None:
        if self.all == before:
            return
        self._settle()
        known = set(before)
        different = [area.id for area in self.all if area not in known]
        if different:
            self.select(different)

    def _settle(self) -> None:
        self.changed.emit()
        self.select(self._selection)


def _counted(what: str, count: int) -> str:
    return what if count == 1 else tr("{what} {count} areas", what=what, count=count)
