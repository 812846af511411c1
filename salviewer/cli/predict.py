"""``salviewer predict``: overlays and maps of pictures and folders, without a window."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from salviewer import api
from salviewer.cli import look, measures, video
from salviewer.cli.measures import Measures
from salviewer.cli.options import UsageError, add_engine_arguments
from salviewer.cli.pipeline import overlapped
from salviewer.cli.report import Report
from salviewer.core.views import VIEWS, View
from salviewer.errors import ExportError, ImageError
from salviewer.media.batch import MAP_ENDINGS, Job, names_a_file, plan, plan_file
from salviewer.media.export import save_map_npy, save_map_png16, save_picture
from salviewer.media.images import Picture, find_pictures, load_picture
from salviewer.media.project import Project, load_project
from salviewer.media.tables import Table, save_table
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from salviewer.models.predictor import Predictor

FORMATS = ("png", "jpg", "webp", "tiff")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "paths", nargs="*", metavar="PICTURE", help="picture files, and folders of them; or videos"
    )
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
        help="folder for the results, made if missing; or, for one picture, the file to write",
    )
    add_engine_arguments(parser, DEFAULT_MODEL)
    parser.set_defaults(model=None)  # given or the project's or the default one
    parser.add_argument(
        "--view", choices=VIEWS, default=VIEWS[0], help="what the pictures show (default: %(default)s)"
    )
    look.add_arguments(parser)
    parser.add_argument("--format", choices=FORMATS, help="of the pictures written (default: png)")
    parser.add_argument(
        "--save-map",
        choices=list(MAP_ENDINGS),
        help="write the map too, at the network's resolution: STEM.npy (float32) or STEM_map.png (16 bit)",
    )
    measures.add_arguments(parser)
    video.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Predict; 0 if every picture was done, 1 with a line for each that was not."""
    if video.wanted(options):
        return video.run(options)
    # Spinning OpenMP threads would starve the threads that decode and encode; must be set before torch loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    report = Report("overlay" if options.view == "overlay" else "picture")
    project = _project(options)
    pictures = _listed(options.project, project, report) if project else _find(options.paths, report)
    project = project or Project()
    measured = Measures(options, {picture.path: picture.areas for picture in project.pictures})
    jobs = _refuse_to_replace(_plan(options, pictures, measured), report)
    if not jobs:
        return report.close()
    predictor = api.load_model(options.model or project.model or DEFAULT_MODEL, options.device)
    _make_folder(jobs[0].overlay.parent)
    return _run_batch(jobs, _Task(options, project, predictor, measured), report)


@dataclass(frozen=True, slots=True)
class _Made:
    """All that is to be written for a picture."""

    picture: Picture
    shown: NDArray[np.uint8]
    density: NDArray[np.float32] | None
    tables: list[tuple[Path, Table]]


class _Task:
    """What is done to every picture."""

    def __init__(
        self, options: argparse.Namespace, project: Project, predictor: Predictor, measured: Measures
    ) -> None:
        self.predictor = predictor
        self.measured = measured
        self.settings, self.style = look.look(options, project)
        self.view: View = options.view
        self.save_map = {"npy": save_map_npy, "png16": save_map_png16}.get(options.save_map or "")

    def read(self, job: Job) -> Picture:
        return load_picture(job.picture)

    def make(self, job: Job, picture: Picture) -> _Made:
        saliency = api.predict(self.predictor, picture)
        shown = api.render(picture, saliency, self.settings, self.style, view=self.view)
        tables = self.measured.take(job, shown, saliency, self.settings)
        density = api.shown_density(saliency, self.settings) if self.save_map else None
        return _Made(picture, shown, density, tables)

    def write(self, job: Job, made: _Made) -> str:
        save_picture(job.overlay, made.shown, icc=made.picture.icc)
        if self.save_map and job.map and made.density is not None:
            self.save_map(job.map, made.density)
        for path, table in made.tables:
            save_table(path, table)
        return made.picture.note


def _run_batch(jobs: list[Job], task: _Task, report: Report) -> int:
    start = time.perf_counter()
    outcomes = overlapped(jobs, task.read, task.make, task.write)
    with report.progress(len(jobs)), closing(outcomes):
        for job, note, error in outcomes:
            if error is not None:
                report.failed(error, job.picture)
                continue
            notes = [note or "", "renamed: another picture has that name" if job.renamed else ""]
            aside = "; ".join(filter(None, notes))
            report.done(f"{job.picture} -> {job.overlay}" + (f" ({aside})" if aside else ""))
    seconds = time.perf_counter() - start
    return report.close(f"in {seconds:.1f} s with {task.predictor.name} on {task.predictor.device_title}")


def _project(options: argparse.Namespace) -> Project | None:
    if options.project and options.paths:
        raise UsageError("give pictures or --project FILE, not both")
    if not options.project and not options.paths:
        raise UsageError("give pictures, folders or --project FILE")
    return load_project(options.project) if options.project else None


def _listed(file: str, project: Project, report: Report) -> list[Path]:
    """The project's pictures that are there; each that is not is reported."""
    for path in project.missing:
        report.failed(ImageError(path, f"it is not there any more, where {file} says it is"), path)
    return [picture.path for picture in project.pictures if picture.path not in project.missing]


def _find(paths: Iterable[str], report: Report) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        try:
            found += find_pictures([path])
        except ImageError as error:
            report.failed(error, path)
    return found


def _plan(options: argparse.Namespace, pictures: list[Path], measured: Measures) -> list[Job]:
    ending = MAP_ENDINGS.get(options.save_map or "", "")
    target = Path(options.output)
    try:
        to_file = not options.output.endswith(("/", os.sep)) and names_a_file(target)
    except ExportError as error:
        raise UsageError(str(error)) from error
    if not to_file:
        return plan(pictures, target, f".{options.format or FORMATS[0]}", ending, **measured.endings)
    if len(options.paths or pictures) > 1 or any(Path(path).is_dir() for path in options.paths):
        raise UsageError(f"{target} is one file and cannot take several pictures; give a folder after -o")
    if options.format and target.suffix.lower() not in _suffixes(options.format):
        raise UsageError(f"--format {options.format} and the name {target.name} disagree")
    return [plan_file(picture, target, ending, **measured.endings) for picture in pictures]


def _suffixes(fmt: str) -> tuple[str, ...]:
    return {"jpg": (".jpg", ".jpeg"), "tiff": (".tif", ".tiff")}.get(fmt, (f".{fmt}",))


def _refuse_to_replace(jobs: list[Job], report: Report) -> list[Job]:
    """Drop the jobs that would write over one of the pictures themselves."""
    originals = {os.path.realpath(job.picture) for job in jobs}
    kept = []
    for job in jobs:
        written = [path for path in job.written if os.path.realpath(path) in originals]
        if written:
            report.failed(
                ImageError(
                    job.picture, f"its result would replace the picture {written[0]}; choose another folder"
                ),
                job.picture,
            )
        else:
            kept.append(job)
    return kept


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportError(folder, "there is a file of this name, where a folder is needed") from error
    except OSError as error:
        raise ExportError(
            folder, f"the folder cannot be made ({(error.strerror or str(error)).lower()})"
        ) from error
