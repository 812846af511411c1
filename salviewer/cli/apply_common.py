"""Code shared by the uses of `salviewer apply` for pictures."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salviewer import api
from salviewer.cli import given, pages
from salviewer.cli.batch_run import carry_out, chosen_project, find, listed
from salviewer.cli.options import UsageError, add_document_arguments, add_engine_arguments
from salviewer.cli.report import Report
from salviewer.core.applications.uses import FINDABLE, Applied, Findable, Helpers
from salviewer.errors import ExportError
from salviewer.media.project import Project
from salviewer.media.saving import atomic_path
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.results.finders import check_finders
from salviewer.results.naming import make_folder, names_a_file
from salviewer.results.order import PICTURE_FORMATS, Order, Size
from salviewer.results.request import Batch
from salviewer.results.source import Source
from salviewer.streaming.detector import FUNCTION
from salviewer.streaming.known_objects import CAPTION_FUNCTION, helpers_of

Made = tuple[str, Applied]
"""What a list calls a picture, and what came of it."""


@dataclass(frozen=True, slots=True)
class _Hooks:
    """What a use adds; see `run`."""

    listing: Callable[[Sequence[Made]], str]
    helpers: Helpers | None
    gather: Callable[[Source], None]
    together: Callable[[], Iterable[tuple[str, Path]]]


def add_arguments(parser: argparse.ArgumentParser, of: str) -> None:
    """Declare what every use has: pictures, ``-o``, the list, the model."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PICTURE",
        help="picture files and folders, addresses of web pages; screen:X,Y,W,H is a part of the screen",
    )
    parser.add_argument(
        "--project",
        metavar="FILE",
        help="instead of pictures: those of this project, with their areas",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help=f"folder for {of}, made if missing"
    )
    parser.add_argument(
        "--subfolders",
        action="store_true",
        help="of folders, take the pictures of the folders in them too; results keep their place below OUT",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help=f"also write a list of all {of}")
    add_engine_arguments(parser, DEFAULT_MODEL)
    add_document_arguments(parser)
    pages.add_arguments(parser)
    parser.set_defaults(model=None)


def add_helper_arguments(parser: argparse.ArgumentParser, captions: bool = False) -> None:
    """Declare ``--detector``, ``--read-text``, ``--find-faces`` and, if asked for, ``--captioner``."""
    parser.add_argument(
        "--detector",
        default="",
        metavar="FILE.py[:FUNCTION]",
        help="objects are the boxes (x, y, width, height[, weight[, label]]), in pixels, that this function"
        f" ({FUNCTION}, if none is named) returns for a picture, uint8 (h, w, 3); the file's code is run",
    )
    add_find_arguments(parser)
    if captions:
        _add_captioner(parser)


def add_find_arguments(parser: argparse._ActionsContainer) -> None:
    """Declare ``--read-text`` and ``--find-faces``."""
    for option, kind, what, package in (
        ("--read-text", "text", "find and read lines of text", "rapidocr"),
        ("--find-faces", "faces", "find faces seen from the front", "scikit-image"),
    ):
        parser.add_argument(
            option,
            dest="find",
            action="append_const",
            const=kind,
            help=f"{what}: crops do not cut them, regions rank them, words name them; needs the package"
            f" {package}",
        )


def looked_for(options: argparse.Namespace) -> tuple[Findable, ...]:
    """Return what `add_find_arguments` asked for, each once.

    Raises:
        SalviewerError: a package is not installed.
    """
    find = tuple(kind for kind in FINDABLE if kind in (options.find or ()))
    check_finders(find)
    return find


def _add_captioner(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--captioner",
        default="",
        metavar="FILE.py[:FUNCTION]",
        help="what is seen at each place is a text of this function"
        f" ({CAPTION_FUNCTION}, if none is named), which gets a list of parts of the picture in the order in"
        " which people look; the file's code is run",
    )


def helpers(options: argparse.Namespace) -> Helpers:
    """Load the functions of `add_helper_arguments`.

    Raises:
        DetectorError: it cannot be loaded.
    """
    return helpers_of(options.detector, getattr(options, "captioner", ""))


