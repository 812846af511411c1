"""``salviewer predict``: overlays and maps of pictures and folders, without a window."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer import api
from salviewer.cli import ordering, video
from salviewer.cli.options import UsageError, add_engine_arguments
from salviewer.cli.report import Report, remark
from salviewer.errors import ExportError, ImageError, InputError, ProjectError
from salviewer.media.images import Picture, find_pictures
from salviewer.media.listing import find_pictures_below
from salviewer.media.project import Project, load_project
from salviewer.models.card import card_line
from salviewer.models.catalog import DEFAULT_MODEL, identity
from salviewer.results.naming import make_folder, names_a_file
from salviewer.results.request import Batch, Plan, Policy
from salviewer.results.run import Watch
from salviewer.results.run import run as run_batch

if TYPE_CHECKING:
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.models.predictor import Predictor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument("paths", nargs="*", metavar="PICTURE", help="picture files and folders, or videos")
    parser.add_argument(
        "--project",
        metavar="FILE",
        help="instead of pictures: those of this project, as it shows them, with STEM_areas.csv for each",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT",
        help="folder for the results, created if missing; or, for one picture, the file to write",
    )
    parser.add_argument(
        "--subfolders",
        action="store_true",
        help="of folders, take the pictures of the folders in them too; results keep their place below OUT",
    )
    add_engine_arguments(parser, DEFAULT_MODEL)
    parser.set_defaults(model=None)  # given or the project's or the default one
    ordering.add_arguments(parser)
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument(
        "--skip-done",
        action="store_true",
        help="go on where an earlier run with this option was: pass over pictures whose results are there as"
        " they would be written again",
    )
    existing.add_argument(
        "--keep-existing",
        action="store_true",
        help="replace no file that is there already; number the new ones",
    )
    parser.add_argument(
        "--summary",
        action="store_true",
        help="write salviewer-summary.csv: what became of each picture, and its hottest spot",
    )
    video.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Predict; return 0 if every picture was done, else 1, with a line for each failure."""
    if video.wanted(options):
        return video.run(options)
    for name in ("detector", "reconnect", "timeout", "rate"):
        if getattr(options, name):
            raise UsageError(f"--{name} is for videos, not for pictures")
    report = Report("overlay" if options.view in (None, ["overlay"]) else "picture")
    project = _project(options)
    pictures, missed = _listed(options.project, project) if project else _find(options)
    for error in missed:
        report.failed(error, error.path)
    model = options.model or (project or Project()).model or DEFAULT_MODEL
    batch = replace(_batch(options, project or Project(), pictures, model), missed=tuple(missed))
    plan = batch.plan()
    for refused in plan.refused:
        report.failed(refused, refused.path)
    if plan.record is not None and plan.record.note:
        remark(plan.record.note)
    if not plan.jobs and not plan.done:
        return report.close()
    predictor = api.load_model(model, options.device, options.engine) if plan.jobs else None
    make_folder(batch.folder)
    return _run(batch, plan, predictor, report)


def _run(batch: Batch, plan: Plan, predictor: Predictor | None, report: Report) -> int:
    def predict(picture: Picture) -> SaliencyMap:
        assert predictor is not None  # it is only missing when there is nothing to predict
        return predictor.predict(picture.pixels)

    line = card_line(predictor.card, predictor.device_title) if predictor else ""
    watch = Watch(complain=lambda error: report.failed(error, batch.folder))
    start = time.perf_counter()
    with (
        report.progress(len(plan.jobs) + len(plan.done)),
        closing(run_batch(batch, plan, predict, model=line, watch=watch)) as outcomes,
    ):
        for outcome in outcomes:
            picture, first = outcome.job.picture, outcome.job.files[0].path
            if outcome.error is not None:
                report.failed(outcome.error, picture)
            elif outcome.status == "skipped":
                report.skipped(f"{picture} -> {first} (done before)")
            else:
                note = outcome.facts.note
                report.done(f"{picture} -> {first}" + (f" ({note})" if note else ""))
    if predictor is not None:
        remark(predictor.note)
    seconds = time.perf_counter() - start
    where = f" with {predictor.name} on {predictor.device_title}" if predictor else ""
    return report.close(f"in {seconds:.1f} s{where}")


def _project(options: argparse.Namespace) -> Project | None:
    if options.project and options.paths:
        raise UsageError("give pictures or --project FILE, not both")
    if not options.project and not options.paths:
        raise UsageError("give pictures, folders or --project FILE")
    return load_project(options.project) if options.project else None


def _listed(file: str, project: Project) -> tuple[list[Path], list[InputError]]:
    """Return the project's pictures that exist, and an error for each that does not and each bad entry."""
    missing = project.missing
    errors: list[InputError] = [ProjectError(file, f"{note}; it was left out") for note in project.notes]
    errors += [ImageError(path, f"it is not there any more, where {file} says it is") for path in missing]
    return [picture.path for picture in project.pictures if picture.path not in missing], errors


def _find(options: argparse.Namespace) -> tuple[list[Path], list[InputError]]:
    """The pictures asked for, and an error for each path, folder and picture that is left out."""
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


def _batch(options: argparse.Namespace, project: Project, pictures: Sequence[Path], model: str) -> Batch:
    target = Path(options.output)
    try:
        to_file = not options.output.endswith(("/", os.sep)) and names_a_file(target)
    except ExportError as error:
        raise UsageError(str(error)) from error
    if to_file and (len(options.paths or pictures) > 1 or any(Path(path).is_dir() for path in options.paths)):
        raise UsageError(f"{target} is one file and cannot take several pictures; give a folder after -o")
    if to_file and options.keep_existing:
        raise UsageError("--keep-existing numbers files in a folder; -o names one file")
    policy: Policy = "replace"
    if options.skip_done or options.keep_existing:
        policy = "skip-done" if options.skip_done else "keep"
    return Batch(
        tuple(pictures),
        target.parent if to_file else target,
        ordering.order(options, project, target if to_file else None),
        target if to_file else None,
        roots=tuple(Path(path) for path in options.paths) if options.subfolders else (),
        areas={picture.path: picture.areas for picture in project.pictures},
        draws_areas=options.draw_areas,
        policy=policy,
        model=identity(model) if options.skip_done and pictures else "",
        summed=options.summary,
    )
