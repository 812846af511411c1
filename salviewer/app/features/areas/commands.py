"""Commands for drawing and editing areas of interest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from salviewer.app.features.areas.menus import ARRANGE_MENU, COLOURS_MENU, LABELS_MENU
from salviewer.app.translation import mark, tr
from salviewer.app.workbench import Command, Workbench
from salviewer.core.area_drawing import COLOUR_NAMES

if TYPE_CHECKING:
    from salviewer.app.features.areas.controller import AreasController
    from salviewer.app.features.areas.tool import Mode
    from salviewer.app.state.settings_store import SettingsStore
    from salviewer.core.area_labels import Labels

_TOOLS: tuple[tuple[Mode, str, str, str], ...] = (
    (
        "select",
        mark("&Select and move"),
        "V",
        mark("Click an area to select it, drag to move it; dragging elsewhere moves the picture"),
    ),
    ("rectangle", mark("&Rectangle"), "R", mark("Draw a rectangle")),
    ("ellipse", mark("&Ellipse"), "E", mark("Draw an ellipse")),
    ("polygon", mark("&Polygon"), "L", mark("Draw a polygon, point by point")),
)

_LABELS: tuple[tuple[Labels, str, str], ...] = (
    ("both", mark("Name and share"), mark("Label areas with their names and shares of attention")),
    ("name", mark("Name"), mark("Label areas with their names")),
    ("share", mark("Share"), mark("Label areas with their shares of attention")),
    ("off", mark("Off"), mark("Draw no labels")),
)


def commands(feature: AreasController, bench: Workbench) -> Iterator[Command]:
    """Make the commands of the feature."""
    areas, settings, menu = bench.areas, bench.settings, "Areas"
    for number, (mode, text, key, tip) in enumerate(_TOOLS, 1):
        yield Command(
            f"draw_{mode}",
            text,
            partial(feature.draw, mode),
            menu,
            (1, number),
            (key,),
            f"area-{mode}",
            tip,
            "picture",
            checked=partial(_is_chosen, feature, mode),
            group="area tool",
        )
    yield Command("undo_areas", "&Undo", areas.undo, menu, (2, 1), ("Ctrl+Z",),
                  tip="Undo the last change to the areas", when="undo")  # fmt: skip
    yield Command("redo_areas", "Red&o", areas.redo, menu, (2, 2), ("Ctrl+Shift+Z", "Ctrl+Y"),
                  tip="Redo the last undone change", when="redo")  # fmt: skip
    yield Command("rename_area", "Re&name", feature.rename, menu, (3, 1), ("F2",),
                  tip="Rename the selected area", when="selected areas")  # fmt: skip
    yield Command("duplicate_areas", "&Duplicate", areas.duplicate, menu, (3, 2), ("Ctrl+D",),
                  tip="Copy the selected areas", when="selected areas")  # fmt: skip
    yield Command("delete_areas", "De&lete", lambda: areas.remove(areas.selection), menu, (3, 3), ("Del",),
                  tip="Delete the selected areas", when="selected areas")  # fmt: skip
    yield Command("select_areas", "Select &all", feature.select_all, menu, (3, 4), ("Ctrl+A",),
                  tip="Select all areas", when="areas")  # fmt: skip
    yield Command("suggest_areas", "Su&ggest areas", feature.suggest, menu, (1, 9), ("Ctrl+Alt+S",),
                  "search", "Look for buttons, texts and what stands out, and suggest areas for them",
                  "picture")  # fmt: skip
    yield Command("merge_areas", "&Merge", feature.merge, menu, (3, 22), submenu=ARRANGE_MENU,
                  tip="Make one rectangle around the selected areas", when="several areas")  # fmt: skip
    yield Command("split_area", "&Split in two", feature.split, menu, (3, 23), submenu=ARRANGE_MENU,
                  tip="Cut the selected rectangle in two across its longer side",
                  when="selected rectangle")  # fmt: skip
    yield Command("lock_areas", "&Lock", feature.lock, menu, (3, 24), submenu=ARRANGE_MENU,
                  tip="Keep the selected areas from being moved, reshaped or deleted",
                  when="selected areas", checked=feature.is_locked)  # fmt: skip
    yield Command("areas_backward", "&Earlier in the order", lambda: areas.reorder(areas.selection, -1), menu,
                  (3, 25), ("Ctrl+PgUp",), tip="Move the selected areas up in the list",
                  when="selected areas", submenu=ARRANGE_MENU)  # fmt: skip
    yield Command("areas_forward", "La&ter in the order", lambda: areas.reorder(areas.selection, 1), menu,
                  (3, 26), ("Ctrl+PgDown",), tip="Move the selected areas down in the list",
                  when="selected areas", submenu=ARRANGE_MENU)  # fmt: skip
    yield Command("copy_shapes", "Cop&y areas", feature.copy_shapes, menu, (3, 20), ("Ctrl+Alt+A",),
                  tip="Copy the selected areas (or all), to paste them on another picture",
                  when="areas")  # fmt: skip
    yield Command("paste_shapes", "Paste areas &from the clipboard", feature.paste_shapes, menu, (3, 21),
                  ("Ctrl+Alt+V",), tip="Put copied areas on this picture", when="picture")  # fmt: skip
    yield Command("show_areas", "Sho&w areas", lambda on: settings.change(areas=on), menu, (4, 1), ("A",),
                  "areas", "Show areas on the picture", checked=lambda: settings.now.areas)  # fmt: skip
    for number, (labels, text, tip) in enumerate(_LABELS, 1):
        yield Command(
            f"labels_{labels}",
            text,
            partial(feature.label, labels),
            menu,
            (4, 2 + number),
            tip=tip,
            checked=partial(_is_label, settings, labels),
            group="area labels",
            submenu=LABELS_MENU,
        )
    for number, name in enumerate(COLOUR_NAMES):
        yield Command(
            f"area_colour_{number + 1}",
            name,
            partial(feature.recolour, number),
            menu,
            (3, 5 + number),
            tip=tr("Draw the selected areas in {colour}", colour=tr(name).lower()),
            when="selected areas",
            submenu=COLOURS_MENU,
        )
    yield Command(
        "copy_areas",
        "&Copy table",
        feature.copy,
        menu,
        (5, 1),
        tip="Copy the numbers of the selected areas (or of all) for a spreadsheet (Ctrl+C in the table)",
        when="area scores",
    )
    yield Command(
        "save_areas",
        "Save &table…",
        feature.save,
        menu,
        (5, 2),
        tip="Save the numbers of the selected areas (or of all) as CSV or JSON",
        when="area scores",
    )


def _is_label(settings: SettingsStore, labels: Labels) -> bool:
    return settings.now.labels == labels


def _is_chosen(feature: AreasController, mode: Mode) -> bool:
    return feature.tool.mode == mode
