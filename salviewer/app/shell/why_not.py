"""What to say of a command that is not possible now."""

from __future__ import annotations

WHY_NOT: dict[str, str] = {
    "picture": "There is no picture: open one first.",
    "still": "It works on a still picture: open one first.",
    "map": "There is no map yet: open a picture, or wait for its prediction.",
    "shown map": "No heatmap is shown: show it first.",
    "previous": "This is the first picture of the list.",
    "next": "This is the last picture of the list.",
    "file": "The picture has no file.",
    "project": "There is nothing to save in a project.",
    "open project": "No project is open.",
    "list": "It needs a list of several pictures: open a folder first.",
    "listed file": "The picture is not in a list.",
    "another": "There is no other picture in the list.",
    "areas": "There is no area: draw one first.",
    "selected areas": "No area is selected.",
    "area scores": "There are no areas, or no map to score them on.",
    "undo": "There is nothing to undo.",
    "redo": "There is nothing to redo.",
    "comparing": "Nothing is compared: choose what to compare with first.",
    "comparison": "Nothing is compared: choose what to compare with first.",
    "fixations": "The picture has no recorded fixations.",
    "divider": "There is no divider: choose Swipe first.",
    "live": "No video, camera or stream is open.",
    "playable": "No video is open.",
    "lost": "The connection is not lost.",
    "path": "No region has been followed yet.",
    "shares": "It needs a video, camera or stream, and an area.",
}
"""Sentences by the names of conditions; see `Command.when`."""
