"""The files to write for each picture: one frozen value, used by export, batch and command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from salviewer.core.applications.uses import Uses
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.scene import Scene
from salviewer.core.views import VIEWS, View
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.tables import TableFormat

Kind = View
"""Content of a written picture: a view, or "picture" for the picture alone."""

PictureFormat = Literal["png", "jpg", "webp", "tiff"]
PICTURE_FORMATS: tuple[PictureFormat, ...] = get_args(PictureFormat)
ReportFormat = Literal["html", "pdf"]
REPORT_FORMATS: tuple[ReportFormat, ...] = get_args(ReportFormat)

RegionFormat = Literal["csv", "json", "coco", "yolo", "labelme", "picture"]
REGION_FORMATS: tuple[RegionFormat, ...] = get_args(RegionFormat)
REGION_ENDINGS: dict[RegionFormat, str] = {
    "csv": "_regions.csv",
    "json": "_regions.json",
    "coco": "_coco.json",
    "yolo": ".txt",
    "labelme": ".json",
    "picture": "-regions.png",
}
"""What follows the stem: YOLO and labelme look for a picture's labels under its own name."""

CutoutFormat = Literal["png", "mask", "labelme"]
CUTOUT_FORMATS: tuple[CutoutFormat, ...] = get_args(CutoutFormat)
CUTOUT_ENDINGS: dict[CutoutFormat, str] = {
    "png": "-cutout.png",
    "mask": "-mask.png",
    "labelme": "-cutout.json",
}

WordFormat = Literal["txt", "json", "alt"]
WORD_FORMATS: tuple[WordFormat, ...] = get_args(WordFormat)
WORD_ENDINGS: dict[WordFormat, str] = {"txt": "_words.txt", "json": "_words.json", "alt": "_alt.txt"}

USE_KINDS = ("crop", "crops", "regions", "cutout", "words")
"""First words of the keys of `Order.endings` that are files of a use."""

LARGEST = 30_000
"""Longest side in pixels to which a picture may be enlarged."""

PERCENT_LIMITS = (1.0, 400.0)
WIDTH_LIMITS = (16.0, float(LARGEST))


def kinds() -> tuple[Kind, ...]:
    """Return the possible contents of a written picture, the default first."""
    return (*VIEWS, "picture")


