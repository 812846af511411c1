"""Controls for how a map is shown: they show the settings and ask the store to change them."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from salviewer.app.state.settings import ViewerSettings
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.translation import tr
from salviewer.app.viewer.idle_controls import Control, idle
from salviewer.app.viewer.legend import UNITS, Legend
from salviewer.app.widgets.buttons import label, label_for, with_name
from salviewer.app.widgets.controls import Amount, Choice, ColormapChoice
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column, in_row
from salviewer.core.map_statistics import MapStatistics
from salviewer.core.postprocess import (
    FIXED_PEAK_LIMITS,
    SIGMA_LIMIT,
    Normalisation,
    PostprocessSettings,
    Threshold,
    ThresholdKind,
)
from salviewer.core.render import COLORMAPS, GAMMA_LIMITS, OverlayStyle


class DisplayControls(QWidget):
    """Heatmap on or off, colours, scale, threshold, opacity, smoothing and gamma, with the map's legend."""

    def __init__(self, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = settings
        self._heat, self._style = settings.now.heat, settings.now.style
        self._measured: MapStatistics | None = None
        column = in_column(within=self, spacing=6, margins=0)
        self._build_heading(column)
        self._build_colours(column)
        self._build_amounts(column)
        self._tips: dict[QWidget, str] = {}  # texts while the control has an effect
        self._controls: dict[Control, tuple[QWidget, ...]] = {
            "colormap": (self.colormap,),
            "scale": (self.scale,),
            "peak": (self.peak,),
            "threshold": (self.threshold, self.kind, self.legend),
            "outline": (self.outline,),
            "opacity": (self.opacity,),
            "smoothing": (self.smoothing,),
            "gamma": (self.gamma,),
        }
        settings.follow(self._apply)
        self.show_statistics(None)

    def _build_heading(self, column: QVBoxLayout) -> None:
        self.shown = QCheckBox(tr("Sho&w heatmap"))
        self.shown.setObjectName("shown")
        self.shown.setToolTip(tr("Lay the heatmap over the picture (H; hold Space to hide it)"))
        self.shown.toggled.connect(lambda on: self._store.change(shown=on))
        self.reset = with_name(QPushButton(tr("Reset ad&justments")), "reset")
        self.reset.setProperty("quiet", True)
        self.reset.setToolTip(tr("Restore the defaults of everything below"))
        self.reset.clicked.connect(lambda: self._look(PostprocessSettings(), OverlayStyle()))
        heading = in_row((self.shown, 1), self.reset)
        column.addLayout(heading)

    def _build_colours(self, column: QVBoxLayout) -> None:
        self.colormap = ColormapChoice(COLORMAPS)
        self.colormap.setObjectName("colormap")
        self.colormap.setToolTip(tr("Colours from cold to hot; the first ones are perceptually uniform"))
        self.colormap.chosen.connect(lambda name: self._look(self._heat, replace(self._style, colormap=name)))
        self.legend = Legend()
        self.legend.valueChanged.connect(self._move_line)
        self.units = label("", "muted", name="units")
        self.numbers = with_name(QPushButton(tr("Numbers")), "legendNumbers")
        self.numbers.setProperty("quiet", True)
        self.numbers.setCheckable(True)
        self.numbers.setToolTip(tr("Show the histogram and the values of the colours"))
        self.numbers.toggled.connect(self._show_numbers)
        self._show_numbers(False)
        self.scale = with_name(Choice(tr("Colour scale")), "scale")
        self.scale.fill(
            [
                ("peak", tr("per picture"), tr("The hottest colour is the hottest spot of each picture")),
                ("fixed", tr("fixed"), tr("The hottest colour is the same attention in every picture")),
            ]
        )
        self.scale.setToolTip(
            tr("What the hottest colour stands for; with one scale for all, pictures can be compared")
        )
        self.scale.chosen.connect(
            lambda kind: self._look(replace(self._heat, normalise=cast("Normalisation", kind)), self._style)
        )
        self.peak = with_name(QDoubleSpinBox(), "peak")
        self.peak.setDecimals(1)
        self.peak.setRange(*FIXED_PEAK_LIMITS)
        self.peak.setSuffix("×")
        self.peak.setFixedWidth(74)
        self.peak.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.peak.lineEdit().setTextMargins(4, 0, 5, 0)
        self.peak.setAccessibleName(tr("Attention of the hottest colour, times the average"))
        self.peak.setToolTip(
            tr("The hottest colour stands for this many times the picture's average attention")
        )
        self.peak.valueChanged.connect(
            lambda times: self._look(replace(self._heat, fixed_peak=times), self._style)
        )
        row = in_row(label_for(self.scale, tr("Scal&e")), STRETCH, self.scale, self.peak, spacing=6)
        title = in_row((label_for(self.colormap, tr("Colorma&p")), 1), self.numbers)
        add_items(column, self.legend, self.units, title, self.colormap, 4, row)

    def _show_numbers(self, shown: bool) -> None:
        self.legend.set_plain(not shown)
        self.units.setVisible(shown)

    def _build_amounts(self, column: QVBoxLayout) -> None:
        self.kind = with_name(Choice(tr("Threshold kind")), "thresholdKind")
        self.kind.fill(
            [
                (
                    "percentile",
                    tr("hottest area"),
                    tr("Shows the hottest part of the picture, in percent of its area"),
                ),
                (
                    "absolute",
                    tr("from value"),
                    tr("Shows everything with at least this value on the colour bar, 0 to 1"),
                ),
            ]
        )
        self.kind.setToolTip(
            tr("Show the hottest percent of the picture's area, or everything from a value on")
        )
        self.kind.chosen.connect(self._change_kind)
        self.threshold = Amount(tr("Th&reshold"), 100, " %", decimals=1, bend=2.0, aside=self.kind)
        self.threshold.setObjectName("threshold")
        self.threshold.setToolTip(tr("Hides the coldest parts of the map"))
        self.threshold.changed.connect(lambda _: self._change_threshold())
        self.opacity = Amount(tr("Opacit&y"), 100, " %")
        self.opacity.setObjectName("opacity")
        self.opacity.setToolTip(tr("How opaque the hottest places are"))
        self.opacity.changed.connect(
            lambda percent: self._look(self._heat, replace(self._style, opacity=percent / 100))
        )
        self.smoothing = Amount(tr("Sm&oothing"), 100 * SIGMA_LIMIT, " %", decimals=1, bend=2.0)
        self.smoothing.setObjectName("smoothing")
        self.smoothing.setToolTip(tr("Blur of the map: standard deviation in percent of the picture's width"))
        self.smoothing.changed.connect(
            lambda percent: self._look(replace(self._heat, sigma=percent / 100), self._style)
        )
        self.gamma = Amount(tr("&Gamma"), GAMMA_LIMITS[1], "", decimals=2, low=GAMMA_LIMITS[0])
        self.gamma.setObjectName("gamma")
        self.gamma.setToolTip(tr("Below 1 emphasises weak spots, above 1 suppresses them"))
        self.gamma.changed.connect(lambda gamma: self._look(self._heat, replace(self._style, gamma=gamma)))
        self.outline = QCheckBox(tr("Outline the visi&ble part"))
        self.outline.setObjectName("outline")
        self.outline.setToolTip(tr("Draw a line at the threshold (T)"))
        self.outline.toggled.connect(lambda on: self._store.change(outline=on))
        for widget in (self.threshold, self.outline, self.opacity, self.smoothing, self.gamma):
            column.addSpacing(0 if widget is self.outline else 4)
            column.addWidget(widget)

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is None or (before.heat, before.style) != (now.heat, now.style):
            self._show_values(now.heat, now.style)
        self.legend.set_view(now.view)
        self.shown.setChecked(now.shown)
        self.outline.setChecked(now.outline)
        self._disable_idle(now)

    def _disable_idle(self, now: ViewerSettings) -> None:
        """Disable controls without effect in the view, and explain it in their tooltips."""
        reasons = idle(now.view, now.shown, now.heat.normalise)
        for name, widgets in self._controls.items():
            reason = reasons.get(name, "")
            for widget in widgets:
                tip = self._tips.setdefault(widget, widget.toolTip())
                widget.setEnabled(not reason)
                widget.setToolTip(f"{reason}.\n{tip}" if reason else tip)

    def _show_values(self, heat: PostprocessSettings, style: OverlayStyle) -> None:
        self._heat, self._style = heat, style
        self.colormap.select(style.colormap)
        self.legend.set_style(style)
        self.scale.select(heat.normalise)
        with QSignalBlocker(self.peak):
            self.peak.setValue(heat.fixed_peak)
        self.opacity.set_value(style.opacity * 100)
        self.smoothing.set_value(heat.sigma * 100)
        self.gamma.set_value(style.gamma)
        self.kind.select(heat.threshold.kind)
        if heat.threshold.kind == "percentile":
            self.threshold.set_range(100, " %", 1, bend=2.0)
            self.threshold.set_value(100 - heat.threshold.value)
        else:
            self.threshold.set_range(1, "", 2)
            self.threshold.set_value(heat.threshold.value)

    def show_statistics(self, measured: MapStatistics | None) -> None:
        """Show the statistics of the map as drawn with these settings; None without a map."""
        self._measured = measured
        self.legend.set_measured(measured, self._heat)
        if self._heat.normalise == "fixed":
            self.units.setText(tr("Times the average attention"))
        elif measured is None:
            self.units.setText(tr("Relative to the hottest spot"))
        else:
            self.units.setText(tr("Relative to the hottest spot, {top:.1f}× average", top=measured.top))

    def _move_line(self, place: int) -> None:
        self._cut(self._heat.threshold.kind, place / UNITS)

    def _change_kind(self, kind: str) -> None:
        if kind != self._heat.threshold.kind:
            level = 0.0 if self._measured is None else min(self._measured.level, 1.0)
            self._cut(cast("ThresholdKind", kind), level)

    def _cut(self, kind: ThresholdKind, level: float) -> None:
        """Hide values of the field below a level."""
        if kind == "absolute":
            value = round(level, 4)
        else:
            value = 0.0 if self._measured is None else round(100 * self._measured.hidden_share(level), 4)
        self._look(replace(self._heat, threshold=Threshold(kind, value)), self._style)

    def _change_threshold(self) -> None:
        kind, value = self._heat.threshold.kind, self.threshold.value
        threshold = Threshold(kind, round(100 - value, 4) if kind == "percentile" else value)
        self._look(replace(self._heat, threshold=threshold), self._style)

    def _look(self, heat: PostprocessSettings, style: OverlayStyle) -> None:
        self._store.change(heat=heat, style=style)
