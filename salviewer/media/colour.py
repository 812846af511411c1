"""Convert any pixel mode and colour profile to sRGB with eight bits per channel."""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_GREY16 = frozenset({"I;16", "I;16L", "I;16B", "I;16N"})
_STRETCHED = frozenset({"I", "F"})
_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return the ICC profile of sRGB; always the same bytes."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # littleCMS stores the creation time here
    return bytes(data)


class Flat(NamedTuple):
    """A picture and its separate transparency.

    Attributes:
        image: mode L, RGB, CMYK or LAB, in the picture's own colour space.
        alpha: mode L, 255 where opaque; None if opaque everywhere.
    """

    image: Image.Image
    alpha: Image.Image | None = None


def flatten(image: Image.Image, span: tuple[float, float]) -> Flat:
    """Convert to eight bits per channel, with separate transparency.

    Blend with `over_white` after the conversion to sRGB. 16-bit grey is scaled from 0..65535 to 0..255;
    ``span`` is the (black, white) of modes I and F, see ``value_span``.
    """
    mode = image.mode
    if mode in _GREY16:
        values = np.asarray(image)
        key = image.info.get("transparency")
        alpha = None
        if isinstance(key, int):
            alpha = Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8))
        return Flat(Image.fromarray(to_bytes(values, (0.0, 65535.0))), alpha)
    if mode in _STRETCHED:
        return Flat(Image.fromarray(to_bytes(np.asarray(image), span)))
    if image.has_transparency_data:
        grey = mode in ("L", "LA", "La", "1")
        if mode in ("La", "RGBa"):
            layer = image.convert("LA" if grey else "RGBA")
        elif mode in ("LA", "RGBA"):
            layer = image
        else:
            layer = image.convert("RGBA")
        return Flat(layer.convert("L" if grey else "RGB"), layer.getchannel("A"))
    if mode in ("L", "RGB", "CMYK", "LAB"):
        return Flat(image)
    return Flat(image.convert("L" if mode == "1" else "RGB"))


def over_white(image: Image.Image, alpha: Image.Image) -> Image.Image:
    """Blend an RGB image over white with the opacity ``alpha``."""
    base = Image.new("RGB", image.size, "white")
    base.paste(image, mask=alpha)
    return base


def finite_range(values: NDArray[np.generic]) -> tuple[float, float] | None:
    """Return the smallest and largest finite value, None if there is none. Any shape and number type."""
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    return (float(finite.min()), float(finite.max())) if finite.size else None


def value_span(low: float, high: float, floats: bool) -> tuple[tuple[float, float], str]:
    """Choose the values shown as black and white for values in low..high; return them and a note.

    Floats within 0..1 keep their range; anything else is stretched from low to high.
    """
    if floats and low >= 0.0 and high <= 1.0:
        return (0.0, 1.0), ""
    return (low, high), f"values {low:.4g} to {high:.4g} shown as black to white"


def to_bytes(values: NDArray[np.generic], span: tuple[float, float]) -> NDArray[np.uint8]:
    """Scale linearly so that ``span`` becomes 0..255, clipped and rounded; NaN becomes 0. Any shape."""
    low, high = span
    unit = (values.astype(np.float32) - np.float32(low)) / np.float32(max(high - low, 1e-30))
    unit = np.nan_to_num(unit, nan=0.0, posinf=1.0, neginf=0.0)
    rounded: NDArray[np.uint8] = (np.clip(unit, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return rounded


class ToSrgb:
    """Converts flattened images of one mode and profile. Make one per picture; threads must not share it.

    Args:
        mode: "L", "RGB", "CMYK" or "LAB".
        profile: the embedded ICC profile, if any. A broken one, or one for another colour space, is ignored.

    Attributes:
        note: a clause if the profile was ignored, else empty.
    """

    def __init__(self, mode: str, profile: bytes | None) -> None:
        self.note = ""
        self._transform: ImageCms.ImageCmsTransform | None = None
        try:
            if mode == "LAB":
                self._transform = _transform(ImageCms.createProfile("LAB"), "LAB")
            elif profile:
                source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
                if source.profile.xcolor_space != _SPACES[mode]:
                    self.note = "its colour profile is for another kind of picture and was ignored"
                    return
                transform = _transform(source, mode)
                if mode != "RGB" or not _changes_nothing(transform):
                    self._transform = transform
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            self.note = "its colour profile is broken and was ignored"

    def __call__(self, image: Image.Image) -> Image.Image:
        """Return the image in mode RGB, sRGB."""
        if self._transform is None:
            return image if image.mode == "RGB" else image.convert("RGB")
        converted = ImageCms.applyTransform(image, self._transform)
        assert converted is not None
        return converted


def _transform(source: object, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        source,  # type: ignore[arg-type]
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Return whether the profile is sRGB, as in most pictures, which need no conversion."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(18, -1, 3)
    converted = ImageCms.applyTransform(Image.fromarray(cube), transform)
    return int(np.abs(np.asarray(converted, np.int16) - cube).max()) <= 1
