"""Files that a user might drop: broken ones, and unusual ones that must open correctly."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image


def _noise(width: int = 64, height: int = 48) -> Image.Image:
    return Image.fromarray(np.random.default_rng(5).integers(0, 255, (height, width, 3), dtype=np.uint8))


def _truncated(path: Path) -> None:
    data = io.BytesIO()
    _noise(400, 300).save(data, "PNG")
    path.write_bytes(data.getvalue()[:20_000])


def _rotated(path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    _noise().save(path, exif=exif)


BROKEN: dict[str, Callable[[Path], object]] = {
    "text.png": lambda path: path.write_text("this is no picture"),
    "zero.jpg": lambda path: path.write_bytes(b""),
    "truncated.png": _truncated,
    "folder": lambda path: path.mkdir(),
    "missing.png": lambda path: None,
}

ODD: dict[str, tuple[Callable[[Path], object], tuple[int, int]]] = {
    "deep.png": (
        lambda path: Image.fromarray(np.arange(3072, dtype=np.uint16).reshape(48, 64) * 21).save(path),
        (64, 48),
    ),
    "cmyk.jpg": (lambda path: _noise().convert("CMYK").save(path), (64, 48)),
    "palette.png": (lambda path: _noise().convert("P").save(path, transparency=0), (64, 48)),
    "grey.png": (lambda path: _noise().convert("L").save(path), (64, 48)),
    "animated.gif": (
        lambda path: _noise().save(path, save_all=True, append_images=[_noise(64, 48).rotate(90)]),
        (64, 48),
    ),
    "rotated.jpg": (_rotated, (48, 64)),
    "wide.png": (lambda path: Image.new("RGB", (30_000, 3), "teal").save(path), (30_000, 3)),
    "dot.png": (lambda path: Image.new("RGB", (1, 1), "red").save(path), (1, 1)),
}
