"""The options of how a prediction is shown, over those of a project."""

from __future__ import annotations

import argparse
from dataclasses import replace

from salviewer.cli.options import number, ranged
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import COLORMAPS, OverlayStyle
from salviewer.media.project import Project

_SETTINGS = PostprocessSettings()
_STYLE = OverlayStyle()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare all; None where they are not given, so that a project's values are told from them."""
    add_smoothing(parser)
    parser.add_argument(
        "--threshold",
        type=ranged(Threshold.parse),
        metavar="T",
        help="hide what is colder: a level such as 0.3, or a percentile such as p75"
        f" (default: {_SETTINGS.threshold})",
    )
    parser.add_argument(
        "--colormap",
        choices=COLORMAPS,
        metavar="NAME",
        help=f"{', '.join(COLORMAPS)} (default: {_STYLE.colormap})",
    )
    add_opacity(parser)


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
        help=f"of the hottest spots, 0 to 1 (default: {_STYLE.opacity})",
    )


def look(options: argparse.Namespace, project: Project) -> tuple[PostprocessSettings, OverlayStyle]:
    """What is given, else what the project has."""
    given = {key: value for key, value in vars(options).items() if value is not None}
    settings = {key: given[key] for key in ("sigma", "threshold") if key in given}
    style = {key: given[key] for key in ("colormap", "opacity") if key in given}
    return replace(project.settings, **settings), replace(project.style, **style)
