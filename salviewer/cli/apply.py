"""``salviewer apply``: crops and what else a map is for, of pictures, folders and videos."""

from __future__ import annotations

import argparse

from salviewer.cli import apply_crop, apply_cutout, apply_describe, apply_regions, apply_track

_USES = {
    "crop": (apply_crop, "cut out the window of a shape or size that keeps the most attention"),
    "cutout": (apply_cutout, "separate what the map points at from what is behind it"),
    "regions": (apply_regions, "write boxes and contours of what stands out, and objects by attention"),
    "describe": (apply_describe, "put pictures into words, in the order in which people look"),
    "track": (apply_track, "follow regions through videos, and reframe videos after attention"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare a command for each use."""
    sub = parser.add_subparsers(dest="use", required=True, metavar="USE")
    for name, (module, text) in _USES.items():
        use = sub.add_parser(
            name, help=text, description=f"{text[:1].upper()}{text[1:]}.", allow_abbrev=False
        )
        use.set_defaults(parser=use)
        module.add_arguments(use)


def run(options: argparse.Namespace) -> int:
    """Run a use; return the exit code."""
    code: int = _USES[options.use][0].run(options)
    return code
