"""The panel's page of uses: which one, how, what came of it, and saving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from salviewer.app.state.use_choices import UseChoices, UseKind
from salviewer.app.translation import fill, mark, plural, rows, tr
from salviewer.app.widgets.buttons import button, check_box, label
from salviewer.app.widgets.controls import Amount, Choice
from salviewer.app.widgets.find_box import find_box
from salviewer.core.applications.crops import PADDING_LIMITS, CropRequest
from salviewer.core.applications.cutouts import MOST_CUTOUTS, SOFTNESS_LIMITS
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.words import MOST_STOPS, WordSettings

if TYPE_CHECKING:
    from salviewer.core.applications.uses import Applied

ASPECTS = ("1:1", "4:5", "5:4", "3:2", "2:3", "4:3", "16:9", "9:16", "21:9")
MOST_REGIONS = 30
"""Of the window: more cannot be told apart on the picture."""

_KINDS = (
    ("none", mark("Nothing"), mark("The map alone")),
    ("crop", mark("Crop"), mark("The window of a shape that keeps the most attention")),
    ("regions", mark("Regions"), mark("What stands out, with its share of attention")),
    ("cutout", mark("Cut-out"), mark("What the map points at, without what is behind it")),
    ("words", mark("Words"), mark("The picture in words, in the order in which people look")),
)


class UsePage(QWidget):
    """Controls only: shows values, and reports the user's changes."""

    choices_changed = Signal(object)  # UseChoices
    best_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelBody")
        self._choices = UseChoices()
        self.kind = self._choice("useKind", tr("Use the map for"), rows(_KINDS))
        self.aspect = self._choice(
            "cropAspect", tr("Shape"), [(aspect, aspect, tr("Width to height")) for aspect in ASPECTS]
        )
        self.padding = self._amount(
            "cropPadding",
            tr("&Margin"),
            100 * PADDING_LIMITS[1],
            tr("Kept free of what matters, in percent of the crop's sides"),
            suffix=" %",
        )
        self.thirds = check_box(
            "cropThirds",
            tr("Hottest place on a th&ird"),
            tr("On a crossing of the lines at a third, where that costs at most 5 %"),
        )
        self.whole = check_box(
            "cropWhole", tr("Keep areas &whole"), tr("Cut no area in two where that can be helped")
        )
        self.finds = find_box("usesFind", tr("Read te&xt, find faces"))
        for box in (self.thirds, self.whole, self.finds):
            box.toggled.connect(lambda _: self._change())
        self.count = self._amount("useCount", tr("At m&ost"), MOST_REGIONS, tr("How many"), low=1)
        self.soft = self._amount(
            "cutoutSoft", tr("Soft ed&ge"), SOFTNESS_LIMITS[1], tr("Its width in pixels; 0 for a hard one"),
            suffix=tr(" px"),
        )  # fmt: skip
        self.said = label("", wrap=True, name="useSaid")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hint = label("", "muted", wrap=True, name="useHint")
        self.best = button(
            "useBest", tr("&Best again"), tr("Put the frame where it keeps most"), self.best_wanted.emit
        )
        self.undo = button("undoClick", tr("&Undo click"), tr("Forget the last click"), self.undo_wanted.emit)
        self.copy = button("copyUse", tr("Cop&y"), tr("Copy the text"), self.copy_wanted.emit)
        self.save = button(
            "saveUse", tr("Sav&e…"), tr("Write what is shown to a file"), self.save_wanted.emit
        )
        self._lay_out()
        self.set_choices(self._choices)
        self.set_applied(None, 0, False)

    def set_choices(self, choices: UseChoices) -> None:
        """Show these choices without reporting them."""
        self._choices = choices
        kind = choices.kind
        self.kind.select(kind)
        self.aspect.select(str(choices.crop))
        self.padding.set_value(100 * choices.crop.padding)
        with QSignalBlocker(self.thirds), QSignalBlocker(self.whole), QSignalBlocker(self.finds):
            self.finds.setChecked(choices.find and self.finds.isEnabled())
            self.thirds.setChecked(choices.crop.thirds)
            self.whole.setChecked(choices.crop.whole)
        most = {"regions": MOST_REGIONS, "cutout": MOST_CUTOUTS, "words": MOST_STOPS}.get(kind, 2)
        self.count.set_range(most, "", 0)
        self.count.set_value(self._count(choices))
        self.soft.set_value(choices.softness)
        for widget in (self.aspect, self.padding, self.thirds, self.whole):
            widget.setVisible(kind == "crop")
        self.count.setVisible(kind in ("regions", "cutout", "words"))
        self.finds.setVisible(kind in ("crop", "regions", "words"))
        self.soft.setVisible(kind == "cutout")
        self.best.setVisible(kind == "crop")
        self.undo.setVisible(kind == "cutout")
        self.copy.setVisible(kind == "words")
        self.save.setVisible(kind != "none")
        self.hint.setText(_hint(kind))
        self.hint.setVisible(bool(self.hint.text()))

    def set_applied(self, applied: Applied | None, clicks: int, busy: bool) -> None:
        """Say what came of it."""
        self.said.setText(_said(self._choices.kind, applied, busy))
        for one in (self.best, self.copy, self.save):
            one.setEnabled(applied is not None)
        self.undo.setEnabled(clicks > 0)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for one in (self.best, self.undo, self.copy, self.save):
            buttons.addWidget(one)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        column.addWidget(label(tr("Use the map for"), "heading"))
        controls = (self.kind, self.aspect, self.padding, self.thirds, self.whole, self.finds, self.count)
        for widget in (*controls, self.soft, self.said, self.hint):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addStretch(1)

    def _choice(self, name: str, title: str, offered: Sequence[tuple[str, str, str]]) -> Choice:
        made = Choice(title)
        made.setObjectName(name)
        made.setToolTip(title)
        made.fill(offered)
        made.chosen.connect(lambda _: self._change())
        return made

    def _amount(
        self, name: str, title: str, top: float, tip: str, *, low: float = 0.0, suffix: str = ""
    ) -> Amount:
        made = Amount(title, top, suffix, low=low)
        made.setObjectName(name)
        made.setToolTip(tip)
        made.changed.connect(lambda _: self._change())
        return made

    @staticmethod
    def _count(choices: UseChoices) -> int:
        if choices.kind == "regions":
            return choices.regions.count
        return choices.words.count if choices.kind == "words" else choices.count

    def _change(self) -> None:
        before = self._choices
        kind = cast("UseKind", self.kind.currentData())
        crop = replace(
            CropRequest.parse(str(self.aspect.currentData() or before.crop)),
            padding=self.padding.value / 100,
            thirds=self.thirds.isChecked(),
            whole=self.whole.isChecked(),
        )
        count = max(1, round(self.count.value))
        choices = replace(before, kind=kind, crop=crop, softness=self.soft.value)
        if self.finds.isEnabled():
            choices = replace(choices, find=self.finds.isChecked())
        if kind == before.kind:  # the field of another kind does not count
            if kind == "regions":
                choices = replace(choices, regions=RegionSettings(count))
            elif kind == "words":
                choices = replace(choices, words=WordSettings(count))
            elif kind == "cutout":
                choices = replace(choices, count=count)
        if choices != before:
            self.set_choices(choices)
            self.choices_changed.emit(choices)


