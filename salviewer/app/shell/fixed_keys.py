"""Keys and mouse actions of the picture itself, which are in no menu."""

from __future__ import annotations

from salviewer.app.translation import mark

CANVAS_KEYS: tuple[tuple[str, str], ...] = (
    (mark("Space, held"), mark("The picture alone")),
    (mark("Space"), mark("Play, pause a video")),
    (mark("Left, Right"), mark("Previous, next picture")),
    (mark("Home, End"), mark("First, last picture")),
    (mark("Wheel, pinch"), mark("Zoom at the cursor")),
    (mark("Drag, two fingers"), mark("Move the picture")),
    (mark("Double-click"), mark("Actual size, and back")),
    (mark("Arrows, with Shift by more"), mark("Move the selected areas")),
    (mark("Shift+click"), mark("Add an area to the selection")),
    (mark("Shift while drawing"), mark("Square, circle")),
    (mark("Enter, Backspace"), mark("Close a polygon, remove its last point")),
    (mark("Double-click a side"), mark("Add a point to a polygon")),
    (mark("Ctrl+click a point"), mark("Delete it from a polygon")),
    ("F10", mark("Open the menus")),
    ("Esc", mark("Dismiss a message; back to the picture")),
)
"""Keyboard and mouse actions on the picture, for the list of shortcuts."""

FIXED_KEYS: dict[str, str] = {
    "Space": mark("shows the picture alone, or plays a video"),
    **dict.fromkeys(("Left", "Up", "PgUp"), mark("goes to the previous picture")),
    **dict.fromkeys(("Right", "Down", "PgDown"), mark("goes to the next picture")),
    "Home": mark("goes to the first picture"),
    "End": mark("goes to the last picture"),
    "F10": mark("opens the menus"),
    "Esc": mark("dismisses a message"),
    **dict.fromkeys(("Tab", "Shift+Tab"), mark("moves the focus between controls")),
    **dict.fromkeys(("Return", "Enter"), mark("presses the focused button")),
}
"""Keys that no action can have, as `QKeySequence` writes them, with their meanings."""
