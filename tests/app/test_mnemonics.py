"""No letter is underlined twice in what is visible at one time, no button is cut, and F10 opens the menus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QMenuBar,
    QPushButton,
    QTabBar,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from salviewer import paths
from salviewer.app.window import Window
from scripts import translations

DIALOGS = ("export", "batch", "new_training", "own_models", "open_camera", "open_page", "open_stream",
           "preferences", "shortcuts")  # fmt: skip


TRANSLATED = set[str]()
"""What the catalogue of the language has; empty in English."""


def letter(text: str) -> str:
    """The underlined letter of a text; "" for none, or for one that waits for its translation."""
    return "" if TRANSLATED and text not in TRANSLATED else QKeySequence.mnemonic(text).toString()


def texts(top: QWidget) -> Iterator[str]:
    """What can be seen in a window with an ampersand in it."""
    for bar in top.findChildren(QMenuBar):
        yield from (action.text() for action in bar.actions() if action.isVisible())
    for tabs in top.findChildren(QTabBar):
        if tabs.isVisible():
            yield from (tabs.tabText(place) for place in range(tabs.count()) if tabs.isTabVisible(place))
    for label in top.findChildren(QLabel):
        if label.isVisible() and label.buddy() is not None:
            yield label.text()
    for button in top.findChildren(QAbstractButton):
        if button.isVisible() and button.window() is top and not isinstance(button.parent(), QToolBar):
            yield button.text()


def doubled(all_texts: Iterator[str]) -> dict[str, list[str]]:
    """The letters that several texts have, with those texts."""
    found = defaultdict(list)
    for text in all_texts:
        if letter(text):
            found[letter(text)].append(text)
    return {key: rows for key, rows in found.items() if len(rows) > 1}


def cut(top: QWidget) -> list[str]:
    """The texts of buttons in a window that have less room than they need."""
    return [
        button.text()
        for button in top.findChildren(QPushButton)
        if button.isVisible() and button.window() is top and button.width() < button.minimumSizeHint().width()
    ]


@pytest.fixture(params=["en", "de", "zh_CN"], autouse=True)
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The window in each of its languages."""
    translator = QTranslator(qapp)
    if request.param != "en":
        assert translator.load(f"salviewer_{request.param}", str(paths.resources() / "translations"))
        kept = translations.read(translations.CATALOGUES / f"salviewer_{request.param}.ts")
        TRANSLATED.update(form for forms in kept.values() for form in forms)
    qapp.installTranslator(translator)
    yield request.param
    qapp.removeTranslator(translator)
    TRANSLATED.clear()


@pytest.fixture
def opened(qtbot: QtBot, window: Window, pictures: list[Path]) -> Window:
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)
    return window


def test_every_page_beside_the_menus(qtbot: QtBot, opened: Window) -> None:
    panel, ids = opened.bench.panel, []
    for id in ("heatmap", "areas", "hotspots", "use", "compare", "live"):
        panel.set_page_visible(id, True)
        panel.show_page(id)
        qtbot.waitUntil(lambda id=id: panel.is_front(id))
        ids.append(panel.front)
        assert not doubled(texts(opened)), id
        assert not cut(opened), id
    assert len(set(ids)) == panel.tabs.count() == 6
    assert len([text for text in texts(opened) if letter(text)]) > 9  # the menus and something of the page


def test_the_compare_page_while_two_are_compared(qtbot: QtBot, opened: Window) -> None:
    opened.bench.panel.show_page("compare")
    for name in ("arrange_side", "arrange_swipe", "show_difference"):
        opened.bench.commands[name].trigger()
        qtbot.wait(50)
        assert not doubled(texts(opened)), name


def test_the_page_of_each_use(qtbot: QtBot, opened: Window) -> None:
    panel = opened.bench.panel
    for kind in ("crop", "regions", "cutout", "words"):
        opened.bench.commands[f"use_{kind}"].trigger()
        qtbot.waitUntil(lambda: panel.is_front("use"))
        assert [text for text in texts(panel) if letter(text)], f"{kind}: the page has letters"
        assert not doubled(texts(opened)), kind
        panel.show_page("heatmap")


def test_the_first_page(window: Window) -> None:
    assert window.first_page.isVisible()
    buttons = (window.first_page.open, window.first_page.folder, window.first_page.sample)
    assert all(letter(button.text()) for button in buttons)
    assert not cut(window)
    panel = window.bench.panel
    for id in ("heatmap", "areas", "hotspots", "compare"):
        panel.show_page(id)
        assert panel.is_front(id) and not doubled(texts(window)), id


def test_reset_has_a_letter(qtbot: QtBot, opened: Window) -> None:
    settings = opened.bench.settings
    settings.change(style=replace(settings.now.style, opacity=0.1))
    opened.bench.panel.show_page("heatmap")
    (button,) = opened.bench.panel.findChildren(QPushButton, "reset")
    qtbot.waitUntil(button.isEnabled)
    assert letter(button.text())
    button.animateClick()
    qtbot.waitUntil(lambda: settings.now.style.opacity != 0.1)


def test_every_menu(opened: Window) -> None:
    menus = opened.menuBar().findChildren(QMenu)
    assert len(menus) >= 9
    for menu in menus:
        rows = (action.text() for action in menu.actions() if action.isVisible())
        assert not doubled(rows), menu.title()
    assert not [action.text() for action in opened.menuBar().actions() if not letter(action.text())]


def test_every_dialog(qtbot: QtBot, qapp: QApplication, opened: Window) -> None:
    def shown() -> list[QDialog]:
        return [top for top in qapp.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]

    for name in DIALOGS:
        opened.bench.commands[name].trigger()
        qtbot.waitUntil(lambda: bool(shown()))
        qtbot.wait(20)
        (dialog,) = shown()
        assert not doubled(texts(dialog)), name
        qtbot.waitUntil(lambda dialog=dialog: not cut(dialog))
        dialog.close()
        qtbot.waitUntil(lambda: not shown())


def test_f10_opens_the_menus(qtbot: QtBot, opened: Window) -> None:
    opened.activateWindow()
    qtbot.keyClick(opened.bench.stage.canvas, Qt.Key.Key_F10)
    menu = opened.menuBar().actions()[0].menu()
    assert isinstance(menu, QMenu)
    qtbot.waitUntil(menu.isVisible)
    menu.close()
