"""Whatever a program has a picture in, as a `Picture`: a path, bytes, an open file, an array, a tensor."""

from __future__ import annotations

import sys
from os import PathLike, fspath
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.addresses import is_address, is_web
from salviewer.errors import ImageError
from salviewer.media.colour import over_white
from salviewer.media.decoding import bands_of, orientation_of, srgb_pixels, turn_upright
from salviewer.media.images import DEFAULT_MAX_PIXELS, Picture, decode_picture, load_picture

TAKEN = (
    "a path, the bytes of a file, an open file, a PIL image, a Picture, an array of shape (H, W), (H, W, 3)"
    " or (H, W, 4), or a torch tensor"
)
"""The inputs of `to_picture`, for a sentence."""

_CHANNELS = (1, 3, 4)


def is_one_picture(value: object) -> bool:
    """Return whether a value is a single picture, or at least no collection of pictures."""
    if isinstance(value, np.ndarray) or _is_tensor(value):
        return len(cast("NDArray[Any]", value).shape) < 4
    if isinstance(value, str | bytes | bytearray | memoryview | PathLike | Picture | Image.Image):
        return True
    return hasattr(value, "read") or not hasattr(value, "__iter__")


def to_picture(value: Any) -> Picture:
    """Turn a value into a decoded picture.

    Args:
        value: one of these.

            - a path, the bytes of a picture file, or a file that is open for reading bytes: decoded as the
              window does, upright and in sRGB;
            - a PIL image: turned upright and converted to sRGB, transparent parts over white;
            - an array: (H, W) and (H, W, 1) are grey, (H, W, 3) RGB, (H, W, 4) RGBA, over white. uint8 lies
              in 0..255, uint16 in 0..65535, floats in 0..1, bool is black and white; all sRGB, upright;
            - a torch tensor of the same shapes, or with the channels first, as torch has them: where both
              could be meant, they are first.

    Returns:
        the picture; its pixels are uint8 (H, W, 3).

    Raises:
        TypeError: it is none of these, with what is taken.
        ValueError: an array of another shape, or with values outside the range of its type.
        ImageError: a file that cannot be opened or decoded; an internet address, which is not fetched.
    """
    match value:
        case Picture():
            return value
        case str() | PathLike():
            name = fspath(value)
            if isinstance(name, str) and (is_address(name) or name.lower().startswith("file:")):
                web = ", or open_page for a web page" if is_web(name) else ""
                raise ImageError(
                    name, f"it is an address; fetch the picture, then give its path or its bytes{web}"
                )
            return load_picture(value)
        case bytes() | bytearray() | memoryview():
            return decode_picture(bytes(value), "the picture")
        case Image.Image():
            return _from_pillow(value)
        case np.ndarray():
            return _from_array(value)
    if _is_tensor(value):
        return _from_array(_channels_last(value.detach().cpu().numpy()))
    if hasattr(value, "read"):
        return _from_file(value)
    raise TypeError(f"a picture is {TAKEN}, not {type(value).__name__}")


def _is_tensor(value: object) -> bool:
    torch = sys.modules.get("torch")  # who has a tensor has loaded it
    return torch is not None and isinstance(value, torch.Tensor)


def _from_file(file: IO[bytes]) -> Picture:
    content = file.read()
    name = str(getattr(file, "name", "") or "the picture")
    if isinstance(content, str):
        raise TypeError(f"{name} is open for reading text; open it with mode 'rb'")
    return decode_picture(content, name)


def _from_pillow(image: Image.Image) -> Picture:
    try:
        image.load()
    except OSError as error:
        name = getattr(image, "filename", "") or "the picture"
        raise ImageError(name, f"it is damaged ({error})") from error
    pixels, note = srgb_pixels(image, bands_of(image), DEFAULT_MAX_PIXELS)
    upright = turn_upright(pixels, orientation_of(image))
    return _picture(upright, note)


def _from_array(values: NDArray[Any]) -> Picture:
    if values.ndim == 2:
        values = values[..., None]
    if values.ndim != 3 or values.shape[2] not in _CHANNELS or values.size == 0:
        raise ValueError(
            f"an array with a picture has the shape (H, W), (H, W, 3) or (H, W, 4), not {values.shape}"
        )
    levels = _levels(values)
    if levels.shape[2] == 4:
        image = Image.fromarray(np.ascontiguousarray(levels[..., :3]))
        alpha = Image.fromarray(np.ascontiguousarray(levels[..., 3]))
        return _picture(np.asarray(over_white(image, alpha)))
    return _picture(np.repeat(levels, 3, axis=2) if levels.shape[2] == 1 else levels)


def _levels(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert values of any kind to uint8, 0..255."""
    if values.dtype == np.uint8:
        return cast("NDArray[np.uint8]", values)
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * np.uint8(255)
    if values.dtype == np.uint16:
        return np.asarray(np.rint(values / np.float32(257)), np.uint8)
    if values.dtype.kind != "f":
        raise TypeError(f"an array with a picture is uint8, uint16, bool or of floats, not {values.dtype}")
    low, high = float(values.min()), float(values.max())
    if not (low >= 0 and high <= 1):  # NaN is neither
        raise ValueError(f"floats of a picture lie in 0..1, and these in {low:g}..{high:g}")
    return np.asarray(np.rint(values.astype(np.float32) * np.float32(255)), np.uint8)


def _channels_last(values: NDArray[Any]) -> NDArray[Any]:
    first = values.ndim == 3 and values.shape[0] in _CHANNELS
    return np.moveaxis(values, 0, 2) if first else values


def _picture(pixels: NDArray[np.uint8], note: str = "") -> Picture:
    own = np.array(pixels, np.uint8, order="C")
    own.setflags(write=False)
    return Picture(own, None, (own.shape[1], own.shape[0]), note)
