"""One run: curves, samples, log, buttons, and scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from salviewer.app.features.training import words
from salviewer.app.features.training.plot import Curve, Plot
from salviewer.app.features.training.scores_page import ScoresPage
from salviewer.app.features.training.triplets import Triplets, image_of, scrolled
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.amounts import duration
from salviewer.app.widgets.buttons import button, label, set_role, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.layouts import STRETCH, in_column, in_row, side_by_side
from salviewer.texts import said
from salviewer.training.run_history import Following
from salviewer.training.run_state import RunState
from salviewer.training.sheets import cut_triplets

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_BETTER = {"KL": mark("lower is better")}


class RunView(QWidget):
    """Shows a `Following`; signals carry the user's requests for the run."""

    keep_wanted = Signal(object)  # Path: the run's folder
    export_wanted = Signal(object)
    delete_wanted = Signal(object)
    more_wanted = Signal(object, int)  # Path, and its number of epochs

    def __init__(self, services: TrainingServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._following: Following | None = None
        self._sheet = ""
        self._said: tuple[str, ...] = ()
        self._build()

    def _build(self) -> None:
        self.title = label("", "title", name="runTitle")
        self.state = label("", "heading", name="runState")
        self.facts = label("", "muted", wrap=True, name="runFacts")
        self.bar = with_name(QProgressBar(), "runProgress")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(tr("Progress of the training"))
        top = in_row((self.title, 1), self.state)
        self.tabs = with_name(QTabBar(), "runTabs", accessible=tr("Pages about the run"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._pages = QStackedWidget()
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self.scores = ScoresPage(self._services)
        self.log = with_name(QPlainTextEdit(), "runLog")
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("Log of the training"))
        self.log.setMaximumBlockCount(2000)
        for name, page in (
            (tr("Progress"), self._build_progress()),
            (tr("Scores"), self.scores),
            (tr("Log"), self.log),
        ):
            self._pages.addWidget(page)
            self.tabs.addTab(name)
        rows = (top, self.bar, self.facts, self._build_buttons(), self.tabs, (self._pages, 1))
        in_column(*rows, within=self, spacing=8, margins=(20, 16, 20, 16))

    def _build_progress(self) -> QWidget:
        theme = self._services.theme
        self.loss = with_name(Plot(tr("Loss"), theme), "lossPlot")
        self.which = with_name(Choice(tr("Metric")), "metric", tr("What the second plot shows"))
        self.which.fill([(name, name, "") for name in ("NSS", "CC", "KL")])
        self.which.chosen.connect(lambda _: self._show_curves())
        self.metrics = with_name(Plot("NSS", theme), "metricPlot")
        choose = in_row(label(tr("Metric"), "muted"), self.which, STRETCH)
        plots = QWidget()
        in_column((self.loss, 1), choose, (self.metrics, 1), within=plots, spacing=4, margins=(0, 8, 8, 0))
        self.triplets = with_name(Triplets((), theme), "triplets")
        self._name_columns(taught=False)
        aside = QWidget()
        in_column(scrolled(self.triplets), within=aside, margins=(8, 8, 0, 0))
        whole = side_by_side((plots, 3), (aside, 2))
        whole.setSizes([400, 330])
        return whole

    def _build_buttons(self) -> QHBoxLayout:
        self.pause = button("pauseRun", tr("&Pause"), tr("Pause after the current step"), self._pause)
        self.stop = button(
            "stopRun",
            tr("&Stop"),
            tr("Stop after the current step, with a checkpoint"),
            self._ask_stop,
        )
        self.kill = button(
            "killRun",
            tr("&Kill"),
            tr("Stop at once; progress since the last checkpoint is lost"),
            lambda: self._services.runs.kill(self.root),
        )
        self.resume = button(
            "resumeRun",
            tr("&Resume"),
            tr("Continue from the last checkpoint"),
            lambda: self._services.runs.go_on(self.root),
            primary=True,
        )
        self.more = button(
            "moreEpochs",
            tr("&More epochs…"),
            tr("Train the finished network further"),
            lambda: self.more_wanted.emit(self.root, self._epochs()),
        )
        self.keep = button(
            "keepModel",
            tr("&Use this model…"),
            tr("Add the model to the catalogue and predict with it, even after a stop"),
            lambda: self.keep_wanted.emit(self.root),
            primary=True,
        )
        self.export = button(
            "exportModel",
            tr("&Export…"),
            tr("Write the model as one file, for another computer"),
            lambda: self.export_wanted.emit(self.root),
        )
        self.delete = button(
            "deleteRun",
            tr("&Delete…"),
            tr("Remove the run's folder with its checkpoint"),
            lambda: self.delete_wanted.emit(self.root),
        )
        self.alone = QCheckBox(tr("&Go on without the window"))
        self.alone.setObjectName("goesOnAlone")
        self.alone.setToolTip(
            tr("If unticked, the training stops with a checkpoint when this program ends or is killed")
        )
        self.alone.setAccessibleDescription(self.alone.toolTip())
        self.alone.clicked.connect(lambda alone: self._services.runs.let_go_on(self.root, alone))
        running = (self.pause, self.stop, self.kill, self.resume)
        ended = (self.keep, self.export, self.more, self.alone)
        return in_row(*running, *ended, STRETCH, self.delete, spacing=8)

    @property
    def root(self) -> Path:
        """The run's folder."""
        assert self._following is not None
        return self._following.run.root

    def _epochs(self) -> int:
        return self._following.state.epochs if self._following is not None else 0

    def show_following(self, following: Following) -> None:
        """Show the current state of a run."""
        other = self._following is None or following.run.root != self.root
        self._following = following
        if other:
            self._sheet, self._said = "", ()
            self.triplets.set_rows(())
            self.log.clear()
            self.tabs.setCurrentIndex(0)
        run, state = following.run, following.state
        self.title.setText(run.root.name)
        self.title.setToolTip(str(run.root))
        self.state.setText(words.state_of(run))
        self._show_progress(following)
        active, paused = run.active, run.state == "paused"
        finished = run.state == "finished"
        self.pause.setText(tr("&Continue") if paused else tr("&Pause"))
        _show((self.pause, self.stop, self.kill, self.alone), active)
        self.alone.setChecked(not run.ends_with_parent)
        self.alone.setEnabled(run.state != "starting")
        _show((self.resume,), not active and not finished)
        _show((self.keep, self.export), run.usable and not active)
        _show((self.more,), finished and run.resumable)
        self.delete.setVisible(not active)
        self.pause.setEnabled(run.state != "starting")
        self.stop.setEnabled(True)
        self._show_curves()
        self._name_columns(taught=state.taught)
        self._show_sheet(state.sheet)
        self._show_log(following)
        self.scores.set_run(run, state)

    def _show_progress(self, following: Following) -> None:
        run, state = following.run, following.state
        if state.preparing is not None and run.active:
            done, total = state.preparing
            facts = [tr("Reading pictures, {done} of {total}", done=done, total=total)]
        elif run.state == "starting":
            done, total, facts = 0, 1, [tr("The trainer is starting")]
        else:
            done, total = state.step, max(state.total, 1)
            if run.state == "finished":  # it may have ended early
                done = total
            facts = _facts(state, active=run.state == "running")
        self.bar.setValue(round(1000 * done / max(total, 1)))
        trouble = said(following.trouble)
        set_role(self.facts, "trouble" if trouble else "muted")
        self.facts.setText(trouble or "  ·  ".join(facts))
        self.bar.setAccessibleDescription(self.facts.text())

    def _show_curves(self) -> None:
        if self._following is None:
            return
        state = self._following.state
        epochs = float(max(state.epochs, 1))
        self.loss.set_curves(
            tr("Loss"),
            (
                Curve("", state.steps, faint=True),
                Curve("train", state.curves.get("train_loss", ())),
                Curve(state.watched, state.curves.get("test_loss", ()), second=True),
            ),
            epochs,
        )
        name = str(self.which.currentData())
        how = f" ({tr(_BETTER[name])})" if name in _BETTER else ""
        curve = Curve(state.watched, state.curves.get(name, ()), second=True)
        self.metrics.set_curves(name + how, (curve,), epochs)

    def _name_columns(self, *, taught: bool) -> None:
        """Say whose maps are in the middle: a teacher's, where there is no ground truth, or people's."""
        self.triplets.set_headings((tr("Picture"), tr("Teacher") if taught else tr("People"), tr("Network")))
        self.triplets.setToolTip(
            tr("Held-out pictures, the teacher's maps, what the network predicts")
            if taught
            else tr("Held-out pictures, where people looked, what the network predicts")
        )

    def _show_sheet(self, sheet: str) -> None:
        """Load the newest sheet of samples from the run's folder, off the window's thread."""
        if not sheet or sheet == self._sheet:
            return
        self._sheet = sheet
        path = self.root / "samples" / Path(sheet).name

        def load() -> list[tuple[QImage, ...]]:
            return [tuple(map(image_of, row)) for row in cut_triplets(path)]

        def show(rows: list[tuple[QImage, ...]]) -> None:
            if sheet == self._sheet:
                self.triplets.set_rows(rows)

        self._services.tasks.do(tr("reading the samples"), load, show, lambda _: None, self)

    def _show_log(self, following: Following) -> None:
        texts = (*map(said, following.state.notes), *following.said)
        if texts == self._said:
            return
        kept = self._said
        self._said = texts
        bar = self.log.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        if texts[: len(kept)] == kept and kept:
            for line in texts[len(kept) :]:
                self.log.appendPlainText(line)
        else:
            self.log.setPlainText("\n".join(texts))
        if at_end:
            bar.setValue(bar.maximum())

    def _pause(self) -> None:
        assert self._following is not None
        self._services.runs.ask(self.root, "" if self._following.run.state == "paused" else "pause")

    def _ask_stop(self) -> None:
        self.stop.setEnabled(False)
        self._services.runs.stop(self.root)


def _facts(state: RunState, *, active: bool) -> list[str]:
    if not state.total:
        return [tr("Training has not started yet")]
    facts = [tr("Step {step:,} of {total:,}", step=state.step, total=state.total)]
    facts.append(
        tr("epoch {epoch} of {epochs}", epoch=min(max(state.epoch, 1), state.epochs), epochs=state.epochs)
    )
    if active and state.left > 0:
        facts.append(tr("{duration} left", duration=duration(state.left)))
    if active and state.speed:
        facts.append(
            tr(
                "{speed:.3g} pictures/s, {waiting:.0%} of the time waiting for them",
                speed=state.speed,
                waiting=state.waiting,
            )
        )
    facts.append(state.device)
    return [fact for fact in facts if fact]


def _show(buttons: tuple[QAbstractButton, ...], shown: bool) -> None:
    for made in buttons:
        made.setVisible(shown)
