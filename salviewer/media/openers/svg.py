"""SVG drawings as pixels, without scripts and outside references. Runs in the process that draws."""

from __future__ import annotations

import io
import re
import zlib
from functools import cache
from typing import IO, Any
from xml.etree import ElementTree

import resvg_py
from PIL import Image

from salviewer.media import fonts
from salviewer.media.openers import limits
from salviewer.media.openers.drawn import Drawn
from salviewer.media.openers.refusals import UnreadableError

_CSS_DPI = 96
_LEAST = 1024
"""Pixels of the longer side, at least: an icon of 16 pixels is drawn larger, since a drawing has no grain."""

_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
}
_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_FAMILIES = {
    "sans_serif_family": (
        ("arial.ttf", "Arial"),
        ("liberationsans-regular.ttf", "Liberation Sans"),
        ("dejavusans.ttf", "DejaVu Sans"),
        ("notosans-regular.ttf", "Noto Sans"),
    ),
    "serif_family": (
        ("times.ttf", "Times New Roman"),
        ("times new roman.ttf", "Times New Roman"),
        ("liberationserif-regular.ttf", "Liberation Serif"),
        ("dejavuserif.ttf", "DejaVu Serif"),
    ),
    "monospace_family": (
        ("cour.ttf", "Courier New"),
        ("courier new.ttf", "Courier New"),
        ("liberationmono-regular.ttf", "Liberation Mono"),
        ("dejavusansmono.ttf", "DejaVu Sans Mono"),
    ),
}
_TEXTS = frozenset({"text", "tspan", "textPath", "tref"})
_DEEPEST = 400  # groups in groups; the renderer's stack ends a little further down


def draw(stream: IO[bytes], dpi: float, most: int) -> Drawn:
    """Draw an SVG file, on white.

    Args:
        stream: the file, plain or compressed by gzip.
        dpi: pixels per inch, where the drawing's own units have 96.
        most: pixels of the result.

    Raises:
        UnreadableError: it is damaged, empty or too large.
    """
    root = _parsed(_content(stream))
    notes, texts = _clean(root)
    size = _size(root)
    if size is not None:
        width, height = size
        zoom = max(dpi / _CSS_DPI, _LEAST / max(width, height))
        most = min(most, limits.SVG_PIXELS)
        largest = min((most / (width * height)) ** 0.5 * 0.999, limits.SVG_SIDE / max(width, height))
        if zoom > largest:
            zoom = largest
            notes.append(f"drawn at {zoom * _CSS_DPI:.3g} pixels per inch, since it is very large")
        if not root.get("viewBox"):
            root.set("viewBox", f"0 0 {width:.9g} {height:.9g}")
        root.set("width", str(max(1, round(width * zoom))))
        root.set("height", str(max(1, round(height * zoom))))
    text = ElementTree.tostring(root, encoding="unicode")
    del root
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=text,
            background="white",
            skip_system_fonts=not texts,
            **(_fonts() if texts else {}),
            width=1600 if size is None else None,
        )
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        raise UnreadableError("its SVG data are damaged, or it has nothing to draw") from error
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        rgb = image.convert("RGB")
    return Drawn("RGB", rgb.size, rgb.tobytes(), "; ".join(notes))


@cache
def _fonts() -> dict[str, Any]:
    """Return fonts for families that this system does not have: without them, texts would not be drawn."""
    there = {path.name.lower() for path in fonts.system_fonts()}
    chosen: dict[str, Any] = {"font_files": [str(fonts.shipped_font())]}
    for kind, wanted in _FAMILIES.items():
        chosen[kind] = next((family for file, family in wanted if file in there), "DejaVu Sans")
    return chosen | {"font_family": chosen["sans_serif_family"]}


def _content(stream: IO[bytes]) -> bytes:
    content = stream.read(limits.SVG_BYTES + 1)
    if content.startswith(b"\x1f\x8b"):
        try:
            content = zlib.decompressobj(wbits=31).decompress(content, limits.SVG_BYTES + 1)
        except zlib.error as error:
            raise UnreadableError("its SVG data are damaged") from error
    if len(content) > limits.SVG_BYTES:
        raise UnreadableError(f"it has more than {limits.SVG_BYTES // 2**20} MB of drawing instructions")
    return content


def _parsed(content: bytes) -> ElementTree.Element:
    """Parse a file; entities outside it are never fetched, and those that multiply are refused by expat."""
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    root: ElementTree.Element | None = None
    deep = 0
    try:
        for start in range(0, len(content), 2**16):
            parser.feed(content[start : start + 2**16])
            for event, element in parser.read_events():
                root = element if root is None else root
                deep += 1 if event == "start" else -1
                if deep > _DEEPEST:
                    raise UnreadableError(f"its groups are nested more than {_DEEPEST} deep")
        parser.close()
    except ElementTree.ParseError as error:
        raise UnreadableError("its SVG data are damaged") from error
    if root is None or _local(root.tag) != "svg":
        raise UnreadableError("it is no SVG drawing")
    return root


def _clean(root: ElementTree.Element) -> tuple[list[str], bool]:
    """Remove scripts, HTML and outside references; return notes on them, and whether there is text."""
    outside = scripts = html = 0
    texts = False
    for element in root.iter():
        for child in list(element):
            name = _local(child.tag)
            if name in {"script", "foreignObject", "iframe", "handler"}:
                html += name == "foreignObject"
                scripts += name == "script"
                element.remove(child)
        texts = texts or _local(element.tag) in _TEXTS
        for key, value in list(element.attrib.items()):
            name = _local(key)
            if name == "href" and not value.lstrip().startswith(("#", "data:")):
                del element.attrib[key]
                outside += _local(element.tag) in {"image", "feImage", "use"}
            elif name.startswith("on"):
                del element.attrib[key]
    notes = []
    if outside:
        notes.append(f"without {outside} outside picture{'s' if outside > 1 else ''}")
    if html:
        notes.append("without its HTML parts")
    if scripts:
        notes.append("without its scripts")
    return notes, texts


def _size(root: ElementTree.Element) -> tuple[float, float] | None:
    """Return the size in CSS pixels; None if the file gives none."""
    box: list[float] = []
    try:
        box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if part]
    except ValueError:
        box = []
    boxed = (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else None
    width, height = _length(root.get("width")), _length(root.get("height"))
    if boxed is None:
        return (width, height) if width and height else None
    if width and height:
        return width, height
    if width:
        return width, width * boxed[1] / boxed[0]
    if height:
        return height * boxed[0] / boxed[1], height
    return boxed


def _length(text: str | None) -> float:
    found = _LENGTH.fullmatch(text or "")
    if found is None or found[2].lower() not in _UNITS:
        return 0.0
    return min(float(found[1]) * _UNITS[found[2].lower()], 1e9)


def _local(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""
