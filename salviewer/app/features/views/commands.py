"""Commands for pictures, zoom and views."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from salviewer.app.state.settings import Appearance
from salviewer.app.translation import mark
from salviewer.app.viewer.canvas import STEP
from salviewer.app.workbench import Command, Workbench
from salviewer.core.views import VIEWS, View

if TYPE_CHECKING:
    from salviewer.app.features.views.controller import ViewsController

PRESETS_MENU = mark("&Keep or use a display")

_LABELS: dict[str, str] = {
    "overlay": mark("Overlay"),
    "heatmap": mark("Heatmap"),
    "focus": mark("Focus"),
    "contours": mark("Contours"),
}
"""Words of the views' buttons."""

_APPEARANCES: tuple[tuple[Appearance, str], ...] = (
    ("system", mark("Follow the &system")),
    ("light", mark("&Light")),
    ("dark", mark("&Dark")),
)


def commands(views: ViewsController, bench: Workbench) -> Iterator[Command]:
    """Make the commands of the feature."""
    session, canvas, settings = bench.session, bench.stage.canvas, bench.settings
    menu = "View"
    yield Command("previous", "&Previous picture", lambda: session.turn(-1), menu, (1, 1), ("Alt+Left",),
                  "previous", when="previous", toolbar=(2, 2))  # fmt: skip
    yield Command("next", "&Next picture", lambda: session.turn(1), menu, (1, 2), ("Alt+Right",),
                  "next", when="next", toolbar=(2, 3))  # fmt: skip
    yield Command("zoom_out", "Zoom &out", lambda: canvas.zoom(1 / STEP), menu, (2, 1), ("-", "Ctrl+-"),
                  "zoom-out", when="picture")  # fmt: skip
    yield Command("zoom_in", "Zoom &in", lambda: canvas.zoom(STEP), menu, (2, 2),
                  ("+", "=", "Ctrl++", "Ctrl+="), "zoom-in", when="picture")  # fmt: skip
    yield Command("fit", "&Fit in window", canvas.fit, menu, (2, 3), ("F", "0", "Ctrl+0"), "fit",
                  when="picture", toolbar=(3, 3))  # fmt: skip
    yield Command("actual_size", "Actual si&ze", canvas.actual_size, menu, (2, 4), ("1", "Ctrl+1"), "actual",
                  when="picture")  # fmt: skip
    yield Command(
        "view_picture",
        "Pi&cture alone",
        lambda: settings.change(shown=False),
        menu,
        (3, 1),
        ("P",),
        "picture",
        "The picture without any map",
        checked=lambda: not settings.now.shown,
        group="view",
        toolbar=(4, 1),
        label="Picture",
    )
    for number, view in enumerate((view for view in VIEWS.values() if view.layer is not None), 2):
        yield Command(
            f"view_{view.name}",
            view.menu,
            partial(views.show, view.name),
            menu,
            (3, number),
            (view.key,) if view.key else (),
            view.icon,
            view.tip,
            checked=partial(_is_shown, bench, view.name),
            group="view",
            toolbar=(4, number),
            label=_LABELS.get(view.name, ""),
        )
    yield Command("show_heat", "Show h&eatmap", lambda on: settings.change(shown=on), menu, (6, 1), ("H",),
                  "heat", checked=lambda: settings.now.shown)  # fmt: skip
    yield Command("show_outline", "Outline at the threshol&d", lambda on: settings.change(outline=on), menu,
                  (6, 2), ("T",), tip="Draw a line along the border of the visible part",
                  checked=lambda: settings.now.outline)  # fmt: skip
    yield Command("show_panel", "&Show controls", lambda on: settings.change(panel=on), menu, (6, 3), ("F9",),
                  "panel", checked=lambda: settings.now.panel, toolbar=(5, 4))  # fmt: skip
    yield Command("open_display", "Open a displa&y…", views.displays.open, menu, (7, 1), submenu=PRESETS_MENU,
                  tip="Use a saved view with its colours and settings")  # fmt: skip
    yield Command("save_display", "&Save the display…", views.displays.save, menu, (7, 2),
                  tip="Keep the view with its colours and settings as a file",
                  submenu=PRESETS_MENU)  # fmt: skip
    for number, (appearance, text) in enumerate(_APPEARANCES, 4):
        yield Command(
            f"appearance_{appearance}",
            text,
            partial(settings.change, appearance=appearance),
            menu,
            (6, number),
            checked=partial(_wears, bench, appearance),
            group="appearance",
            submenu="&Appearance",
        )


def _is_shown(bench: Workbench, view: View) -> bool:
    return bench.settings.now.shown and bench.settings.now.view == view


def _wears(bench: Workbench, appearance: Appearance) -> bool:
    return bench.settings.now.appearance == appearance
