"""The panel beside the picture: what predicts, and how its map is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from salviewer.app.viewer.display_settings import Look
from salviewer.app.widgets.controls import Choice
from salviewer.app.workers.inference import Engine, EngineReady
from salviewer.models.catalog import ModelEntry
from salviewer.models.engines.base import ABOUT, TITLES, EngineName, EngineWish

WIDTH = 292
"""Of the first page; the panel is never narrower, and wider when a person pulls it."""


class Panel(QFrame):
    """Controls only: it is told what to show, and reports what a person changed."""

    engine_chosen = Signal(object)  # Engine

    def __init__(self, models: Sequence[ModelEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setMinimumWidth(WIDTH)
        self._models = {entry.name: entry for entry in models}
        self._engine = Engine("")
        self.look = Look()
        body = QWidget()
        body.setObjectName("panelBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(6)
        self._build_engine(column)
        column.addSpacing(12)
        line = QFrame()
        line.setProperty("role", "line")
        column.addWidget(line)
        column.addSpacing(12)
        column.addWidget(self.look)
        column.addStretch(1)
        self.tabs = QTabBar()
        self.tabs.setObjectName("pages")
        self.tabs.setAccessibleName("Pages of controls")
        self.tabs.setExpanding(True)
        self.tabs.setDrawBase(False)
        self._pages = QStackedWidget()
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.tabs)
        whole.addWidget(self._pages, 1)
        self.add_page("Heatmap", body)

    def add_page(self, title: str, body: QWidget) -> None:
        """One more page, behind a tab; it scrolls when the window is low."""
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pages.addWidget(scroll)
        self.tabs.addTab(title)
        self.tabs.setVisible(self.tabs.count() > 1)

    def show_page(self, title: str) -> None:
        """Bring a page to the front."""
        titles = [self.tabs.tabText(index) for index in range(self.tabs.count())]
        self.tabs.setCurrentIndex(titles.index(title))

    def _build_engine(self, column: QVBoxLayout) -> None:
        self.model = Choice("Model")
        self.model.setObjectName("model")
        self.model.setToolTip("The network that predicts where people look")
        self.set_models(tuple(self._models.values()))
        self.model.chosen.connect(lambda name: self._choose(replace(self._engine, model=name)))
        self.about = QLabel()
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.device = Choice("Device")
        self.device.setObjectName("device")
        self.device.setToolTip("Where the network runs; Automatic takes a graphics card when there is one")
        self.set_devices(())
        self.device.chosen.connect(lambda name: self._choose(replace(self._engine, device=name)))
        self.engine = Choice("Engine")
        self.engine.setObjectName("engineChoice")
        self.engine.setToolTip("What computes; Automatic takes the fastest that is installed")
        self.set_kinds(("torch",))
        self.engine.chosen.connect(
            lambda name: self._choose(replace(self._engine, kind=cast("EngineWish", name)))
        )
        self.running = QLabel()
        self.running.setObjectName("running")
        self.running.setProperty("role", "muted")
        self.running.setWordWrap(True)
        column.addWidget(_named("&Model", self.model))
        column.addWidget(self.model)
        column.addWidget(self.about)
        column.addSpacing(8)
        where = QGridLayout()
        where.setHorizontalSpacing(8)
        where.setVerticalSpacing(6)
        for place, (name, choice) in enumerate((("&Device", self.device), ("E&ngine", self.engine))):
            where.addWidget(_named(name, choice), 0, place)
            where.addWidget(choice, 1, place)
            where.setColumnStretch(place, 1)
        column.addLayout(where)
        column.addWidget(self.running)

    def set_models(self, models: Sequence[ModelEntry]) -> None:
        """Offer these models."""
        self._models = {entry.name: entry for entry in models}
        self.model.fill([(e.name, e.title, e.card.description or e.card.notes) for e in models])

    def set_engine(self, engine: Engine) -> None:
        """Show what is asked for."""
        self._engine = engine
        self.model.select(engine.model)
        self.device.select(engine.device)
        self.engine.select(engine.kind)
        entry = self._models.get(engine.model)
        about = _first_clause(entry.card.description) if entry is not None else "A model of your own"
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.running.setText("Not running yet")

    def set_ready(self, ready: EngineReady) -> None:
        """Show what is in use."""
        self.set_devices(ready.devices)
        self.device.select(self._engine.device)
        self.set_kinds(ready.kinds)
        self.engine.select(self._engine.kind)
        self.running.setText(f"Running on {ready.device_title}")
        self.running.setToolTip(ready.note)

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices beside the automatic choice."""
        rows = [("auto", "Automatic", "A graphics card when there is one, else the processor")]
        self.device.fill(rows + [(name, title, name) for name, title in devices])

    def set_kinds(self, kinds: Sequence[EngineName]) -> None:
        """Offer these kinds of engine beside the automatic choice."""
        wishes: list[EngineWish] = ["auto", *kinds]
        self.engine.fill([(wish, TITLES[wish], ABOUT[wish]) for wish in wishes])

    def _choose(self, engine: Engine) -> None:
        if engine != self._engine:
            self.engine_chosen.emit(engine)


def _first_clause(text: str) -> str:
    return re.split(r"[:;.](?:\s|$)", text, maxsplit=1)[0]


def _named(name: str, widget: QWidget) -> QLabel:
    label = QLabel(name)
    label.setBuddy(widget)
    return label
