"""Keys and mouse moves that belong to the picture itself and stand in no menu."""

from __future__ import annotations

CANVAS_KEYS: tuple[tuple[str, str], ...] = (
    ("Space, held", "The picture alone"),
    ("Space", "Play, pause a video"),
    ("Left, Right", "Previous, next picture"),
    ("Home, End", "First, last picture"),
    ("Wheel, pinch", "Zoom at the cursor"),
    ("Drag, two fingers", "Move the picture"),
    ("Double-click", "Actual size, and back"),
    ("Arrows, with Shift by more", "Move the selected areas"),
    ("Shift+click", "Add an area to the selection"),
    ("Shift while drawing", "Square, circle"),
    ("Enter, Backspace", "Close a polygon, take its last point back"),
    ("Double-click a side", "Add a point to a polygon"),
    ("Ctrl+click a point", "Delete it from a polygon"),
    ("F10", "Open the menus"),
    ("Esc", "Dismiss a message; back to the picture"),
)
"""What the keyboard and the mouse do on the picture, for the list of shortcuts."""

FIXED_KEYS: dict[str, str] = {
    "Space": "shows the picture alone, or plays a video",
    **dict.fromkeys(("Left", "Up", "PgUp"), "goes to the previous picture"),
    **dict.fromkeys(("Right", "Down", "PgDown"), "goes to the next picture"),
    "Home": "goes to the first picture",
    "End": "goes to the last picture",
    "F10": "opens the menus",
    "Esc": "dismisses a message",
    **dict.fromkeys(("Tab", "Shift+Tab"), "moves the focus between controls"),
    **dict.fromkeys(("Return", "Enter"), "presses the focused button"),
}
"""Keys that no action can have, as `QKeySequence` writes them, with what they do."""
