"""Open a document, or one page of it, as an image of Pillow."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import IO, Any

from PIL import Image

from salviewer.media.openers.options import Opening
from salviewer.media.openers.refusals import UnreadableError
from salviewer.media.openers.table import Opener

_AS = {"HEIC": "JPEG"}  # what else to do; PNG for all others


def read(
    opener: Opener,
    stream: IO[bytes],
    path: Path | None,
    suffix: str,
    page: int | None,
    opening: Opening,
    max_pixels: int,
    memory: int,
) -> tuple[Image.Image, str]:
    """Open a file that Pillow does not open by itself.

    Args:
        opener: its row.
        stream: the file, seekable, at any position.
        path: its path on disk; None for bytes.
        suffix: lower case with the dot.
        page: counted from one; None for the whole file, of which the first page is taken.
        opening: resolution and password.
        max_pixels: of a drawn page.
        memory: most bytes for what is decoded in this process.

    Returns:
        the image, with its profile in ``info``, and a note.

    Raises:
        UnreadableError: it cannot be opened.
        LockedError: it asks for a password.
    """
    if not opener.there:
        raise UnreadableError(not_there(opener))
    if opener.by == "photoshop":
        from salviewer.media.openers import photoshop

        return photoshop.read(stream, page, memory)
    answer, pixels = _ask(opener, stream, path, suffix, "draw", page or 1, opening, max_pixels)
    image = Image.frombuffer(answer["mode"], tuple(answer["size"]), pixels, "raw", answer["mode"], 0, 1)
    if "icc" in answer:
        image.info["icc_profile"] = base64.b64decode(answer["icc"])
    return image, str(answer["note"])


def describe(opener: Opener, path: Path, opening: Opening) -> list[str]:
    """Return the names of a document's pages, "" for one without a name.

    Raises:
        UnreadableError: it cannot be opened.
        LockedError: it asks for a password.
        OSError: the file cannot be read.
    """
    if opener.by == "photoshop":
        from salviewer.media.openers import photoshop

        with path.open("rb") as stream:
            return photoshop.artboard_names(stream)
    answer, _ = _ask(opener, io.BytesIO(), path, path.suffix.lower(), "describe", 1, opening, 1)
    return [str(name) for name in answer["pages"]]


def not_there(opener: Opener) -> str:
    """Return a clause on a kind of file whose extra is not installed."""
    other = f"export it as {_AS.get(opener.kind, 'PNG')} first"
    if getattr(sys, "frozen", False):
        return f"{opener.named} is not part of this download; {other}"
    return f"{opener.named} needs “pip install salviewer[{opener.extra}]”; install that, or {other}"


def _ask(
    opener: Opener,
    stream: IO[bytes],
    path: Path | None,
    suffix: str,
    what: str,
    page: int,
    opening: Opening,
    most: int,
) -> tuple[dict[str, Any], bytes]:
    from salviewer.media.openers import process

    request: dict[str, Any] = {"do": what, "kind": opener.kind, "title": opener.named, "suffix": suffix}
    request |= {"page": page, "dpi": opening.dpi, "password": opening.password, "most": most}
    if path is not None:
        return process.ask(request | {"path": str(path.absolute())})
    stream.seek(0)
    return process.ask(request, stream.read())
