"""``salviewer apply regions``: what stands out, and a detector's objects by attention."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.cli import apply_common
from salviewer.cli.options import UsageError, count, ranged
from salviewer.core.applications.drawing import contact_sheet, tile
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.uses import Uses
from salviewer.media.annotations import Annotated, coco, json_text
from salviewer.media.saving import save_picture
from salviewer.results.naming import names_a_file
from salviewer.results.order import REGION_FORMATS, Order
from salviewer.results.region_files import CLASSES, annotated, entries, relative_to, write_text
from salviewer.results.source import Source

_ON_SHEET = 240


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    apply_common.add_arguments(parser, "regions")
    add_region_arguments(parser, "--write", "--count", default=["csv"])
    apply_common.add_helper_arguments(parser)
    parser.add_argument(
        "--coco", type=Path, metavar="FILE", help="also write one COCO file of all pictures, to train on"
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="FILE", help="also write a contact sheet: each picture's first regions"
    )


def add_region_arguments(
    parser: argparse._ActionsContainer, write: str, number: str, default: list[str] | None = None
) -> None:
    """Declare in what formats regions are written, and how many."""
    parser.add_argument(
        write,
        dest="region_formats",
        choices=REGION_FORMATS,
        action="append",
        help="regions of each picture: STEM_regions.csv or .json, STEM_coco.json, labels for YOLO (STEM.txt)"
        " or labelme (STEM.json), or drawn (STEM-regions.png); may be given several times"
        + (f" (default: {', '.join(default)})" if default else ""),
    )
    parser.add_argument(
        number,
        dest="region_count",
        type=ranged(lambda text: RegionSettings(count(text)).count),
        default=RegionSettings().count,
        metavar="N",
        help="at most so many regions (default: %(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    """Find regions; return 0 if every picture was done, else 1, with a line for each failure."""
    settings = RegionSettings(options.region_count)
    formats = tuple(dict.fromkeys(options.region_formats or ["csv"]))
    for path in (options.sheet,):
        if path is not None and not names_a_file(path):
            raise UsageError(f"{path} is no name of a picture file, such as sheet.png")
    uses = Uses(regions=settings, find=apply_common.looked_for(options))
    order = Order(kinds=(), uses=uses, region_formats=formats)
    folder = Path(options.output)
    gathered = _Gathered(folder, options.coco is not None, options.sheet is not None)

    def together() -> Iterator[tuple[str, Path]]:
        yield from gathered.write(options.coco, options.sheet)
        if "yolo" in formats and gathered.any:
            classes = folder / "classes.txt"
            write_text(classes, "".join(f"{name}\n" for name in CLASSES))
            yield "classes", classes

    helpers = apply_common.helpers(options)
    return apply_common.run(options, order, "picture", _listing, helpers, gathered.add, together)


class _Gathered:
    """Writer of the files for all pictures together."""

    def __init__(self, folder: Path, coco_wanted: bool, sheet_wanted: bool) -> None:
        self._folder, self._coco, self._sheet = folder, coco_wanted, sheet_wanted
        self._annotated: dict[Path, Annotated] = {}
        self._tiles: dict[Path, list[tuple[NDArray[np.uint8], str]]] = {}
        self.any = False

    def add(self, source: Source) -> None:
        """Take what a picture has; called by one thread at a time."""
        applied, path = source.applied, source.picture.path
        assert applied is not None and path is not None
        self.any = True
        if self._coco:
            name = relative_to(path, self._folder) if source.page is None else source.page.address
            self._annotated[path] = annotated(source, applied, name)
        if self._sheet:
            height, width = source.picture.pixels.shape[:2]
            for region in applied.regions[:3]:
                rows = slice(
                    int(region.top * height), max(int(region.top * height) + 1, round(region.bottom * height))
                )
                columns = slice(
                    int(region.left * width), max(int(region.left * width) + 1, round(region.right * width))
                )
                text = f"{path.name}  {region.number}: {100 * region.share:.0f} %"
                self._tiles.setdefault(path, []).append((tile(source.picture.pixels[rows, columns]), text))

    def write(self, coco_file: Path | None, sheet: Path | None) -> Iterator[tuple[str, Path]]:
        """Write both, pictures in the order of their names; say what was written, and where."""
        if coco_file is not None and self.any:
            write_text(
                coco_file, json_text(coco([self._annotated[path] for path in sorted(self._annotated)]))
            )
            yield "COCO", coco_file
        tiles = [each for path in sorted(self._tiles) for each in self._tiles[path]][:_ON_SHEET]
        if sheet is not None and tiles:
            save_picture(sheet, contact_sheet(tiles))
            yield "contact sheet", sheet


def _cells(low: float, high: float, count: int) -> slice:
    """Return the pixels between two fractions, at least one."""
    first = min(int(low * count), count - 1)
    return slice(first, max(first + 1, round(high * count)))


def _listing(done: Sequence[apply_common.Made]) -> str:
    return json_text([{"picture": picture, **entries(applied)} for picture, applied in done])
