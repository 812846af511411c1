"""Shared steps of commands that write files of pictures: find the pictures, run the batch, report."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.cli.options import UsageError
from salviewer.cli.report import Report, remark
from salviewer.core.applications.uses import Helpers
from salviewer.core.screens import predict_in_screens
from salviewer.errors import ImageError, InputError, ProjectError
from salviewer.media.images import Picture, find_pictures
from salviewer.media.listing import find_pictures_below
from salviewer.media.project import Project, load_project
from salviewer.models.card import card_line
from salviewer.models.kinds import kind_name
from salviewer.results.request import Batch, Plan
from salviewer.results.run import Watch
from salviewer.results.run import run as run_batch
from salviewer.results.source import Source

if TYPE_CHECKING:
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.models.predictor import Predictor


def carry_out(
    batch: Batch,
    plan: Plan,
    predictor: Predictor | None,
    report: Report,
    helpers: Helpers | None = None,
    applied: Callable[[Source], None] = lambda source: None,
    *,
    names_all: bool = False,
) -> str:
    """Do a batch, with a line for each picture; return how long it took, and with what.

    Args:
        applied: gets each picture with what came of its uses, in any thread.
        names_all: name all files of a picture, not the most important one alone.
    """

    def predict(picture: Picture) -> SaliencyMap:
        assert predictor is not None  # it is only missing when there is nothing to predict
        return predict_in_screens(predictor.predict, picture.pixels, picture.screen)

    line = card_line(predictor.card, predictor.device_title) if predictor else ""
    watch = Watch(applied=applied, complain=lambda error: report.failed(error, batch.folder))
    start = time.perf_counter()
    with (
        report.progress(len(plan.jobs) + len(plan.done)),
        closing(
            run_batch(batch, plan, predict, model=line, watch=watch, helpers=helpers, kind=kind_name)
        ) as outcomes,
    ):
        for outcome in outcomes:
            picture, first = batch.shown(outcome.job.picture), outcome.job.files[0].path
            if outcome.error is not None:
                report.failed(outcome.error, picture)
            elif outcome.status == "skipped":
                report.skipped(f"{picture} -> {first} (done before)")
            else:
                note = outcome.facts.note
                written = [str(first)]
                if names_all:
                    written += [file.path.name for file in outcome.job.files[1:]]
                report.done(f"{picture} -> {', '.join(written)}" + (f" ({note})" if note else ""))
    if predictor is not None:
        remark(predictor.note)
    seconds = time.perf_counter() - start
    where = f" with {predictor.name} on {predictor.device_title}" if predictor else ""
    return f"in {seconds:.1f} s{where}"


def chosen_project(options: argparse.Namespace) -> Project | None:
    """Read the project that the options name; None where they name pictures.

    Raises:
        UsageError: both are given, or neither.
        ProjectError: it cannot be read.
    """
    if options.project and options.paths:
        raise UsageError("give pictures or --project FILE, not both")
    if not options.project and not options.paths:
        raise UsageError("give pictures, folders or --project FILE")
    return load_project(options.project) if options.project else None


def listed(file: str, project: Project) -> tuple[list[Path], list[InputError]]:
    """Return the project's pictures that exist, and an error for each that does not and each bad entry."""
    missing = project.missing
    errors: list[InputError] = [ProjectError(file, f"{note}; it was left out") for note in project.notes]
    errors += [ImageError(path, f"it is not there any more, where {file} says it is") for path in missing]
    return [picture.path for picture in project.pictures if picture.path not in missing], errors


def find(options: argparse.Namespace) -> tuple[list[Path], list[InputError]]:
    """Return the requested pictures, and an error for each path, folder and picture that is left out."""
    found: list[Path] = []
    missed: list[InputError] = []
    for path in options.paths:
        try:
            if options.subfolders and Path(path).is_dir():
                found += find_pictures_below(path, [options.output], missed.append)
            else:
                found += find_pictures([path], complain=missed.append)
        except ImageError as error:
            missed.append(error)
    return found, missed
