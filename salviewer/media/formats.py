"""Recognise the files that Pillow opens, and explain why one cannot be opened."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import IO

from PIL import Image, ImageFile

from salviewer.media.foreign_formats import foreign
from salviewer.media.openers.refusals import UnreadableError
from salviewer.media.openers.table import OPENERS, PICTURE_SUFFIXES

__all__ = ["PICTURE_SUFFIXES", "UnreadableError", "open_image", "why_not"]

_PLUGINS = {opener.kind: opener.plugin for opener in OPENERS if opener.by == "pillow" and opener.there}
for _module in _PLUGINS.values():
    import_module(f"PIL.{_module}")

_TITLES = {opener.kind: opener.named for opener in OPENERS}

# Words in Pillow's messages that tell an unsupported kind of file from a damaged one.
_NOT_SUPPORTED = (
    "unsupported",
    "not supported",
    "unknown",
    "cannot handle",
    "not available",
    "unable to determine",
)


def open_image(stream: IO[bytes], name: str) -> ImageFile.ImageFile:
    """Recognise a picture by its first bytes and read its header, no pixels.

    Like ``PIL.Image.open``, without its limit on pixels (the caller has one in bytes) and without touching
    Pillow's process-wide settings.

    Args:
        stream: seekable, at any position; must stay open while the image is in use.
        name: the file's name; its suffix matters only for TGA.

    Raises:
        UnreadableError: no format has this signature, or the header is broken.
    """
    stream.seek(0)
    prefix = stream.read(64)
    if not prefix:
        raise UnreadableError("the file is empty")
    suffix = PurePath(name).suffix.lower()
    failed: tuple[str, Exception] | None = None
    for fmt in _PLUGINS:
        if fmt == "TGA" and suffix != ".tga":
            continue
        factory: Callable[[IO[bytes], str], ImageFile.ImageFile]
        factory, accept = Image.OPEN[fmt]
        if accept is not None:
            answer = accept(prefix)
            if not answer or isinstance(answer, str):  # a text explains why this installation lacks support
                continue
        try:
            stream.seek(0)
            return factory(stream, "")
        except (MemoryError, Image.DecompressionBombError):
            raise
        except Exception as error:  # plugins may raise anything for broken data
            if accept is not None:
                failed = fmt, error
    if other := foreign(prefix, stream, suffix):
        raise UnreadableError(other)
    if failed:
        raise UnreadableError(why_not(*failed, part="header")) from failed[1]
    raise UnreadableError("it is not a picture, or of a kind that is not supported")


def why_not(fmt: str, error: Exception, part: str = "data") -> str:
    """Return why a file of a recognised format cannot be opened: not supported, truncated, or damaged.

    Args:
        fmt: Pillow's name of the format, or "image".
        error: the decoder's exception.
        part: the part of the file that was being read.
    """
    title = _TITLES.get(fmt, fmt)
    text = str(error).lower()
    if isinstance(error, EOFError) or "truncated" in text:
        return "the file ends before the picture does; it is truncated or still being written"
    if isinstance(error, NotImplementedError) or any(word in text for word in _NOT_SUPPORTED):
        return f"{title} of this kind is not supported; export it as PNG first"
    if part == "data":
        return f"its {title} data are damaged"
    return f"its {title} header is damaged" if part == "header" else f"its {title} {part} is damaged"
