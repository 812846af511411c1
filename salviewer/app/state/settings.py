"""The settings of the window: a frozen value, and its readable file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

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
from salviewer.core.postprocess import Normalisation, PostprocessSettings, Threshold
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
        return {
            "version": 1,
            "model": self.model,
            "device": self.device,
            "engine": self.engine,
            "heatmap": {
                "shown": self.shown,
                "view": self.view,
                "outline": self.outline,
                "colormap": self.style.colormap,
                "opacity": self.style.opacity,
                "smoothing": self.heat.sigma,
                "threshold": str(self.heat.threshold),
                "scale": self.heat.normalise,
                "fixed_peak": self.heat.fixed_peak,
                "gamma": self.style.gamma,
            },
            "hotspots": {
                "shown": self.spots_shown,
                "path": self.path,
                "count": self.spots.count,
                "radius": self.spots.radius,
                "share": self.spots.share,
            },
            "compare": {
                "arrangement": self.arrangement,
                "divider": self.divider,
                "fixations": self.fixations,
            },
            "window": {
                "appearance": self.appearance,
                "language": self.language,
                "panel": self.panel,
                "areas": self.areas,
                "labels": self.labels,
                "folder": self.folder,
            },
            "browsing": self.browsing.to_dict(),
            "export": self.export.to_dict(),
            "batch": self.batch.to_dict(),
            "live": self.live.to_dict(),
            "use": self.use.to_dict(),
            "pages": self.pages.to_dict(),
            "shortcuts": {name: list(keys) for name, keys in self.shortcuts},
        }


def from_dict(content: Mapping[str, Any]) -> tuple[ViewerSettings, list[str]]:
    """Return settings from a file, and the names of unusable entries, which get defaults."""
    settings = ViewerSettings()
    refused: list[str] = []

    def take(
        section: str, key: str, kind: type, change: Callable[[ViewerSettings, Any], ViewerSettings]
    ) -> None:
        nonlocal settings
        home = content.get(section, {}) if section else content
        if not isinstance(home, Mapping):
            if section not in refused:
                refused.append(section)
            return
        if key not in home:
            return
        value = home[key]
        try:
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
                raise ValueError
            settings = change(settings, value)
        except (ValueError, OverflowError):
            refused.append(f"{section}.{key}" if section else key)

    take("", "model", str, lambda s, v: replace(s, model=v))
    take("", "device", str, lambda s, v: replace(s, device=v))
    take("", "engine", str, lambda s, v: replace(s, engine=cast("EngineRequest", v)))
    take("heatmap", "shown", bool, lambda s, v: replace(s, shown=v))
    take("heatmap", "view", str, lambda s, v: replace(s, view=v))
    take("heatmap", "outline", bool, lambda s, v: replace(s, outline=v))
    take("heatmap", "colormap", str, lambda s, v: replace(s, style=replace(s.style, colormap=v)))
    take("heatmap", "opacity", float, lambda s, v: replace(s, style=replace(s.style, opacity=v)))
    take("heatmap", "smoothing", float, lambda s, v: replace(s, heat=replace(s.heat, sigma=v)))
    take(
        "heatmap",
        "threshold",
        str,
        lambda s, v: replace(s, heat=replace(s.heat, threshold=Threshold.parse(v))),
    )
    take(
        "heatmap",
        "scale",
        str,
        lambda s, v: replace(s, heat=replace(s.heat, normalise=cast("Normalisation", v))),
    )
    take("heatmap", "fixed_peak", float, lambda s, v: replace(s, heat=replace(s.heat, fixed_peak=v)))
    take("heatmap", "gamma", float, lambda s, v: replace(s, style=replace(s.style, gamma=v)))
    take("hotspots", "shown", bool, lambda s, v: replace(s, spots_shown=v))
    take("hotspots", "path", bool, lambda s, v: replace(s, path=v))
    take("hotspots", "count", int, lambda s, v: replace(s, spots=replace(s.spots, count=v)))
    take("hotspots", "radius", float, lambda s, v: replace(s, spots=replace(s.spots, radius=v)))
    take("hotspots", "share", float, lambda s, v: replace(s, spots=replace(s.spots, share=v)))
    take("compare", "arrangement", str, lambda s, v: replace(s, arrangement=cast("Arrangement", v)))
    take("compare", "divider", float, lambda s, v: replace(s, divider=v))
    take("compare", "fixations", bool, lambda s, v: replace(s, fixations=v))
    take("window", "appearance", str, lambda s, v: replace(s, appearance=cast("Appearance", v)))
    take("window", "language", str, lambda s, v: replace(s, language=v))
    take("window", "panel", bool, lambda s, v: replace(s, panel=v))
    take("window", "areas", bool, lambda s, v: replace(s, areas=v))
    take("window", "labels", str, lambda s, v: replace(s, labels=cast("Labels", v)))
    take("window", "folder", str, lambda s, v: replace(s, folder=v))
    take("", "browsing", dict, lambda s, v: replace(s, browsing=browsing_from(v, refused)))
    take("", "export", dict, lambda s, v: replace(s, export=choices_from(v, refused)))
    take("", "batch", dict, lambda s, v: replace(s, batch=batch_from(v, refused)))
    take("", "live", dict, lambda s, v: replace(s, live=live_from(v, refused)))
    take("", "use", dict, lambda s, v: replace(s, use=use_from(v, refused)))
    take("", "pages", dict, lambda s, v: replace(s, pages=pages_from(v, refused)))
    take("", "shortcuts", dict, lambda s, v: replace(s, shortcuts=_shortcuts(v, refused)))
    return settings, refused


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
