"""Find out why a stream's address cannot be opened if libavformat does not say."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, suppress
from urllib.parse import urljoin, urlsplit

from salviewer.addresses import fit_to_show

_SECONDS = 2.0
_REDIRECTS = 10
_CLEAR = {
    "ConnectionRefusedError",
    "ConnectionResetError",
    "HTTPUnauthorizedError",
    "HTTPForbiddenError",
    "HTTPNotFoundError",
    "ProtocolNotFoundError",
    "DecoderNotFoundError",
    "TimeoutError",
    "ExitError",
}


def why_not_opened(url: str, error: BaseException) -> str:
    """Return a clause for libavformat's input/output error or invalid data; empty if no reason is found.

    Looks up the host and asks its HTTP server for a header. Takes a few seconds at most.
    """
    if type(error).__name__ in _CLEAR:
        return ""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "this is no valid address"
    if host and not _is_known(host):
        return f'the host "{host}" is not known (DNS)'
    if parts.scheme.lower() in ("http", "https"):
        import http.client

        with suppress(OSError, http.client.HTTPException, ValueError):
            return _asked(url)
    return ""


def _is_known(host: str) -> bool:
    """Return whether the host has an address; True if that is not known in time."""
    unknown = threading.Event()
    done = threading.Event()

    def ask() -> None:
        try:
            socket.getaddrinfo(host, None)
        except socket.gaierror:
            unknown.set()
        except (OSError, UnicodeError):
            pass
        done.set()

    threading.Thread(target=ask, name="host look-up", daemon=True).start()
    done.wait(_SECONDS)
    return not unknown.is_set()


def _asked(url: str) -> str:
    import http.client

    seen = {url}
    for _ in range(_REDIRECTS):
        parts = urlsplit(url)
        secure = parts.scheme.lower() == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        with closing(kind(parts.hostname or "", parts.port, timeout=_SECONDS)) as connection:
            connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
            answer = connection.getresponse()
            to = answer.getheader("Location")
            if 300 <= answer.status < 400 and to:
                url = urljoin(url, to)
                if url in seen:
                    return f"it redirects in a circle, to {fit_to_show(url)}"
                seen.add(url)
                continue
            if answer.status >= 400:
                return f"the server answered {answer.status} {answer.reason}".rstrip()
            content = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
            if content in ("text/html", "application/xhtml+xml"):
                return "that is a web page, not a stream; the stream has an address of its own"
            if content.startswith("text/") or content in ("application/json", "application/xml"):
                return f"the server sends {content} there, not a stream"
            return ""
    return f"it redirects more than {_REDIRECTS} times"
