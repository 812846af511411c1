"""The runs that the window knows: read again and again, started, paused, stopped, killed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from salviewer import launch
from salviewer.app.features.training.tasks import Tasks
from salviewer.app.translation import tr
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.errors import DataError
from salviewer.training import control
from salviewer.training.lock import holder, refusal
from salviewer.training.order import Order
from salviewer.training.parent_watch import unwatch_parent, watch_parent
from salviewer.training.recipe import Recipe
from salviewer.training.run_history import LOG_NAME, Following, follow
from salviewer.training.runs import Run, list_runs, look, runs_folder

OFTEN, SELDOM = 400, 5000
"""Milliseconds between two reads, while a run is active or on screen, and otherwise."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The state of all runs at one time."""

    runs: tuple[Run, ...]
    following: Following | None


class Runs(QObject):
    """Reads runs from their folders. No pipe connects a trainer with the window."""

    changed = Signal()
    followed = Signal()
    ended = Signal(object)  # Run
    failed = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("runs", self, self._landed)
        self.all: tuple[Run, ...] = ()
        self.following: Following | None = None
        self._tasks = tasks
        self._root: Path | None = None  # of the followed run
        self._foreign: tuple[Path, ...] = ()  # folders outside `runs_folder`
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}
        self._watched = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    @property
    def active(self) -> tuple[Run, ...]:
        """The active runs."""
        return tuple(run for run in self.all if run.active)

    @property
    def chosen(self) -> Path | None:
        """The followed run; its events may not be read yet."""
        return self._root

    def begin(self) -> None:
        """Read runs from now on."""
        self._timer.start(SELDOM)
        self.look()

    def set_watched(self, watched: bool) -> None:
        """Read often while the runs are on screen."""
        self._watched = watched
        self._timer.start(OFTEN if watched or self.active else SELDOM)
        self.look()

    def follow(self, root: Path | None) -> None:
        """Follow this run."""
        if root != self._root:
            self._root = root
            self.following = None
            self.look()

    def add(self, root: Path) -> None:
        """Add a run's folder elsewhere."""
        if root.parent != runs_folder() and root not in self._foreign:
            self._foreign = (root, *self._foreign)
        self.follow(root)
        self.look()

    def look(self) -> None:
        """Read now, off the window's thread."""
        root, before = self._root, self.following
        foreign, processes = self._foreign, dict(self._processes)
        self.worker.submit(0, lambda: _scan(root, before, foreign, processes))

    # Requests of the user

    def start(
        self,
        order: Order,
        recipe: Recipe,
        draw: bool,
        then: Callable[[Path], None],
        failed: Callable[[str], None],
        owner: QObject,
    ) -> None:
        """Create the run's folder and start its process."""

        def job() -> Path:
            from salviewer.training.run_setup import prepare

            return self._launch(prepare(order, recipe, draw=draw))

        self._tasks.do(tr("starting the training"), job, lambda root: self._begun(root, then), failed, owner)

    def go_on(
        self,
        root: Path,
        then: Callable[[Path], None] | None = None,
        failed: Callable[[str], None] | None = None,
        owner: QObject | None = None,
        epochs: int | None = None,
    ) -> None:
        """Continue a run from its checkpoint, up to this many epochs in all, if given."""

        def job() -> Path:
            process = self._processes.get(root)
            if process is not None and process.poll() is None:
                raise refusal(root)
            from salviewer.training.run_setup import prepare_to_go_on

            return self._launch(replace(prepare_to_go_on(root), epochs=epochs))

        self._tasks.do(
            tr("continuing the training"), job, lambda root: self._begun(root, then), failed, owner
        )

    def ask(self, root: Path, wanted: control.Request) -> None:
        """Ask a run to pause, stop or continue."""
        self._tasks.do(
            tr("sending a request to the training"), lambda: control.ask(root, wanted), lambda _: self.look()
        )

    def stop(self, root: Path) -> None:
        """Stop after the current step, with a checkpoint; a run that has not begun stops at once."""
        process = self._processes.get(root)

        def job() -> None:
            if holder(root) is None and process is not None:
                process.kill()
            else:
                control.ask(root, "stop")

        self._tasks.do(tr("stopping the training"), job, lambda _: self.look())

    def let_go_on(self, root: Path, alone: bool) -> None:
        """Let the run continue or end when this process ends."""
        self._tasks.do(
            tr("sending a request to the training"),
            lambda: unwatch_parent(root) if alone else watch_parent(root),
            lambda _: self.look(),
        )

    def kill(self, root: Path) -> None:
        """End its process at once; the last checkpoint stays."""
        process = self._processes.get(root)

        def job() -> None:
            worker = holder(root)
            if worker is not None and not worker.here:
                raise DataError(
                    root, tr("it runs on {host} and can only be stopped from here", host=worker.host)
                )
            if worker is not None:
                worker.kill()
            elif process is not None:
                process.kill()

        self._tasks.do(tr("ending the training"), job, lambda _: self.look())

    def delete(self, root: Path) -> None:
        """Remove a run's folder."""

        def job() -> None:
            if holder(root) is not None:
                raise refusal(root)
            shutil.rmtree(root)

        self._tasks.do(tr("deleting the run"), job, lambda _: self._gone(root))

    def _launch(self, order: Order) -> Path:
        """Start the trainer; called in the tasks' thread."""
        root = order.run
        self._processes[root] = launch.start([*order.arguments(), "--events=none"], root / LOG_NAME)
        return root

    def _begun(self, root: Path, then: Callable[[Path], None] | None) -> None:
        self._timer.start(OFTEN)
        self.add(root)
        if then is not None:
            then(root)

    def _gone(self, root: Path) -> None:
        self._foreign = tuple(other for other in self._foreign if other != root)
        if self._root == root:
            self._root = self.following = None
        self.look()

    def _landed(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            raise outcome.error
        scan: Scan = outcome.value
        before = {run.root: run for run in self.all}
        changed = scan.runs != self.all
        self.all = scan.runs
        following = scan.following
        if following is None or following.run.root == self._root:
            news = following != self.following
            self.following = following
            if news:
                self.followed.emit()
        if changed:
            self._timer.setInterval(OFTEN if self._watched or self.active else SELDOM)
            self.changed.emit()
            for run in self.all:
                if run.root in before and before[run.root].active and not run.active:
                    self.ended.emit(run)


def _scan(
    root: Path | None,
    before: Following | None,
    foreign: tuple[Path, ...],
    processes: dict[Path, subprocess.Popen[bytes]],
) -> Scan:
    def known(run: Run) -> Run:
        process = processes.get(run.root)
        if process is None or process.poll() is not None or run.active:
            return run
        return replace(run, state="starting")

    runs = tuple(known(run) for run in (*map(look, foreign), *list_runs()))
    if root is None:
        return Scan(runs, None)
    following = follow(root) if before is None else before.onward()
    return Scan(runs, replace(following, run=known(following.run)))
