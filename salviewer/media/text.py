"""Draw texts in every script: shaped, in reading order, with a font that has the characters.

Pillow shapes with HarfBuzz and orders with FriBidi, both through Raqm; this module adds the fallback from one
font to another. Pillow's wheels contain Raqm but load FriBidi from the system (`libfribidi.so.0`,
`libfribidi.dylib`, `fribidi.dll`). Without it, letters are neither joined nor combined; right-to-left text is
still put in order.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont, features

from salviewer.core.text_drawing import Colour, DrawnText
from salviewer.media.fonts import has, shipped_font, system_fonts

_FINE = 4  # factor by which letters are drawn larger, then averaged
_BITMAP_SIZES = (109, 136, 128, 160)  # pixels, of fonts with pictures of emoji instead of outlines
_RTL = frozenset({"R", "AL", "RLE", "RLO", "RLI"})
_INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Me", "Zl", "Zp"})  # categories that need no glyph of their own

_log = logging.getLogger(__name__)


class _Run(NamedTuple):
    text: str
    font: Path
    rtl: bool


class ShapingRenderer:
    """The `TextRenderer` of all written pictures. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reported: set[str] = set()
        self._unreported: set[str] = set()

    def width(self, text: str, height: float) -> float:
        """Return the width, as `TextRenderer` describes."""
        size = _em(height) * _FINE
        return sum(_length(run, size) for run in self._runs(text)) / _FINE

    def draw(self, text: str, height: float, colour: Colour, centre: tuple[float, float]) -> DrawnText:
        """Draw a text, as `TextRenderer` describes."""
        size, runs = _em(height) * _FINE, self._runs(text)
        long = sum(_length(run, size) for run in runs)
        room = 1.2 * size  # on all sides, for glyphs that exceed their box
        left = int(np.floor(centre[0] - long / _FINE / 2 - room / _FINE))
        top = int(np.floor(centre[1] - room / _FINE))
        wide, tall = (int(np.ceil((long + 2 * room) / _FINE)) + 1, int(np.ceil(2 * room / _FINE)) + 1)
        image = Image.new("RGBA", (wide * _FINE, tall * _FINE), (*colour, 0))
        x = (centre[0] - left) * _FINE - long / 2
        baseline = (centre[1] - top + height / 2) * _FINE
        for run in runs:
            _draw_run(image, run, size, x, baseline, colour)
            x += _length(run, size)
        reduced = image.convert("RGBa").reduce(_FINE).convert("RGBA")
        return DrawnText(np.array(reduced, np.uint8), left, top)

    def take_missing(self) -> str:
        """Return the characters drawn so far that no font has; each is returned once per process."""
        with self._lock:
            found = "".join(sorted(self._unreported))
            self._reported |= self._unreported
            self._unreported.clear()
        return found

    def _runs(self, text: str) -> Sequence[_Run]:
        runs, missing = _split(text)
        with self._lock:
            self._unreported |= set(missing) - self._reported
        return runs


renderer = ShapingRenderer()
"""The renderer that core uses."""


def missing_note() -> str:
    """Return a clause about newly drawn characters that no font has; "" for none."""
    found = renderer.take_missing()
    if not found:
        return ""
    named = " ".join(found[:10]) + (" …" if len(found) > 10 else "")
    return f"no font on this computer has {named}; boxes stand for them"


@lru_cache(maxsize=2048)
def _split(text: str) -> tuple[tuple[_Run, ...], str]:
    """Split into runs of one font, left to right as drawn; also return characters that no font has."""
    visible = [c for c in dict.fromkeys(text) if _shows(c)]
    first = shipped_font()
    offered = (first, *_others(visible, first))
    alone = next((font for font in offered if all(has(font, c) for c in visible)), None)
    if alone is not None:
        if not shapes() and any(unicodedata.bidirectional(c) in _RTL for c in text):
            return tuple(_in_order(_by_direction(text, alone))), ""
        return (_Run(text, alone, False),), ""
    fonts: list[Path] = []
    missing = []
    for character in text:
        neutral = unicodedata.category(character)[0] in "NPZ" and not character.isascii()
        if fonts and (not _shows(character) or (neutral and has(fonts[-1], character))):
            fonts.append(fonts[-1])  # the same font as the character before
            continue
        font = next((font for font in offered if has(font, character)), None)
        if font is None and _shows(character):
            missing.append(character)
        fonts.append(font or first)
    placed = zip(text, fonts, _directions(text), strict=True)
    runs = [
        _Run("".join(item[0] for item in part), chosen, rtl)
        for (chosen, rtl), part in groupby(placed, key=lambda item: (item[1], item[2]))
    ]
    return tuple(_in_order(runs)), "".join(missing)