def add_picture_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the format of pictures that are written."""
    parser.add_argument(
        "--format", choices=PICTURE_FORMATS, default=PICTURE_FORMATS[0], help="default: %(default)s"
    )
    parser.add_argument("--quality", type=int, default=None, metavar="Q", help="of JPEG and WebP, 1 to 100")


def picture_order(options: argparse.Namespace, order: Order) -> Order:
    """Return the order with the format that the options name.

    Raises:
        UsageError: options contradict each other.
    """
    if options.quality is not None and options.format not in ("jpg", "webp"):
        raise UsageError(f"--quality is for jpg and webp, and {options.format} is written")
    try:
        quality = order.quality if options.quality is None else options.quality
        return replace(order, picture_format=options.format, quality=quality)
    except ValueError as error:
        raise UsageError(str(error)) from error


def run(
    options: argparse.Namespace,
    order: Order,
    noun: str,
    listing: Callable[[Sequence[Made]], str],
    helpers: Helpers | None = None,
    gather: Callable[[Source], None] = lambda source: None,
    together: Callable[[], Iterable[tuple[str, Path]]] = lambda: (),
) -> int:
    """Make the uses of all pictures; return 0 if every picture was done, else 1.

    Args:
        order: what is written of each picture.
        noun: one picture's results in a word.
        helpers: find text and objects.
        gather: gets each picture that was done, one at a time, in any thread.
        together: writes the files for all pictures, after the last; gives what each is, and its path.
        listing: writes the list of `--json`, from what came of each picture, in order.
    """
    report = Report(noun)
    project = chosen_project(options)
    with given.as_files(options, options.paths) as taken:
        options.paths = list(taken.paths)
        pictures, missed = listed(options.project, project) if project else find(options)
        for error in (*taken.missed, *missed):
            report.failed(error, error.path)
        batch = _batch(options, order, project or Project(), pictures, taken.drawn)
        return _carry_out(options, batch, project, report, _Hooks(listing, helpers, gather, together))


def _carry_out(
    options: argparse.Namespace, batch: Batch, project: Project | None, report: Report, hooks: _Hooks
) -> int:
    plan = batch.plan()
    for refused in plan.refused:
        report.failed(refused, refused.path)
    if not plan.jobs:
        return report.close()
    model = options.model or (project or Project()).model or DEFAULT_MODEL
    predictor = api.load_model(model, options.device, options.engine)
    make_folder(batch.folder)
    done: dict[Path, Applied] = {}

    def note(source: Source) -> None:
        assert source.picture.path is not None and source.applied is not None
        done[source.picture.path] = source.applied
        hooks.gather(source)

    tail = carry_out(batch, plan, predictor, report, hooks.helpers, note, names_all=True)
    if options.json is not None:
        text = hooks.listing(
            [(batch.shown(job.picture), done[job.picture]) for job in plan.jobs if job.picture in done]
        )
        with atomic_path(options.json) as temporary:
            temporary.write_bytes(text.encode("utf-8", "surrogatepass"))
        report.wrote("list", options.json)
    for what, path in hooks.together():
        report.wrote(what, path)
    return report.close(tail)


def _batch(
    options: argparse.Namespace, order: Order, project: Project, pictures: list[Path], drawn: pages.Drawn
) -> Batch:
    target = Path(options.output)
    try:
        to_file = names_a_file(target)
    except ExportError as error:
        raise UsageError(str(error)) from error
    file = None
    if to_file:
        if len(options.paths or pictures) > 1 or any(Path(path).is_dir() for path in options.paths):
            raise UsageError(f"{target} is one file and cannot take several pictures; give a folder after -o")
        if len(order.endings) > 1:
            raise UsageError(f"{target} is one file, and several are made; give a folder after -o")
        file = target
    return Batch(
        tuple(pictures),
        target.parent if file else target,
        order,
        file,
        roots=tuple(Path(path) for path in options.paths) if options.subfolders else (),
        areas={picture.path: picture.areas for picture in project.pictures} | drawn.areas,
        pages=drawn.pages,
    )


def size_option(parser: argparse.ArgumentParser, convert: Callable[[str], Size]) -> None:
    """Declare ``--scale``."""
    parser.add_argument(
        "--scale",
        type=convert,
        default=Size(),
        metavar="SIZE",
        help="of the pictures written: 50%%, or 1080 for a width in pixels (default: as cut out)",
    )
