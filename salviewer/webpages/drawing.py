"""Draw pages: open an address in a browser of our own, wait until it is there, and take its picture."""

from __future__ import annotations

import base64
import io
import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from salviewer.addresses import fit_to_show
from salviewer.errors import SalviewerError, WebPageError
from salviewer.media.images import SCREEN_KEY
from salviewer.webpages.browsers import BrowserError, find_browser
from salviewer.webpages.devtools import BrowserGoneError, DevTools, DevToolsError, Message
from salviewer.webpages.elements import SCRIPT, elements_of
from salviewer.webpages.page import SCROLLING, Page, PageRequest
from salviewer.webpages.process import Process
from salviewer.webpages.safety import Rule
from salviewer.webpages.traffic import Traffic
from salviewer.webpages.viewports import Viewport

MOST_SCREENS = 30
"""Most screens of a whole page."""

MOST_PIXELS = 100_000_000
"""Most pixels of a whole page's picture."""

MEMORY_LIMIT = 6 * 2**30
"""Most memory of the browser and its helpers in bytes, shared parts counted for each of them."""

AFTERWARDS = 90.0
"""Most seconds from a page's loading to its picture; `PageRequest.seconds` come before."""

STARTING = 30.0  # seconds until the browser answers
_QUIET = 0.5  # seconds without requests after which a page is complete
_LONGEST_QUIET = 6.0  # seconds to wait for that
_STRIP = 4000  # most rows of a page, in pixels of the picture, that are taken at once


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
                return _Visit(self._tools, traffic, session, frame, request, self._process.note).draw()
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


