"""The choice of model, device and engine: three drop-downs, and a line with what is in use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from salviewer.app.state.models import ModelList
from salviewer.app.state.session import Session
from salviewer.app.state.shown import EngineInUse, Shown
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import label, label_for
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.layouts import add_items, in_column
from salviewer.app.workers.inference import Engine, EngineReady
from salviewer.models.catalog import ModelEntry
from salviewer.models.engines.base import ABOUT, TITLES, EngineName, EngineRequest
from salviewer.texts import said


class EngineChoice(QWidget):
    """Shows what the session predicts with and asks it to use something else."""

    def __init__(
        self, session: Session, models: ModelList, shown: Shown, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._models = session, models
        column = in_column(within=self, spacing=6, margins=0)
        self._build(column)
        models.changed.connect(self._offer_models)
        session.engine_changed.connect(self._show_engine)
        shown.ready_changed.connect(self._show_ready)
        shown.engine_changed.connect(self._show_use)
        self._show_engine(session.engine)

    def _build(self, column: QVBoxLayout) -> None:
        self.model = Choice(tr("Model"))
        self.model.setObjectName("model")
        self.model.setToolTip(tr("The network that predicts where people look"))
        self._offer_models(self._models.all)
        self.model.chosen.connect(
            lambda name: self._session.set_engine(replace(self._session.engine, model=name))
        )
        self.about = label("", "muted", wrap=True)
        self.device = Choice(tr("Device"))
        self.device.setObjectName("device")
        self.device.setToolTip(tr("Where the network runs; Automatic uses a graphics card if there is one"))
        self._offer_devices(())
        self.device.chosen.connect(
            lambda name: self._session.set_engine(replace(self._session.engine, device=name))
        )
        self.engine = Choice(tr("Engine"))
        self.engine.setObjectName("engineChoice")
        self.engine.setToolTip(tr("What computes; Automatic uses the fastest installed"))
        self._offer_kinds(("torch",))
        self.engine.chosen.connect(
            lambda name: self._session.set_engine(
                replace(self._session.engine, kind=cast("EngineRequest", name))
            )
        )
        self.running = label("", "muted", wrap=True, name="running")
        add_items(column, label_for(self.model, tr("&Model")), self.model, self.about, 8)
        where = QGridLayout()
        where.setHorizontalSpacing(8)
        where.setVerticalSpacing(6)
        for place, (name, choice) in enumerate(((tr("Dev&ice"), self.device), (tr("E&ngine"), self.engine))):
            where.addWidget(label_for(choice, name), 0, place)
            where.addWidget(choice, 1, place)
            where.setColumnStretch(place, 1)
        add_items(column, where, self.running)

    def _offer_models(self, models: Sequence[ModelEntry]) -> None:
        self.model.fill([(e.name, e.title, e.card.description or e.card.notes) for e in models])

    def _show_engine(self, engine: Engine) -> None:
        self.model.select(engine.model)
        self.device.select(engine.device)
        self.engine.select(engine.kind)
        entry = next((entry for entry in self._models.all if entry.name == engine.model), None)
        about = _first_clause(entry.card.description) if entry is not None else tr("A model of your own")
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.running.setText(tr("Not running yet"))

    def _show_ready(self, ready: EngineReady | None) -> None:
        if ready is not None:
            self._offer_devices(ready.devices)
            self.device.select(self._session.engine.device)
            self._offer_kinds(ready.kinds)
            self.engine.select(self._session.engine.kind)
            self.running.setText(tr("Running on {device_title}", device_title=ready.device_title))
            self.running.setToolTip(said(ready.note))

    def _show_use(self, engine: EngineInUse) -> None:
        if self._session.live and engine.device:
            self.running.setText(tr("Frames: {model} on {device}", model=engine.model, device=engine.device))

    def _offer_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        rows = [("auto", tr("Automatic"), tr("A graphics card if there is one, else the processor"))]
        self.device.fill(rows + [(name, title, name) for name, title in devices])

    def _offer_kinds(self, kinds: Sequence[EngineName]) -> None:
        names: list[EngineRequest] = ["auto", *kinds]
        self.engine.fill([(name, tr(TITLES[name]), tr(ABOUT[name])) for name in names])


def _first_clause(text: str) -> str:
    return re.split(r"[:;.](?:\s|$)", text, maxsplit=1)[0]
