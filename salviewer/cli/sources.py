"""Options for cameras, streams and folders of frames."""

from __future__ import annotations

import argparse
import re

from salviewer.cli.options import UsageError, number, quoted, ranged
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.streams import OPEN_SECONDS, READ_SECONDS


def add_arguments(parser: argparse._ActionsContainer, size: bool = True) -> None:
    """Declare ``--reconnect``, ``--timeout``, ``--rate`` and, if ``size`` is set, a camera's ``--size``."""
    parser.add_argument(
        "--reconnect",
        type=ranged(_pause),
        metavar="S",
        help="reopen a lost camera or stream after S seconds, then 2S ... up to 30",
    )
    parser.add_argument(
        "--timeout",
        type=ranged(_timeout),
        metavar="S",
        help="how long a stream may take to open, and be silent, before it counts as lost, in seconds"
        f" (default: {OPEN_SECONDS:g} to open, {READ_SECONDS:g} between frames)",
    )
    if size:
        parser.add_argument(
            "--size", type=ranged(_size), metavar="WxH", help="size of a camera's picture, e.g. 1280x720"
        )
    parser.add_argument(
        "--rate", type=ranged(rate), metavar="R", help="frames per second, of a camera or a folder"
    )


def choice(ref: str, options: argparse.Namespace, size: tuple[int, int] | None = None) -> SourceChoice:
    """Return the source that the options name.

    Raises:
        UsageError: an option does not apply to it.
    """
    opened, silent = (options.timeout,) * 2 if options.timeout is not None else (OPEN_SECONDS, READ_SECONDS)
    source = SourceChoice(ref, size, options.rate, opened, silent)
    if options.reconnect is not None and not source.live:
        raise UsageError("--reconnect is for cameras and streams")
    if size is not None and not source.is_camera:
        raise UsageError("--size is for cameras")
    return source


def rate(text: str) -> float:
    """Parse a number of frames per second.

    Raises:
        ValueError: the text is not such a number; the message is a sentence.
    """
    return _within(text, 0.01, 1000, "a rate is 0.01 to 1000 frames per second")


def _pause(text: str) -> float:
    return _within(text, 0.01, 3600, "a pause is 0.01 to 3600 seconds")


def _timeout(text: str) -> float:
    return _within(text, 0.1, 3600, "a time limit is 0.1 to 3600 seconds")


def _within(text: str, least: float, most: float, message: str) -> float:
    value = number(text)
    if not least <= value <= most:
        raise ValueError(f"{message}, not {value:g}")
    return value


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if match is None:
        raise ValueError(f"a size is WIDTHxHEIGHT, such as 1280x720, not {quoted(text)}")
    size = int(match[1]), int(match[2])
    if not 16 <= min(size) <= max(size) <= 16384:
        raise ValueError(f"the sides of a camera's picture are 16 to 16384 pixels, not {text}")
    return size
