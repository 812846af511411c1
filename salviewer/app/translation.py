"""Every text and number that the window shows: translated, and written as the user's locale writes it.

A text is written in English where it is used, and that English is the key of the catalogues:

    tr("Saved {path}", path=path)
    plural("{count} picture", "{count} pictures", count)
    fill("{share:.1f} %", share=score.percent)

A table that is made when its module is imported marks its texts, and `tr` translates them where they are
shown, since the translator is installed later:

    TITLES = (mark("Share"), mark("Rank"))
    label.setText(tr(TITLES[0]))

Numbers are formatted as Python does and then spelled with the digits, signs and separators of the locale,
so they agree with Qt's spin boxes. What is written to a file does not come through here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from string import Formatter
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

Data = TypeVar("Data", bound=str)

CONTEXT = "salviewer"
"""Of all texts in the catalogues."""

GROUPS = "\u202f"
"""Between groups of digits where the locale is C or writes them with a dot: a narrow space."""


def mark(text: str) -> str:
    """Return a text as it is, for the catalogues to find; `tr` translates it where it is shown."""
    return text


def tr(text: str, /, **values: object) -> str:
    """Translate a text and fill its places; English where the language has none.

    Args:
        text: English, written out in the call or marked, with named places as of `str.format`.
        values: what goes to the places; numbers are spelled as the locale does.
    """
    if not text:
        return ""
    said = QCoreApplication.translate(CONTEXT, text) or text
    return _filled(said, text, values) if values else said


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Translate a text about ``count`` things, with the form that the language uses for so many.

    Args:
        one: English for one thing.
        many: English for any other count, and the key; its place for the count is ``{count}``.
        values: what goes to the other places.
    """
    said = QCoreApplication.translate(CONTEXT, many, None, count) or many
    english = one if count == 1 else many
    return _filled(english if said == many else said, english, {"count": count, **values})


def fill(text: str, /, **values: object) -> str:
    """Fill the places of a text that needs no translation; numbers are spelled as the locale does."""
    return _LOCALISED.vformat(text, (), values)


def enumerated(names: Iterable[str], more: int = 0) -> str:
    """Join names for a sentence: "a, b and c", or "a, b and 2 more" with those not named."""
    each = list(names)
    if more > 0:
        return tr("{names} and {count} more", names=tr(", ").join(each), count=more)
    if len(each) < 2:
        return "".join(each)
    return tr("{names} and {last}", names=tr(", ").join(each[:-1]), last=each[-1])


def moment(when: datetime) -> str:
    """Write a day and a time as the locale does."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        return f"{when.day} {when:%B %Y, %H:%M}"
    day, time = QDate(when.year, when.month, when.day), QTime(when.hour, when.minute)
    return locale.toString(QDateTime(day, time), QLocale.FormatType.ShortFormat)


def rows(table: Iterable[tuple[Data, str, str]]) -> list[tuple[Data, str, str]]:
    """Translate the texts and tooltips of (data, text, tooltip)."""
    return [(data, tr(text), tr(tip)) for data, text, tip in table]


def _filled(said: str, english: str, values: dict[str, object]) -> str:
    try:
        return _LOCALISED.vformat(said, (), values)
    except (KeyError, IndexError, ValueError):  # a catalogue with a place that is not there
        return _LOCALISED.vformat(english, (), values)


class _Localised(Formatter):
    """Formats numbers as Python does, in the locale's spelling."""

    def format_field(self, value: object, spec: str) -> str:
        text: str = format(value, spec)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return text.translate(_spelling(QLocale()))
        return text


_LOCALISED = _Localised()


@lru_cache(maxsize=4)
def _letters(name: str) -> dict[int, str]:
    locale = QLocale(name)
    zero = locale.zeroDigit()
    letters = {ord("."): locale.decimalPoint(), ord(","): locale.groupSeparator()}
    if letters[ord(",")] in (",", "."):
        letters[ord(",")] = GROUPS
    if zero != "0":
        letters |= {ord(str(digit)): chr(ord(zero) + digit) for digit in range(10)}
    letters[ord("%")] = locale.percent()
    letters[ord("-")] = locale.negativeSign()
    return letters


def _spelling(locale: QLocale) -> dict[int, str]:
    return _letters(locale.name())
