"""The table of scores of a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from salviewer.app.features.training.score_table import KINDS, ScoreTable
from salviewer.app.features.training.scoring import Scoring, kept_scores, score
from salviewer.app.shell.file_dialogs import ask_new_file
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import button, label, set_role, with_name
from salviewer.app.widgets.layouts import in_row
from salviewer.media.tables import save_table
from salviewer.training.run_state import RunState
from salviewer.training.runs import Run

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_FAIR = mark("A bundled model that was trained on some of these pictures gets too high scores.")


class ScoresPage(QWidget):
    """Scores on request, in processes of their own; earlier scores are shown at once."""

    def __init__(self, services: TrainingServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._root: Path | None = None
        self._finished = False
        self.note = label("", "muted", wrap=True, name="scoresNote")
        self.begin = button(
            "scoreModels",
            tr("&Score the test pictures"),
            tr("Predict the run's test pictures with this model and with those that came with the program"),
            self._begin,
        )
        self.end = button(
            "stopScoring", tr("Stop s&coring"), tr("Cancel; finished scores stay"), services.scoring.cancel
        )
        self.copy = button(
            "copyScores", tr("Cop&y"), tr("Put the table on the clipboard, for a spreadsheet"), self._copy
        )
        self.save = button(
            "saveScores", tr("Sa&ve…"), tr("Write the table as CSV, TSV or JSON"), self._ask_file
        )
        self.table = with_name(ScoreTable(), "scores", accessible=tr("Scores on the test pictures"))
        row = in_row(self.begin, self.end, self.copy, self.save, (self.note, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1000)
        column.addStretch(1)  # fills the page while there is no table
        services.scoring.progressed.connect(self._show)
        services.scoring.done.connect(self._show)
        services.scoring.failed.connect(self._complain)
        services.scoring.busy_changed.connect(lambda _: self._arrange())
        self._arrange()

    def set_run(self, run: Run, state: RunState) -> None:
        """Show another run."""
        finished = run.state == "finished"
        if (run.root, finished) == (self._root, self._finished):
            return
        self._services.scoring.cancel()
        self._root, self._finished = run.root, finished
        self._show(Scoring(()))
        if finished:
            root, models = run.root, self._models()
            self._services.tasks.do(
                tr("reading the scores"),
                lambda: kept_scores(root, models),
                lambda kept: self._show(kept) if root == self._root and kept.lines else None,
                owner=self,
            )
        self._arrange()

    def _models(self) -> list[tuple[str, Path]]:
        assert self._root is not None
        bundled = [(entry.title.partition(" (")[0], entry.folder) for entry in self._services.models.bundled]
        return [(tr("This model"), self._root / "model"), *bundled]

    def _begin(self) -> None:
        root, models = self._root, self._models()
        if root is not None:
            self._services.scoring.begin(lambda tell, stop: score(root, models, tell, stop))

    def _show(self, scoring: Scoring) -> None:
        self.table.setVisible(bool(scoring.lines))
        self.copy.setVisible(bool(scoring.lines))
        self.save.setVisible(bool(scoring.lines))
        self.table.show_lines(scoring.lines)
        set_role(self.note, "muted")
        self.note.setText(scoring.now or (tr(_FAIR) if scoring.lines else ""))
        if not self._finished:
            self.note.setText(tr("The model can be scored when the training is finished."))

    def _copy(self) -> None:
        self.table.copy()

    def _ask_file(self) -> None:
        assert self._root is not None
        table = self.table.as_table()

        def save(path: str) -> None:
            self._services.tasks.do(
                tr("saving the scores"), lambda: save_table(path, table), None, self._complain, self
            )

        ask_new_file(self, tr("Save the scores"), tr(KINDS), f"{self._root.name} scores.csv", save)

    def _complain(self, sentence: str) -> None:
        set_role(self.note, "trouble")
        self.note.setText(sentence)

    def _arrange(self) -> None:
        busy = self._services.scoring.busy
        self.begin.setVisible(not busy)
        self.begin.setEnabled(self._finished)
        self.end.setVisible(busy)
        if not busy and self.note.property("role") != "trouble" and self._finished:
            self.note.setText(tr(_FAIR) if self.table.rowCount() else "")
