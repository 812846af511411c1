"""The settings of the window: a frozen value, and its readable file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs

from salviewer.app.languages import LANGUAGES, SYSTEM
from salviewer.app.state.batch_choices import BatchChoices, batch_from
from salviewer.app.state.browsing import Browsing, browsing_from
from salviewer.app.state.export_choices import ExportChoices, choices_from
from salviewer.app.state.live_choices import LiveChoices, live_from
from salviewer.app.state.page_choices import PageChoices, pages_from
from salviewer.app.state.use_choices import UseChoices, use_from
from salviewer.app.translation import tr
from salviewer.core.area_labels import LABELS, Labels
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import Arrangement, Scene
from salviewer.core.views import View, canvas_views
from salviewer.media.damaged import keep_damaged
from salviewer.media.saving import atomic_path
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.models.engines.base import ENGINE_REQUESTS, EngineRequest

Appearance = Literal["system", "light", "dark"]

_NAME = "settings.json"

CONFIG_VARIABLE = "SALVIEWER_CONFIG_DIR"
"""Environment variable with the folder of settings and log."""


@dataclass(frozen=True, slots=True)
class ViewerSettings:
    """All settings that are kept from one run to the next, except the window's place.

    Attributes:
        model, device, engine: what to predict with; "auto" is chosen again each time.
        heat, style: how maps are shown.
        shown: whether the view is shown, or the picture alone.
        view: one of `core.views.canvas_views`.
        outline: whether to draw the border of the visible part under the threshold.
        spots, spots_shown, path: how to find hotspots, and whether to draw them and the gaze path.
        arrangement, divider: of the view and the bare picture, as in `Scene`.
        fixations: whether to draw recorded fixations.
        panel: whether the controls are visible.
        areas: whether areas of interest are shown.
        labels: content of their labels, as in `Scene`.
        appearance: light, dark, or as the system.
        language: a key of `translation.LANGUAGES`; applies from the next start.
        folder: folder of the last opened or saved picture; "" for the system's choice.
        browsing: settings for lists of pictures.
        export: the last export.
        batch: the last batch.
        live: how cameras, streams and videos are shown.
        use: what is made of the map, and how.
        pages: how web pages are drawn.
        shortcuts: (name of an action, its keys) if the user changed them; sorted by name.
    """

    model: str = DEFAULT_MODEL
    device: str = "auto"
    engine: EngineRequest = "auto"
    heat: PostprocessSettings = field(default_factory=PostprocessSettings)
    style: OverlayStyle = field(default_factory=OverlayStyle)
    shown: bool = True
    view: View = "overlay"
    outline: bool = False
    spots: HotspotSettings = field(default_factory=HotspotSettings)
    spots_shown: bool = False
    path: bool = False
    arrangement: Arrangement = "single"
    divider: float = 0.5
    fixations: bool = False
    panel: bool = True
    areas: bool = True
    labels: Labels = "both"
    appearance: Appearance = "system"
    language: str = SYSTEM
    folder: str = ""
    browsing: Browsing = field(default_factory=Browsing)
    export: ExportChoices = field(default_factory=ExportChoices)
    batch: BatchChoices = field(default_factory=BatchChoices)
    live: LiveChoices = field(default_factory=LiveChoices)
    use: UseChoices = field(default_factory=UseChoices)
    pages: PageChoices = field(default_factory=PageChoices)
    shortcuts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        if self.appearance not in get_args(Appearance):
            raise ValueError(
                f"the appearance is one of {', '.join(get_args(Appearance))}, not {self.appearance!r}"
            )
        if self.language not in LANGUAGES:
            raise ValueError(f"the language is one of {', '.join(LANGUAGES)}, not {self.language!r}")
        if self.engine not in ENGINE_REQUESTS:
            raise ValueError(f"the engine is one of {', '.join(ENGINE_REQUESTS)}, not {self.engine!r}")
        if self.view not in canvas_views():
            raise ValueError(f"the view is one of {', '.join(canvas_views())}, not {self.view!r}")
        if self.labels not in LABELS:
            raise ValueError(f"labels are one of {', '.join(LABELS)}, not {self.labels!r}")
        if self.arrangement not in get_args(Arrangement):
            raise ValueError(f"an arrangement is one of {', '.join(get_args(Arrangement))}")
        if not 0 <= self.divider <= 1:
            raise ValueError(f"a divider lies in 0..1, not {self.divider:g}")

    @property
    def scene(self) -> Scene:
        """Return what is shown, for a file that should show the same."""
        return Scene(
            self.view,
            self.heat,
            self.style,
            self.outline,
            hotspots=self.spots if self.spots_shown else None,
            path=self.path,
            labels=self.labels,
            arrangement=self.arrangement,
            divider=self.divider,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file, in the units of the fields."""
        content: dict[str, Any] = {"version": 1, **{name: getattr(self, name) for name in _TOP}}
        for section, places in _SECTIONS.items():
            values = {key: attrgetter(place)(self) for key, place in places.items()}
            content[section] = {k: str(v) if isinstance(v, Threshold) else v for k, v in values.items()}
        content |= {name: getattr(self, name).to_dict() for name in _GROUPS}
        return content | {"shortcuts": {name: list(keys) for name, keys in self.shortcuts}}