@dataclass(frozen=True, slots=True)
class Size:
    """The size of written pictures.

    Attributes:
        unit: "percent" of the picture's own size, or "width" in pixels; the height follows.
        value: 1..400 percent, or 16..30000 pixels.

    Raises:
        ValueError: the value is outside its range.
    """

    unit: Literal["percent", "width"] = "percent"
    value: float = 100.0

    def __post_init__(self) -> None:
        low, high = PERCENT_LIMITS if self.unit == "percent" else WIDTH_LIMITS
        if not low <= self.value <= high:
            what = "percent" if self.unit == "percent" else "pixels of width"
            raise ValueError(f"a size lies in {low:g}..{high:g} {what}, not {self.value:g}")

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``"50%"`` or ``"1200"`` (pixels of width).

        Raises:
            ValueError: the text is not a size; the message is one sentence.
        """
        word = text.strip()
        try:
            value = float(word.removesuffix("%"))
        except ValueError:
            raise ValueError(f"a size is a width such as 1200 or a share such as 50%, not {text!r}") from None
        return cls("percent" if word.endswith("%") else "width", value)

    def of(self, width: int, height: int) -> tuple[int, int]:
        """Return (width, height) of the written picture, at least 1; enlarging stops at `LARGEST`."""
        factor = self.value / 100 if self.unit == "percent" else self.value / width
        if factor > 1:
            factor = max(1.0, min(factor, LARGEST / max(width, height)))
        return max(1, round(width * factor)), max(1, round(height * factor))

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        return f"{self.value:g}%" if self.unit == "percent" else f"{self.value:g}"


@dataclass(frozen=True, slots=True)
class Order:
    """The files to write for a picture.

    Attributes:
        scene: what is shown; each of `kinds` is drawn as this scene in that view.
        kinds: the pictures to write, one file each.
        plain: whether a single picture is named STEM.png, without its kind.
        picture_format: of the pictures.
        quality: 1..100, for JPEG and WebP.
        size: of the pictures.
        maps: names of `MAP_FORMATS` in which to write the map, at the network's own resolution.
        hotspots: how to find the hotspots of a table; None for no table.
        areas: whether to write a table with the scores of each picture's areas.
        area_file: whether to write the areas with their scores as a file of areas, as of a web page.
        table_format: of both tables.
        reports: formats of the one-page report.
        uses: crops and what else is made of the map.
        region_formats: in which the regions of each picture are written, of `REGION_FORMATS`.
        cutout_formats: in which each picture's cut-out is written, of `CUTOUT_FORMATS`.
        word_formats: in which each picture's description is written, of `WORD_FORMATS`.
        use_tables: whether each picture's crops are listed in a table beside it.

    Raises:
        ValueError: a value is outside its range.
    """

    scene: Scene = field(default_factory=Scene)
    kinds: tuple[Kind, ...] = ("overlay",)
    plain: bool = False
    picture_format: PictureFormat = "png"
    quality: int = 92
    size: Size = field(default_factory=Size)
    maps: tuple[str, ...] = ()
    hotspots: HotspotSettings | None = None
    areas: bool = False
    area_file: bool = False
    table_format: TableFormat = "csv"
    reports: tuple[ReportFormat, ...] = ()
    uses: Uses = field(default_factory=Uses)
    region_formats: tuple[RegionFormat, ...] = ()
    cutout_formats: tuple[CutoutFormat, ...] = ()
    word_formats: tuple[WordFormat, ...] = ()
    use_tables: bool = True

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in kinds():
                raise ValueError(f"a picture shows one of {', '.join(kinds())}, not {kind!r}")
        for fmt in self.maps:
            MAP_FORMATS.check(fmt)
        for region_format in self.region_formats:
            if region_format not in REGION_FORMATS:
                raise ValueError(f"regions are written as {', '.join(REGION_FORMATS)}, not {region_format!r}")
        if bool(self.region_formats) != (self.uses.regions is not None):
            raise ValueError("regions and their formats are given together")
        if bool(self.cutout_formats) != (self.uses.cutout is not None):
            raise ValueError("cut-outs and their formats are given together")
        if self.word_formats and self.uses.words is None:
            raise ValueError("formats of words need a description")
        if not 1 <= self.quality <= 100:
            raise ValueError(f"quality lies in 1..100, not {self.quality}")

    @property
    def endings(self) -> dict[str, str]:
        """The ending after the stem in each file's name, by the kind of file.

        The keys are those of `kinds`, ``"map npy"`` and so on, ``"hotspots"``, ``"areas"``,
        ``"report html"``, ``"report pdf"``, ``"crop 9x16"`` and so on, and ``"crops"``; the first is the
        most important one.
        """
        alone = self.plain and len(self.kinds) == 1
        found = {kind: f"{'' if alone else f'-{kind}'}.{self.picture_format}" for kind in self.kinds}
        result: dict[str, str] = {str(kind): ending for kind, ending in found.items()}
        result |= {f"map {fmt}": MAP_FORMATS[fmt].ending for fmt in self.maps}
        if self.hotspots is not None:
            result["hotspots"] = f"_hotspots.{self.table_format}"
        if self.areas:
            result["areas"] = f"_areas.{self.table_format}"
        if self.area_file:
            result["area-file"] = "_areas.json"
        result |= {f"report {fmt}": f"-report.{fmt}" for fmt in self.reports}
        return result | self._use_endings

    @property
    def _use_endings(self) -> dict[str, str]:
        crops = self.uses.crops
        result = {f"crop {crop.name}": f"-crop-{crop.name}.{self.picture_format}" for crop in crops}
        if crops and self.use_tables:
            result["crops"] = f"_crops.{self.table_format}"
        result |= {f"regions {fmt}": REGION_ENDINGS[fmt] for fmt in self.region_formats}
        result |= {f"cutout {fmt}": CUTOUT_ENDINGS[fmt] for fmt in self.cutout_formats}
        return result | {f"words {fmt}": WORD_ENDINGS[fmt] for fmt in self.word_formats}
