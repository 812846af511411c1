"""Where will people look? Saliency maps of pictures, predicted by trained networks.

The whole library in three lines::

    import salviewer
    saliency = salviewer.predict(salviewer.load_model("live_net"), "photo.jpg")
    overlay = salviewer.render("photo.jpg", saliency)

Importing the package is cheap: torch is loaded by the first call that needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from salviewer.version import __version__

if TYPE_CHECKING:
    from salviewer.api import apply, kind_of, load_model, pages, predict, render
    from salviewer.core import metrics
    from salviewer.core.applications.crops import CropRequest
    from salviewer.core.applications.uses import Uses
    from salviewer.core.areas import Ellipse, Polygon, Rectangle, measure
    from salviewer.core.compare import compare
    from salviewer.core.hotspots import HotspotSettings, find_hotspots
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.errors import SalviewerError
    from salviewer.media.project import Project, ProjectPicture, load_project, save_project
    from salviewer.models.catalog import list_models
    from salviewer.models.module import load_module
    from salviewer.training.calls import evaluate, train
    from salviewer.webpages.calls import open_page

__all__ = ["SaliencyMap", "SalviewerError", "__version__", "list_models", "load_model", "predict", "render"]
__all__ += ["evaluate", "kind_of", "load_module", "metrics", "open_page", "train"]
__all__ += ["Ellipse", "HotspotSettings", "Polygon", "Rectangle", "compare", "find_hotspots", "measure"]
__all__ += ["CropRequest", "Uses", "apply", "pages"]
__all__ += ["Project", "ProjectPicture", "load_project", "save_project"]

_HOMES = {
    "kind_of": "salviewer.api",
    "load_model": "salviewer.api",
    "predict": "salviewer.api",
    "render": "salviewer.api",
    "apply": "salviewer.api",
    "pages": "salviewer.api",
    "open_page": "salviewer.webpages.calls",
    "CropRequest": "salviewer.core.applications.crops",
    "Uses": "salviewer.core.applications.uses",
    "list_models": "salviewer.models.catalog",
    "load_module": "salviewer.models.module",
    "evaluate": "salviewer.training.calls",
    "train": "salviewer.training.calls",
    "SalviewerError": "salviewer.errors",
    "SaliencyMap": "salviewer.core.saliency_map",
    "Rectangle": "salviewer.core.areas",
    "Ellipse": "salviewer.core.areas",
    "Polygon": "salviewer.core.areas",
    "measure": "salviewer.core.areas",
    "compare": "salviewer.core.compare",
    "HotspotSettings": "salviewer.core.hotspots",
    "find_hotspots": "salviewer.core.hotspots",
    "Project": "salviewer.media.project",
    "ProjectPicture": "salviewer.media.project",
    "load_project": "salviewer.media.project",
    "save_project": "salviewer.media.project",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "metrics":
        return import_module("salviewer.core.metrics")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    own = {name for name in globals() if name.startswith("__")}
    return sorted({*own, *__all__})  # without what this module imports
