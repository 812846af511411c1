"""The screens that a page is drawn for: named ones, or any size."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r"(\d{1,5})x(\d{1,5})(?:@(\d(?:\.\d{1,3})?)x?)?", re.ASCII)
_SIDES = (120, 8192)
_SCALES = (0.5, 4.0)
_MOST_PIXELS = 40_000_000  # of one screen


@dataclass(frozen=True, slots=True)
class Viewport:
    """A screen.

    Attributes:
        name: for files and lists: "phone", or "1024x600@2".
        width, height: in CSS pixels, 120..8192.
        scale: pixels of the picture for each CSS pixel, 0.5..4.
        touch: whether the page is told of a phone or tablet, which fits the page to its width.

    Raises:
        ValueError: a number is outside its range; the message is a sentence.
    """

    name: str
    width: int
    height: int
    scale: float = 1.0
    touch: bool = False

    def __post_init__(self) -> None:
        low, high = _SIDES
        if not (low <= self.width <= high and low <= self.height <= high):
            raise ValueError(
                f"the sides of a viewport are {low} to {high} pixels, not {self.width}x{self.height}"
            )
        if not _SCALES[0] <= self.scale <= _SCALES[1]:
            raise ValueError(
                f"the scale of a viewport is {_SCALES[0]:g} to {_SCALES[1]:g}, not {self.scale:g}"
            )
        if self.width * self.height * self.scale**2 > _MOST_PIXELS:
            raise ValueError(
                f"a viewport has at most {_MOST_PIXELS // 10**6} megapixels, and {self.name} has more"
            )

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of one screen in pixels of the picture."""
        return round(self.width * self.scale), round(self.height * self.scale)


DESKTOP = Viewport("desktop", 1440, 900)
VIEWPORTS: dict[str, Viewport] = {
    one.name: one
    for one in (
        DESKTOP,
        Viewport("laptop", 1366, 768),
        Viewport("tablet", 820, 1180, 2.0, touch=True),
        Viewport("phone", 390, 844, 2.0, touch=True),
    )
}
"""The named viewports, the default first."""


def read_viewport(text: str) -> Viewport:
    """Read a name of `VIEWPORTS`, or ``1024x600`` or ``1024x600@2``.

    Raises:
        ValueError: it is neither, or a number is outside its range; the message is a sentence.
    """
    word = text.strip().lower()
    if word in VIEWPORTS:
        return VIEWPORTS[word]
    match = _TEXT.fullmatch(word)
    if match is None:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise ValueError(
            f"a viewport is {', '.join(VIEWPORTS)}, or a size such as 1024x600 or 1024x600@2, not {shown!r}"
        )
    scale = float(match[3] or 1)
    name = f"{int(match[1])}x{int(match[2])}" + (f"@{scale:g}" if scale != 1 else "")
    return Viewport(name, int(match[1]), int(match[2]), scale)
