"""What a person wants of an export: the part of the settings behind the dialogs of export and batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from salviewer.core.hotspots import HotspotSettings
from salviewer.core.scene import Scene
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.tables import TABLE_FORMATS, TableFormat
from salviewer.results.order import (
    PICTURE_FORMATS,
    REPORT_FORMATS,
    Kind,
    Order,
    PictureFormat,
    ReportFormat,
    Size,
    kinds,
)


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """Remembered from one export to the next.

    Attributes:
        shown: whether the view is written as it is shown, arrangement included.
        kinds: which pictures are written besides.
        picture_format, quality, size: of the pictures, as in `Order`.
        maps: formats of the map.
        hotspots, areas: whether there are tables of them.
        table_format: of both tables.
        reports: formats of the report.
        folder: where the last export went; "" for the pictures' own.

    Raises:
        ValueError: a value that `Order` does not know.
    """

    shown: bool = True
    kinds: tuple[Kind, ...] = ()
    picture_format: PictureFormat = "png"
    quality: int = 92
    size: Size = field(default_factory=Size)
    maps: tuple[str, ...] = ()
    hotspots: bool = False
    areas: bool = False
    table_format: TableFormat = "csv"
    reports: tuple[ReportFormat, ...] = ()
    folder: str = ""

    def __post_init__(self) -> None:
        known = (
            (self.kinds, kinds()),
            ((self.picture_format,), PICTURE_FORMATS),
            (self.maps, tuple(MAP_FORMATS)),
            ((self.table_format,), TABLE_FORMATS),
            (self.reports, REPORT_FORMATS),
        )
        for values, offered in known:
            for value in values:
                if value not in offered:
                    raise ValueError(f"{value!r} is none of {', '.join(offered)}")
        if not 1 <= self.quality <= 100:
            raise ValueError(f"quality lies in 1..100, not {self.quality}")

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        tables = self.hotspots or self.areas
        return not (self.shown or self.kinds or self.maps or tables or self.reports)

    def order(self, scene: Scene, spots: HotspotSettings) -> Order:
        """What is to be written.

        Args:
            scene: what is shown.
            spots: the hotspots that a table lists.
        """
        first = (scene.view,) if self.shown else ()
        return Order(
            scene,
            tuple(dict.fromkeys((*first, *self.kinds))),
            picture_format=self.picture_format,
            quality=self.quality,
            size=self.size,
            maps=self.maps,
            hotspots=spots if self.hotspots else None,
            areas=self.areas,
            table_format=self.table_format,
            reports=self.reports,
        )

    def to_dict(self) -> dict[str, Any]:
        """The file's content."""
        return {
            "shown": self.shown,
            "kinds": list(self.kinds),
            "format": self.picture_format,
            "quality": self.quality,
            "size": str(self.size),
            "maps": list(self.maps),
            "hotspots": self.hotspots,
            "areas": self.areas,
            "tables": self.table_format,
            "reports": list(self.reports),
            "folder": self.folder,
        }


_FIELDS: dict[str, tuple[str, type, Callable[[Any], Any]]] = {
    "shown": ("shown", bool, bool),
    "kinds": ("kinds", list, tuple),
    "format": ("picture_format", str, str),
    "quality": ("quality", int, int),
    "size": ("size", str, Size.parse),
    "maps": ("maps", list, tuple),
    "hotspots": ("hotspots", bool, bool),
    "areas": ("areas", bool, bool),
    "tables": ("table_format", str, str),
    "reports": ("reports", list, tuple),
    "folder": ("folder", str, str),
}


def choices_from(content: Mapping[str, Any], refused: list[str]) -> ExportChoices:
    """Choices from a file's content; names in `refused` what keeps its default because it cannot be used."""
    choices = ExportChoices()
    for key, value in content.items():
        if key not in _FIELDS:
            continue
        name, kind, read = _FIELDS[key]
        try:
            if type(value) is not kind:
                raise ValueError
            choices = replace(choices, **{name: read(value)})
        except (ValueError, TypeError, OverflowError):
            refused.append(f"export.{key}")
    return choices
