"""One page in a browser's window: it is opened, waited for, scrolled through, and its picture taken."""

from __future__ import annotations

import base64
import io
import math
import time
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from salviewer.addresses import fit_to_show
from salviewer.errors import WebPageError
from salviewer.media.images import SCREEN_KEY
from salviewer.webpages.devtools import BrowserGoneError, DevTools, DevToolsError, Message
from salviewer.webpages.elements import SCRIPT, elements_of
from salviewer.webpages.page import SCROLLING, Page, PageRequest
from salviewer.webpages.traffic import Traffic
from salviewer.webpages.viewports import Viewport

MOST_SCREENS = 30
"""Most screens of a whole page."""

MOST_PIXELS = 100_000_000
"""Most pixels of a whole page's picture."""

_QUIET = 0.5  # seconds without requests after which a page is complete
_LONGEST_QUIET = 6.0  # seconds to wait for that
_STRIP = 4000  # most rows of a page, in pixels of the picture, that are taken at once


class Visit:
    """One page in one window of a browser.

    Args:
        tools: speak with the browser.
        traffic: what the page asks for.
        session: of the window's target.
        frame: the window's.
        request: what to draw.
        agent: the browser's own user agent.
    """

    def __init__(
        self, tools: DevTools, traffic: Traffic, session: str, frame: str, request: PageRequest, agent: str
    ) -> None:
        self._tools, self._traffic, self._session, self._frame = tools, traffic, session, frame
        self._request, self._agent = request, agent
        self._world: int | None = None

    def draw(self) -> Page:
        """Open the page, wait until it is there, and take its picture.

        Raises:
            WebPageError: it cannot be opened, or must not be.
            DevToolsError: the browser does not do it.
        """
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
        agent = self._agent.replace("Headless", "")
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
        texts = PngInfo()
        texts.add_text(SCREEN_KEY, str(view.size[1]))
        whole.save(stream, "PNG", compress_level=1, pnginfo=texts)
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
