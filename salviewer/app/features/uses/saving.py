"""Writes what is on screen of a use, by the functions of batches and the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.app.shell import dialogs
from salviewer.app.translation import mark
from salviewer.media.saving import EXPORT_SUFFIXES
from salviewer.media.written import note_written
from salviewer.results.order import Order

if TYPE_CHECKING:
    from salviewer.app.state.use_choices import UseKind
    from salviewer.core.applications.uses import Applied, Uses
    from salviewer.results.source import Source

FILTERS: dict[UseKind, tuple[tuple[str, str], ...]] = {
    "crop": dialogs.PICTURE_FORMATS,
    "regions": (
        (mark("Table"), "csv"),
        ("JSON", "json"),
        ("COCO", "coco.json"),
        ("labelme", "labelme.json"),
        ("YOLO", "txt"),
        (mark("Drawn"), "png"),
    ),
    "cutout": (
        (mark("With transparency"), "png"),
        (mark("Mask"), "mask.png"),
        ("labelme", "labelme.json"),
    ),
    "words": ((mark("Text"), "txt"), ("JSON", "json"), (mark("Alternative text"), "alt.txt")),
}
"""Name and ending of the formats of each use, the usual one first."""

_WHAT: dict[tuple[UseKind, str], str] = {
    ("regions", "csv"): "regions csv",
    ("regions", "json"): "regions json",
    ("regions", "coco.json"): "regions coco",
    ("regions", "labelme.json"): "regions labelme",
    ("regions", "txt"): "regions yolo",
    ("regions", "png"): "regions picture",
    ("cutout", "png"): "cutout png",
    ("cutout", "mask.png"): "cutout mask",
    ("cutout", "labelme.json"): "cutout labelme",
    ("words", "txt"): "words txt",
    ("words", "json"): "words json",
    ("words", "alt.txt"): "words alt",
}


def ending_of(path: Path, kind: UseKind) -> str:
    """Return the ending of a file's name among `FILTERS`, the longest that fits; the usual one otherwise."""
    endings = [ending for _, ending in FILTERS[kind]]
    fitting = [ending for ending in endings if path.name.lower().endswith(f".{ending}")]
    return max(fitting, key=len, default=endings[0])


def save(path: Path, kind: UseKind, uses: Uses, source: Source, applied: Applied) -> Path:
    """Write a use; the name's ending says in which format.

    Raises:
        ExportError: it cannot be written.
    """
    source = replace(source, applied=applied)
    if kind == "crop":
        what = f"crop {uses.crops[0].name}"
    else:
        what = _WHAT[kind, ending_of(path, kind)]
    from salviewer.results.applying import save_use

    save_use(path, what, Order(kinds=()), source, applied)
    if path.suffix.lower() in EXPORT_SUFFIXES:
        note_written(path)
    return path
