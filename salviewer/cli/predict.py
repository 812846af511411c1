"""``salviewer predict``: write overlays and maps of pictures and folders, without a window."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer import api
from salviewer.cli import cluster, explain, ordering, pages, screens, video
from salviewer.cli.batch_run import carry_out, chosen_project, find, listed
from salviewer.cli.options import UsageError, add_document_arguments, add_engine_arguments
from salviewer.cli.report import Report, remark
from salviewer.errors import ExportError
from salviewer.media.project import Project
from salviewer.models.catalog import DEFAULT_MODEL, identity
from salviewer.results.naming import make_folder, names_a_file
from salviewer.results.request import Batch
from salviewer.streaming.known_objects import helpers_of

if TYPE_CHECKING:
    from salviewer.results.policies import Policy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PICTURE",
        help="picture files and folders, addresses of web pages, or videos; screen:X,Y,W,H is a part of the"
        " screen",
    )
    parser.add_argument(
        "--project",
        metavar="FILE",
        help="use the pictures of this project, shown as in the project, with STEM_areas.csv for each",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT",
        help="folder for the results, created if missing; for one picture, also a file name",
    )
    parser.add_argument(
        "--subfolders",
        action="store_true",
        help="also take the pictures in subfolders of folders; results keep their place below OUT",
    )
    add_engine_arguments(parser, DEFAULT_MODEL)
    add_document_arguments(parser)
    parser.set_defaults(model=None)  # the option's, else the project's, else the default
    ordering.add_arguments(parser)
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument(
        "--skip-done",
        action="store_true",
        help="continue an earlier run that used this option: skip pictures whose results exist as they would"
        " be written again",
    )
    existing.add_argument(
        "--keep-existing",
        action="store_true",
        help="never replace existing files; number the new ones",
    )
    parser.add_argument(
        "--summary",
        action="store_true",
        help="write salviewer-summary.csv: the outcome of each picture, and its hottest spot",
    )
    pages.add_arguments(parser)
    explain.add_arguments(parser)
    video.add_arguments(parser)
    cluster.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Predict; return 0 if every picture was done, else 1, with a line for each failure."""
    if options.explain:
        return explain.run(options)
    if options.cluster:
        pages.refuse(options)
        return cluster.run(options)
    for name in ("column", "shard", "videos"):
        if getattr(options, name):
            raise UsageError(f"--{name} is for --cluster")
    found = pages.find(options)
    if video.wanted(options, found.addresses):
        return video.run(options)
    if options.save_tracks:
        raise UsageError("--save-tracks is for videos, not for pictures")
    for name in ("reconnect", "timeout", "rate"):
        if getattr(options, name) and not (name == "timeout" and found.addresses):
            raise UsageError(f"--{name} is for videos, not for pictures")
    if options.detector and not (options.crops or options.region_formats or options.word_formats):
        raise UsageError("--detector is for videos, and for crops, regions and words of pictures")
    if options.find and not (options.crops or options.region_formats or options.word_formats):
        raise UsageError("--read-text and --find-faces are for crops, regions and words")
    with screens.as_files(options.paths) as options.paths, pages.fetched(options, found) as drawn:
        return _run(options, found, drawn)


def _run(options: argparse.Namespace, found: pages.Found, drawn: pages.Drawn) -> int:
    report = Report("overlay" if options.view in (None, ["overlay"]) else "picture")
    project = chosen_project(options)
    options.paths = [
        each
        for path in options.paths
        for each in (drawn.files.get(path, []) if path in found.addresses else [path])
    ]
    if project:
        pictures, missed = listed(options.project, project)
    else:
        pictures, missed = find(options)
    missed = [*found.missed.values(), *drawn.missed, *missed]
    for error in missed:
        report.failed(error, error.path)
    model = options.model or (project or Project()).model or DEFAULT_MODEL
    batch = _batch(options, project or Project(), pictures, model, drawn)
    batch = replace(batch, missed=tuple(missed), pages=drawn.pages)
    plan = batch.plan()
    for refused in plan.refused:
        report.failed(refused, refused.path)
    if plan.record is not None and plan.record.note:
        remark(plan.record.note)
    if not plan.jobs and not plan.done:
        return report.close()
    predictor = api.load_model(model, options.device, options.engine) if plan.jobs else None
    make_folder(batch.folder)
    helpers = helpers_of(options.detector)
    return report.close(carry_out(batch, plan, predictor, report, helpers))


def _batch(
    options: argparse.Namespace, project: Project, pictures: Sequence[Path], model: str, drawn: pages.Drawn
) -> Batch:
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
        ordering.order(options, project, target if to_file else None, pages=bool(drawn.areas)),
        target if to_file else None,
        roots=tuple(Path(path) for path in options.paths) if options.subfolders else (),
        areas={picture.path: picture.areas for picture in project.pictures} | drawn.areas,
        draws_areas=options.draw_areas,
        policy=policy,
        model=identity(model) if options.skip_done and pictures else "",
        summed=options.summary,
    )
