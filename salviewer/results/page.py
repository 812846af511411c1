"""Parts that all HTML pages of the program share. Each page is one file, loads nothing and has no scripts."""

from __future__ import annotations

import base64
from html import escape

import numpy as np
from numpy.typing import NDArray

from salviewer.media.encoding import Format, encode
from salviewer.texts import language

STYLE = """
:root { --ink: #1c2127; --muted: #5a6370; --rule: #dfe3e8; --strong: #9aa2ad; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); -webkit-print-color-adjust: exact; print-color-adjust: exact;
  font-family: Inter, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
h1 { line-height: 1.2; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-weight: 650; }
header p, figcaption, .more, dt, th, footer { color: var(--muted); }
figure { margin: 0; }
img { width: auto; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; font-weight: 400; border-bottom: .5px solid var(--rule); white-space: nowrap; }
th { border-bottom-color: var(--strong); }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal;
  overflow-wrap: anywhere; }
"""
"""Colours by name, fonts and tables, on white; pages add sizes and positions."""


def document(title: str, style: str, body: str) -> str:
    """Return a whole page with `STYLE` and then `style`; `title` is text, `body` is HTML."""
    return f"""<!DOCTYPE html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="salviewer">
<title>{text(title)}</title>
<style>{STYLE}{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def image(pixels: NDArray[np.uint8], fmt: Format, name: str, *, quality: int = 90) -> str:
    """Embed a picture at its own size, or as the style sheet says; `name` is its alternative text."""
    data = base64.b64encode(encode(pixels, fmt, quality=quality)).decode()
    height, width = pixels.shape[:2]
    kind = fmt.lower()
    return f'<img alt="{text(name)}" width="{width}" height="{height}" src="data:image/{kind};base64,{data}">'


def figure(pixels: NDArray[np.uint8], caption: str, *, quality: int = 90) -> str:
    """Embed a photograph with a caption."""
    shown = image(pixels, "JPEG", caption, quality=quality)
    return f"<figure>{shown}<figcaption>{text(caption)}</figcaption></figure>"


def text(words: str) -> str:
    """Escape text for HTML. File names may contain undecodable bytes, which a page must not."""
    return escape(words.encode("utf-8", "replace").decode())
