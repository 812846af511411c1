"""The description of a picture as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from salviewer.core.applications.uses import Applied
from salviewer.core.applications.words import Description
from salviewer.media.annotations import json_text
from salviewer.results.order import WordFormat
from salviewer.results.region_files import write_text


def save_words(path: Path, fmt: WordFormat, applied: Applied) -> None:
    """Write a picture's description: a sentence, JSON, or the alternative text for pages.

    Raises:
        ExportError: the file cannot be written.
    """
    description = applied.description
    assert description is not None
    if fmt == "json":
        write_text(path, json_text(word_entries(description)))
    else:
        write_text(path, (description.for_pages if fmt == "alt" else description.sentence) + "\n")


def word_notes(formats: Sequence[WordFormat], applied: Applied) -> list[str]:
    """Return the clause that the user should know where an alternative text has nothing to name."""
    if "alt" not in formats or applied.description is None or applied.description.alt:
        return []
    return [
        "no text was found, and nothing else with a name: the alternative text says where people look first"
    ]


def word_entries(description: Description) -> dict[str, Any]:
    """Return a description as JSON can store it."""
    return {
        "sentence": description.sentence,
        "alt": description.alt,
        "stops": [
            {
                "number": stop.number,
                "what": stop.what,
                "kind": stop.kind,
                "where": stop.where,
                "share": round(stop.share, 6),
                "box": [round(value, 6) for value in (stop.left, stop.top, stop.right, stop.bottom)],
            }
            for stop in description.stops
        ],
        "overlooked": [
            {"what": each.known.label, "kind": each.known.kind, "share": round(each.share, 6)}
            for each in description.overlooked
        ],
    }
