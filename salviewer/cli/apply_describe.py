"""``salviewer apply describe``: pictures in words, in the order in which people look."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from salviewer.cli import apply_common
from salviewer.cli.options import count, ranged
from salviewer.core.applications.uses import Uses
from salviewer.core.applications.words import WordSettings
from salviewer.media.annotations import json_text
from salviewer.results.order import WORD_FORMATS, Order
from salviewer.results.word_files import word_entries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    apply_common.add_arguments(parser, "descriptions")
    add_word_arguments(parser, "--write", default=["txt"])
    parser.add_argument(
        "--count",
        type=ranged(lambda text: WordSettings(count(text)).count),
        default=WordSettings().count,
        metavar="N",
        help="name at most so many places (default: %(default)s)",
    )
    apply_common.add_helper_arguments(parser, captions=True)


def add_word_arguments(
    parser: argparse._ActionsContainer, write: str, default: list[str] | None = None
) -> None:
    """Declare in what formats descriptions are written."""
    parser.add_argument(
        write,
        dest="word_formats",
        choices=WORD_FORMATS,
        action="append",
        help="a sentence (STEM_words.txt), STEM_words.json, or an alternative text for pages (STEM_alt.txt);"
        " may be given several times" + (f" (default: {', '.join(default)})" if default else ""),
    )


def run(options: argparse.Namespace) -> int:
    """Describe; return 0 if every picture was done, else 1, with a line for each failure."""
    formats = tuple(dict.fromkeys(options.word_formats or ["txt"]))
    uses = Uses(words=WordSettings(options.count), find=apply_common.looked_for(options))
    order = Order(kinds=(), uses=uses, word_formats=formats)
    return apply_common.run(options, order, "picture", _listing, apply_common.helpers(options))


def _listing(done: Sequence[apply_common.Made]) -> str:
    return json_text(
        [
            {"picture": picture, **word_entries(applied.description)}
            for picture, applied in done
            if applied.description is not None
        ]
    )
