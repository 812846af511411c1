"""Write the files of an order for one picture, for export, batch and command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from salviewer.core.applications.uses import Helpers
from salviewer.core.areas import measure
from salviewer.core.hotspots import find_hotspots
from salviewer.core.postprocess import shown_density
from salviewer.errors import ExportError
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.openers.table import PICTURE_SUFFIXES
from salviewer.media.saving import atomic_path, save_picture
from salviewer.media.tables import area_table, hotspot_table, save_table
from salviewer.media.written import note_written
from salviewer.results import words
from salviewer.results.applying import applied_to, save_use
from salviewer.results.naming import Job
from salviewer.results.order import USE_KINDS, Order
from salviewer.results.report import Report, build_report
from salviewer.results.report_page import report_html
from salviewer.results.source import Source, drawn
from salviewer.results.web_page import scored_areas

PdfMaker = Callable[[Report], bytes]
"""Sets a report as PDF; needs Qt and therefore comes from the window."""


def write_files(
    job: Job, order: Order, source: Source, *, when: date, replaces: bool = True, pdf: PdfMaker | None = None
) -> Iterator[Path]:
    """Write a job's files one after the other; each file is complete or absent.

    Pictures among them are entered in their folder's record, so that they are not taken for input later.

    Args:
        when: the date in a report.
        replaces: whether existing files may be replaced.
        pdf: needed if the order has a PDF.

    Yields:
        each file after it is written. When the loop is left, the remaining files are not written.

    Raises:
        ExportError: a file cannot be written, or exists and must not be replaced; earlier files stay.
    """
    report: Report | None = None
    applied = source.applied
    if applied is None and order.uses:
        applied = applied_to(source, order.uses, Helpers())
        source = replace(source, applied=applied)
    for file in job.files:
        if not replaces and file.path.exists():
            raise ExportError(file.path, "a file of this name appeared there meanwhile and was kept")
        what, _, fmt = file.what.partition(" ")
        if what == "map":
            _save_map(file.path, fmt, order, source)
        elif what == "hotspots":
            found = find_hotspots(source.saliency, order.hotspots, order.scene.settings)
            save_table(file.path, hotspot_table(found))
        elif what == "areas":
            scores = measure(source.saliency, source.areas, order.scene.settings)
            save_table(file.path, area_table(scores))
        elif what == "area-file":
            text = scored_areas(source.saliency, source.areas, order.scene.settings, source.page)
            with atomic_path(file.path) as temporary:
                temporary.write_bytes(text.encode("utf-8", "surrogatepass"))
        elif what == "report":
            report = report or build_report(source, order.scene, when)
            if fmt == "pdf" and pdf is None:
                raise ExportError(file.path, "only the window can make a PDF; choose HTML")
            page = report_html(report).encode() if fmt == "html" or pdf is None else pdf(report)
            with atomic_path(file.path) as temporary:
                temporary.write_bytes(page)
        elif applied is not None and what in USE_KINDS:
            save_use(file.path, file.what, order, source, applied)
        else:
            pixels = drawn(source, order.scene, what, order.size)
            save_picture(file.path, pixels, quality=order.quality, icc=source.picture.icc)
        if file.path.suffix.lower() in PICTURE_SUFFIXES:
            note_written(file.path)
        yield file.path


def _save_map(path: Path, fmt: str, order: Order, source: Source) -> None:
    settings = order.scene.settings
    density = shown_density(source.saliency, settings)
    description = (
        f"Where people will look, predicted by {source.saliency.model}: shares of all fixations, "
        f"smoothing {words.smoothing(settings)}, showing {words.threshold(settings.threshold)}."
    )
    MAP_FORMATS[fmt].write(path, density, description)
