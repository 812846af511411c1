"""Open a web page from Python."""

from __future__ import annotations

from salviewer.errors import WebPageError
from salviewer.webpages.asking import ask
from salviewer.webpages.drawing import draw_page
from salviewer.webpages.page import Page, PageRequest
from salviewer.webpages.viewports import DESKTOP, read_viewport


def open_page(
    address: str,
    viewport: str = DESKTOP.name,
    *,
    whole: bool = False,
    dark: bool = False,
    browser: str = "",
    seconds: float = 30.0,
) -> Page:
    """Draw a web page with the installed Chrome, Edge or Chromium.

    Args:
        address: http or https; calling with it is the consent to open it, also if it is on this computer.
        viewport: ``"desktop"``, ``"laptop"``, ``"tablet"``, ``"phone"``, or ``"1024x600"`` or
            ``"1024x600@2"``.
        whole: the whole page, not its first screen alone.
        dark: ask the page for its dark colours.
        browser: the browser's program; found by itself if empty.
        seconds: how long the page may take to load.

    Returns:
        a page: ``page.picture`` for `salviewer.predict` and `salviewer.render`, ``page.title``, and
        ``page.areas`` for `salviewer.measure`.

    Raises:
        SalviewerError: there is no browser, or the page cannot be opened or drawn, or must not be.
        ValueError: the viewport is none; the message is a sentence.
    """
    request = PageRequest(address, read_viewport(viewport), whole, dark, seconds)
    if ask(address).kind != "page":
        raise WebPageError(address, "it is no web page; pictures are opened from their bytes")
    return draw_page(request, browser)
