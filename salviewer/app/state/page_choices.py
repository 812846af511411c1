"""The settings of web pages: a frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from salviewer.addresses import fit_to_show
from salviewer.app.state.kept_values import read_group
from salviewer.webpages.viewports import DESKTOP, Viewport, read_viewport

ADDRESSES = 8
"""Most recent addresses that are kept."""


@dataclass(frozen=True, slots=True)
class PageChoices:
    """Choices of how to draw web pages.

    Attributes:
        viewports: names of screens, at least one, as `read_viewport` reads them.
        whole: whether the whole page is drawn.
        dark: whether pages are asked for their dark colours.
        browser: the browser's program; "" to find it.
        addresses: recent ones, newest first, without passwords and tokens.

    Raises:
        ValueError: a viewport is none, or there is none.
    """

    viewports: tuple[str, ...] = (DESKTOP.name,)
    whole: bool = False
    dark: bool = False
    browser: str = ""
    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.screens:
            raise ValueError("a page is drawn for at least one viewport")

    @property
    def screens(self) -> tuple[Viewport, ...]:
        """The viewports."""
        return tuple(read_viewport(name) for name in self.viewports)

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file."""
        return asdict(self) | {"viewports": list(self.viewports), "addresses": list(self.addresses)}


def pages_from(content: Mapping[str, Any], refused: list[str]) -> PageChoices:
    """Return settings from a file; add the names of unusable entries, which get defaults, to `refused`."""
    return read_group(
        PageChoices(), content, "pages", refused, {"viewports": ADDRESSES, "addresses": ADDRESSES}
    )


def with_address(addresses: Iterable[str], opened: str) -> tuple[str, ...]:
    """Return the addresses with `opened` first, without its password and tokens."""
    return tuple(dict.fromkeys([fit_to_show(opened), *addresses]))[:ADDRESSES]
