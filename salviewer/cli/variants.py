"""``salviewer compare`` with areas: which variant gives most to what matters."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from salviewer import api
from salviewer.cli import look
from salviewer.cli.given import Given
from salviewer.cli.options import UsageError, ranged
from salviewer.cli.report import one_line, remark
from salviewer.core.areas import Area
from salviewer.core.hotspots import Hotspot
from salviewer.core.looks import looked_at
from salviewer.core.refinding import coloured, copied, find_again
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.core.scores import Reference, Scores, score
from salviewer.core.screens import predict_in_screens
from salviewer.core.variants import FEWEST, MOST, Variant, VariantTable, tabulate
from salviewer.core.visits import visits
from salviewer.errors import ExportError, InputError
from salviewer.media.area_files import AreaFile, load_areas
from salviewer.media.images import Picture, load_picture
from salviewer.media.saving import atomic_path
from salviewer.media.written import note_written
from salviewer.models.predictor import Predictor
from salviewer.models.reference import CLASSES, reference_for
from salviewer.results.report_template import ReportTemplate, load_template
from salviewer.results.source import Source
from salviewer.results.variant_tables import SUFFIXES, save_variants
from salviewer.results.variant_words import LETTERS, sentence, signed_percent, signed_points
from salviewer.results.variants_page import variants_html
from salviewer.results.variants_report import VariantsReport, build_variants_report
from salviewer.results.words import percent

REPORTS = (".pdf", ".html")
_OWN = ("title", "client", "author", "notes", "logo", "colour")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("variants", f"{FEWEST} to {MOST} pictures, compared by their areas")
    group.add_argument(
        "--areas",
        metavar="FILE",
        help='{"areas": [...]} as in a project: they lie on the first picture and are found again on the'
        " others; or a project with the pictures' own areas",
    )
    group.add_argument(
        "--place",
        choices=("find", "same"),
        default="find",
        help="where the areas of --areas lie on the other pictures: found again, or at the same place"
        " (default: %(default)s)",
    )
    group.add_argument("--goal", metavar="NAME", help="the area that matters")
    group.add_argument("--report", metavar="FILE", help="write a report, .pdf or .html")
    group.add_argument("--table", metavar="FILE", help=f"write all numbers, {', '.join(SUFFIXES)}")
    group.add_argument(
        "--class",
        dest="kind",
        choices=CLASSES,
        default=CLASSES[0],
        help="what the scores are percentiles of (default: %(default)s)",
    )
    group.add_argument("--template", metavar="FILE", help="a saved template of the report")
    for name in _OWN:
        kind = ranged(lambda text: ReportTemplate(colour=text).colour) if name == "colour" else str
        what = "a picture" if name == "logo" else "such as #2f5d8a" if name == "colour" else "on its cover"
        group.add_argument(f"--{name}", type=kind, help=f"of the report: {what}")


def wanted(options: argparse.Namespace) -> bool:
    """Return whether the options ask for a comparison of variants."""
    given = (options.areas, options.goal, options.report, options.table, options.template)
    return len(options.pictures) > 2 or any(value is not None for value in given)


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """Everything that is known about the variants."""

    sources: tuple[Source, ...]
    table: VariantTable
    scores: tuple[tuple[str, Scores], ...]
    reference: tuple[str, int]
    files: Mapping[str, str]


def run(options: argparse.Namespace, taken: Given) -> int:
    """Compare the variants; return 0 on success.

    Without ``--areas``, the areas of web pages are their elements.
    """
    count = len(options.pictures)
    _check(options, count)
    template = _template(options)
    given = load_areas(options.areas) if options.areas else AreaFile(of_pictures=taken.drawn.areas)
    settings, style = look.look(options, given.project)
    for note in given.notes:
        remark(f"{options.areas}: {note}; it is left out")
    own = given.of_pictures
    if own and not any(own.get(Path(path).absolute()) for path in options.pictures):
        raise InputError(options.areas, "the areas in it are of other pictures than these")
    model = api.load_model(options.model, options.device, options.engine)
    found = _compared(options, given, model, taken)
    remark(model.note)
    _print(found, options.goal or "")
    if options.table:
        save_variants(options.table, found.table, found.files)
        _say(options.table)
    if options.report:
        report = build_variants_report(
            found.sources,
            found.table,
            Scene(settings=settings, style=style),
            template,
            date.today(),
            goal=options.goal or "",
            scores=found.scores,
            reference=found.reference,
        )
        _write(options.report, report)
        _say(options.report)
    return 0


def _check(options: argparse.Namespace, count: int) -> None:
    if options.model_b:
        raise UsageError("--model-b compares two models on one picture, not variants")
    if options.output:
        raise UsageError("-o writes the difference of two pictures; variants go to --report and --table")
    if count > MOST:
        raise UsageError(f"up to {MOST} variants are compared, not {count}")
    if count < FEWEST and not options.report:
        raise UsageError(f"variants are {FEWEST} to {MOST} pictures")
    if options.report and Path(options.report).suffix.lower() not in REPORTS:
        raise UsageError(f"the name of a report ends in {' or '.join(REPORTS)}, not {options.report}")
    if options.table and Path(options.table).suffix.lower() not in SUFFIXES:
        raise UsageError(f"the name of a table ends in {', '.join(SUFFIXES)}, not {options.table}")
    inputs = {os.path.realpath(path) for path in (*options.pictures, options.areas or "")}
    for target in (options.report, options.table):
        if target and os.path.realpath(target) in inputs:
            raise ExportError(target, "it is one of the files that are read; choose another name")


def _template(options: argparse.Namespace) -> ReportTemplate:
    base = load_template(options.template) if options.template else ReportTemplate()
    own = {name: getattr(options, name) for name in _OWN if getattr(options, name) is not None}
    values = {name: getattr(base, name) for name in _OWN}
    return ReportTemplate(**(values | own))


def _compared(options: argparse.Namespace, given: AreaFile, model: Predictor, taken: Given) -> _Compared:
    pictures = [load_picture(path) for path in options.pictures]
    given = replace(given, areas=coloured(given.areas))
    names = LETTERS[: len(pictures)]
    areas: list[tuple[Area, ...]] = []
    for letter, path, picture in zip(names, options.pictures, pictures, strict=True):
        if given.of_pictures:
            areas.append(given.of_pictures.get(Path(path).absolute(), ()))
        elif letter == names[0]:
            areas.append(given.areas)
        elif options.place == "same":
            areas.append(copied(given.areas))
        else:
            again = find_again(given.areas, pictures[0].pixels, picture.pixels)
            for area, one in zip(given.areas, again, strict=True):
                if one is None:
                    remark(f"{letter}: {area.name or 'an area'} is not found again; it gets a dash")
                elif one.moved:
                    remark(
                        f"{letter}: {area.name or 'an area'} is found elsewhere (likeness {one.likeness:.2f})"
                    )
            areas.append(tuple(one.area for one in again if one))
    if options.goal and not any(area.name == options.goal for each in areas for area in each):
        raise UsageError(f"--goal: no picture has an area named {options.goal}")
    looks = [_looked_at(model, picture) for picture in pictures]
    stops = [visits(each[0]) for each in looks]
    table = tabulate(
        [Variant(name, each[0], there, each) for name, each, there in zip(names, looks, areas, strict=True)],
        stops,
    )
    line = f"{model.card.title} ({model.name}), {model.device_title}"
    sources = tuple(
        Source(picture, each[0], there, taken.shown.get(path) or Path(path).name, line)
        for picture, each, there, path in zip(pictures, looks, areas, options.pictures, strict=True)
    )
    reference = reference_for(model.card.sha256)
    scores = _scores(sources, stops, names, options, reference) if reference else ()
    count = reference.pictures.get(options.kind, 0) if reference else 0
    files = dict(zip(names, map(taken.name, options.pictures), strict=True))
    return _Compared(sources, table, scores, (options.kind, count), files)


def _looked_at(model: Predictor, picture: Picture) -> tuple[SaliencyMap, ...]:
    """Look at a picture, at a long page screen by screen as the window does."""
    return looked_at(lambda pixels: predict_in_screens(model.predict, pixels, picture.screen), picture.pixels)


def _scores(
    sources: Sequence[Source],
    stops: Sequence[Sequence[Hotspot]],
    names: str,
    options: argparse.Namespace,
    reference: Reference,
) -> tuple[tuple[str, Scores], ...]:
    found = []
    for name, source, order in zip(names, sources, stops, strict=True):
        goal = next((area for area in source.areas if area.name == options.goal), None)
        one = score(source.saliency, source.areas, order, goal, reference, options.kind)
        found.append((name, one))
    return tuple(found)


def _print(found: _Compared, goal: str) -> None:
    table = found.table
    for name, path in found.files.items():
        print(one_line(f"{name}: {path}"))
    if len(table.variants) > 1:
        print(one_line(sentence(table, goal)))
    width = max((len(area) for area in table.areas), default=0)
    for area in table.areas:
        words = []
        for name in table.variants:
            cell = table.cell(area, name)
            change = cell.change if cell else None
            text = percent(cell.share) if cell else "–"
            if change is not None and change.called:
                text += f" ({signed_points(change.points)} points, {signed_percent(change)})"
            words.append(f"{name} {text}")
        print(one_line(f"{area.ljust(width)}  {'  '.join(words)}"))
    for name, one in found.scores:
        parts = [f"Focus {one.focus:.0f}"]
        if one.seen_first is not None and one.competition is not None:
            parts += [f"Seen first {one.seen_first:.0f}", f"Competition {one.competition:.0f}"]
        print(f"{name}: {', '.join(parts)} of 100 among {found.reference[0]}")


def _write(target: str, report: VariantsReport) -> None:
    if Path(target).suffix.lower() == ".html":
        content = variants_html(report).encode("utf-8", "replace")
    else:
        from salviewer.app.workers.variants_pdf import offscreen_application, variants_pdf

        application = offscreen_application()
        content = variants_pdf(report)
        del application
    with atomic_path(target) as temporary:
        temporary.write_bytes(content)


def _say(target: str) -> None:
    note_written(Path(target))
    print(one_line(f"-> {target}"))
