"""The cut-out of a picture as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from salviewer.core.applications.uses import Applied
from salviewer.media.annotations import Annotated, Annotation, json_text, labelme
from salviewer.media.saving import save_picture
from salviewer.results.order import CutoutFormat
from salviewer.results.region_files import relative_to, write_text
from salviewer.results.source import Source

LABEL = "salient"
"""Of polygons in labelme's files."""


def save_cutout(path: Path, fmt: CutoutFormat, source: Source, applied: Applied) -> None:
    """Write a picture's cut-out; of a plain one everything is transparent, the mask 0, and no polygon there.

    Raises:
        ExportError: the file cannot be written.
    """
    cutout, pixels = applied.cutout, source.picture.pixels
    alpha = np.zeros(pixels.shape[:2], np.uint8) if cutout is None else cutout.alpha
    if fmt == "png":
        save_picture(path, np.dstack([pixels, alpha]), icc=source.picture.icc)
    elif fmt == "mask":
        save_picture(path, np.repeat(alpha[..., None], 3, axis=2))
    else:
        things = [_annotation(points) for points in (cutout.polygons if cutout else ())]
        own = source.picture.path
        file = source.name if own is None else relative_to(own, path.parent)
        write_text(path, json_text(labelme(Annotated(file, source.saliency.source_size, tuple(things)))))


def _annotation(points: tuple[tuple[float, float], ...]) -> Annotation:
    x, y = zip(*points, strict=True)
    return Annotation(LABEL, min(x), min(y), max(x), max(y), points)
