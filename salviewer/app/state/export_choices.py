"""The user's choices for an export: the settings of the dialogs for export and batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.cutouts import CutoutSettings
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.uses import FINDABLE, Uses
from salviewer.core.applications.words import WordSettings
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.scene import Scene
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.tables import TABLE_FORMATS, TableFormat
from salviewer.results.extra_areas import finders_possible
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

USES = ("crop 1:1", "crop 4:5", "crop 16:9", "crop 9:16", "regions", "cutout", "words")
"""What can be made of a map beside its pictures."""


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """Choices that are kept from one export to the next.

    Attributes:
        shown: whether to write the view as shown, with its arrangement.
        kinds: pictures to write in addition.
        picture_format, quality, size: of the pictures, as in `Order`.
        maps: formats of the map.
        hotspots, areas: whether to write tables of them.
        table_format: of both tables.
        reports: formats of the report.
        uses: what is made of the map as well: "crop 9:16" and so on, "regions", "cutout", "words".
        find: whether text is read and faces are found first, for uses.
        folder: the last folder of results; "" for the pictures' own.

    Raises:
        ValueError: a value that `Order` does not accept.
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
    uses: tuple[str, ...] = ()
    find: bool = False

    def __post_init__(self) -> None:
        known = (
            (self.kinds, kinds()),
            ((self.picture_format,), PICTURE_FORMATS),
            (self.maps, tuple(MAP_FORMATS)),
            ((self.table_format,), TABLE_FORMATS),
            (self.reports, REPORT_FORMATS),
            (self.uses, USES),
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
        return not (self.shown or self.kinds or self.maps or tables or self.reports or self.uses)

    def order(self, scene: Scene, spots: HotspotSettings) -> Order:
        """Return what to write.

        Args:
            scene: what is shown.
            spots: how to find the hotspots of a table.
        """
        first = (scene.view,) if self.shown else ()
        crops = [use.removeprefix("crop ") for use in self.uses if use.startswith("crop ")]
        uses = Uses(
            crops=tuple(map(CropRequest.parse, crops)),
            regions=RegionSettings() if "regions" in self.uses else None,
            cutout=CutoutSettings() if "cutout" in self.uses else None,
            words=WordSettings() if "words" in self.uses else None,
            find=FINDABLE if self.find and finders_possible() else (),
        )
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
            uses=uses,
            region_formats=("csv",) if uses.regions else (),
            cutout_formats=("png",) if uses.cutout else (),
            word_formats=("txt",) if uses.words else (),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file."""
        values = {key: getattr(self, name) for key, (name, _, _) in _FIELDS.items()}
        return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()} | {
            "size": str(self.size)
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
    "uses": ("uses", list, tuple),
    "find": ("find", bool, bool),
    "folder": ("folder", str, str),
}


def choices_from(content: Mapping[str, Any], refused: list[str]) -> ExportChoices:
    """Return choices from a file; add the names of unusable entries, which get defaults, to `refused`."""
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
