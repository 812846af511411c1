"""Recognise addresses of streams and pages, hide their secrets, and derive file names from them."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PARTS = re.compile(r"([a-z][a-z0-9+.-]+:/{1,2})([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)  # as a path: one /
_PARAMETER = re.compile(r"([?&;#])([^=?&;#]+)=((?:(?!\?[^=?&;#]+=)[^&;#])*)")
_SECRET = re.compile(
    r"token|key|auth|sig|secret|pas|pwd|cred|session|sid|streamid|jwt|hmac|hash|nonce|code|policy|ticket",
    re.IGNORECASE,
)
_IN_PATH = re.compile(r"([/;,~])([^/;,~=]+)=([^/;,~]*)")
_KEYED = "rtmp"
HIDDEN = "***"


def is_address(ref: str) -> bool:
    """Return whether this is the address of a stream, such as ``rtsp://...``, and not a file."""
    return bool(_ADDRESS.match(ref)) and not ref.lower().startswith("file:")


def is_screen(ref: str) -> bool:
    """Return whether this is a part of the screen, such as ``screen:0,0,640,480``, and not a file."""
    return ref.lstrip()[:7].lower() == "screen:"


def is_web(ref: str) -> bool:
    """Return whether this is an http or https address, whose server has to say what it is."""
    return ref.lower().startswith(("http://", "https://"))


def fit_to_show(ref: str) -> str:
    """Return an address without its secrets; any other text is returned unchanged.

    User name and password are removed, and the values of parameters with secret-sounding names (token, key,
    auth, signature, password and the like) are replaced, in the path too (``;token=...``). The last
    part of an RTMP path of several parts is the stream's key, and is replaced. Use it wherever an address is
    shown, written or stored: lines, JSON, logs, titles, reports, settings.
    """
    match = _PARTS.fullmatch(ref)
    if match is None or match[1].lower().startswith("file:"):
        return ref
    scheme, authority, rest = match.groups()
    _, at, host = authority.rpartition("@")
    if not at and "@" in rest and re.search(r":[^:\]]*\D[^:\]]*$", authority):
        # An unescaped slash (or similar) in a password looks like "host:port" with letters in the port.
        host, rest = "", rest.rpartition("@")[2]
    path, mark, parameters = re.fullmatch(r"([^?#]*)([?#]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    path = _IN_PATH.sub(_hidden, path)
    if scheme.lower().startswith(_KEYED):
        path = re.sub(r"(/[^/]+/(?:[^/]+/)*)[^/]+(/*)$", rf"\1{HIDDEN}\2", path)
    return scheme + host + path + _PARAMETER.sub(_hidden, mark + parameters)


def stem_of(ref: str) -> str:
    """Return a name for files made from a stream: the last part of its path, or its host."""
    if is_screen(ref):
        return "screen"
    match = _PARTS.fullmatch(fit_to_show(ref))
    if match is None:
        return "stream"
    parts = re.split(r"[?#;]", match[3])[0].removesuffix(HIDDEN).rstrip("/").split("/")
    path = parts[-1]
    name = path.rpartition(".")[0] or path or match[2]
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "stream"


def _hidden(parameter: re.Match[str]) -> str:
    before, name, value = parameter.groups()
    return f"{before}{name}={HIDDEN if value and _SECRET.search(name) else value}"
