"""How maps are displayed, as a small file with a name of the user's own, to be kept and shared.

::

    {
      "format": "salviewer display",
      "view": "overlay",
      "settings": {"sigma": 0.02, "threshold": "p0", "normalise": "peak", "fixed_peak": 20.0},
      "style": {"colormap": "viridis", "opacity": 0.65, "gamma": 1.0, "fade": 0.15}
    }
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from os import PathLike

from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.views import VIEWS, View, canvas_views
from salviewer.errors import ProjectError
from salviewer.media.preset_files import read_preset
from salviewer.media.project import settings_of, style_of
from salviewer.media.saving import atomic_path
from salviewer.texts import mark

PRESET_SUFFIX = ".salviewer-display.json"

_FORMAT = "salviewer display"


@dataclass(frozen=True, slots=True)
class DisplayPreset:
    """A view with its numbers and colours.

    Attributes:
        view: one of `views.canvas_views`.
        settings, style: numbers and colours.
    """

    view: View = "overlay"
    settings: PostprocessSettings = field(default_factory=PostprocessSettings)
    style: OverlayStyle = field(default_factory=OverlayStyle)


def save_preset(path: str | PathLike[str], preset: DisplayPreset) -> None:
    """Write a preset; equal presets give equal bytes.

    Raises:
        ExportError: the file cannot be written; an existing file is unchanged.
    """
    content = {
        "format": _FORMAT,
        "view": preset.view,
        "settings": asdict(preset.settings) | {"threshold": str(preset.settings.threshold)},
        "style": asdict(preset.style),
    }
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def load_preset(path: str | PathLike[str]) -> tuple[DisplayPreset, tuple[str, ...]]:
    """Read a preset.

    Returns:
        the preset, and a clause for each value that is unusable and was left at its default.

    Raises:
        ProjectError: it cannot be read or is no preset.
    """
    content = read_preset(path, mark("it is too large for a saved display"))
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise ProjectError(path, "it is not a saved display")
    notes: list[str] = []
    view = content.get("view", "overlay")
    if view not in canvas_views():
        notes.append(f"its view is {', '.join(canvas_views())}, not {view!r}")
        view = next(iter(VIEWS))
    return DisplayPreset(view, settings_of(content, notes), style_of(content, notes)), tuple(notes)
