"""Texts and numbers as the user's language and locale have them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QDoubleSpinBox

from salviewer.app.translation import CONTEXT, enumerated, fill, mark, plural, rows, tr


class Catalogue(QTranslator):
    """Some texts in German, one of them with a place that the English does not have."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        if context != CONTEXT:
            return ""
        if text == "{count} pictures":
            return "{count} Bild" if n == 1 else "{count} Bilder"
        return {
            "Saved {done} of {count}": "Von {count} sind {done} gespeichert",
            "Open {path}": "{pfad} öffnen",
            "Share": "Anteil",
        }.get(text, "")


@pytest.fixture
def german(qapp: QCoreApplication) -> Iterator[None]:
    catalogue = Catalogue()
    qapp.installTranslator(catalogue)
    yield
    qapp.removeTranslator(catalogue)


@pytest.fixture
def locale() -> Iterator[object]:
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


def test_without_a_catalogue_texts_are_english(qapp: QCoreApplication) -> None:
    assert tr("Saved {done} of {count}", done=3, count=12) == "Saved 3 of 12"
    assert plural("{count} picture", "{count} pictures", 1) == "1 picture"
    assert plural("{count} picture", "{count} pictures", 0) == "0 pictures"
    assert enumerated(["a", "b"], 2) == "a, b and 2 more"
    assert tr("") == ""


def test_a_catalogue_reorders_places_and_has_plurals_of_its_own(german: None) -> None:
    assert tr("Saved {done} of {count}", done=3, count=12) == "Von 12 sind 3 gespeichert"
    assert plural("{count} picture", "{count} pictures", 1) == "1 Bild"
    assert plural("{count} picture", "{count} pictures", 2) == "2 Bilder"
    assert rows([("share", "Share", "")]) == [("share", "Anteil", "")]


def test_what_a_catalogue_lacks_or_gets_wrong_is_english(german: None) -> None:
    assert tr("Rank") == "Rank"
    assert tr("Open {path}", path="a.png") == "Open a.png"


def test_a_marked_text_is_its_own_key() -> None:
    assert mark("Share") == "Share"


def test_braces_in_a_text_without_values_and_in_values_stay() -> None:
    assert tr("{") == "{"
    assert tr("Open {path}", path="{x}.png") == "Open {x}.png"


@pytest.mark.parametrize(
    "name, said",
    [("C", "-1\u202f234.50"), ("de_DE", "-1\u202f234,50"), ("ar_EG", "\u061c-١٬٢٣٤٫٥٠")],
)
def test_numbers_are_spelled_as_the_locale_does(qapp: QCoreApplication, locale, name: str, said: str) -> None:
    locale(name)
    assert fill("{number:,.2f}", number=-1234.5) == said


@pytest.mark.parametrize("name", ["C", "en_US", "de_DE", "fr_FR", "ar_EG", "fa_IR", "zh_CN"])
@pytest.mark.parametrize("number", [-0.25, 0.0, 12.5, 99.75])
def test_labels_agree_with_spin_boxes(qapp: QCoreApplication, locale, name: str, number: float) -> None:
    locale(name)
    box = QDoubleSpinBox()
    box.setRange(-100, 100)
    box.setValue(number)
    assert fill("{number:.2f}", number=number) == box.text()


def test_texts_and_truth_values_are_no_numbers(qapp: QCoreApplication, locale) -> None:
    locale("de_DE")
    assert tr("{path}: {on}", path="map-1.5.png", on=True) == "map-1.5.png: True"
