"""Choices of an export under a name of the user's own, as a small file to be kept and shared.

::

    {
      "format": "salviewer export",
      "export": {"shown": true, "kinds": ["focus"], "format": "png", "quality": 92, "size": "100%", ...}
    }

The folder of results is not part of it: it is a place on one computer.
"""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path

from salviewer.app.state.export_choices import ExportChoices, choices_from
from salviewer.app.translation import tr
from salviewer.errors import ProjectError
from salviewer.media.preset_files import read_preset
from salviewer.media.saving import atomic_path
from salviewer.paths import data_folder

EXPORT_SUFFIX = ".salviewer-export.json"

_FORMAT = "salviewer export"


def presets_folder() -> Path:
    """Return the folder whose presets are offered by name; it may not exist yet."""
    return data_folder() / "presets"


def named(suffix: str) -> list[tuple[str, Path]]:
    """List the user's presets of one kind as (name, file), by name; a folder that cannot be read has none."""
    try:
        files = [path for path in presets_folder().iterdir() if path.name.endswith(suffix)]
    except OSError:
        return []
    return sorted(
        ((path.name.removesuffix(suffix), path) for path in files), key=lambda one: one[0].casefold()
    )


def folder_to_save_in() -> str:
    """Make the folder of presets and return it; "" if that is impossible."""
    try:
        presets_folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(presets_folder())


def save_export(path: str | PathLike[str], choices: ExportChoices) -> None:
    """Write choices; equal choices give equal bytes.

    Raises:
        ExportError: the file cannot be written; an existing file is unchanged.
    """
    content = choices.to_dict()
    del content["folder"]
    with atomic_path(path) as temporary:
        text = json.dumps({"format": _FORMAT, "export": content}, ensure_ascii=False, indent=2)
        temporary.write_text(text + "\n", encoding="utf-8")


def load_export(path: str | PathLike[str]) -> tuple[ExportChoices, tuple[str, ...]]:
    """Read choices.

    Returns:
        the choices, with "" for their folder, and the names of entries that are unusable and were left at
        their defaults.

    Raises:
        ProjectError: it cannot be read or is no preset of an export.
    """
    content = read_preset(path, tr("it is too large for a preset of an export"))
    chosen = content.get("export") if isinstance(content, dict) else None
    if not isinstance(chosen, dict) or content.get("format") != _FORMAT:
        raise ProjectError(path, tr("it is not a preset of an export"))
    refused: list[str] = []
    choices = choices_from({key: value for key, value in chosen.items() if key != "folder"}, refused)
    return choices, tuple(refused)
