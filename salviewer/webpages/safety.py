"""Which addresses may be opened: http and https, and no way from a public address to a private one."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from salviewer.addresses import fit_to_show

WEB = ("http", "https")
MOST_REDIRECTS = 10
"""Most redirects of one request, and most pages that a page may send the browser on to."""

_INLINE = ("data", "blob", "about", "filesystem")
_OWN_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Rule:
    """What a page, and everything it asks for, may open.

    A private address (loopback, the local network) may be opened because the user typed it. If a public one
    was typed, nothing may lead to a private one: no redirect, frame, picture or script.

    Args:
        typed: the address that the user typed.
    """

    def __init__(self, typed: str) -> None:
        self._public = not is_private(typed)

    def objection(self, address: str) -> str:
        """Return why an address must not be opened, as a clause; "" if it may."""
        scheme = scheme_of(address)
        if scheme in _INLINE:
            return ""
        if scheme not in WEB:
            return f"it leads to {fit_to_show(address)[:80]}, and only http and https are opened"
        if self._public and is_private(address):
            return f"it leads from a public address to a private one, {host_of(address)}; this is refused"
        return ""

    def objection_to_server(self, ip: str) -> str:
        """Return why the machine that answered must not be read, as a clause; "" if it may."""
        if self._public and ip and _is_private_number(ip.strip("[]")):
            return f"its public address belongs to a private machine, {ip}; this is refused"
        return ""


def scheme_of(address: str) -> str:
    """Return the scheme in lower case, "" for none."""
    return address.partition(":")[0].lower()


def host_of(address: str) -> str:
    """Return the host in lower case, "" if there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def is_private(address: str) -> bool:
    """Return whether an address is this computer's or the local network's; may ask the name server."""
    host = host_of(address)
    if not host or host == "localhost" or host.endswith(_OWN_NAMES):
        return True
    return any(_is_private_number(number) for number in _numbers(host))


def _is_private_number(number: str) -> bool:
    try:
        ip = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        else:
            ip = ip.ipv4_mapped or ip.sixtofour or ip
    return not ip.is_global or ip.is_multicast


@lru_cache(maxsize=1024)
def _numbers(host: str) -> Iterable[str]:
    """Return the addresses of a host; none where it has no entry, as behind a proxy."""
    try:
        return tuple({str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError):
        return ()
