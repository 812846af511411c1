"""``salviewer compare``: compare designs, or two models, by attention."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from salviewer import api
from salviewer.cli import given, look, pages, variants
from salviewer.cli.options import UsageError, add_document_arguments, add_engine_arguments
from salviewer.cli.report import one_line, remark
from salviewer.core.compare import compare, draw_difference
from salviewer.errors import ExportError
from salviewer.media.images import load_picture
from salviewer.media.project import Project
from salviewer.media.saving import save_picture
from salviewer.media.written import note_written
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.results.naming import names_a_file

_SAME_SHAPE = 0.02  # relative difference of aspect ratios below which they count as equal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "pictures",
        metavar="PICTURE",
        nargs="+",
        help="A and B, or A alone for two models, or up to 12 variants: files, addresses of web pages, or"
        " screen:X,Y,W,H",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write the difference over B: red where B gets more attention, blue where A does",
    )
    add_engine_arguments(parser, DEFAULT_MODEL)
    add_document_arguments(parser)
    parser.add_argument("--model-b", metavar="MODEL", help="the model for B (default: the same)")
    look.add_smoothing(parser)
    look.add_opacity(parser)
    variants.add_arguments(parser)
    pages.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Compare; return 0 on success."""
    with given.as_files(options, options.pictures) as taken:
        for error in taken.missed:
            raise error
        options.pictures = list(taken.paths)
        if variants.wanted(options) or taken.is_one_page:
            return variants.run(options, taken)
        return _run(options, taken)


def _run(options: argparse.Namespace, taken: given.Given) -> int:
    first, second = options.pictures[0], options.pictures[-1]
    if len(options.pictures) == 1 and not options.model_b:
        raise UsageError("give two pictures, or one picture and --model-b MODEL")
    target = _target(options, first, second)
    pictures = [load_picture(first), load_picture(second)]
    models = [api.load_model(options.model, options.device, options.engine)] * 2
    if options.model_b and options.model_b != options.model:
        models[1] = api.load_model(options.model_b, options.device, options.engine)
    maps = [api.predict(model, picture) for model, picture in zip(models, pictures, strict=True)]
    for model in dict.fromkeys(models):
        remark(model.note)
    settings, style = look.look(options, Project())
    found = compare(maps[0], maps[1], settings)
    if target:
        save_picture(target, draw_difference(pictures[1].pixels, found, style), icc=pictures[1].icc)
        note_written(target)

    for letter, path, picture, model in zip("AB", (first, second), pictures, models, strict=True):
        note = f" ({picture.note})" if picture.note else ""
        print(one_line(f"{letter}: {taken.name(path)} with {model.name}{note}"))
    shapes = [saliency.source_size[0] / saliency.source_size[1] for saliency in maps]
    if abs(shapes[0] / shapes[1] - 1) > _SAME_SHAPE:
        print("The pictures have different shapes; A is compared as if stretched to B's.")
    print(f"CC  {found.cc:.3f}")
    print(f"SIM {found.sim:.3f}: {1 - found.sim:.1%} of attention goes elsewhere")
    print(f"KL  {found.kl_first:.3f} nats for A as a prediction of B, {found.kl_second:.3f} for B of A")
    low, high = float(found.difference.min()), float(found.difference.max())
    print(f"B - A from {low:+.1f} to {high:+.1f} times the average density")
    if target:
        print(one_line(f"-> {target}"))
    return 0


def _target(options: argparse.Namespace, first: str, second: str) -> Path | None:
    if not options.output:
        return None
    target = Path(options.output)
    try:
        if not names_a_file(target):
            raise UsageError(f"-o takes a picture file, such as difference.png, not {target}")
    except ExportError as error:
        raise UsageError(str(error)) from error
    if os.path.realpath(target) in {os.path.realpath(path) for path in (first, second)}:
        raise ExportError(target, "it is one of the compared pictures; choose another name")
    return target
