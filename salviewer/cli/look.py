"""Options for how a prediction is shown. They override a project's."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from typing import get_args

from salviewer.cli.options import UsageError, number, ranged
from salviewer.core.postprocess import Normalisation, PostprocessSettings, Threshold
from salviewer.core.render import COLORMAPS, OverlayStyle
from salviewer.media.project import Project

_SETTINGS = PostprocessSettings()
_STYLE = OverlayStyle()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options. Defaults are None, so that a project's values can apply."""
    add_smoothing(parser)
    parser.add_argument(
        "--threshold",
        type=ranged(Threshold.parse),
        metavar="T",
        help="hide colder parts: a level such as 0.3, or a percentile such as p75"
        f" (default: {_SETTINGS.threshold})",
    )
    parser.add_argument(
        "--colormap",
        choices=COLORMAPS,
        metavar="NAME",
        help=f"{', '.join(COLORMAPS)} (default: {_STYLE.colormap})",
    )
    add_opacity(parser)
    parser.add_argument(
        "--gamma",
        type=ranged(lambda text: OverlayStyle(gamma=number(text)).gamma),
        metavar="G",
        help=f"0.2 to 5; below 1 emphasises weak spots (default: {_STYLE.gamma})",
    )
    parser.add_argument(
        "--fade",
        type=ranged(lambda text: OverlayStyle(fade=number(text)).fade),
        metavar="F",
        help="the level at which colours become fully opaque, 0 to 1; 0 paints the whole picture"
        f" (default: {_STYLE.fade})",
    )
    parser.add_argument(
        "--normalise",
        choices=get_args(Normalisation),
        help="meaning of the hottest colour: each picture's own peak, or the same value for all, to"
        f" compare them (default: {_SETTINGS.normalise})",
    )
    parser.add_argument(
        "--fixed-peak",
        type=ranged(lambda text: PostprocessSettings(fixed_peak=number(text)).fixed_peak),
        metavar="TIMES",
        help="with --normalise fixed: the multiple of the average attention that gets the hottest colour"
        f" (default: {_SETTINGS.fixed_peak:g})",
    )


def add_smoothing(parser: argparse.ArgumentParser) -> None:
    """Declare ``--sigma``."""
    parser.add_argument(
        "--sigma",
        type=ranged(lambda text: PostprocessSettings(sigma=number(text)).sigma),
        metavar="F",
        help="smoothing: standard deviation in fractions of the width, 0 to 0.25"
        f" (default: {_SETTINGS.sigma})",
    )


def add_opacity(parser: argparse.ArgumentParser) -> None:
    """Declare ``--opacity``."""
    parser.add_argument(
        "--opacity",
        type=ranged(lambda text: OverlayStyle(opacity=number(text)).opacity),
        metavar="F",
        help=f"opacity of the hottest spots, 0 to 1 (default: {_STYLE.opacity})",
    )


def look(options: argparse.Namespace, project: Project) -> tuple[PostprocessSettings, OverlayStyle]:
    """Return the values of the options, else those of the project.

    Raises:
        UsageError: a fixed peak was given for a scale that is not fixed.
    """
    given = {key: value for key, value in vars(options).items() if value is not None}
    numbers = {item.name: given[item.name] for item in fields(PostprocessSettings) if item.name in given}
    colours = {item.name: given[item.name] for item in fields(OverlayStyle) if item.name in given}
    settings, style = replace(project.settings, **numbers), replace(project.style, **colours)
    if "fixed_peak" in given and settings.normalise != "fixed":
        raise UsageError("--fixed-peak needs --normalise fixed")
    return settings, style
