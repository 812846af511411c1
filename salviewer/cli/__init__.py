"""The command line: view (default), predict, train, evaluate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from salviewer import __version__
from salviewer.cli import evaluate, train

_COMMANDS = {
    "train": (train, "fit a network to eye-tracking data"),
    "evaluate": (evaluate, "score a model on held-out eye-tracking data"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="salviewer", description="Shows where people will look.")
    parser.add_argument("--version", action="version", version=f"salviewer {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (module, text) in _COMMANDS.items():
        module.add_arguments(commands.add_parser(name, help=text, description=module.__doc__))
    options = parser.parse_args(given)
    return _COMMANDS[options.command][0].run(options)
