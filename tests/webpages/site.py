"""A web site on loopback with pages of every kind, hostile ones too."""

from __future__ import annotations

import http.server
import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from PIL import Image

HTML = "text/html; charset=utf-8"

INDEX = """<!doctype html><html><head><title>Larks &amp; Co</title>
<meta name=viewport content="width=device-width"><style>
body{margin:0;font:18px sans-serif} header{padding:20px;background:#eee}
.hero{padding:60px;background:#246;color:#fff}
.buy{background:#e63;color:#fff;padding:14px 24px;display:inline-block}
section{height:1000px;padding:40px}
@media (prefers-color-scheme: dark){body{background:#111;color:#eee}}
@media (max-width: 500px){.wide{display:none}}
</style></head><body>
<header><nav><a href="/a">Home</a> <a href="/b">Shop</a></nav></header>
<div class=hero><h1>Binoculars for birds</h1><a class=buy href=/buy>Buy now</a>
<button aria-label="Add to cart">+</button></div>
<h2><a href=x>Cheap ones</a></h2><img src=pic.png alt="A lark" width=300 height=120>
<p><span>€ 129.00</span></p><h3 style="display:none">Hidden</h3><h2 class=wide>For desks</h2>
<form aria-label="Newsletter"><input name=mail><input type=submit value=Subscribe></form>
<section><h2>Second</h2></section>
<section style="background:linear-gradient(red,blue)"><h2>Third</h2></section>
</body></html>"""

PAGES = {
    "/index.html": INDEX,
    "/slow.html": "<title>Slow</title><h1>Here</h1><img src=/never.png>",
    "/alerts.html": "<h1>Alerts</h1><script>alert(1);confirm(2);onbeforeunload=()=>1;print()</script>",
    "/busy.html": "<h1>Busy</h1><script>onload=()=>setTimeout(()=>{for(;;);},50)</script>",
    "/again.html": "<h1>Again</h1><script>location='/again.html?'+Math.random()</script>",
    "/popups.html": "<h1>Popups</h1><script>for(let i=0;i<9;i++)open('/popup')</script>",
    "/gets-download.html": "<h1>Gets</h1><script>location='/download'</script>",
    "/tall.html": "<h1>Tall</h1>"
    + "<p style='height:900px;background:linear-gradient(#fff,#48c)'>x</p>" * 60,
    "/crowded.html": "<h1>Crowded</h1>" + "<div><button>b</button></div>" * 60_000,
    "/inside.html": "<h1>Inside</h1><img src='file:///etc/hostname'><iframe src='file:///etc/passwd'></iframe>",
}


@dataclass
class Site:
    """A site that is being served.

    Attributes:
        url: without a slash at its end.
        asked: the paths that were asked for, in order.
        ended: set when the test ends.
    """

    url: str
    asked: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, path: str, seconds: float = 60) -> None:
        """Wait until somebody asks for a path."""
        end = time.monotonic() + seconds
        while path not in self.asked:
            assert time.monotonic() < end, f"nobody asked for {path}, but for {self.asked}"
            self.ended.wait(0.05)


@contextmanager
def serve() -> Iterator[Site]:
    """Serve the site until the block ends; as a proxy, ``http://larks.test/PATH`` is ``/PATH``."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 20

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            site.asked.append(path)
            with suppress(OSError):
                ANSWERS.get(path, _page)(self, site)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True).start()
    try:
        yield site
    finally:
        site.ended.set()
        server.shutdown()
        server.server_close()


Handler = http.server.BaseHTTPRequestHandler


def _send(to: Handler, kind: str, body: bytes, status: int = 200, **headers: str) -> None:
    to.send_response(status)
    to.send_header("Content-Type", kind)
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


def _page(to: Handler, site: Site) -> None:
    text = PAGES.get(urlsplit(to.path).path)
    _send(to, HTML, (text or "<h1>Nothing here</h1>").encode(), 200 if text else 404)


def two_pages() -> bytes:
    """A PDF file with two pages, a red one and a blue one."""
    stream = io.BytesIO()
    first, second = (Image.new("RGB", (200, 150), colour) for colour in ("#c00", "#00c"))
    first.save(stream, "PDF", save_all=True, append_images=[second])
    return stream.getvalue()


def _moved(place: str) -> Callable[[Handler, Site], None]:
    def answer(to: Handler, site: Site) -> None:
        _send(to, HTML, b"", 302, Location=place.format(site=site.url))

    return answer


def _picture(to: Handler, site: Site) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (300, 120), (30, 160, 90)).save(stream, "PNG")
    _send(to, "image/png", stream.getvalue())


def _never(to: Handler, site: Site) -> None:
    site.ended.wait(60)


def _endless(to: Handler, site: Site) -> None:
    _send(to, HTML, b"<h1>Endless</h1>")
    while not site.ended.is_set():
        to.wfile.write(b"<!--" + b"x" * (1 << 20) + b"-->")


ANSWERS: dict[str, Callable[[Handler, Site], None]] = {
    "/pic.png": _picture,
    "/never": _never,
    "/never.png": _never,
    "/loop": _moved("/loop"),
    "/moved": _moved("/index.html"),
    "/to-private": _moved("{site}/index.html"),
    "/to-file": _moved("file:///etc/passwd"),
    "/download": lambda to, site: _send(
        to, "application/zip", b"PK", Content_Disposition="attachment; filename=a.zip"
    ),
    "/stream": lambda to, site: _send(to, "multipart/x-mixed-replace; boundary=frame", b""),
    "/playlist": lambda to, site: _send(to, "application/vnd.apple.mpegurl", b"#EXTM3U"),
    "/archive": lambda to, site: _send(to, "application/zip", b"PK"),
    "/two.pdf": lambda to, site: _send(to, "application/pdf", two_pages()),
    "/locked": lambda to, site: _send(to, HTML, b"<h1>Who?</h1>", 401),
    "/endless.html": _endless,
}
