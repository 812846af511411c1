"""All controls of window and dialogs have a name and an explanation, and can be reached by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QMessageBox,
    QScrollBar,
    QTabBar,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QTabBar,
)


def controls(top: QWidget) -> Iterator[QWidget]:
    """Return the widgets that a user operates, without parts of Qt's controls."""
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or not widget.isVisibleTo(top):
            continue
        if isinstance(widget, QScrollBar | QHeaderView) or widget.objectName().startswith("qt_"):
            continue
        within = widget.parent()
        if isinstance(within, QAbstractSpinBox | QComboBox | QKeySequenceEdit | QLineEdit | QTabBar):
            continue
        if within is not None and "QComboBoxPrivateContainer" in within.metaObject().className():
            continue
        yield widget


def standard(widget: QWidget) -> bool:
    """Return whether it is a button with a self-explanatory word."""
    within = widget.parent()
    if not isinstance(widget, QAbstractButton):
        return False
    return isinstance(within, QDialogButtonBox) and bool(widget.text())


def unnamed(top: QWidget) -> list[str]:
    """Return controls without a name for screen readers, an explanation or an object name."""
    lacking = []
    for widget in controls(top):
        words = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        if not words.strip():
            lacking.append(f"{widget!r}: no name")
        tip = widget.toolTip() or widget.parent().toolTip()  # type: ignore[union-attr]  # Qt asks there next
        if not (standard(widget) or tip or isinstance(widget, QTabBar | QAbstractItemView)):
            lacking.append(f"{widget!r} {words}: no tooltip")
    return lacking


def unreached(top: QWidget) -> list[str]:
    """Return controls that Tab does not reach. Tool bar buttons are menu actions, which have keys."""
    start = widget = next(w for w in controls(top) if w.focusPolicy() & Qt.FocusPolicy.TabFocus)
    reached = {id(start)}
    for _ in range(2000):
        widget = widget.nextInFocusChain()
        reached.add(id(widget))
        if widget is start:
            break
    missing = []
    for widget in controls(top):
        proxied = widget.focusProxy() or widget
        by_tab = id(widget) in reached and bool(proxied.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if isinstance(widget.parent(), QToolBar) or not widget.isEnabled():
            continue
        if not by_tab:
            missing.append(f"{widget!r} {widget.accessibleName()}")
    return missing


@pytest.fixture
def folder(tmp_path: Path, pictures: list[Path]) -> Path:
    """Pictures alone."""
    folder = tmp_path / "some"
    folder.mkdir()
    for path in pictures:
        path.rename(folder / path.name)
    return folder


def test_the_first_page(window: Window) -> None:
    window.bench.settings.change_browsing(recent=("/a/b.png",))
    assert not unnamed(window) and not unreached(window)
    assert len(list(controls(window))) > 20
    assert window.first_page.recent[0].accessibleName() == f"Open {Path('/a/b.png')}"


def test_the_window_with_a_folder_and_a_message(qtbot: QtBot, window: Window, folder: Path) -> None:
    window.bench.session.open([folder])
    qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)
    window.bench.notices.error("Something")
    window.feature(FolderFeature).panel.filter.setText("p")
    assert not unnamed(window) and not unreached(window)
    for page in range(window.bench.panel.tabs.count()):
        window.bench.panel.tabs.setCurrentIndex(page)
        assert not unnamed(window.bench.panel) and not unreached(window.bench.panel)
    window.bench.panel.tabs.setCurrentIndex(0)
    window.feature(ViewsFeature).fold.heading.click()
    assert not unnamed(window.bench.panel) and not unreached(window.bench.panel)
    for control in (
        window.feature(FolderFeature).panel.filter,
        window.feature(FolderFeature).panel.grid,
        window.feature(FolderFeature).panel.overlays,
        window.feature(ViewsFeature).engine.model,
    ):
        assert control in set(controls(window))
    assert (
        window.bench.stage.canvas.accessibleName()
        and window.bench.stage.canvas.focusPolicy() & Qt.FocusPolicy.TabFocus
    )


def test_the_dialogs(window: Window) -> None:
    for action in ("preferences", "shortcuts", "reset_settings", "about"):
        window.bench.commands[action].trigger()
        (dialog,) = (dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
        if not isinstance(dialog, QMessageBox):
            assert not unnamed(dialog), action
        assert not unreached(dialog), action
        assert dialog.windowTitle(), action
        dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_every_action_stands_in_a_menu_and_explains_itself(window: Window) -> None:
    for command in window.bench.commands.records:
        action = window.bench.commands[command.id]
        assert action.toolTip() and action.objectName() == command.id
        assert "&" in action.text() or command.submenu, f"{command.id} has no letter to reach it by"
