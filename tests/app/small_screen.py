"""Run in a process of its own, on a screen of a given size: prints as JSON how the window fits on it.

Usage: python -m tests.app.small_screen MODEL FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QToolButton, QWidget

from salviewer.app.composition import compose
from salviewer.app.shell.first_page import sample_picture
from salviewer.app.state.settings import SettingsFile
from salviewer.app.tool_bar import ToolBar
from salviewer.app.window import Window
from salviewer.app.workers.inference import Engine

DIALOGS = ("export", "batch", "new_training", "own_models", "open_camera", "open_page", "open_stream",
           "preferences", "shortcuts", "palette")  # fmt: skip


def main() -> None:
    """Open the window and its dialogs."""
    application = QApplication([])
    model, folder = sys.argv[1:]
    window = compose(SettingsFile(Path(folder)), Engine(model))
    window.show()
    application.processEvents()
    facts: dict[str, Any] = {"first": list(window.size().toTuple())}
    picture = sample_picture()
    assert picture is not None
    window.bench.session.open([picture])
    until = time.monotonic() + 60
    while window.bench.stage.canvas.layer is None and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.01)
    screen = window.screen().availableSize()
    for _ in range(5):
        application.processEvents()
    facts |= {
        "ratio": window.devicePixelRatioF(),
        "screen": list(screen.toTuple()),
        "window": list(window.size().toTuple()),
        "least": list(window.minimumSizeHint().expandedTo(window.minimumSize()).toTuple()),
        "canvas": window.bench.stage.canvas.layer is not None,
        "status": {
            w.objectName(): is_whole(w) for w in (window.bench.status.name, window.bench.status.facts)
        },
        **tools(window),
        "panel": panel(application, window),
        "dialogs": {name: dialog(application, window, name) for name in DIALOGS},
    }
    print(json.dumps(facts))
    sys.stdout.flush()
    os._exit(0)  # threads and dialogs end with the process


def is_whole(label: Any) -> bool:
    """Whether a label of the status line shows its text unabridged."""
    return bool(label.width() >= label.sizeHint().width() - 2)


def tools(window: Window) -> dict[str, Any]:
    """Which tools are on the bar, and which in the menu of its button."""
    bar = window.findChild(ToolBar)
    assert bar is not None
    bar.menu.aboutToShow.emit()
    commands = [action for action in bar.actions() if action.objectName()]
    edge = bar.more.x() if bar.more.isVisible() else bar.width()
    shown = [
        action.objectName()
        for action in commands
        if isinstance(button := bar.widgetForAction(action), QToolButton)
        and button.isVisible()
        and button.geometry().right() <= edge
    ]
    return {
        "tools": [action.objectName() for action in commands],
        "tools_shown": shown,
        "tools_in_menu": [action.objectName() for action in bar.menu.actions()],
        "more": bar.more.isVisible(),
    }


def panel(application: QApplication, window: Window) -> dict[str, Any]:
    """How wide each page is when it is in front, and how much of it is cut off at the right."""
    result = {}
    for place in range(window.bench.panel.tabs.count()):
        if not window.bench.panel.tabs.isTabVisible(place):
            continue
        window.bench.panel.tabs.setCurrentIndex(place)
        application.processEvents()
        scroll = next(area for area in window.bench.panel.findChildren(QScrollArea) if area.isVisible())
        cut = max(scroll.widget().width() - scroll.viewport().width(), 0)
        result[window.bench.panel.front] = [window.bench.panel.width(), cut]
    return result


def dialog(application: QApplication, window: Window, command: str) -> dict[str, Any]:
    """The size of a dialog, and whether all its buttons at the bottom are in view."""
    window.bench.commands[command].trigger()
    for _ in range(5):
        application.processEvents()
    made = next(
        widget
        for widget in application.topLevelWidgets()
        if isinstance(widget, QDialog) and widget.isVisible()
    )
    hidden = [w.objectName() for w in made.findChildren(QWidget, "") if is_cut(w, made)]
    fact = {"size": list(made.size().toTuple()), "least": list(made.minimumSize().toTuple()), "cut": hidden}
    made.hide()
    made.deleteLater()
    application.processEvents()
    return fact


def is_cut(widget: QWidget, dialog: QDialog) -> bool:
    """Whether a button of the dialog itself, outside of what scrolls, lies beyond its border."""
    if not widget.isVisible() or not widget.metaObject().className().endswith("PushButton"):
        return False
    above = widget.parentWidget()
    while above is not None and above is not dialog:
        if isinstance(above, QScrollArea):
            return False
        above = above.parentWidget()
    corner = widget.mapTo(dialog, widget.rect().bottomRight())
    return not dialog.rect().contains(corner)


if __name__ == "__main__":
    main()
