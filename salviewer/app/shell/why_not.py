"""Explain why a command is not possible now."""

from __future__ import annotations

from salviewer.app.translation import mark

WHY_NOT: dict[str, str] = {
    "picture": mark("There is no picture: open one first."),
    "still": mark("It works on a still picture: open one first."),
    "use": mark("Nothing is made of the map: choose crop, regions, cut-out or words first."),
    "map": mark("There is no map yet: open a picture, or wait for its prediction."),
    "shown map": mark("No heatmap is shown: show it first."),
    "previous": mark("This is the first picture of the list."),
    "next": mark("This is the last picture of the list."),
    "file": mark("The picture has no file."),
    "project": mark("There is nothing to save in a project."),
    "open project": mark("No project is open."),
    "several areas": mark("Select two areas or more first."),
    "selected area": mark("Select one area of a still picture first."),
    "selected rectangle": mark("Select one rectangle first."),
    "list": mark("It needs a list of several pictures: open a folder first."),
    "listed file": mark("The picture is not in a list."),
    "another": mark("There is no other picture in the list."),
    "areas": mark("There is no area: draw one first."),
    "selected areas": mark("No area is selected."),
    "area scores": mark("There are no areas, or no map to score them on."),
    "undo": mark("There is nothing to undo."),
    "redo": mark("There is nothing to redo."),
    "comparing": mark("Nothing is compared: choose what to compare with first."),
    "comparison": mark("Nothing is compared: choose what to compare with first."),
    "fixations": mark("The picture has no recorded fixations."),
    "scanpaths": mark("The recorded fixations do not say who looked."),
    "divider": mark("There is no divider: choose Swipe first."),
    "live": mark("No video, camera or stream is open."),
    "playable": mark("No video is open."),
    "screen": mark("No part of the screen is followed."),
    "lost": mark("The connection is not lost."),
    "path": mark("No region has been followed yet."),
    "shares": mark("It needs a video, camera or stream, and an area."),
}
"""Sentences by condition; see `Command.when`."""
