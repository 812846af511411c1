"""Every text of the window is translated: a translator brackets each, and nothing is without brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from salviewer.app.shell.notices import Notices
from salviewer.app.translation import CONTEXT
from salviewer.app.window import Window
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import list_models
from salviewer.training.recipe import CHOICES, recipes_for
from scripts import translations

NAMES = {
    # formats, file endings and codecs
    "PNG", "JPEG", "WebP", "TIFF", "CSV", "TSV", "JSON", "PDF", "HTML", "NPY", "NPZ", "MP4", "Matroska",
    "VP9", "AV1", "H.264", "Tab",
    # metrics, networks, devices, the program, keys
    "NSS", "CC", "KL", "SIM", "IG", "AUC-Judd", "sAUC", "AUC-Borji", "EMD",
    "CPU", "OpenVINO", "PyTorch", "float32", "bfloat16",
    "salviewer", "Deutsch", "English", "中文", "Ctrl", "Shift", "Alt", "Del", "Esc", "Space", "click",
    "Return", "Backspace", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Up", "Down", "Enter",
}  # fmt: skip


class Brackets(QTranslator):
    """Puts brackets around every text, also Qt's own, and remembers the program's."""

    seen: set[str]

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        if context == CONTEXT:
            self.seen.add(text)
        return f"⟦{text}⟧"


@pytest.fixture(scope="module")
def catalogued() -> set[str]:
    """The texts that translators are given."""
    return {text.source for text in translations.texts()}


@pytest.fixture(autouse=True)
def bracketed(qapp: QApplication, catalogued: set[str]) -> Iterator[None]:
    """Before the window is made."""
    translator = Brackets(qapp)
    translator.seen = set[str]()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    unknown = translator.seen - catalogued
    assert not {text for text in unknown if bare(text, NAMES)}, "the catalogues do not have these"


def texts(top: QWidget) -> Iterator[tuple[str, str]]:
    """All texts that a window shows, says to a screen reader or in a tooltip, with where they are."""
    for widget in [top, *top.findChildren(QWidget)]:
        where = f"{type(widget).__name__} {widget.objectName()}"
        yield f"{where} tip", widget.toolTip()
        yield f"{where} name", widget.accessibleName()
        yield f"{where} description", widget.accessibleDescription()
        yield f"{where} title", widget.windowTitle()
        for action in widget.actions():
            yield f"{where} action {action.objectName()}", action.text()
            yield f"{where} action tip {action.objectName()}", action.toolTip()
        match widget:
            case QLabel() | QAbstractButton():
                yield where, widget.text()
            case QGroupBox():
                yield where, widget.title()
            case QTabWidget():
                for index in range(widget.count()):
                    yield where, widget.tabText(index)
                    yield where, widget.tabToolTip(index)
            case QComboBox():
                for index in range(widget.count()):
                    yield where, widget.itemText(index)
                    yield where, str(widget.itemData(index, Qt.ItemDataRole.ToolTipRole) or "")
            case QAbstractSpinBox():
                yield where, getattr(widget, "prefix", str)() + getattr(widget, "suffix", str)()
            case QLineEdit():
                yield where, widget.placeholderText()
            case QPlainTextEdit():
                yield where, widget.placeholderText()
            case QTableView() | QTreeView():
                yield from ((f"{where} header", text) for text in headings(widget))
                yield from ((f"{where} row", text) for text in rows(widget, QModelIndex()))


def headings(view: QTableView | QTreeView) -> Iterator[str]:
    """The headings of a table's columns, with their tooltips."""
    model = view.model()
    for section in range(model.columnCount() if model is not None else 0):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield str(model.headerData(section, Qt.Orientation.Horizontal, role) or "")


def rows(view: QTableView | QTreeView, parent: QModelIndex) -> Iterator[str]:
    """The cells of a table or tree, with those below."""
    model = view.model()
    for row in range(model.rowCount(parent) if model is not None else 0):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        yield from rows(view, model.index(row, 0, parent))


