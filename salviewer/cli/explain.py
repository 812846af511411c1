"""``salviewer predict --explain``: where the saliency of one place or area comes from."""

from __future__ import annotations

import argparse
from pathlib import Path

from salviewer.cli.batch_run import listed
from salviewer.cli.options import UsageError, number, ranged
from salviewer.cli.report import Report, one_line
from salviewer.core.explained import Place
from salviewer.errors import ExportError, ProjectError
from salviewer.media.images import load_picture
from salviewer.media.project import load_project
from salviewer.media.saving import save_picture
from salviewer.media.written import note_written
from salviewer.models.architectures import ARCHITECTURES
from salviewer.results.naming import names_a_file, plan

DEFAULT = next(row.name for row in ARCHITECTURES.values() if row.attends)
"""The model that explains if none is named."""

ENDING = "-explained.png"
"""Of a file's name, after the picture's stem."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument(
        "--explain",
        type=ranged(_place),
        metavar="X,Y|AREA",
        help="write a picture of where the saliency of this place, in fractions of the picture such as"
        " 0.4,0.55, or of this area of --project, by its name, comes from: the attention of"
        f" {DEFAULT}, and beside it the gradient at the pixels",
    )


def run(options: argparse.Namespace) -> int:
    """Explain one place of one picture, or one area on each picture of a project; return 0 on success."""
    if isinstance(options.explain, str):
        return _explain_area(options, options.explain)
    if options.project or len(options.paths) != 1 or Path(options.paths[0]).is_dir():
        raise UsageError("--explain X,Y takes one picture; --explain AREA takes --project FILE")
    target = Path(options.output)
    if not _is_file(target):
        target = target / f"{Path(options.paths[0]).stem}{ENDING}"
    print(one_line(_explain(options, Path(options.paths[0]), options.explain, target)))
    return 0


def _explain_area(options: argparse.Namespace, name: str) -> int:
    if options.paths or not options.project:
        raise UsageError(f"--explain {name!r} is an area's name, which needs --project FILE and no pictures")
    project, report = load_project(options.project), Report("explanation")
    there, missing = listed(options.project, project)
    for error in missing:
        report.failed(error, error.path)
    areas = {
        picture.path: area.outline()
        for picture in project.pictures
        for area in picture.areas
        if area.name == name and picture.path in there
    }
    if not areas and not missing:
        names = sorted({area.name for picture in project.pictures for area in picture.areas if area.name})
        known = ", ".join(names) or "it has none with a name"
        raise ProjectError(options.project, f"it has no area {name!r} ({known})")
    target = Path(options.output)
    if _is_file(target):
        if len(areas) > 1:
            raise UsageError(f"{len(areas)} pictures have an area {name!r}: name a folder with -o")
        targets = dict.fromkeys(areas, target)
    else:
        targets = {job.picture: job.files[0].path for job in plan(list(areas), target, {"picture": ENDING})}
    for path, outline in areas.items():
        try:
            report.done(_explain(options, path, outline, targets[path]))
        except Exception as error:
            report.failed(error, path)
    return report.close()


def _is_file(target: Path) -> bool:
    try:
        return names_a_file(target)
    except ExportError as error:
        raise UsageError(str(error)) from error


def _explain(options: argparse.Namespace, path: Path, place: Place, target: Path) -> str:
    """Write the picture; return a line about it."""
    from salviewer.models.explanation import explain

    if target.exists() and target.samefile(path):
        raise ExportError(target, "it is the picture itself; choose another name")
    picture = load_picture(path)
    found = explain(options.model or DEFAULT, picture.pixels, place, rows=picture.screen)
    if target.parent != Path():
        target.parent.mkdir(parents=True, exist_ok=True)
    save_picture(target, found.drawn())
    note_written(target)
    agree = f"attention and gradient agree with a correlation of {found.agreement:.2f}"
    return f"{path} -> {target} ({agree})"


def _place(text: str) -> tuple[float, float] | str:
    """Read a place; a text that is none is the name of an area."""
    try:
        x, y = map(number, text.split(","))
    except ValueError:
        if text.strip():
            return text
        x = y = -1.0
    if 0 <= x <= 1 and 0 <= y <= 1:
        return x, y
    raise ValueError(
        f"a place is X,Y in fractions of the picture, such as 0.4,0.55, or an area's name, not {text!r}"
    )
