"""Looks for areas that the picture suggests, in a thread of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import mark, tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence

if TYPE_CHECKING:
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.core.suggesting import Kind, SuggestedArea

LONGEST_NAME = 30

_NAMES: dict[Kind, str] = {
    "button": mark("Button: {text}"),
    "headline": mark("Headline: {text}"),
    "text": mark("Text: {text}"),
    "face": mark("Face {number}"),
    "region": mark("Region {number}"),
    "heading": mark("Heading: {text}"),
    "link": mark("Link: {text}"),
    "image": mark("Image: {text}"),
    "form": mark("Form: {text}"),
    "price": mark("Price: {text}"),
}


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Suggestions found in a picture.

    Attributes:
        key: of the picture.
        areas: from top to bottom within each kind.
        complete: whether texts and faces could be looked for.
    """

    key: str
    areas: tuple[SuggestedArea, ...]
    complete: bool


class AreaSuggester(QObject):
    """Answers the newest request."""

    suggested = Signal(object)  # Suggestions
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("area suggestions", self, self._landed)
        self._ticket = 0

    def suggest(self, key: str, pixels: NDArray[np.uint8], saliency: SaliencyMap | None) -> None:
        """Look for areas of the picture with this key."""
        self._ticket += 1
        self.worker.submit(self._ticket, lambda: _find(key, pixels, saliency))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self.failed.emit(sentence(outcome.error, tr("suggesting areas")))
        else:
            self.suggested.emit(outcome.value)


def name_of(one: SuggestedArea, number: int) -> str:
    """Name a suggestion by what it says or is; `number` counts those of its kind."""
    text = one.text if len(one.text) <= LONGEST_NAME else f"{one.text[: LONGEST_NAME - 1].rstrip()}…"
    return tr(_NAMES[one.kind], text=text, number=number).rstrip(": ")


def _find(key: str, pixels: NDArray[np.uint8], saliency: SaliencyMap | None) -> Suggestions:
    from salviewer.core.suggesting import TextLine, suggest
    from salviewer.results.extra_areas import faces_possible, finders_possible, texts_possible
    from salviewer.results.faces import find_faces
    from salviewer.results.text_lines import find_text

    read = find_text(pixels) if texts_possible() else ()
    lines = [TextLine(each.left, each.top, each.right, each.bottom, each.label) for each in read]
    faces = find_faces(pixels) if faces_possible() else ()
    return Suggestions(key, suggest(pixels, saliency, lines, faces), finders_possible())