def bare(text: str, names: set[str]) -> str:
    """What of a text is neither in brackets nor a number nor a name; "" for nothing."""
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = less
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return " ".join(re.findall(r"[^\W\d_]{2,}", text))


def untranslated(top: QWidget, names: set[str]) -> dict[str, str]:
    """The texts of a window that no translator saw, by where they are; not the paths opened last."""
    shown = ((where, text) for where, text in texts(top) if "recent" not in where and "  –  " not in text)
    return {f"{where}: {text}": left for where, text in shown if (left := bare(text, names))}


@pytest.fixture
def names(window: Window, pictures: list[Path], tmp_path: Path) -> set[str]:
    """What is not translated: names of files, models, colormaps and keys."""
    found = NAMES | {str(tmp_path), *(path.name for path in pictures), *(path.stem for path in pictures)}
    for entry in [*list_models(), *window.bench.models.all]:
        found |= {entry.name, entry.title, entry.card.description, entry.card.notes}
    found |= {row.title for row in ARCHITECTURES.values()} | {"cpu"}
    found |= {name for architecture in ARCHITECTURES for name in recipes_for(architecture)}
    found |= {word for words in CHOICES.values() for word in get_args(words)}
    found |= {str(window.bench.session.engine.model), Path(window.bench.session.engine.model).name}
    colormaps = window.bench.panel.findChild(QComboBox, "colormap")
    assert colormaps is not None
    found |= {colormaps.itemText(index) for index in range(colormaps.count())}
    return found - {""}


@pytest.fixture
def opened(qtbot: QtBot, window: Window, pictures: list[Path]) -> Window:
    window.bench.session.open(pictures)
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)
    return window


def test_a_text_that_is_not_translated_is_found() -> None:
    assert bare("⟦Saved ⟦2 files⟧⟧  ·  3.5 s", set()) == ""
    assert bare("⟦Saved⟧ here", set()) == "here"
    assert bare("⟦Saved⟧ a.png", {"a.png"}) == ""


def test_the_first_page(window: Window, names: set[str]) -> None:
    assert not untranslated(window, names)


def test_the_window_with_every_page(qtbot: QtBot, opened: Window, names: set[str]) -> None:
    panel = opened.bench.panel
    for id in ("heatmap", "areas", "hotspots", "use", "compare", "live"):
        panel.set_page_visible(id, True)
        panel.show_page(id)
    for name in ("show_thumbnails", "show_hotspots", "arrange_side", "show_difference"):
        if name in opened.bench.commands:
            opened.bench.commands[name].trigger()
    qtbot.wait(100)
    assert not untranslated(opened, names)
    reached = [text for _, text in texts(opened) if text]
    assert len(reached) > 300
    assert isinstance(opened.bench.notices, Notices)


def test_the_page_of_each_use(qtbot: QtBot, opened: Window, names: set[str]) -> None:
    for kind in ("crop", "regions", "cutout"):  # words are the picture's, in English
        opened.bench.commands[f"use_{kind}"].trigger()
        qtbot.waitUntil(lambda: opened.bench.panel.is_front("use"))
        assert not untranslated(opened, names), kind
        opened.bench.panel.show_page("heatmap")


def test_every_dialog(qtbot: QtBot, qapp: QApplication, opened: Window, names: set[str]) -> None:
    """And the window that lists trainings; a command without either changes the window's own texts."""

    def others() -> list[QWidget]:
        return [top for top in qapp.topLevelWidgets() if top is not opened and top.isVisible()]

    for name in (
        "export", "batch", "new_training", "trainings", "own_models", "open_camera", "open_page",
        "open_stream", "preferences", "shortcuts", "palette", "about", "reset_settings",
    ):  # fmt: skip
        opened.bench.commands[name].trigger()
        qtbot.wait(50)
        for top in others() or [opened]:
            assert not untranslated(top, names), name
        for top in others():
            top.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda: not others())
