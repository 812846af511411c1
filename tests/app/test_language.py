"""The catalogues that are shipped, and the language, locale and direction that a start has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from salviewer.app.languages import LANGUAGES, SYSTEM
from salviewer.app.shell.language import catalogue, locale_of
from salviewer.app.state.settings import SettingsFile, ViewerSettings, saved_language
from salviewer.app.translation import CONTEXT
from scripts import translations

TRANSLATED = sorted(set(LANGUAGES) - {SYSTEM, "en"})

SAY = """
import sys
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QMessageBox
from salviewer.app.shell.language import set_up
from salviewer.app.translation import fill, plural, tr
application = QApplication([])
set_up(application, sys.argv[1])
box = QDoubleSpinBox()
box.setValue(12.5)
question = QMessageBox(QMessageBox.Icon.NoIcon, "", "", QMessageBox.StandardButton.Cancel)
said = [tr("Share"), plural("{count} picture", "{count} pictures", 3), box.text(),
        fill("{value:.2f}", value=12.5), application.layoutDirection().name, QLocale().name(),
        question.button(QMessageBox.StandardButton.Cancel).text()]
sys.stdout.buffer.write("|".join(said).encode())
"""


def started(language: str, environment: str) -> list[str]:
    """What a start in this language and environment says; LANG alone is set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-c", SAY, language],
        env=kept | {"LANG": environment, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().split("|")


def test_the_sentences_of_lower_rooms_are_those_that_the_program_knows() -> None:
    there = (translations.CATALOGUES / "sentences.json").read_text(encoding="utf-8")
    assert there == translations.known(translations.texts()), "run scripts/translations.py"


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_catalogue_is_compiled_and_fits_the_texts(name: str, tmp_path: Path) -> None:
    source = translations.CATALOGUES / f"salviewer_{name}.ts"
    translations.compile_(source, tmp_path / "new.qm")
    assert (tmp_path / "new.qm").read_bytes() == source.with_suffix(".qm").read_bytes()
    wanted, kept = translations.texts(), translations.read(source)
    assert not translations.faults(wanted, kept)
    assert not [text.source for text in wanted if text.source not in kept]


def test_a_catalogue_that_is_written_is_read_back(tmp_path: Path) -> None:
    wanted = [
        translations.Text("Share", "", ("a.py",)),
        translations.Text("{count} pictures", "{count} picture", ("a.py", "b.py")),
        translations.Text("Rank", "", ("b.py",)),
    ]
    kept = {"Share": ["Anteil & <Rest>"], "{count} pictures": ["{count} Bild", "{count} Bilder"]}
    translations.write(tmp_path / "salviewer_de.ts", wanted, kept)
    assert translations.read(tmp_path / "salviewer_de.ts") == kept
    translations.compile_(tmp_path / "salviewer_de.ts", tmp_path / "salviewer_de.qm")
    translator = QTranslator()
    assert translator.load(str(tmp_path / "salviewer_de.qm"))
    assert translator.translate(CONTEXT, "Share") == "Anteil & <Rest>"
    assert translator.translate(CONTEXT, "{count} pictures", None, 1) == "{count} Bild"
    assert translator.translate(CONTEXT, "{count} pictures", None, 5) == "{count} Bilder"
    assert not translator.translate(CONTEXT, "Rank")


def test_faults_are_places_and_mnemonics() -> None:
    wanted = [translations.Text("&Saved {path}", "", ())]
    assert len(translations.faults(wanted, {"&Saved {path}": ["{pfad} gespeichert"]})) == 2
    assert not translations.faults(wanted, {"&Saved {path}": ["{path} &gespeichert"]})


@pytest.mark.parametrize(
    "languages, found",
    [
        (["de-AT", "en-GB"], "de"),
        (["en-GB", "de"], ""),
        (["fr-FR", "de", "en"], "de"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh-SG"], "zh_CN"),
        (["zh-TW"], ""),
        (["ar-EG"], ""),
        (["zh_CN"], "zh_CN"),
        ([], ""),
    ],
)
def test_the_first_language_that_there_is(languages: list[str], found: str) -> None:
    assert catalogue(languages) == found


def test_the_environment_counts(qapp: QCoreApplication) -> None:
    assert started(SYSTEM, "C")[:6] == ["Share", "3 pictures", "12.50", "12.50", "LeftToRight", "C"]
    german = started(SYSTEM, "de_DE.UTF-8")
    assert german[:6] == ["Anteil", "3 Bilder", "12,50", "12,50", "LeftToRight", "de_DE"]
    assert german[6].replace("&", "") == "Abbrechen"
    assert started(SYSTEM, "zh_CN.UTF-8")[:2] == ["占比", "3 张图片"]
    egyptian = started(SYSTEM, "ar_EG.UTF-8")
    assert egyptian[:6] == ["Share", "٣ pictures", "١٢٫٥٠", "١٢٫٥٠", "RightToLeft", "ar_EG"]


def test_the_language_that_is_asked_for_comes_before_the_environment() -> None:
    assert started("de", "ar_EG.UTF-8")[:6] == [
        "Anteil",
        "3 Bilder",
        "12,50",
        "12,50",
        "LeftToRight",
        "de_DE",
    ]
    assert started("de", "de_CH.UTF-8")[5] == "de_CH"  # its numbers, which are written in another way
    assert started("en", "de_DE.UTF-8")[:4] == ["Share", "3 pictures", "12.50", "12.50"]


def test_the_locale_of_a_language() -> None:
    assert locale_of("zh_CN").name() == "zh_CN"


def test_the_language_is_saved(tmp_path: Path) -> None:
    assert saved_language(tmp_path) == SYSTEM
    SettingsFile(tmp_path).write(ViewerSettings(language="de"))
    assert saved_language(tmp_path) == "de"
    assert SettingsFile(tmp_path).read()[0].language == "de"
    (tmp_path / "settings.json").write_text('{"window": {"language": "tlh"}}')
    assert saved_language(tmp_path) == SYSTEM
    with pytest.raises(ValueError, match="language"):
        ViewerSettings(language="tlh")