class _Visit:
    """One page in one window."""

    def __init__(
        self, tools: DevTools, traffic: Traffic, session: str, frame: str, request: PageRequest, note: str
    ) -> None:
        self._tools, self._traffic, self._session, self._frame = tools, traffic, session, frame
        self._request, self._note = request, note
        self._world: int | None = None

    def draw(self) -> Page:
        request = self._request
        self._emulate(request.viewport)
        self._open()
        self._wait_until_quiet()
        if request.whole:
            self._scroll_through()
        self._refuse()
        pixels = self._heights()
        content, size = self._picture(pixels)
        view = request.viewport
        screens = pixels / view.height
        found = self._run(f"{SCRIPT.strip()}({pixels})")
        notes = [*self._traffic.notes]
        if request.whole and screens > 1:
            notes.append(SCROLLING)
        title = " ".join(str(self._run("document.title")).split())[:200]
        return Page(
            request,
            fit_to_show(self._traffic.address),
            title,
            content,
            size,
            elements_of(found if isinstance(found, list) else (), view.width, pixels, screens),
            screens,
            tuple(dict.fromkeys(notes)),
            tuple(filter(None, [self._note])),
        )

    def _call(self, method: str, parameters: Message | None = None, seconds: float = 15.0) -> Message:
        return self._tools.call(method, parameters, session=self._session, seconds=seconds)

    def _emulate(self, view: Viewport) -> None:
        metrics = {
            "width": view.width,
            "height": view.height,
            "deviceScaleFactor": view.scale,
            "mobile": view.touch,
            "screenWidth": view.width,
            "screenHeight": view.height,
        }
        self._call("Emulation.setDeviceMetricsOverride", metrics)
        self._call("Emulation.setTouchEmulationEnabled", {"enabled": view.touch})
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if self._request.dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._call("Emulation.setEmulatedMedia", {"features": features})
        agent = str(self._tools.call("Browser.getVersion")["userAgent"]).replace("Headless", "")
        if view.touch:
            mobile = " Mobile" if view.width < 600 else ""
            version = agent.partition("Chrome/")[2].partition(".")[0]
            agent = (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
                f" Chrome/{version}.0.0.0{mobile} Safari/537.36"
            )
        self._call("Emulation.setUserAgentOverride", {"userAgent": agent})

    def _open(self) -> None:
        """Open the address and wait for it to load; a page that goes on loading is taken as it is."""
        traffic, seconds = self._traffic, self._request.seconds
        began = time.monotonic()
        traffic.loaded = False
        number = self._tools.post("Page.navigate", {"url": self._request.address}, session=self._session)
        self._tools.expect(number)
        self._tools.pump(lambda: self._arrived(number), seconds)
        left = max(0.0, seconds - (time.monotonic() - began))
        if not self._tools.pump(lambda: traffic.loaded or bool(traffic.refusal), left):
            self._refuse()
            if not traffic.status[0]:
                raise WebPageError(self._request.address, f"the server gave no answer within {seconds:g} s")
            traffic.notes.append(f"it had not finished loading after {seconds:g} s")
            self._tools.post("Page.stopLoading", session=self._session)
        self._refuse()

    def _arrived(self, number: int) -> bool:
        if self._traffic.refusal:
            return True
        if (reply := self._tools.reply_to(number)) is None:
            return False
        text = str(reply.get("result", {}).get("errorText", "")).removeprefix("net::")
        if text and not self._traffic.refusal:
            self._tools.pump(lambda: bool(self._traffic.refusal), 0.3)  # why, if it was refused
            self._refuse()
            raise WebPageError(self._request.address, _reason(text))
        return True

    def _refuse(self) -> None:
        traffic = self._traffic
        if traffic.refusal:
            raise WebPageError(self._request.address, traffic.refusal)
        number, text = traffic.status
        if number >= 400:
            raise WebPageError(self._request.address, f"the server answers {number} {text}")

    def _wait_until_quiet(self) -> None:
        """Wait for a moment without requests, and for fonts and a drawn frame."""
        traffic = self._traffic
        self._tools.pump(lambda: traffic.loaded and traffic.idle_seconds() >= _QUIET, _LONGEST_QUIET)
        self._refuse()
        self._run(_SETTLED, seconds=20.0)

    def _run(self, script: str, seconds: float = 15.0) -> Any:
        """Run JavaScript beside the page's own, which cannot change what it finds."""
        for last in (False, True):
            try:
                if self._world is None:
                    place = {"frameId": self._frame, "worldName": "salviewer"}
                    self._world = int(self._call("Page.createIsolatedWorld", place)["executionContextId"])
                what = {
                    "expression": script,
                    "contextId": self._world,
                    "returnByValue": True,
                    "awaitPromise": True,
                }
                return self._call("Runtime.evaluate", what, seconds).get("result", {}).get("value")
            except DevToolsError as error:
                self._world = None
                # the page may have gone on to another one meanwhile
                if last or isinstance(error, BrowserGoneError) or "ontext" not in str(error):
                    raise
        return None

    def _heights(self) -> int:
        """Return the height of the part of the page to draw, in CSS pixels."""
        view = self._request.viewport
        if not self._request.whole:
            return view.height
        found = self._call("Page.getLayoutMetrics")
        whole = math.ceil(float(found["cssContentSize"]["height"]))
        most = min(MOST_SCREENS * view.height, int(MOST_PIXELS / (view.width * view.scale**2)))
        if whole > most:
            shown, there = f"{most / view.height:.3g}", f"{whole / view.height:.3g}"
            self._traffic.notes.append(f"the first {shown} of {there} screens are shown")
        return max(view.height, min(whole, most))

    def _scroll_through(self) -> None:
        """Scroll down and back, so that pictures are loaded that a page loads when they are seen."""
        view = self._request.viewport
        for number in range(1, MOST_SCREENS):
            top = number * view.height
            reached = self._run(f"window.scrollTo(0, {top}), document.documentElement.scrollHeight")
            self._tools.pump(lambda: False, 0.08)
            if not isinstance(reached, int | float) or top + view.height >= reached:
                break
        self._run("window.scrollTo(0, 0)")
        self._wait_until_quiet()

    def _picture(self, height: int) -> tuple[bytes, tuple[int, int]]:
        """Take the picture of the page's first rows."""
        view = self._request.viewport
        if height <= view.height:
            content = self._shot({"format": "png"})
            with Image.open(io.BytesIO(content)) as image:
                return content, image.size
        rows = max(1, int(_STRIP / view.scale))
        whole = Image.new("RGB", (view.size[0], round(height * view.scale)), "white")
        for top in range(0, height, rows):
            clip = {"x": 0, "y": top, "width": view.width, "height": min(rows, height - top), "scale": 1}
            data = self._shot({"format": "png", "captureBeyondViewport": True, "clip": clip})
            with Image.open(io.BytesIO(data)) as image:
                whole.paste(image.convert("RGB"), (0, round(top * view.scale)))
        stream = io.BytesIO()
        told = PngInfo()
        told.add_text(SCREEN_KEY, str(view.size[1]))
        whole.save(stream, "PNG", compress_level=1, pnginfo=told)
        return stream.getvalue(), whole.size

    def _shot(self, parameters: Message) -> bytes:
        return base64.b64decode(self._call("Page.captureScreenshot", parameters, seconds=45.0)["data"])


def _reason(text: str) -> str:
    if text.startswith("ERR_CERT"):
        return f"its certificate is not valid ({text})"
    if text == "ERR_ABORTED":
        return "it is no page: a download, or nothing"
    known = {
        "ERR_NAME_NOT_RESOLVED": "there is no server of this name",
        "ERR_CONNECTION_REFUSED": "no server answers there",
        "ERR_INTERNET_DISCONNECTED": "there is no connection to the internet",
        "ERR_TOO_MANY_REDIRECTS": "it redirects without end",
        "ERR_CONNECTION_TIMED_OUT": "the server gave no answer",
        "ERR_EMPTY_RESPONSE": "the server sends nothing",
        "ERR_CONNECTION_RESET": "the server broke off",
        "ERR_UNSAFE_PORT": "browsers refuse this port",
    }
    return known.get(text, f"the browser cannot open it ({text})")


_SETTLED = """
Promise.race([
  Promise.all([document.fonts.ready, ...Array.from(document.images).filter(one => one.loading !== "lazy")
    .slice(0, 500).map(one => one.decode().catch(() => 0))]),
  new Promise(done => setTimeout(done, 3000)),
]).then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1)))))
"""