_TOP = {"model": "model", "device": "device", "engine": "engine"}
_SECTIONS = {
    "heatmap": {
        "shown": "shown",
        "view": "view",
        "outline": "outline",
        "colormap": "style.colormap",
        "opacity": "style.opacity",
        "smoothing": "heat.sigma",
        "threshold": "heat.threshold",
        "scale": "heat.normalise",
        "fixed_peak": "heat.fixed_peak",
        "gamma": "style.gamma",
    },
    "hotspots": {
        "shown": "spots_shown",
        "path": "path",
        "count": "spots.count",
        "radius": "spots.radius",
        "share": "spots.share",
    },
    "compare": {"arrangement": "arrangement", "divider": "divider", "fixations": "fixations"},
    "window": {name: name for name in ("appearance", "language", "panel", "areas", "labels", "folder")},
}
"""Attributes by section and key of the file; `_TOP` is in no section."""

_GROUPS: dict[str, Callable[[Mapping[str, Any], list[str]], Any]] = {
    "browsing": browsing_from,
    "export": choices_from,
    "batch": batch_from,
    "live": live_from,
    "use": use_from,
    "pages": pages_from,
}


def from_dict(content: Mapping[str, Any]) -> tuple[ViewerSettings, list[str]]:
    """Return settings from a file, and the names of unusable entries, which get defaults."""
    settings = ViewerSettings()
    refused: list[str] = []
    for section, places in {"": _TOP, **_SECTIONS}.items():
        home = content.get(section, {}) if section else content
        if not isinstance(home, Mapping):
            refused.append(section)
            continue
        for key, place in places.items():
            try:
                if key in home:
                    settings = _changed(settings, place, home[key])
            except (ValueError, OverflowError):
                refused.append(f"{section}.{key}" if section else key)
    for name, read in {**_GROUPS, "shortcuts": _shortcuts}.items():
        if isinstance(values := content.get(name, {}), dict):
            group: Any = {name: read(values, refused)}
            settings = replace(settings, **group)
        else:
            refused.append(name)
    return settings, refused


def _changed(settings: ViewerSettings, place: str, value: Any) -> ViewerSettings:
    """Return settings with another value of an attribute, as "style.gamma".

    Raises:
        ValueError: the attribute has other values.
    """
    group, _, name = place.rpartition(".")
    home: Any = getattr(settings, group) if group else settings
    before = getattr(home, name)
    if isinstance(before, Threshold) and isinstance(value, str):
        value = Threshold.parse(value)
    elif isinstance(before, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(before):
        raise ValueError
    changed: Any = replace(home, **{name: value})
    return replace(settings, **{group: changed}) if group else changed


def _shortcuts(content: Mapping[str, Any], refused: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for name, keys in content.items():
        if isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            found.append((name, tuple(keys)))
        else:
            refused.append(f"shortcuts.{name}")
    return tuple(sorted(found))


def saved_language(folder: Path) -> str:
    """Read the language alone, before anything is said: a sentence about a damaged file is in it already."""
    try:
        found = json.loads((folder / _NAME).read_text(encoding="utf-8"))["window"]["language"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return SYSTEM
    return found if isinstance(found, str) and found in LANGUAGES else SYSTEM


class SettingsFile:
    """The readable file: `settings.json` in the user's configuration folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or config_folder()
        self.path = self.folder / _NAME

    def read(self) -> tuple[ViewerSettings, str]:
        """Read the settings; an unusable entry gets its default.

        If anything in the file is unusable, a copy of it is kept as `settings.json.damaged`.

        Returns:
            the settings, and a sentence for the user if the file is damaged, else "".
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            if not isinstance(content, dict):
                raise ValueError("it holds no settings")
        except FileNotFoundError:
            return ViewerSettings(), ""
        except (OSError, ValueError, RecursionError):
            message = tr(
                "{path}: the settings cannot be read{kept}, so the defaults are used.",
                path=self.path,
                kept=self._kept(),
            )
            return ViewerSettings(), message
        settings, refused = from_dict(content)
        if refused:
            names = ", ".join(refused)
            kept = self._kept()
            return settings, tr(
                "{path}: {names} cannot be used and went back to the default{kept}.",
                path=self.path,
                names=names,
                kept=kept,
            )
        return settings, ""

    def _kept(self) -> str:
        """Keep a copy of the file before it is replaced; return a clause with its place."""
        kept = keep_damaged(self.path)
        return "" if kept is None else tr(" (the file is kept as {name})", name=kept.name)

    def write(self, settings: ViewerSettings) -> str:
        """Replace the file atomically; return a sentence if that fails."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with atomic_path(self.path) as temporary:
                text = json.dumps(settings.to_dict(), indent=2, ensure_ascii=False)
                temporary.write_text(text + "\n", encoding="utf-8")
        except Exception as error:
            why = (isinstance(error, OSError) and error.strerror) or str(error)
            return tr(
                "{path}: the settings could not be saved ({why}); they last until the window closes.",
                path=self.path,
                why=why,
            )
        return ""


def config_folder() -> Path:
    """Return the folder of settings; `SALVIEWER_CONFIG_DIR` overrides it."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_config_dir("salviewer", appauthor=False))


def log_folder() -> Path:
    """Return the folder of the log; `SALVIEWER_CONFIG_DIR` overrides it."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_log_dir("salviewer", appauthor=False))
