"""A web page as a picture, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from salviewer.core.areas import Area
from salviewer.media.images import Picture, decode_picture
from salviewer.texts import mark
from salviewer.webpages.elements import Element
from salviewer.webpages.viewports import DESKTOP, Viewport

SCROLLING = mark("each screen is predicted by itself; whether people scroll that far is not predicted")
"""The remark on every picture of a whole page."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What to draw.

    Attributes:
        address: as the user typed it; http or https.
        viewport: the screen.
        whole: the whole page, not its first screen alone.
        dark: whether the page is told that the user likes dark pages.
        seconds: how long the page may take to answer and to load.
    """

    address: str
    viewport: Viewport = field(default=DESKTOP)
    whole: bool = False
    dark: bool = False
    seconds: float = 30.0


@dataclass(frozen=True, eq=False)
class Page:
    """A page as it was drawn.

    Attributes:
        request: what was asked for.
        address: where it came from, after redirects, without secrets.
        title: as the page names itself, on one line; may be empty.
        content: the bytes of a PNG file.
        size: (width, height) of the picture in pixels.
        elements: its headings, buttons, links, images, forms and prices, from top to bottom.
        screens: how many screens of the viewport the picture holds, 1 for the first alone; the last may be
            a part, such as 3.4.
        notes: clauses for the user, on this page.
        remarks: clauses for the user, on the browser.
    """

    request: PageRequest
    address: str
    title: str
    content: bytes
    size: tuple[int, int]
    elements: tuple[Element, ...] = ()
    screens: float = 1.0
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[Area, ...]:
        """The elements as areas, with their names."""
        return tuple(one.area for one in self.elements)

    @cached_property
    def picture(self) -> Picture:
        """The decoded picture."""
        return decode_picture(self.content, self.address)
