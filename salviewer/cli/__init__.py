"""The command line: view (default), predict, apply, watch, compare, train, evaluate, bench, doctor."""

from __future__ import annotations

import argparse
import difflib
import io
import multiprocessing
import os
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from salviewer import library_settings
from salviewer.cli import (
    apply,
    bench,
    compare,
    data,
    doctor,
    evaluate,
    export_model,
    predict,
    scanpaths,
    submit,
    train,
    view,
    watch,
)
from salviewer.cli.options import UsageError, use_document_arguments
from salviewer.cli.report import complain, debugging, sentence
from salviewer.cli.stopping import interrupt_on_stop
from salviewer.errors import SalviewerError
from salviewer.version import __version__

assert library_settings  # import first, for its side effects

_COMMANDS = {
    "view": (view, "show pictures and their heatmaps in a window; the default"),
    "predict": (predict, "write heatmap overlays of pictures, folders and videos"),
    "apply": (apply, "crops and what else a map is for, of pictures, folders and videos"),
    "watch": (watch, "report where people would look in a camera, stream or video, frame by frame"),
    "compare": (compare, "compare attention between two pictures, two models, or variants of a design"),
    "train": (train, "train a network on eye-tracking data"),
    "data": (data, "show what a data set of eye movements holds, or write it in another layout"),
    "evaluate": (evaluate, "score a model on eye-tracking data"),
    "export-model": (export_model, "write a network for other programs: ONNX, OpenVINO, torch.export"),
    "scanpaths": (scanpaths, "draw, play and score fixations in their order"),
    "submit": (submit, "write log densities of pictures for the MIT/Tuebingen benchmark"),
    "bench": (bench, "measure how fast the shipped models are on this machine"),
    "doctor": (doctor, "show what is installed, what computes, and how fast"),
}
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return the exit code.

    0: success. 1: something failed, with a sentence on standard error. 130: interrupted, by Ctrl+C, SIGTERM,
    SIGHUP or a closed console. Wrong usage raises ``SystemExit(2)``, as usual with argparse.
    """
    multiprocessing.freeze_support()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file name may contain what the terminal cannot encode
        sys.stdout.reconfigure(errors="backslashreplace")
    if not debugging() and not sys.warnoptions:
        warnings.simplefilter("ignore")  # hide libraries' warnings to programmers
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if not given or given[0] not in {*_COMMANDS, "-h", "--help", "--version"}:
        _catch_typing_error(parser, given)
        given.insert(0, "view")
    options, unknown = parser.parse_known_args(given)
    command: argparse.ArgumentParser = options.parser
    if unknown:
        command.error(f"unrecognized arguments: {' '.join(unknown)}")
    if any(argument == "" or re.fullmatch(r"--?[a-z-]+=", argument) for argument in given):
        command.error("an argument is empty; leave it out, or use . for the current folder")
    use_document_arguments(options)
    # The window ends its own work: there, a Python signal handler would wait for Qt.
    ending = nullcontext() if options.command == "view" else interrupt_on_stop()
    try:
        with ending:
            code: int = _COMMANDS[options.command][0].run(options)
        return code
    except UsageError as error:
        command.error(str(error))
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output is gone; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SalviewerError as error:
        complain(sentence(error), error)
        return 1
    except Exception as error:
        complain(sentence(error), error)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="salviewer",
        description="See where people will look: heatmaps of visual saliency.",
        epilog="`salviewer PICTURE ...` opens the window. `salviewer COMMAND --help` says more.",
    )
    parser.add_argument("--version", action="version", version=f"salviewer {__version__}")
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, text) in _COMMANDS.items():
        command = sub.add_parser(
            name, help=text, description=f"{text[:1].upper()}{text[1:]}.", allow_abbrev=False
        )
        command.set_defaults(parser=command)  # the one whose usage an error is shown with
        module.add_arguments(command)
    return parser


def _catch_typing_error(parser: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Report a first word that is nearly a command and not a file, instead of opening it as a picture."""
    if (
        given
        and not Path(given[0]).exists()
        and (close := difflib.get_close_matches(given[0], _COMMANDS, 1, 0.75))
    ):
        parser.error(f"there is no command or picture {given[0]!r}; did you mean {close[0]!r}?")
