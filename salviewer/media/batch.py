"""Which files a batch of pictures becomes: names that keep the picture's stem and never clash."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salviewer.errors import ExportError
from salviewer.media.export import EXPORT_SUFFIXES
from salviewer.media.formats import PICTURE_SUFFIXES

MAP_ENDINGS = {"npy": ".npy", "png16": "_map.png"}
"""What follows the stem in the name of a map."""


@dataclass(frozen=True, slots=True)
class Job:
    """One picture and the files it becomes.

    Attributes:
        picture: the file to open.
        overlay: the file to write.
        map: where its map goes, if one is wanted.
        renamed: whether another picture of the batch has its name already.
        hotspots, areas: where its tables go, if they are wanted.
    """

    picture: Path
    overlay: Path
    map: Path | None
    renamed: bool = False
    hotspots: Path | None = None
    areas: Path | None = None

    @property
    def written(self) -> list[Path]:
        """Every file that the job writes."""
        return [path for path in (self.overlay, self.map, self.hotspots, self.areas) if path]


def plan(
    pictures: Sequence[Path],
    folder: Path,
    suffix: str,
    map_ending: str = "",
    *,
    hotspots: str = "",
    areas: str = "",
) -> list[Job]:
    """Name the outputs: ``STEM + suffix``, ``STEM + map_ending`` ... in ``folder``.

    Where names would clash (on disks, too, that ignore letters' case or Unicode form) the first picture keeps
    its stem and the later ones become ``STEM-2``, ``STEM-3`` ... in the order given, passing over names that
    another picture has by itself. A picture that is given twice is done once.

    Args:
        pictures: files, in order.
        folder: where outputs go.
        suffix: of overlays, e.g. ``".png"``.
        map_ending: of maps, from `MAP_ENDINGS`; empty for none.
        hotspots, areas: of tables, e.g. ``"_areas.csv"``; empty for none.
    """
    endings = [suffix, *filter(None, (map_ending, hotspots, areas))]
    distinct = list({picture.absolute(): picture for picture in pictures}.values())
    taken: set[str] = set()
    stems: dict[Path, str] = {}

    def claim(picture: Path, stem: str) -> bool:
        names = {_folded(stem + ending) for ending in endings}
        if names & taken:
            return False
        taken.update(names)
        stems[picture] = stem
        return True

    waiting = [picture for picture in distinct if not claim(picture, picture.stem)]
    for picture in waiting:
        number = 2
        while not claim(picture, f"{picture.stem}-{number}"):
            number += 1
    return [
        Job(
            picture,
            folder / f"{stems[picture]}{suffix}",
            _beside(folder, stems[picture], map_ending),
            stems[picture] != picture.stem,
            _beside(folder, stems[picture], hotspots),
            _beside(folder, stems[picture], areas),
        )
        for picture in distinct
    ]


def plan_file(
    picture: Path, overlay: Path, map_ending: str = "", *, hotspots: str = "", areas: str = ""
) -> Job:
    """One picture to one named file, its map and tables beside it."""
    beside = [_beside(overlay.parent, overlay.stem, ending) for ending in (map_ending, hotspots, areas)]
    return Job(picture, overlay, beside[0], False, beside[1], beside[2])


def names_a_file(target: Path) -> bool:
    """Whether ``-o target`` means a picture file rather than a folder.

    Raises:
        ExportError: it ends like a picture of a kind that is not written.
    """
    suffix = target.suffix.lower()
    if target.is_dir() or suffix not in PICTURE_SUFFIXES | set(EXPORT_SUFFIXES):
        return False
    if suffix not in EXPORT_SUFFIXES:
        raise ExportError(
            target, f'"{suffix}" is no format this program writes; choose {", ".join(EXPORT_SUFFIXES)}'
        )
    return True


def _beside(folder: Path, stem: str, ending: str) -> Path | None:
    return folder / f"{stem}{ending}" if ending else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
