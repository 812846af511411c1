"""The commands of uses: one for each, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from salviewer.app.translation import mark
from salviewer.app.workbench import Command

if TYPE_CHECKING:
    from salviewer.app.features.uses.controller import UseController
    from salviewer.app.state.use_choices import UseKind


class UseActions(Protocol):
    """What the commands ask the feature for."""

    controller: UseController

    def show(self, kind: UseKind) -> None:
        """Show a use of the map, and its page."""

    def save(self) -> None:
        """Ask for a file, and write it."""


_SUBMENU = mark("Use the map for")
_USES: tuple[tuple[UseKind, str, str], ...] = (
    ("crop", mark("&Crop"), mark("The window of a shape that keeps the most attention")),
    ("regions", mark("&Regions"), mark("What stands out, with its share of attention")),
    ("cutout", mark("C&ut-out"), mark("What the map points at, without what is behind it")),
    ("words", mark("&Words"), mark("The picture in words, in the order in which people look")),
)


def commands(actions: UseActions) -> Iterator[Command]:
    """Make the commands."""
    controller = actions.controller

    def toggled(kind: UseKind) -> Command:
        text, tip = next((text, tip) for name, text, tip in _USES if name == kind)
        return Command(
            f"use_{kind}",
            text,
            lambda on: actions.show(kind if on else "none"),
            "View",
            (6, 1 + [name for name, _, _ in _USES].index(kind)),
            tip=tip,
            when="map",
            checked=lambda: controller.choices.kind == kind,
            submenu=_SUBMENU,
        )

    for kind, _, _ in _USES:
        yield toggled(kind)
    yield Command(
        "save_use",
        mark("&Save what is made…"),
        actions.save,
        "View",
        (6, 6),
        tip=mark("Write the crop, the regions, the cut-out or the words to a file"),
        when="use",
        submenu=_SUBMENU,
    )
    yield Command(
        "reset_use",
        mark("&Find the best again"),
        controller.find_best,
        "View",
        (6, 7),
        tip=mark("Put the frame where it keeps most, or forget the clicks"),
        when="use",
        submenu=_SUBMENU,
    )
    yield Command(
        "no_use",
        mark("&None"),
        lambda: controller.choose(replace(controller.choices, kind="none")),
        "View",
        (6, 8),
        tip=mark("Show the map alone again"),
        when="use",
        submenu=_SUBMENU,
    )
