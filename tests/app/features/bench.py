"""A workbench without window and features, for testing one feature alone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from salviewer.app.composition import make_workbench
from salviewer.app.shell.first_page import FirstPage
from salviewer.app.shell.incoming import DropTarget
from salviewer.app.shell.theme import Theme
from salviewer.app.state.settings import SettingsFile
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.workbench import Workbench
from salviewer.app.workers.inference import Engine


class SmallLayout:
    """Implements `Layout` with plain boxes on a parent widget.

    Attributes:
        targets: what takes drops, the newest first.
        widened: the width and share of the last call of `widen_panel`; None before one.
    """

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        self.first_page = FirstPage(theme)
        self.first_page.setParent(parent)
        self.first_page.hide()
        self.across = QHBoxLayout(parent)
        self.column = QVBoxLayout()
        self.across.addLayout(self.column, 1)
        self.targets: list[DropTarget] = []
        self.widened: tuple[int, float] | None = None
        self.picture: QWidget | None = None

    def hold(self, bench: Workbench) -> None:
        """Place the widgets of the bench."""
        for widget in (bench.notices, bench.stage, bench.status):
            self.column.addWidget(widget, 1 if widget is bench.stage else 0)
        self.across.addWidget(bench.panel)
        self.picture = bench.stage.canvas

    def add_beside(self, widget: QWidget) -> None:
        """As `Layout`."""
        self.across.insertWidget(0, widget)

    def add_below(self, widget: QWidget) -> None:
        """As `Layout`."""
        self.column.addWidget(widget)

    def widen_panel(self, width: int, share: float) -> None:
        """As `Layout`."""
        self.widened = width, share

    def add_drop_target(self, target: DropTarget) -> None:
        """As `Layout`."""
        self.targets.insert(0, target)

    def focus_picture(self) -> None:
        """As `Layout`."""
        if self.picture is not None:
            self.picture.setFocus()

    def drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Offer what is dropped to the targets in turn; return whether one took it."""
        return any(target.drop(mime, at) for target in self.targets)


def small_bench(qtbot: QtBot, folder: Path, model: Path) -> Workbench:
    """Make a bench on a visible widget of 1000 x 600 logical pixels.

    Args:
        qtbot: of pytest-qt.
        folder: where settings are kept.
        model: the folder of the network that predicts.
    """
    parent = QWidget()
    parent.resize(1000, 600)
    settings = SettingsStore(SettingsFile(folder), parent)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(application, settings.now.appearance)
    theme.setParent(parent)
    layout = SmallLayout(parent, theme)
    bench = make_workbench(parent, layout, settings, theme, Engine(str(model)))
    layout.hold(bench)
    parent.show()
    qtbot.waitExposed(parent)
    return bench


def close_bench(bench: Workbench) -> None:
    """End the workers of a bench and delete its widgets."""
    bench.workers.close()
    assert bench.workers.join(120)
    bench.dialog_parent.close()
    bench.dialog_parent.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_picture(qtbot: QtBot, bench: Workbench, path: Path) -> None:
    """Open a picture and wait for its overlay."""
    bench.session.open([path])
    qtbot.waitUntil(
        lambda: bench.session.loaded is not None and bench.session.loaded.name == path.name, timeout=20_000
    )
    qtbot.waitUntil(lambda: bench.shown.overlay is not None, timeout=60_000)
