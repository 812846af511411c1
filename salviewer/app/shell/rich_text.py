"""Pictures in copied text: HTML with a picture in it, an address with the data in it, and SVG as text."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData

_IMG = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_DATA = re.compile(r"\s*data:image/[\w.+-]+((?:;[\w=.+-]+)*),(.*)", re.IGNORECASE | re.DOTALL)
_SVG = re.compile(r"\s*(?:<\?xml|<!--|<!doctype\s+svg|<svg[\s>])", re.IGNORECASE)
_HEAD = 4000  # characters in which the first tag of an SVG stands


def picture_in(mime: QMimeData) -> bytes | None:
    """Return the encoded picture that the text of a clipboard or drop has in it; None if there is none.

    Nothing is fetched: a picture counts only if its data is there.
    """
    for source in _sources(mime):
        data = data_of(source)
        if data is not None:
            return data
    text = mime.text() if mime.hasText() else ""
    if _SVG.match(text) and "<svg" in text[:_HEAD].lower():
        return text.strip().encode()
    return data_of(text) if text else None


def names_picture(mime: QMimeData) -> bool:
    """Return whether its HTML shows a picture whose data is not there."""
    return bool(_sources(mime))


def data_of(address: str) -> bytes | None:
    """Return the data of a ``data:image/...`` address; None for any other, and for damaged data."""
    found = _DATA.match(address)
    if found is None:
        return None
    body = unquote_to_bytes(found[2])
    if ";base64" not in found[1].lower():
        return body or None
    try:
        return base64.b64decode(re.sub(rb"\s+", b"", body), validate=True) or None
    except binascii.Error:
        return None


def _sources(mime: QMimeData) -> list[str]:
    if not mime.hasHtml():
        return []
    import html

    return [html.unescape(next(filter(None, found), "")) for found in _IMG.findall(mime.html())]
