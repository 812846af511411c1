"""Regions and objects of a picture as files."""

from __future__ import annotations

import os
from pathlib import Path

from salviewer.core.applications.drawing import draw_uses
from salviewer.core.applications.regions import RankedObject, SalientRegion
from salviewer.core.applications.uses import Applied
from salviewer.media.annotations import Annotated, Annotation, coco, json_text, labelme, yolo
from salviewer.media.saving import atomic_path, save_picture
from salviewer.media.tables import Cell, Table, save_table
from salviewer.results.order import RegionFormat
from salviewer.results.source import Source

REGION = "region"
CLASSES = (REGION, "seen", "overlooked")
"""Of YOLO's files: regions of the map, and a detector's objects by whether they get attention."""


def save_regions(path: Path, fmt: RegionFormat, source: Source, applied: Applied) -> None:
    """Write a picture's regions and objects.

    Raises:
        ExportError: the file cannot be written.
    """
    if fmt == "csv":
        save_table(path, region_table(applied))
        return
    if fmt == "picture":
        save_picture(path, draw_uses(source.picture.pixels, applied.regions, applied.objects))
        return
    picture = annotated(source, applied, _shown_from(source, path))
    if fmt == "json":
        text = json_text(entries(applied))
    elif fmt == "coco":
        text = json_text(coco([picture]))
    elif fmt == "yolo":
        text = yolo(by_class(picture), CLASSES)
    else:
        text = json_text(labelme(picture))
    write_text(path, text)


def annotated(source: Source, applied: Applied, file: str) -> Annotated:
    """Return a picture's regions and objects for other programs; `file` is how they name the picture."""
    things = (*map(_region, applied.regions), *map(_object, applied.objects))
    return Annotated(file, source.saliency.source_size, things)


def by_class(picture: Annotated) -> Annotated:
    """Return the same with `CLASSES` for labels."""
    things = []
    for each in picture.things:
        seen = each.facts.get("seen")
        label = REGION if seen is None else CLASSES[1] if seen else CLASSES[2]
        things.append(Annotation(label, each.left, each.top, each.right, each.bottom))
    return Annotated(picture.file, picture.size, tuple(things))


def entries(applied: Applied) -> dict[str, list[dict[str, object]]]:
    """Return a picture's regions and objects as JSON can store them."""
    table = region_table(applied)
    rows: list[dict[str, object]] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    for row, region in zip(rows, applied.regions, strict=False):
        row["contour"] = [list(point) for point in region.contour]
    regions, objects = rows[: len(applied.regions)], rows[len(applied.regions) :]
    return {"regions": regions, "objects": objects}


def region_table(applied: Applied) -> Table:
    """List regions, then objects: label, rank, box in fractions, share, and what is known of each kind."""
    rows: list[tuple[Cell, ...]] = [
        (
            REGION,
            each.number,
            *(round(value, 6) for value in each.box),
            round(each.share, 6),
            round(each.peak, 6),
            round(each.objectness, 4),
            round(each.size, 6),
            "",
        )
        for each in applied.regions
    ]
    rows += [
        (
            each.known.label or each.known.kind,
            each.rank,
            *(
                round(value, 6)
                for value in (each.known.left, each.known.top, each.known.right, each.known.bottom)
            ),
            round(each.share, 6),
            "",
            "",
            round((each.known.right - each.known.left) * (each.known.bottom - each.known.top), 6),
            "seen" if each.seen else "overlooked",
        )
        for each in applied.objects
    ]
    columns = ("label", "rank", "left", "top", "right", "bottom", "share", "peak", "objectness", "size")
    return Table((*columns, "attention"), tuple(rows))


def write_text(path: Path, text: str) -> None:
    """Write a text file, complete or not there."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(text.encode("utf-8", "surrogatepass"))


def _region(each: SalientRegion) -> Annotation:
    facts: dict[str, float | int | str | bool] = {
        "rank": each.number,
        "share": round(each.share, 6),
        "peak": round(each.peak, 6),
        "objectness": round(each.objectness, 4),
    }
    return Annotation(REGION, *each.box, each.contour, each.share, facts)


def _object(each: RankedObject) -> Annotation:
    facts: dict[str, float | int | str | bool] = {
        "rank": each.rank,
        "share": round(each.share, 6),
        "density": round(each.density, 4),
        "seen": each.seen,
    }
    known = each.known
    return Annotation(
        known.label or known.kind, known.left, known.top, known.right, known.bottom, (), known.score, facts
    )


def _shown_from(source: Source, path: Path) -> str:
    """Return the picture's path as seen from the folder of a file beside the results, or its address."""
    if source.page is not None:
        return source.page.address
    if source.picture.path is None:
        return source.name
    return relative_to(source.picture.path, path.parent)


def relative_to(picture: Path, folder: Path) -> str:
    """Return a picture's path as seen from a folder, with forward slashes; absolute from another drive."""
    try:
        return Path(os.path.relpath(picture.absolute(), folder.absolute())).as_posix()
    except ValueError:
        return picture.absolute().as_posix()
