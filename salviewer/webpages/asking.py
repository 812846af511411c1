"""Ask a server what an address is: a page, a picture or a stream."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from salviewer.addresses import is_web
from salviewer.errors import WebPageError
from salviewer.media.formats import PICTURE_SUFFIXES
from salviewer.media.video_suffixes import VIDEO_SUFFIXES
from salviewer.webpages.safety import MOST_REDIRECTS, Rule

Kind = Literal["page", "picture", "stream"]

SECONDS = 10.0
"""How long a server may take to say what an address is."""

LARGEST_PICTURE = 128 * 2**20

_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "image/svg+xml", "application/xml", "text/xml")
_STREAM_LISTS = ("application/vnd.apple.mpegurl", "application/x-mpegurl", "application/dash+xml")
_STREAMS = ("multipart/", "video/", "audio/", "application/octet-stream", "application/ogg", *_STREAM_LISTS)
_DOCUMENTS = ("application/pdf", "application/x-pdf", "application/illustrator", "application/postscript")
_UNTOLD = ("application/octet-stream", "binary/octet-stream")
_STREAM_SUFFIXES = (*VIDEO_SUFFIXES, ".m3u8", ".mpd", ".mjpg", ".mjpeg", ".ts", ".sdp")
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; salviewer)",
    "Accept": "text/html,application/xhtml+xml,image/*;q=0.8,*/*;q=0.5",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says of an address.

    Attributes:
        kind: how to open it; a document such as a PDF file is a picture.
        content: the bytes of a picture; else empty.
    """

    kind: Kind
    content: bytes = b""


def ask(address: str, seconds: float = SECONDS) -> Answer:
    """Ask what an address is; a picture is fetched at once.

    Addresses of other schemes, those that end like a video or a playlist, and what is no page and no
    picture are streams: the opener of streams says what is wrong with them.

    Args:
        address: as the user typed it.
        seconds: how long each step may take.

    Raises:
        WebPageError: there is no answer, it is a download or an error, a redirect is refused, or a picture
            is too large.
    """
    if not is_web(address) or urlsplit(address).path.lower().endswith(_STREAM_SUFFIXES):
        return Answer("stream")
    rule, now = Rule(address), address
    for _ in range(MOST_REDIRECTS + 1):
        if now != address and (objection := rule.objection(now)):
            raise WebPageError(address, objection)
        try:
            with closing(_connection(now, seconds)) as connection:
                connection.request("GET", _path(now), headers=_HEADERS | _sign_in(now))
                direct = connection.sock is not None and not _proxy_of(now)
                ip = connection.sock.getpeername()[0] if direct else ""
                if objection := rule.objection_to_server(ip):
                    raise WebPageError(address, objection)
                response = connection.getresponse()
                target = response.getheader("Location")
                if response.status in (301, 302, 303, 307, 308) and target:
                    now = urljoin(now, quote(target, safe="%/:=&?~#+!$,;'@()*[]"))
                    continue
                return _answer(address, response)
        except http.client.HTTPException as error:
            if isinstance(error, http.client.BadStatusLine):  # such as a radio's "ICY 200 OK"
                return Answer("stream")
            raise WebPageError(address, "the server's answer makes no sense") from error
        except ssl.SSLError:
            return Answer("page")  # the browser has the system's certificates, and says what is wrong
        except (OSError, ValueError) as error:
            raise WebPageError(address, _reason(error, seconds)) from error
    raise WebPageError(address, "it redirects without end")


def _answer(address: str, response: http.client.HTTPResponse) -> Answer:
    status, kind = response.status, response.headers.get_content_type()
    given = response.getheader("Content-Type") is not None
    is_page = given and kind in _PAGES
    if status == 401 or (status >= 400 and not is_page):
        return Answer("stream")  # cameras ask for passwords in ways that only the opener of streams knows
    if status >= 400:
        raise WebPageError(address, f"the server answers {status} {response.reason}")
    if (response.getheader("Content-Disposition") or "").strip().lower().startswith("attachment"):
        raise WebPageError(address, "it is a download, not a page; save the file and open it")
    if is_page:
        return Answer("page")
    named = PurePosixPath(urlsplit(address).path).suffix.lower() in PICTURE_SUFFIXES
    if given and (kind.startswith("image/") or kind in _DOCUMENTS or (kind in _UNTOLD and named)):
        content = response.read(LARGEST_PICTURE + 1)
        if len(content) > LARGEST_PICTURE:
            raise WebPageError(address, f"the picture has more than {LARGEST_PICTURE >> 20} MB")
        return Answer("picture", content)
    if given and not kind.startswith(_STREAMS):
        raise WebPageError(address, f"the server sends {kind}, which is no page, picture or video")
    return Answer("stream")


def _connection(address: str, seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    if not parts.hostname:
        raise ValueError("it names no server")
    secure = parts.scheme.lower() == "https"
    proxy = urlsplit(_proxy_of(address))
    host, port = (proxy.hostname, proxy.port) if proxy.hostname else (parts.hostname, parts.port)
    if not secure:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    if proxy.hostname:
        connection.set_tunnel(parts.hostname, parts.port)
    return connection


def _proxy_of(address: str) -> str:
    """Return the proxy that the system names for an address, "" for none."""
    parts = urlsplit(address)
    proxy = getproxies().get(parts.scheme.lower(), "")
    if not proxy.startswith("http://") or not parts.hostname or proxy_bypass(parts.hostname):
        return ""
    return proxy


def _path(address: str) -> str:
    parts = urlsplit(address)
    path = quote(parts.path or "/", safe="%/:=&?~+!$,;'@()*[]")
    query = quote(parts.query, safe="%/:=&?~+!$,;'@()*[]")
    if parts.scheme.lower() == "http" and _proxy_of(address):
        return urlunsplit(("http", parts.netloc.rpartition("@")[2], path, query, ""))
    return urlunsplit(("", "", path, query, ""))


def _sign_in(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"the server gave no answer within {seconds:g} s"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "there is no server of this name"
    if isinstance(error, ConnectionRefusedError):
        return "no server answers there"
    if isinstance(error, OSError):
        return f"the server cannot be reached ({(error.strerror or str(error)).lower()})"
    return str(error)
