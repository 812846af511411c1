"""The panel beside the picture: what predicts, and how its map is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from salviewer.app.controls import Amount, Choice, ColormapChoice
from salviewer.app.inference import Engine, EngineReady
from salviewer.core.postprocess import PostprocessSettings, Threshold, ThresholdKind
from salviewer.core.render import COLORMAPS, OverlayStyle
from salviewer.models.catalog import ModelEntry

WIDTH = 292


class Panel(QFrame):
    """Controls only: it is told what to show, and reports what a person changed."""

    engine_chosen = Signal(object)  # Engine
    look_changed = Signal(object, object)  # PostprocessSettings, OverlayStyle
    shown_changed = Signal(bool)

    def __init__(self, models: Sequence[ModelEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self._models = {entry.name: entry for entry in models}
        self._engine = Engine("")
        self._heat, self._style = PostprocessSettings(), OverlayStyle()
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
        self._build_look(column)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _build_engine(self, column: QVBoxLayout) -> None:
        self.model = Choice("Model")
        self.model.setObjectName("model")
        self.model.setToolTip("The network that predicts where people look")
        self.model.fill([(e.name, e.title, e.card.description) for e in self._models.values()])
        self.model.chosen.connect(lambda name: self._choose(replace(self._engine, model=name)))
        self.about = QLabel()
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.device = Choice("Device")
        self.device.setObjectName("device")
        self.device.setToolTip("Where the network runs; Automatic takes a graphics card when there is one")
        self.set_devices(())
        self.device.chosen.connect(lambda name: self._choose(replace(self._engine, device=name)))
        self.running = QLabel()
        self.running.setObjectName("running")
        self.running.setProperty("role", "muted")
        self.running.setWordWrap(True)
        column.addWidget(_named("&Model", self.model))
        column.addWidget(self.model)
        column.addWidget(self.about)
        column.addSpacing(8)
        column.addWidget(_named("&Device", self.device))
        column.addWidget(self.device)
        column.addWidget(self.running)

    def _build_look(self, column: QVBoxLayout) -> None:
        heading = QHBoxLayout()
        self.shown = QCheckBox("Show &heatmap")
        self.shown.setObjectName("shown")
        self.shown.setToolTip("Lay the heatmap over the picture (H; hold Space to look beneath)")
        self.shown.toggled.connect(self.shown_changed)
        self.reset = QPushButton("&Reset")
        self.reset.setObjectName("reset")
        self.reset.setProperty("quiet", True)
        self.reset.setToolTip("Colormap, opacity, smoothing and threshold as they were at first")
        self.reset.clicked.connect(lambda: self._look(PostprocessSettings(), OverlayStyle()))
        heading.addWidget(self.shown, 1)
        heading.addWidget(self.reset)
        self.colormap = ColormapChoice(COLORMAPS)
        self.colormap.setObjectName("colormap")
        self.colormap.setToolTip("Colours from cold to hot; the first ones rise evenly in brightness")
        self.colormap.chosen.connect(lambda name: self._look(self._heat, replace(self._style, colormap=name)))
        self.opacity = Amount("&Opacity", 100, " %")
        self.opacity.setObjectName("opacity")
        self.opacity.setToolTip("How much the hottest places cover the picture")
        self.opacity.changed.connect(
            lambda percent: self._look(self._heat, replace(self._style, opacity=percent / 100))
        )
        self.smoothing = Amount("&Smoothing", 25, " %", decimals=1, bend=2.0)
        self.smoothing.setObjectName("smoothing")
        self.smoothing.setToolTip("Blur of the map: standard deviation in percent of the picture's width")
        self.smoothing.changed.connect(
            lambda percent: self._look(replace(self._heat, sigma=percent / 100), self._style)
        )
        self.kind = Choice("Threshold kind")
        self.kind.setObjectName("thresholdKind")
        self.kind.fill(
            [
                ("percentile", "of area", "Hides the coldest part of the picture's area"),
                ("absolute", "of peak", "Hides what is colder than a share of the hottest place"),
            ]
        )
        self.kind.setToolTip("Percent of the picture's area, or percent of the hottest place's value")
        self.kind.chosen.connect(self._change_kind)
        self.threshold = Amount("&Threshold", 100, " %", aside=self.kind)
        self.threshold.setObjectName("threshold")
        self.threshold.setToolTip("Hides the coldest parts of the map")
        self.threshold.changed.connect(lambda _: self._change_threshold())
        column.addLayout(heading)
        column.addSpacing(6)
        column.addWidget(_named("&Colormap", self.colormap))
        column.addWidget(self.colormap)
        for amount in (self.opacity, self.smoothing, self.threshold):
            column.addSpacing(10)
            column.addWidget(amount)

    def set_engine(self, engine: Engine) -> None:
        """Show what is asked for."""
        self._engine = engine
        self.model.select(engine.model)
        self.device.select(engine.device)
        entry = self._models.get(engine.model)
        about = _first_clause(entry.card.description) if entry is not None else "A model of your own"
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.running.setText("Not running yet")

    def set_ready(self, ready: EngineReady) -> None:
        """Show what is in use."""
        self.set_devices(ready.devices)
        self.device.select(self._engine.device)
        self.running.setText(f"Running on {ready.device_title}")

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer these devices beside the automatic choice."""
        rows = [("auto", "Automatic", "A graphics card when there is one, else the processor")]
        self.device.fill(rows + [(name, title, name) for name, title in devices])

    def set_look(self, heat: PostprocessSettings, style: OverlayStyle) -> None:
        """Show these settings without reporting them."""
        self._heat, self._style = heat, style
        self.colormap.select(style.colormap)
        self.opacity.set_value(style.opacity * 100)
        self.smoothing.set_value(heat.sigma * 100)
        self.kind.select(heat.threshold.kind)
        self.threshold.set_value(_percent(heat.threshold))

    def set_shown(self, shown: bool) -> None:
        """Show whether the heatmap is on."""
        self.shown.setChecked(shown)

    def _choose(self, engine: Engine) -> None:
        if engine != self._engine:
            self.engine_chosen.emit(engine)

    def _change_kind(self, kind: str) -> None:
        if kind != self._heat.threshold.kind:
            self._look(
                replace(self._heat, threshold=Threshold(cast("ThresholdKind", kind), 0.0)), self._style
            )

    def _change_threshold(self) -> None:
        kind, value = self._heat.threshold.kind, self.threshold.value
        threshold = Threshold(kind, value if kind == "percentile" else value / 100)
        self._look(replace(self._heat, threshold=threshold), self._style)

    def _look(self, heat: PostprocessSettings, style: OverlayStyle) -> None:
        if (heat, style) != (self._heat, self._style):
            self.set_look(heat, style)
            self.look_changed.emit(heat, style)


def _percent(threshold: Threshold) -> float:
    return threshold.value if threshold.kind == "percentile" else threshold.value * 100


def _first_clause(text: str) -> str:
    return re.split(r"[:;.](?:\s|$)", text, maxsplit=1)[0]


def _named(name: str, widget: QWidget) -> QLabel:
    label = QLabel(name)
    label.setBuddy(widget)
    return label
