"""The panel's page for a live source or a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from salviewer.app.features.live.cue_row import CueRow
from salviewer.app.features.live.detector_button import DetectorButton
from salviewer.app.features.live.plot import SharePlot
from salviewer.app.state.live_choices import AUTOMATIC, LiveChoices
from salviewer.app.translation import mark, plural, tr
from salviewer.app.widgets.buttons import button, check_box, label, label_for, with_name
from salviewer.app.widgets.controls import Amount, Choice
from salviewer.app.widgets.layouts import add_items, in_column
from salviewer.core.fusion import CUES, Cue
from salviewer.core.temporal import HALF_LIFE_LIMITS

if TYPE_CHECKING:
    from salviewer.core.following import Tracked
    from salviewer.models.catalog import ModelEntry

PAGE = "live"
"""The id of the panel's page for live sources."""

_NO_AREAS = mark("Draw areas on the picture (page Areas) to see their shares of attention over time.")


class LivePage(QWidget):
    """Controls only: shows values, and reports the user's changes."""

    changed = Signal(object)  # LiveChoices
    alone_changed = Signal(object)  # Cue, or None for all

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("livePage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._choices = LiveChoices()
        self._column = column = in_column(within=self, spacing=6, margins=(18, 16, 18, 16))
        self.source = label("", wrap=True, name="liveSource")
        self.about = label("", "muted", wrap=True, name="liveFacts")
        add_items(column, self.source, self.about, 8)
        self._build_model(column)
        column.addWidget(_line())
        self._build_cues(column)
        column.addWidget(_line())
        self._build_region(column)
        column.addWidget(_line())
        self._build_shares(column)
        column.addStretch(1)
        self.set_choices(self._choices, None)
        self.set_tracked(None, 0)

    def _build_model(self, column: QVBoxLayout) -> None:
        self.model = Choice(tr("Model for frames"))
        self.model.setObjectName("liveModel")
        self.model.setToolTip(
            tr("Automatic uses the model for pictures if it is fast enough on this machine")
        )
        self.model.chosen.connect(lambda name: self._change(model=name))
        self.note = label("", "muted", wrap=True, name="liveNote")
        for widget in (label_for(self.model, tr("&Model for frames")), self.model, self.note):
            column.addWidget(widget)

    def _build_cues(self, column: QVBoxLayout) -> None:
        self.half_life = with_name(Amount(tr("Half-l&ife"), 2000, tr(" ms"), bend=2.0), "halfLife")
        self.set_memory(False)
        self.half_life.changed.connect(lambda value: self._change(half_life=value))
        add_items(column, self.half_life, 4)
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        self.cues = {cue: CueRow(cue) for cue in CUES}
        for number, row in enumerate(self.cues.values()):
            row.place(grid, number)
            row.changed.connect(self._weigh)
            row.alone_changed.connect(lambda on, cue=row.cue: self._show_alone(cue if on else None))
        self.detector = DetectorButton()
        found_by = label_for(self.detector, tr("Found b&y"), "muted")
        found_by.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(found_by, len(CUES), 0)
        grid.addWidget(self.detector, len(CUES), 1, 1, 3)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)

    def _build_region(self, column: QVBoxLayout) -> None:
        self.follow = check_box("follow", tr("Follo&w the most salient region"))
        self.region = label("", "muted", wrap=True, name="liveRegion")
        add_items(column, self.follow, self.region)

    def _build_shares(self, column: QVBoxLayout) -> None:
        self.hint = label(tr(_NO_AREAS), "muted", wrap=True, name="liveHint")
        self.plot = SharePlot()
        add_items(column, self.hint, self.plot)

    def set_actions(self, follow: QAction, path: QAction, shares: QAction) -> None:
        """Set the actions of the box and the buttons."""
        self.follow.setToolTip(follow.toolTip())
        self.follow.toggled.connect(follow.setChecked)
        follow.toggled.connect(self.follow.setChecked)
        at = self._column.indexOf(self.region) + 1
        self._column.insertWidget(at, _button(path, tr("Save the path…")))
        self._column.insertWidget(
            self._column.indexOf(self.plot) + 1, _button(shares, tr("Save the shares…"))
        )

    def set_models(self, models: Sequence[ModelEntry]) -> None:
        """Offer these models."""
        rows = [(AUTOMATIC, tr("Automatic"), tr("By measured speed"))]
        self.model.fill(rows + [(entry.name, entry.title, entry.card.description) for entry in models])
        self.model.select(self._choices.model)

    def set_choices(self, choices: LiveChoices, alone: Cue | None) -> None:
        """Show these choices without reporting them."""
        self._choices = choices
        self.model.select(choices.model)
        self.half_life.set_value(min(choices.half_life, HALF_LIFE_LIMITS[1]))
        for cue, row in self.cues.items():
            row.set_state(getattr(choices, f"{cue}_on"), getattr(choices, cue))
            row.set_alone(cue == alone)
        self.detector.set_detector(choices.detector)

    def set_source(self, name: str, about: str) -> None:
        """Show the open source."""
        self.source.setText(name.replace("/", "/\u200b"))
        self.about.setText(about)

    def set_note(self, note: str) -> None:
        """Show a note on the network that predicts."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def set_memory(self, recurrent: bool) -> None:
        """Say at the half-life whether the network that predicts has a memory of its own."""
        tip = tr("Smooths maps over time: a map this old has half the weight of the newest; 0 turns it off")
        if recurrent:
            tip += "\n" + tr("This network has a memory of its own: its maps are steady without it.")
        self.half_life.setToolTip(tip)

    def set_tracked(self, tracked: Tracked | None, steps: int) -> None:
        """Show the place of the followed region, and the length of its path."""
        if tracked is None:
            text = "" if not steps else plural("Lost  ·  {count} frame", "Lost  ·  {count} frames", steps)
        else:
            x, y = tracked.box.centre
            text = tr(
                "Track {track} at {x:.0f} %, {y:.0f} %  ·  {steps} frames",
                track=tracked.track,
                x=100 * x,
                y=100 * y,
                steps=steps,
            )
        self.region.setText(text)
        self.region.setVisible(bool(text))

    def set_areas(self, any_areas: bool) -> None:
        """Set whether there are areas to plot."""
        self.hint.setVisible(not any_areas)
        self.plot.setVisible(any_areas)

    def _show_alone(self, cue: Cue | None) -> None:
        for other, row in self.cues.items():
            row.set_alone(other == cue)
        self.alone_changed.emit(cue)

    def _weigh(self) -> None:
        on = {f"{cue}_on": row.isChecked() for cue, row in self.cues.items()}
        if not any(on.values()):  # keep the last one on
            self.set_choices(self._choices, None)
            return
        self._change(**on, **{cue: row.weight.value() / 100 for cue, row in self.cues.items()})

    def _change(self, **fields: object) -> None:
        choices = replace(self._choices, **fields)  # type: ignore[arg-type]
        if choices != self._choices:
            self._choices = choices
            for cue, row in self.cues.items():
                row.weight.setEnabled(getattr(choices, f"{cue}_on"))
            self.changed.emit(choices)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    return line


def _button(action: QAction, text: str) -> QPushButton:
    made = button(f"{action.objectName()}_button", text, action.toolTip(), action.trigger)
    for follow in (made.setEnabled, made.setVisible):
        follow(action.isEnabled())
        action.enabledChanged.connect(follow)
    return made
