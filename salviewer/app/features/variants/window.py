"""The window of variants: pictures, one sentence, the table, and what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSplitter, QVBoxLayout, QWidget

from salviewer.app.features.variants.board import BOARD_ARRANGEMENTS, Board, BoardArrangement
from salviewer.app.features.variants.compared import Compared, Suggestion
from salviewer.app.features.variants.job import Progress
from salviewer.app.features.variants.suggestions import words
from salviewer.app.features.variants.table import QUANTITIES, Quantity, VariantsTable
from salviewer.app.shell import incoming
from salviewer.app.shell.notices import Notices
from salviewer.app.shell.theme import Theme
from salviewer.app.translation import mark, rows, tr
from salviewer.app.widgets.buttons import button, label, set_primary
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.scrolling import fit_on_screen
from salviewer.app.widgets.segments import Segments
from salviewer.app.widgets.suggestion_list import SuggestionList
from salviewer.core.areas import Area
from salviewer.core.variants import FEWEST, MOST
from salviewer.models.reference import CLASSES

_ARRANGED: dict[BoardArrangement, tuple[str, str]] = {
    "grid": (mark("Grid"), mark("All variants in rows and columns")),
    "side": (mark("Side by side"), mark("All variants in a row")),
    "over": (mark("Over and under"), mark("All variants in a column")),
    "swipe": (mark("Swipe"), mark("The first variant left of a divider, another right of it")),
    "difference": (
        mark("Difference"),
        mark("Each variant minus the first: red gains attention, blue loses it"),
    ),
    "seconds": (
        mark("First seconds"),
        mark("What is seen of the first variant and of another after 1, 2 and 3 seconds"),
    ),
}
_WIDEST = 260  # logical pixels of the list of goals
_CLASSES = {
    "pages": mark("pages"),
    "advertisements": mark("advertisements"),
    "photographs": mark("photographs"),
}


class VariantsWindow(QWidget):
    """Beside the main window, where areas are drawn; it shows what it is given and says what is wanted."""

    pictures_dropped = Signal(object)  # tuple of Path
    add_wanted = Signal()
    open_wanted = Signal(object)  # Path
    goal_chosen = Signal(str)
    class_chosen = Signal(str)
    draw_wanted = Signal()  # areas are to be suggested on the first variant
    suggest_wanted = Signal()
    accepted = Signal(object)  # tuple of Suggestion
    area_moved = Signal(object, object)  # Path of the variant, Area
    table_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("variantsWindow")
        self.setWindowTitle(tr("Compare variants – salviewer"))
        self.setAutoFillBackground(True)
        self.setAcceptDrops(True)
        fit_on_screen(self, 1240, 860, QSize(760, 520))
        self._theme = theme
        self._found: Compared | None = None
        self.board = Board()
        self.board.opened.connect(self.open_wanted)
        self.board.area_moved.connect(self.area_moved)
        self.board.suggestion_moved.connect(self._move_suggestion)
        self.table = VariantsTable()
        self.table.goal_chosen.connect(self.goal_chosen)
        self._suggestions: tuple[Suggestion, ...] = ()
        self.suggestions = SuggestionList(
            tr("Found again, dashed in the pictures. Accept what is right; drag the rest where it belongs.")
        )
        self.suggestions.accepted.connect(
            lambda places: self.accepted.emit(tuple(self._suggestions[place] for place in places))
        )
        self.suggestions.dropped.connect(lambda: self.set_suggestions(()))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(self._head())
        self._splitter = splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.board)
        self._below = self._foot()
        splitter.addWidget(self._below)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        splitter.splitterMoved.connect(self._hold)
        self._held = False  # whether the user has moved the divider
        column.addWidget(splitter, 1)
        self.notices = Notices(theme)
        self.notices.lie_over(self)
        theme.changed.connect(self._dress)
        self._dress()
        self.set_compared(None)

    def set_progress(self, progress: Progress | None) -> None:
        """Show how far a comparison is; None hides it."""
        self.bar.setVisible(progress is not None)
        if progress is not None:
            if self._found is None:
                self.sentence.setText(tr("Predicting the variants"))
            self.bar.setMaximum(progress.count)
            self.bar.setValue(progress.done)

    def set_compared(self, found: Compared | None, note: str = "") -> None:
        """Show what came of a comparison, or a note on why there is none."""
        self._found = found
        several = found is not None and len(found.pictures) >= FEWEST
        self.sentence.setText(found.sentence if found is not None and several else note)
        self.board.set_compared(found)
        self.table.set_compared(found)
        self.ranking.setText(_ranking(found))
        self.scores.setText(_scores(found))
        self.scores.setToolTip(_SCORES_TIP and tr(_SCORES_TIP))
        for made in (self.save, self.copy, self.report):
            made.setEnabled(several)
        named = found is not None and any(area.name for area in found.request.areas[0])
        self.draw.setVisible(several and not named)
        self.put.setVisible(not self.draw.isVisibleTo(self))
        self.put.setEnabled(several and named)
        lacking = found is not None and any(
            found.table.cell(area, name) is None for area in found.table.areas for name in found.names
        )
        set_primary(self.put, several and named and lacking)
        set_primary(self.report, several and named and not lacking)
        self._divide()
        if found is not None:
            self.other.fill([(str(place), name, "") for place, name in enumerate(found.names) if place])
            areas = [("", tr("no goal"), ""), *((area, area, "") for area in found.table.areas)]
            self.goal.fill(areas)
            self.goal.select(found.request.goal)
            self.kind.select(found.request.kind)

    def set_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Show where areas may be on the other variants."""
        self._suggestions = suggestions
        self.suggestions.set_rows([(words(one), None if one.found is None else True) for one in suggestions])
        self.board.set_suggestions(suggestions)
        set_primary(self.put, bool(self.put.property("primary")) and not suggestions)
        self._divide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Divide the height anew."""
        super().resizeEvent(event)
        self._divide()

    def _hold(self) -> None:
        self._held = True

    def _divide(self) -> None:
        """Give the table the height that the pictures cannot use, unless the user has divided it."""
        whole = sum(self._splitter.sizes())
        if self._held or not whole:
            return
        least, best = self._below.minimumSizeHint().height(), self._below.sizeHint().height()
        board = max(whole - best, min(whole - least, self.board.useful_height(whole - least)))
        self._splitter.setSizes([board, whole - board])

    def _move_suggestion(self, before: Suggestion, area: Area) -> None:
        if before.found is None or before not in self._suggestions:
            return
        place = self._suggestions.index(before)
        after = replace(before, found=replace(before.found, area=area), dragged=True)
        self._suggestions = (*self._suggestions[:place], after, *self._suggestions[place + 1 :])
        self.suggestions.set_text(place, words(after))
        self.board.set_suggestions(self._suggestions)

    def _head(self) -> QVBoxLayout:
        self.sentence = label(wrap=True, name="variantSentence")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.arrangement = Segments(
            tr("Arrangement"),
            rows([(name, *_ARRANGED[name]) for name in BOARD_ARRANGEMENTS]),
        )
        self.arrangement.setObjectName("arrangement")
        self.arrangement.select("grid")
        self.arrangement.chosen.connect(lambda _: self._arrange())
        self._arrangement: BoardArrangement = "grid"
        self.arrangement.chosen.connect(self._set_arrangement)
        self.other = Choice(tr("The variant beside the first"))
        self.other.setObjectName("otherVariant")
        self.other.chosen.connect(lambda _: self._arrange())
        self.other.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(6)
        self.bar.setAccessibleName(tr("Predicting the variants"))
        self.bar.hide()
        row = QHBoxLayout()
        row.addWidget(self.arrangement)
        row.addWidget(self.other)
        row.addStretch(1)
        row.addWidget(
            button(
                "addVariants",
                tr("Add &pictures…"),
                tr("Compare more pictures, up to 12"),
                self.add_wanted.emit,
            )
        )
        head = QVBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.sentence)
        head.addLayout(row)
        head.addWidget(self.bar)
        return head

    def _foot(self) -> QWidget:
        self.goal = Choice(tr("Goal"))
        self.goal.setObjectName("goal")
        self.goal.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.goal.setMaximumWidth(_WIDEST)
        self.goal.chosen.connect(self.goal_chosen)
        self.kind = Choice(tr("Compared with"))
        self.kind.setObjectName("scoreClass")
        self.kind.fill([(name, tr(_CLASSES[name]), "") for name in CLASSES])
        self.kind.chosen.connect(self.class_chosen)
        self.quantity = Segments(tr("Numbers"), rows(QUANTITIES))
        self.quantity.setObjectName("quantity")
        self.quantity.select("share")
        self.quantity.chosen.connect(lambda name: self.table.set_quantity(cast("Quantity", name)))
        self.ranking = label(wrap=True, name="variantRanking")
        self.scores = label(role="muted", wrap=True, name="variantScores")
        self.draw = button(
            "suggestFirst",
            tr("Suggest areas on the &first variant"),
            tr("Find buttons, texts and other parts to be compared"),
            self.draw_wanted.emit,
            primary=True,
        )
        self.draw.hide()
        self.put = button(
            "putOnAll",
            tr("Put areas on all &variants"),
            tr("Look for the first variant's areas on the others"),
            self.suggest_wanted.emit,
        )
        self.copy = button("copyVariants", tr("&Copy table"), tr("For a spreadsheet"), self.table.copy)
        self.save = button(
            "saveVariants", tr("Save &table…"), tr("CSV, Excel or JSON"), self.table_wanted.emit
        )
        self.report = button("variantsReport", tr("&Report…"), tr("A PDF or HTML file to be sent"),
                             self.report_wanted.emit, primary=True)  # fmt: skip
        top = QHBoxLayout()
        top.addWidget(label(tr("Goal")))
        top.addWidget(self.goal)
        top.addSpacing(12)
        top.addWidget(self.quantity)
        top.addStretch(1)
        top.addWidget(label(tr("Scores among")))
        top.addWidget(self.kind)
        actions = QHBoxLayout()
        for made in (self.draw, self.put, self.copy, self.save):
            actions.addWidget(made)
        actions.addStretch(1)
        actions.addWidget(self.report)
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.suggestions)
        column.addWidget(self.table, 1)
        column.addWidget(self.ranking)
        column.addWidget(self.scores)
        column.addLayout(actions)
        return foot

    def _set_arrangement(self, name: str) -> None:
        self._arrangement = cast("BoardArrangement", name)
        self._arrange()

    def _arrange(self) -> None:
        self.other.setVisible(self._arrangement in ("swipe", "seconds"))
        self.board.arrange(self._arrangement, int(self.other.currentData() or 1))
        self._divide()

    def _dress(self) -> None:
        from PySide6.QtGui import QColor

        colours = self._theme.colours
        self.board.set_ground(QColor(colours.ground))
        self.table.set_accent(QColor(colours.accent))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept pictures."""
        if incoming.acceptable(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Add the dropped pictures to the comparison."""
        paths = incoming.read(event.mimeData()).paths
        if paths:
            event.acceptProposedAction()
            self.pictures_dropped.emit(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Dismiss the message with Escape; close if there is none."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.notices.text:
            self.notices.dismiss()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Hide; what was compared stays."""
        event.accept()


_SCORES_TIP = mark(
    "Percentiles from 0 to 100 within a class of pictures, as this network predicts them. Focus: how small"
    " the area is that holds half of attention, and how far the map is from an even one. Seen first: what the"
    " first three visits give to the goal. Competition: attention elsewhere that is at least 75 % as hot as"
    " the goal."
)


def note_for(paths: Sequence[Path], areas: int) -> str:
    """Say what is missing before anything can be compared."""
    if len(paths) < FEWEST:
        return tr("Open or drop {fewest} to {most} pictures of one design.", fewest=FEWEST, most=MOST)
    if not areas:
        return tr("Let areas be suggested, or double-click the first picture to draw one over what matters.")
    return tr("Put the first variant's areas on all variants to compare them.")


def _ranking(found: Compared | None) -> str:
    if found is None or not found.request.goal or found.request.goal not in found.table.areas:
        return ""
    ranked = found.table.ranking(found.request.goal)
    parts = [
        tr("{rank}. {variant} ({share:.1f} %)", rank=one.rank, variant=one.variant, share=100 * one.share)
        for one in ranked
    ]
    text = tr("Ranking for {goal}:  {variants}", goal=found.request.goal, variants="   ".join(parts))
    return text + (
        tr("   (equal ranks: no clear difference)") if len({o.rank for o in ranked}) < len(ranked) else ""
    )


def _scores(found: Compared | None) -> str:
    if found is None or len(found.pictures) < FEWEST:
        return ""
    if not found.scores:
        return tr("Scores are known for live_net with its own weights only.")
    parts = []
    for name, one in found.scores:
        words = [tr("Focus {value:.0f}", value=one.focus)]
        if one.seen_first is not None and one.competition is not None:
            words.append(tr("Seen first {value:.0f}", value=one.seen_first))
            words.append(tr("Competition {value:.0f}", value=one.competition))
        parts.append(f"{name}: {', '.join(words)}")
    return "     ".join(parts)