def _shows(character: str) -> bool:
    """Return whether it needs a glyph of its own."""
    return not character.isspace() and unicodedata.category(character) not in _INVISIBLE


def _others(visible: Sequence[str], first: Path) -> Sequence[Path]:
    """Return the system's fonts if the shipped font does not suffice."""
    return () if all(has(first, c) for c in visible) else system_fonts()


def _by_direction(text: str, font: Path) -> list[_Run]:
    return [
        _Run("".join(c for c, _ in part), font, rtl)
        for rtl, part in groupby(zip(text, _directions(text), strict=True), key=lambda item: item[1])
    ]


def _directions(text: str) -> list[bool]:
    """Return whether each character runs right to left; neutral ones follow their neighbours or the text."""
    classes = [unicodedata.bidirectional(c) for c in text]
    base = next((c in _RTL for c in classes if c in _RTL or c == "L"), False)
    strong = [True if c in _RTL else False if c in ("L", "EN", "AN") else None for c in classes]
    found: list[bool] = []
    for place, each in enumerate(strong):
        if each is None:
            before = found[-1] if found else base
            after = next((s for s in strong[place:] if s is not None), base)
            each = before if before == after else base
        found.append(each)
    return found


def _in_order(runs: Sequence[_Run]) -> list[_Run]:
    """Reorder runs from reading order to left to right."""
    strong = {*_RTL, "L"}
    decided = (run.rtl for run in runs if any(unicodedata.bidirectional(c) in strong for c in run.text))
    base = next(decided, False)
    ordered: list[_Run] = []
    for rtl, group in groupby(runs, key=lambda run: run.rtl):
        part = list(group)
        if rtl:
            part.reverse()
        ordered = part + ordered if base else ordered + part
    if shapes():
        return ordered
    return [run._replace(text=run.text[::-1]) if run.rtl else run for run in ordered]


@lru_cache(maxsize=1)
def shapes() -> bool:
    """Return whether letters are joined and combined: Raqm is there, and the FriBidi that it loads."""
    if features.check("raqm"):
        return True
    _log.warning("texts are drawn without shaping, since FriBidi (libfribidi) is not installed")
    return False


@lru_cache(maxsize=256)
def _font(path: Path, size: float) -> tuple[ImageFont.FreeTypeFont, float]:
    """Return a font and the factor by which to shrink its output, for bitmap fonts; else 1."""
    try:
        return ImageFont.truetype(str(path), size), 1.0
    except OSError:
        for fixed in _BITMAP_SIZES:
            try:
                return ImageFont.truetype(str(path), fixed), size / fixed
            except OSError:
                continue
        return ImageFont.truetype(str(shipped_font()), size), 1.0


@lru_cache(maxsize=64)
def _em(height: float) -> float:
    """Return the size of the font whose digits have this height."""
    box = ImageFont.truetype(str(shipped_font()), 1000).getbbox("0")
    return 1000 * height / (box[3] - box[1])


def _length(run: _Run, size: float) -> float:
    font, scale = _font(run.font, size)
    return float(font.getlength(run.text)) * scale


def _draw_run(image: Image.Image, run: _Run, size: float, x: float, baseline: float, colour: Colour) -> None:
    font, scale = _font(run.font, size)
    if scale == 1:
        pen = ImageDraw.Draw(image)
        pen.text((x, baseline), run.text, fill=(*colour, 255), font=font, anchor="ls", embedded_color=True)
        return
    wide = max(1, int(font.getlength(run.text)) + 2)
    above, below = font.getmetrics()
    layer = Image.new("RGBA", (wide, above + below), (*colour, 0))
    pen = ImageDraw.Draw(layer)
    pen.text((0, above), run.text, fill=(*colour, 255), font=font, anchor="ls", embedded_color=True)
    smaller = layer.resize((max(1, round(wide * scale)), max(1, round(layer.height * scale))))
    image.alpha_composite(smaller, (max(0, round(x)), max(0, round(baseline - above * scale))))
