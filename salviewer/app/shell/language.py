"""Sets language, locale of numbers and direction of the layout: once, before any widget is made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from salviewer import paths
from salviewer.app import known_sentences
from salviewer.app.languages import LANGUAGES, SYSTEM


def set_up(application: QApplication, language: str) -> None:
    """Show the program in a language, with the numbers and the direction that belong to it.

    What a catalogue lacks, and a language without a catalogue, are English.

    Args:
        language: a key of `LANGUAGES`; `SYSTEM` for that of the environment (LANGUAGE, LC_ALL, LANG), whose
            numbers and direction count even where there is no catalogue.
    """
    locale = locale_of(language)
    QLocale.setDefault(locale)
    application.setLayoutDirection(locale.textDirection())
    wanted = locale.uiLanguages() if language == SYSTEM else [language]
    shown = catalogue(wanted)
    if shown:
        known_sentences.install(paths.resources() / "translations", shown)
        _install(application, paths.resources() / "translations", f"salviewer_{shown}")
        _install(
            application, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)), f"qtbase_{shown}"
        )


def locale_of(language: str) -> QLocale:
    """Return the locale of numbers: the system's where it speaks the language, else the language's own."""
    system = QLocale.system()
    if language == SYSTEM:
        return system
    own = QLocale(language)
    return system if system.language() == own.language() and system.script() == own.script() else own


def catalogue(languages: Iterable[str]) -> str:
    """Find the first of the user's languages that the program has; "" for English.

    Args:
        languages: as `QLocale.uiLanguages` gives them, such as "zh-Hans-CN", the preferred one first.
    """
    for name in languages:
        own = QLocale(name)
        for known in LANGUAGES:
            there = QLocale(known)
            if known != SYSTEM and there.language() == own.language() and there.script() == own.script():
                return "" if known == "en" else known
    return ""


def _install(application: QApplication, folder: Path, name: str) -> None:
    translator = QTranslator(application)
    if translator.load(name, str(folder)):
        application.installTranslator(translator)
