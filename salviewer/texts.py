"""Texts of the lower rooms in the user's language: English, until the program around them hands in another.

The rooms know no Qt. They write each text in English, which is the key of the window's catalogues:

    worded("Half of the predicted attention falls on {share} % of the picture.", share=12)
    raise ImageError(path, f"it has no page {page}, only {count}")

The window hands in two functions (`speak`): one translates a text with its places, the other a finished
sentence, such as an error's, which it knows by its pattern. Command line and Python interface stay English.
"""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]


def _same(text: str) -> str:
    return text


_template: Translate = _same
_sentence: Translate = _same
_language = "en"


def speak(template: Translate = _same, sentence: Translate = _same, language: str = "en") -> None:
    """Use another language from now on; without arguments English again.

    Args:
        template: translates a text whose places stay; called in any thread.
        sentence: translates a finished sentence or clause; called in any thread.
        language: its tag for HTML, such as ``de`` or ``zh-CN``.
    """
    global _template, _sentence, _language
    _template, _sentence, _language = template, sentence, language


def language() -> str:
    """Return the tag of the language in use."""
    return _language


def mark(text: str) -> str:
    """Return a text as it is, for the catalogues to find; `worded` translates it where it is used."""
    return text


def worded(text: str, /, **values: object) -> str:
    """Translate a text and fill its places, as `str.format` does.

    Args:
        text: English, written out in the call, so that the catalogues find it.
        values: what goes to the places.
    """
    translated = _template(text)
    try:
        return translated.format(**values) if values else translated
    except (KeyError, IndexError, ValueError):  # a catalogue with a place that is not there
        return text.format(**values)


def said(sentence: str) -> str:
    """Translate a finished sentence or clause; return it as it is if it is not known."""
    return _sentence(sentence)
