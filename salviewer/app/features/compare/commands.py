"""Commands for comparing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractSlider

from salviewer.app.workbench import Command, Workbench

if TYPE_CHECKING:
    from salviewer.app.features.compare.controller import CompareController
    from salviewer.app.viewer.stage import StageArrangement

ARRANGEMENTS = ("arrange_side", "arrange_swipe", "show_difference")
"""Commands that arrange the two pictures."""


def commands(compare: CompareController, bench: Workbench) -> Iterator[Command]:
    """Make the commands of the feature."""
    settings, menu = bench.settings, "Compare"
    move = bench.stage.divider.triggerAction
    step = QAbstractSlider.SliderAction
    yield Command(
        "arrange_side",
        "Side b&y side",
        partial(compare.arrange, "side"),
        "View",
        (4, 1),
        ("S",),
        "side",
        "Two views that zoom and move together: bare picture and view, or the two pictures compared",
        "picture",
        checked=partial(_is_arranged, compare, "side"),
        toolbar=(5, 1),
    )
    yield Command(
        "arrange_swipe",
        "S&wipe",
        partial(compare.arrange, "swipe"),
        "View",
        (4, 2),
        ("W",),
        "swipe",
        "A divider between the bare picture and the view, or between the two pictures compared",
        "picture",
        checked=partial(_is_arranged, compare, "swipe"),
        toolbar=(5, 2),
    )
    yield Command("divider_left", "Divider to the &left", lambda: move(step.SliderSingleStepSub), "View",
                  (4, 3), ("[",), when="divider")  # fmt: skip
    yield Command("divider_right", "Divider to the &right", lambda: move(step.SliderSingleStepAdd), "View",
                  (4, 4), ("]",), when="divider")  # fmt: skip
    yield Command("compare_picture", "With a &picture…", compare.ask_picture, menu, (1, 1), ("B",), "compare",
                  "Compare with another picture", "still")  # fmt: skip
    yield Command("compare_next", "With the &next in the list", compare.take_next, menu, (1, 2),
                  when="another")  # fmt: skip
    yield Command(
        "show_difference",
        "&Difference",
        partial(compare.arrange, "difference"),
        menu,
        (2, 1),
        ("D",),
        "difference",
        "B minus A over B in grey: red where B gets more attention, blue where A does",
        "comparison",
        checked=partial(_is_arranged, compare, "difference"),
    )
    yield Command("swap_sides", "S&wap A and B", compare.swap, menu, (2, 2), icon="swap",
                  when="comparing")  # fmt: skip
    yield Command("save_comparison", "&Save comparison…", compare.save, menu, (2, 3), icon="save",
                  when="comparison")  # fmt: skip
    yield Command("stop_comparing", "S&top comparing", compare.stop, menu, (2, 4), when="comparing")
    yield Command("show_fixations", "&Fixations", lambda on: settings.change(fixations=on), menu, (3, 1),
                  ("X",), "fixations", "Draw a dot at each recorded fixation", "fixations",
                  checked=lambda: settings.now.fixations)  # fmt: skip
    paths = compare.recorded.scanpaths
    yield Command("show_scanpaths", "S&canpaths", paths.show, menu, (3, 2), (), "fixations",
                  "Draw each viewer's fixations in their order", "scanpaths",
                  checked=lambda: paths.shown)  # fmt: skip
    yield Command("play_scanpaths", "Play sc&anpaths", paths.play, menu, (3, 3), (), "play",
                  "Play where the viewers looked, in the time it took them", "scanpaths",
                  checked=lambda: paths.playing)  # fmt: skip


def conditions(compare: CompareController, bench: Workbench) -> dict[str, Callable[[], bool]]:
    """Make the conditions of the commands."""
    return {
        "divider": lambda: bench.stage.arrangement == "swipe",
        "comparing": lambda: compare.comparing,
        "comparison": lambda: compare.contrast is not None,
        "another": lambda: bench.commands.is_possible("still") and len(bench.session.listing.walked) > 1,
        "fixations": lambda: compare.recorded.any_fixations,
        "scanpaths": lambda: bool(compare.recorded.scanpaths.paths),
    }


def _is_arranged(compare: CompareController, kind: StageArrangement) -> bool:
    return compare.arrangement == kind
