"""Addresses of streams: what is one, how it may be shown, and what files that are made of it are called."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PARTS = re.compile(r"([a-z][a-z0-9+.-]+:/{1,2})([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)  # as a path: one /
_PARAMETER = re.compile(r"([?&;#])([^=?&;#]+)=((?:(?!\?[^=?&;#]+=)[^&;#])*)")
_SECRET = re.compile(
    r"token|key|auth|sig|secret|pas|pwd|cred|session|sid|jwt|hmac|hash|nonce|code|policy|ticket",
    re.IGNORECASE,
)
HIDDEN = "***"


def is_address(ref: str) -> bool:
    """Whether this is the address of a stream, ``rtsp://...`` say, not a file."""
    return bool(_ADDRESS.match(ref)) and not ref.lower().startswith("file:")


def fit_to_show(ref: str) -> str:
    """An address without what nobody else may see; anything else as it is.

    User name and password are left out, and the values of parameters whose names say that they are secret
    (token, key, auth, signature, password and their like) are replaced. To be used wherever an address is
    shown, written or kept: lines, JSON, logs, titles, reports, settings.
    """
    match = _PARTS.fullmatch(ref)
    if match is None or match[1].lower().startswith("file:"):
        return ref
    scheme, authority, rest = match.groups()
    _, at, host = authority.rpartition("@")
    if not at and "@" in rest and re.search(r":[^:\]]*\D[^:\]]*$", authority):
        # A slash or the like in a password that is not written as %2F: "host:port" with letters for a port.
        host, rest = "", rest.rpartition("@")[2]
    return scheme + host + _PARAMETER.sub(_hidden, rest)


def stem_of(ref: str) -> str:
    """What the files are called that are made of a stream: the last part of its path, or its host."""
    match = _PARTS.fullmatch(fit_to_show(ref))
    if match is None:
        return "stream"
    path = re.split(r"[?#;]", match[3])[0].rstrip("/").rpartition("/")[2]
    name = path.rpartition(".")[0] or path or match[2]
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "stream"


def _hidden(parameter: re.Match[str]) -> str:
    before, name, value = parameter.groups()
    return f"{before}{name}={HIDDEN if value and _SECRET.search(name) else value}"
