"""Commands for opening, copying, saving, projects, and quitting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salviewer.app.translation import mark
from salviewer.app.workbench import Command, Workbench

if TYPE_CHECKING:
    from salviewer.app.features.files.controller import FilesController

RECENT_MENU = mark("Open &recent")
"""Title of the submenu of recent files."""


def commands(files: FilesController, bench: Workbench) -> Iterator[Command]:
    """Make the commands of the feature."""
    menu, projects = "File", files.projects
    yield Command("open_files", "&Open…", files.ask_files, menu, (1, 1), ("Ctrl+O",), "open",
                  "Open pictures and videos", toolbar=(1, 1))  # fmt: skip
    yield Command("open_folder", "Open &folder…", files.ask_folder, menu, (1, 2), ("Ctrl+Shift+O",),
                  tip="Open all pictures of a folder")  # fmt: skip
    yield Command("clear_recent", "&Clear the list", files.recent.clear, menu, (1, 7), submenu=RECENT_MENU)
    yield Command("copy_view", "&Copy the view", files.copy_view, menu, (2, 1), ("Ctrl+C",),
                  tip="Copy what is shown, at the picture's own resolution", when="picture")  # fmt: skip
    yield Command("copy_picture", "Copy the p&icture", files.copy_picture, menu, (2, 2), ("Ctrl+Shift+C",),
                  tip="Copy the picture without any map", when="picture")  # fmt: skip
    yield Command("paste", "&Paste", files.paste, menu, (2, 3), ("Ctrl+V",),
                  tip="Open the picture or files on the clipboard")  # fmt: skip
    yield Command("open_model", "Ope&n a model…", files.ask_model, menu, (3, 1), ("Ctrl+M",),
                  tip="Predict with a model of your own")  # fmt: skip
    yield Command("save_overlay", "&Save…", files.save_view, menu, (4, 1), ("Ctrl+S",), "save",
                  "Save the view that is shown, at the picture's own resolution", when="shown map",
                  toolbar=(1, 2))  # fmt: skip
    yield Command("open_project", "Open pro&ject…", files.ask_project, menu, (5, 1), ("Ctrl+Shift+P",),
                  tip="Open pictures with their areas, model and display settings")  # fmt: skip
    yield Command("save_project", "Sa&ve project", projects.save, menu, (5, 2), ("Ctrl+Shift+S",),
                  tip="Save all open pictures with their areas, the model and the display settings",
                  when="project")  # fmt: skip
    yield Command("save_project_as", "Save project &as…", projects.save_as, menu, (5, 3),
                  tip="Save the project under another name", when="project")  # fmt: skip
    yield Command("close_project", "C&lose project", projects.close, menu, (5, 4),
                  tip="Close the project and its areas", when="open project")  # fmt: skip
    yield Command("quit", "&Quit", bench.dialog_parent.close, menu, (6, 1), ("Ctrl+Q",))
