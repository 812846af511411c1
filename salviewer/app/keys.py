"""What a person can ask the window for, as a table: name, key, icon and menu."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spec:
    """One action.

    Attributes:
        name: the method of `Commands` that carries it out, and the action's object name.
        text: as in the menu, with its ampersand.
        keys: shortcuts, the first is shown.
        icon: of `resources/icons`; "" for none.
        menu: which menu it is in.
        tip: a longer explanation; the text when empty.
        check: whether it is switched on and off.
        bar: whether it is on the tool bar.
        group: of actions one of which is chosen; "" for none.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    menu: str = "&File"
    tip: str = ""
    check: bool = False
    bar: bool = False
    group: str = ""


_LINE = Spec("", "")
_BAR_LINE = Spec("", "", bar=True)

SPECS: tuple[Spec, ...] = (
    Spec("open_files", "&Open…", ("Ctrl+O",), "open", tip="Open pictures", bar=True),
    Spec("paste", "&Paste", ("Ctrl+V",), tip="Open the picture or files on the clipboard"),
    Spec("open_model", "Open a &model…", ("Ctrl+M",), tip="Predict with a model of your own"),
    _LINE,
    Spec(
        "save_overlay",
        "&Save…",
        ("Ctrl+S",),
        "save",
        tip="Save the view that is shown, at the picture's own resolution",
        bar=True,
    ),
    _BAR_LINE,
    Spec("quit", "&Quit", ("Ctrl+Q",)),
    Spec("previous", "&Previous picture", ("Alt+Left",), "previous", "&View", bar=True),
    Spec("next", "&Next picture", ("Alt+Right",), "next", "&View", bar=True),
    Spec("", "", menu="&View", bar=True),
    Spec("zoom_out", "Zoom &out", ("-", "Ctrl+-"), "zoom-out", "&View", bar=True),
    Spec("zoom_in", "Zoom &in", ("+", "=", "Ctrl++", "Ctrl+="), "zoom-in", "&View", bar=True),
    Spec("fit", "&Fit in window", ("F", "0", "Ctrl+0"), "fit", "&View", bar=True),
    Spec("actual_size", "&Actual size", ("1", "Ctrl+1"), "actual", "&View", bar=True),
    Spec("", "", menu="&View"),
    Spec(
        "view_picture",
        "Pi&cture alone",
        ("P",),
        "picture",
        "&View",
        "The picture without any map",
        bar=True,
        group="view",
    ),
    Spec(
        "view_overlay",
        "&Overlay",
        ("O",),
        "view-overlay",
        "&View",
        "The heatmap over the picture",
        bar=True,
        group="view",
    ),
    Spec(
        "view_heatmap",
        "Heat&map alone",
        ("M",),
        "view-heatmap",
        "&View",
        "The heatmap without the picture",
        bar=True,
        group="view",
    ),
    Spec(
        "view_focus",
        "Fo&cus map",
        ("G",),
        "view-focus",
        "&View",
        "The picture under fog, clear where attention goes",
        bar=True,
        group="view",
    ),
    Spec(
        "view_contours",
        "Co&ntours",
        ("C",),
        "view-contours",
        "&View",
        "Lines around the smallest areas that hold 25, 50 and 75 % of attention",
        bar=True,
        group="view",
    ),
    Spec("", "", menu="&View", bar=True),
    Spec("show_heat", "Show &heatmap", ("H",), "heat", "&View", check=True),
    Spec(
        "show_outline",
        "Ou&tline at the threshold",
        ("T",),
        "",
        "&View",
        "Draw a line around what is shown",
        True,
    ),
    Spec("show_panel", "Show &controls", ("F9",), "panel", "&View", check=True, bar=True),
    Spec("shortcuts", "&Keyboard shortcuts", ("F1",), menu="&Help"),
    Spec("about", "&About salviewer", menu="&Help"),
)

CANVAS_KEYS: tuple[tuple[str, str], ...] = (
    ("Space, held", "The picture alone"),
    ("Left, Right", "Previous, next picture"),
    ("Wheel, pinch", "Zoom at the cursor"),
    ("Drag, two fingers", "Move the picture"),
    ("Double-click", "Actual size, and back"),
    ("Esc", "Dismiss a message; back to the picture"),
)
"""What the keyboard and the mouse do on the picture, for the list of shortcuts."""
