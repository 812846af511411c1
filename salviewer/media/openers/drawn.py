"""What a drawing process hands back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page or decoded picture.

    Attributes:
        mode: Pillow's: "L", "RGB" or "RGBA".
        size: (width, height) in pixels.
        pixels: rows without gaps.
        note: a remark for the status line, or "".
        icc: the colour profile; b"" for sRGB.
    """

    mode: str
    size: tuple[int, int]
    pixels: bytes
    note: str = ""
    icc: bytes = b""
