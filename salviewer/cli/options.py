"""Options that several commands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import TypeVar

from salviewer.errors import SalviewerError
from salviewer.media.openers.options import DEFAULT_DPI, LEAST_DPI, MOST_DPI, Opening, use_opening
from salviewer.models.engines.base import ENGINE_REQUESTS

_Value = TypeVar("_Value")

_SHOWN = 40  # most characters of an argument in a sentence
LONGEST_COUNT = 18  # most digits of a count


class UsageError(SalviewerError):
    """Options contradict each other. Ends the program with exit code 2, like any wrong option."""


def add_engine_arguments(parser: argparse.ArgumentParser, default_model: str | None) -> None:
    """Declare ``--model``, ``--device`` and ``--engine``."""
    default = default_model or "the one used last"
    parser.add_argument(
        "--model",
        default=default_model,
        help=f"live_net, deep_convnet, attention_net, or a model folder or weights file (default: {default})",
    )
    add_device_arguments(parser)


def add_document_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--dpi`` and ``--password``."""
    parser.add_argument(
        "--dpi",
        type=ranged(dpi),
        metavar="N",
        help=f"pixels per inch of the pages of documents, {LEAST_DPI:g} to {MOST_DPI:g}"
        f" (default: {DEFAULT_DPI:g})",
    )
    parser.add_argument("--password", metavar="TEXT", help="password of encrypted documents")


def use_document_arguments(options: argparse.Namespace) -> None:
    """Open documents as the options say, in the whole program."""
    if hasattr(options, "dpi"):
        use_opening(Opening(options.dpi or DEFAULT_DPI, options.password or ""))


def dpi(text: str) -> float:
    """Parse a resolution.

    Raises:
        ValueError: the text is not one; the message is a sentence.
    """
    return Opening(number(text)).dpi


def add_device_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--device`` and ``--engine``."""
    parser.add_argument(
        "--device", type=device, default="auto", help="auto, cpu, cuda, cuda:N or mps (default: %(default)s)"
    )
    parser.add_argument(
        "--engine",
        choices=ENGINE_REQUESTS,
        default="auto",
        help="what computes: OpenVINO on the processor, torch anywhere (default: %(default)s, the fastest)",
    )


def ranged(read: Callable[[str], _Value]) -> Callable[[str], _Value]:
    """Make a type for an option that shows its ``ValueError`` unchanged."""

    def convert(text: str) -> _Value:
        try:
            return read(text)
        except OverflowError as error:
            raise argparse.ArgumentTypeError(f"{quoted(text)} is too large a number") from error
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return convert


def quoted(text: str) -> str:
    """Quote an argument, shortened to 40 characters."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def number(text: str) -> float:
    """Parse a number.

    Raises:
        ValueError: the text is not a number; the message is a sentence.
    """
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not a number") from None


def count(text: str) -> int:
    """Parse a whole number of at least 1.

    Raises:
        ValueError: the text is not such a number; the message is a sentence.
    """
    if not text.isdecimal() or len(text) > LONGEST_COUNT or int(text) < 1:
        raise ValueError(f"{quoted(text)} is not a whole number of at least 1")
    return int(text)


def whole(least: int, most: int, noun: str) -> Callable[[str], int]:
    """Make a parser of whole numbers in a range, for `ranged`.

    Args:
        least, most: the range, both included.
        noun: what the number is, with its article, for the sentence.
    """

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d+", text) or len(text) > LONGEST_COUNT or not least <= int(text) <= most:
            raise ValueError(f"{noun} is a whole number from {least} to {most}, not {quoted(text)}")
        return int(text)

    return read


def device(text: str) -> str:
    """Parse a device, for `argparse`."""
    if not re.fullmatch(r"auto|cpu|cuda(:\d+)?|mps", text):
        raise argparse.ArgumentTypeError(f"a device is auto, cpu, cuda, cuda:N or mps, not {quoted(text)}")
    return text
