"""A newcomer trains a network in the window."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.training.keep_dialog import KeepDialog
from salviewer.app.features.training.new_dialog import NewDialog
from salviewer.app.features.training.runs_window import RunsWindow
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps, _rest, _until

Kind = TypeVar("Kind", bound=QWidget)


def shown(kind: type[Kind]) -> Kind | None:
    """The widget of this kind that is on screen, wherever it is."""
    found = [
        widget for widget in QApplication.allWidgets() if isinstance(widget, kind) and widget.isVisible()
    ]
    return found[0] if found else None


def click(parent: QWidget, name: str) -> None:
    """Press a button as the mouse does."""
    button = parent.findChild(QPushButton, name)
    assert button is not None and button.isEnabled() and button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def write(parent: QWidget, name: str, text: str) -> None:
    """Replace what a line holds, by the keyboard."""
    line = parent.findChild(QLineEdit, name)
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def begin(window: Window, notes: dict[str, Any], out: Path, epochs: int) -> Steps:
    """Train > New: the data, the recipe, and it runs."""
    window.bench.commands["new_training"].trigger()
    yield from _until(lambda: shown(NewDialog) is not None)
    dialog = shown(NewDialog)
    assert dialog is not None
    write(dialog, "dataFolder", os.environ["TRAINING_DATA"])
    QTest.keyClick(dialog.data.folder, Qt.Key.Key_Return)
    yield from _until(lambda: dialog.data.survey is not None)
    notes["said"] = dialog.data.said.text()
    yield from _rest()
    dialog.grab().save(str(out / "data.png"))
    click(dialog, "forward")
    yield from _until(lambda: dialog.recipe.name.text() != "")
    write(dialog, "recipe_epochs", "0")
    notes["fault"] = dialog.recipe.trouble.text()
    notes["refused"] = not dialog.start.isEnabled()
    write(dialog, "recipe_epochs", str(epochs))
    write(dialog, "recipe_train_batch", "2")
    yield from _rest()
    dialog.grab().save(str(out / "recipe.png"))
    click(dialog, "startTraining")
    yield from _until(lambda: shown(RunsWindow) is not None)


def train(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Train, watch, stop, resume, finish, and look at a photograph with the result."""
    yield from _until(lambda: window.bench.stage.canvas.layer is not None)
    before = window.bench.session.saliency
    yield from begin(window, notes, out, epochs=2)
    runs = shown(RunsWindow)
    assert runs is not None
    view = runs.view
    yield from _until(lambda: len(view.loss.curves) > 0 and len(view.loss.curves[0].points) >= 2)
    notes["points"] = [len(view.loss.curves[0].points)]
    notes["badge"] = window.feature(TrainingFeature).badge.text()
    click(view, "stopRun")
    yield from _until(lambda: view.state.text() == "Stopped")
    notes["stopped"] = view.facts.text()
    click(view, "resumeRun")
    yield from _until(lambda: len(view.loss.curves[0].points) > notes["points"][0])
    notes["points"].append(len(view.loss.curves[0].points))
    yield from _until(lambda: view.state.text() == "Finished")
    yield from _until(lambda: bool(view.triplets.rows))
    notes["curves"] = {curve.name: len(curve.points) for curve in view.loss.curves if curve.name}
    notes["samples"] = len(view.triplets.rows)
    notes["log"] = view.log.toPlainText()
    yield from _rest()
    runs.grab().save(str(out / "finished.png"))
    click(view, "keepModel")
    yield from _until(lambda: shown(KeepDialog) is not None)
    keep = shown(KeepDialog)
    assert keep is not None
    write(keep, "modelName", "Mine")
    notes_box = keep.findChild(QPlainTextEdit, "modelNotes")
    assert notes_box is not None
    QTest.keyClicks(notes_box, "first try")
    click(keep, "useModel")
    yield from _until(lambda: window.bench.session.engine.model == "mine")
    yield from _until(
        lambda: window.bench.session.saliency is not None and window.bench.session.saliency.model == "mine"
    )
    yield from _until(lambda: window.bench.stage.canvas.layer is not None)
    after = window.bench.session.saliency
    assert before is not None and after is not None
    notes["another map"] = bool(abs(before.density - after.density).max() > 0)
    notes["model"] = window.feature(ViewsFeature).engine.model.currentText()
    runs.close()
    yield from _rest()
    window.grab().save(str(out / "photograph.png"))


def find_again(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """The next start: the training is there, pictures are looked at beside it, and it is to end with us."""
    yield from _until(lambda: bool(window.feature(TrainingFeature).runs.active))
    yield from _until(window.feature(TrainingFeature).badge.isVisible)
    notes["badge"] = window.feature(TrainingFeature).badge.text()
    QTest.mouseClick(window.feature(TrainingFeature).badge, Qt.MouseButton.LeftButton)
    yield from _until(lambda: shown(RunsWindow) is not None)
    runs = shown(RunsWindow)
    assert runs is not None
    yield from _until(lambda: len(runs.view.loss.curves) > 0 and len(runs.view.loss.curves[0].points) > 1)
    for path in sorted(Path(os.environ["TRAINING_DATA"]).rglob("Stimuli/Crowd/*"))[:2]:
        yield from _look_at(window, path)
    notes["viewed"] = window.feature(TrainingFeature).runs.active[0].state
    QTest.mouseClick(runs.view.alone, Qt.MouseButton.LeftButton, pos=QPoint(8, runs.view.alone.height() // 2))
    yield from _until(lambda: window.feature(TrainingFeature).runs.active[0].ends_with_parent)
    (out / "notes.json").write_text(json.dumps(notes))
    yield from _until(lambda: False)


def _look_at(window: Window, path: Path) -> Steps:
    window.bench.session.open([path], alone=True)
    yield from _until(lambda: window.bench.session.shown == path and not window.bench.session.opening)
    yield from _until(
        lambda: window.bench.session.saliency is not None and window.bench.stage.canvas.layer is not None
    )


def hold(window: Window, notes: dict[str, Any], out: Path) -> Steps:
    """Begin to train and wait to be killed."""
    yield from begin(window, notes, out, epochs=500)
    yield from _until(lambda: any(run.state == "running" for run in window.feature(TrainingFeature).runs.all))
    (out / "running").write_text(str(window.feature(TrainingFeature).runs.all[0].root))
    yield from _until(lambda: False)
