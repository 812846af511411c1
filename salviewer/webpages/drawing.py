"""Draw pages: open an address in a browser of our own, wait until it is there, and take its picture."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from salviewer.errors import SalviewerError, WebPageError
from salviewer.webpages.browsers import BrowserError, find_browser
from salviewer.webpages.devtools import BrowserGoneError, DevTools, DevToolsError, Message
from salviewer.webpages.page import Page, PageRequest
from salviewer.webpages.process import Process
from salviewer.webpages.safety import Rule
from salviewer.webpages.traffic import Traffic
from salviewer.webpages.visit import Visit

MEMORY_LIMIT = 6 * 2**30
"""Most memory of the browser and its helpers in bytes, shared parts counted for each of them."""

AFTERWARDS = 90.0
"""Most seconds from a page's loading to its picture; `PageRequest.seconds` come before."""

STARTING = 30.0  # seconds until the browser answers


class StoppedError(SalviewerError):
    """The user stopped the drawing."""


def draw_page(request: PageRequest, browser: str = "", stop: Callable[[], bool] = lambda: False) -> Page:
    """Draw one page; arguments as those of `draw_pages`.

    Raises:
        BrowserError: there is no browser, or it does not start.
        WebPageError: the page cannot be opened or drawn, or must not be.
        StoppedError: the user stopped.
    """
    with Browser(browser, stop) as running:
        return running.draw(request)


def draw_pages(
    requests: Iterable[PageRequest],
    browser: str = "",
    stop: Callable[[], bool] = lambda: False,
    began: Callable[[PageRequest], None] = lambda request: None,
) -> Iterator[Page | WebPageError]:
    """Draw pages one after the other in one browser, each in a window without memory of the others.

    The browser is closed and its profile deleted when the generator ends or is closed.

    Args:
        requests: what to draw.
        browser: the browser's program; found by itself if empty (`find_browser`).
        stop: asked ten times a second; the drawing ends with `StoppedError` where it returns True.
        began: called before each page.

    Yields:
        a page for each request, or the error where it cannot be opened or drawn, or must not be.

    Raises:
        BrowserError: there is no browser, or it does not start.
        StoppedError: the user stopped.
    """
    waiting = list(requests)
    while waiting:
        with Browser(browser, stop) as running:
            while waiting and running.usable:
                request = waiting.pop(0)
                began(request)
                try:
                    drawn: Page | WebPageError = running.draw(request)
                except WebPageError as error:
                    drawn = error
                yield drawn


class Browser:
    """A running browser. Use it in a ``with`` block, which closes it and deletes its profile.

    Args:
        named: the browser's program; found by itself if empty.
        stop: asked ten times a second.

    Attributes:
        usable: whether it can draw another page.
    """

    def __init__(self, named: str = "", stop: Callable[[], bool] = lambda: False) -> None:
        self._program, self._stop = find_browser(named), stop
        self._looked = 0.0
        self._end = math.inf
        self.usable = True
        self._traffic: Traffic | None = None
        self._process = Process(self._program)
        try:
            self._tools = DevTools(self._process.requests, self._process.answers, self._handle, self._watch)
            self._agent = str(self._tools.call("Browser.getVersion", seconds=STARTING)["userAgent"])
            refuse = {"behavior": "deny", "eventsEnabled": True}
            self._tools.call("Browser.setDownloadBehavior", refuse)
        except DevToolsError as error:
            said = self._process.last_words()
            self._process.close()
            reason = f" ({said})" if said else ""
            raise BrowserError(f"{self._program}: the browser does not start{reason}") from error
        except BaseException:
            self._process.close()
            raise

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def program(self) -> Path:
        """The browser's program."""
        return self._program

    def close(self) -> None:
        """End the browser and delete its profile."""
        self._process.close()

    def draw(self, request: PageRequest) -> Page:
        """Draw a page.

        Raises:
            WebPageError, StoppedError: as `draw_pages`.
        """
        self._end = time.monotonic() + request.seconds + AFTERWARDS
        try:
            with self._window(request) as (traffic, session, frame):
                visit = Visit(self._tools, traffic, session, frame, request, self._agent)
                return replace(visit.draw(), remarks=tuple(filter(None, [self._process.note])))
        except BrowserGoneError as error:
            self.usable = False
            raise WebPageError(
                request.address, "the browser ended unexpectedly while it drew the page"
            ) from error
        except DevToolsError as error:
            self.usable = False  # it may be busy with that page for ever
            raise WebPageError(request.address, f"the page could not be drawn: {error}") from error

    @contextmanager
    def _window(self, request: PageRequest) -> Iterator[tuple[Traffic, str, str]]:
        direct = not getproxies().get(urlsplit(request.address).scheme.lower(), "")
        traffic = Traffic(Rule(request.address), request.address, direct)
        context = self._tools.call("Target.createBrowserContext", {"disposeOnDetach": True})
        own = {"browserContextId": context["browserContextId"]}
        refuse = {"behavior": "deny", "eventsEnabled": True}
        self._tools.call("Browser.setDownloadBehavior", refuse | own)
        target = self._tools.call("Target.createTarget", {"url": "about:blank"} | own)["targetId"]
        attach = {"targetId": target, "flatten": True}
        session = str(self._tools.call("Target.attachToTarget", attach)["sessionId"])
        self._traffic = traffic
        try:
            traffic.attach(self._tools, session, target)
            yield traffic, session, target
        finally:
            self._traffic = None
            with suppress(DevToolsError):
                self._tools.post("Target.disposeBrowserContext", own)

    def _handle(self, method: str, event: Message, session: str) -> None:
        if self._traffic is not None:
            self._traffic.handle(method, event, session)

    def _watch(self) -> None:
        if self._stop():
            raise StoppedError("stopped")
        if self._traffic is not None and self._traffic.gone:
            raise DevToolsError(self._traffic.gone)  # rather than a wait for answers that never come
        now = time.monotonic()
        if self._traffic is not None and now > self._end:
            raise DevToolsError("it takes too long")
        if now - self._looked > 1.0:
            self._looked = now
            if self._process.memory() > MEMORY_LIMIT:
                raise DevToolsError(f"it takes more than {MEMORY_LIMIT >> 30} GB of memory")
