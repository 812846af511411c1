"""Translates finished sentences of lower rooms, such as those of errors, by the patterns of their texts.

`scripts/translations.py` collects the texts that lower rooms raise and report, with numbered places for what
is filled in, into ``sentences.json`` and into the catalogues. A sentence that fits one is translated, and so
is what stands in its places; of a sentence that fits none, its clauses ("file: reason; remark") are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from salviewer import texts
from salviewer.app.translation import CONTEXT

_DEEPEST = 4  # sentences within sentences
_SIGNS = "; ", ": "  # between clauses that are translated alone


class _Pattern(NamedTuple):
    """A text with places, as a pattern; `letters` counts those outside of its places."""

    text: str
    fits: re.Pattern[str]
    letters: int


class KnownSentences:
    """Translates sentences that are known by their patterns; any thread may call it.

    Args:
        known: returns English texts with places such as ``{0}``; called once.
        translate: returns the translation of a text, "" if there is none.
    """

    def __init__(self, known: Callable[[], Iterable[str]], translate: Callable[[str], str]) -> None:
        self._translate = translate
        self._known = known
        self.say = lru_cache(maxsize=512)(self._said)

    @cached_property
    def _patterns(self) -> list[_Pattern]:
        """Those with most letters first; made when the first sentence comes, not at the start."""
        patterns = [_pattern(text) for text in self._known() if "{" in text]
        return sorted(patterns, key=lambda pattern: -pattern.letters)

    def _said(self, sentence: str, depth: int = 0) -> str:
        if depth > _DEEPEST or not any(letter.isalpha() for letter in sentence):
            return sentence
        if translated := self._translate(sentence):
            return translated
        for pattern in self._patterns:
            fit = pattern.fits.fullmatch(sentence)
            if fit is None or ("; " not in pattern.text and any("; " in part for part in fit.groups())):
                continue  # it would reach over the next clause
            if translated := self._translate(pattern.text):
                return translated.format(*(self._said(part, depth + 1) for part in fit.groups()))
        for sign in _SIGNS:
            head, there, tail = sentence.partition(sign)
            if there:
                return self._said(head, depth) + sign + self._said(tail, depth)
        return sentence


def install(folder: Path, language: str) -> None:
    """Let the lower rooms speak the language whose catalogue the application has.

    Args:
        folder: of ``sentences.json``.
        language: its catalogue's name.
    """

    def translated(text: str) -> str:
        there = QCoreApplication.translate(CONTEXT, text)
        return "" if there == text else there

    def listed() -> list[str]:
        return list(json.loads((folder / "sentences.json").read_text(encoding="utf-8")))

    known = KnownSentences(listed, translated)
    texts.speak(lambda text: translated(text) or text, known.say, language.replace("_", "-"))


def _pattern(text: str) -> _Pattern:
    parts = ["(.*?)" if name is not None else "" for _, name, _, _ in Formatter().parse(text)]
    words = [literal for literal, _, _, _ in Formatter().parse(text)]
    fits = "".join(re.escape(word) + part for word, part in zip(words, parts, strict=True))
    return _Pattern(text, re.compile(fits, re.DOTALL), sum(map(len, words)))