def _said(kind: UseKind, applied: Applied | None, busy: bool) -> str:
    """Say what came of a use."""
    if kind == "none":
        return ""
    if applied is None:
        return tr("Working…") if busy else tr("Open a picture first.")
    if applied.crops:
        crop = applied.crops[0][1]
        said = tr(
            "Keeps {kept:.1f} % of attention. {width:.0f} × {height:.0f} pixels, {left:.0f} from the left and"
            " {top:.0f} from the top.",
            kept=100 * crop.kept,
            width=crop.width,
            height=crop.height,
            left=crop.left,
            top=crop.top,
        )
        return (
            said if not crop.cut else said + "\n" + tr("It cuts in two: {names}", names=", ".join(crop.cut))
        )
    if kind == "regions":
        count = len(applied.regions)
        if not count:
            return tr("Nothing stands out.")
        share = fill("{share:.0f} %", share=100 * sum(region.share for region in applied.regions[:1]))
        return plural(
            "{count} region; the first has {share}", "{count} regions; the first has {share}", count,
            share=share,
        )  # fmt: skip
    if kind == "cutout":
        if applied.cutout is None:
            return tr("There is nothing to cut out. Click what belongs.")
        return tr("It holds {share:.0f} % of attention.", share=100 * applied.cutout.share)
    if applied.description is None:
        return ""
    return applied.description.sentence.replace(" %", "\u00a0%")  # a number and its sign stay together


def _hint(kind: UseKind) -> str:
    if kind == "crop":
        return tr("Drag the frame on the picture; a double click puts it back.")
    if kind == "cutout":
        return tr("Click what belongs to it; Alt and a click for what does not.")
    return ""
