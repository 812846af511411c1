"""What has to be so for an action to be possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salviewer.app.window import Window


def conditions(window: Window) -> dict[str, Callable[[], bool]]:
    """By the names in `Spec.needs`; the desks of a window add their own."""
    return {
        "picture": lambda: window.session.loaded is not None,
        "map": lambda: window.session.saliency is not None,
        "shown map": lambda: window.session.saliency is not None and window.preferences.now.shown,
        "previous": lambda: window.session.can_turn(-1),
        "next": lambda: window.session.can_turn(1),
        "list": lambda: len(window.session.listing.paths) > 1,
        "file": lambda: window.session.shown is not None,
        "listed file": lambda: window.session.shown in window.session.listing.order,
        "divider": lambda: window.stage.arrangement == "swipe",
        "comparing": lambda: window.compare.comparing,
        "comparison": lambda: window.compare.contrast is not None,
        "another": lambda: window.conditions["still"]() and len(window.session.listing.walked) > 1,
        "fixations": lambda: window.compare.any_fixations,
        "areas": lambda: bool(window.areas.model.all),
        "selected areas": lambda: bool(window.areas.model.selection),
        "area scores": lambda: bool(window.areas.model.all) and window.session.saliency is not None,
        "undo": lambda: bool(window.areas.model.history.undoes),
        "redo": lambda: bool(window.areas.model.history.redoes),
        "project": lambda: window.projects.worth_saving,
        "open project": lambda: window.projects.path is not None,
    }
