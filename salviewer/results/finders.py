"""What can be looked for in a picture before its map is used: lines of text, and faces; the extra `areas`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.known import Known
from salviewer.core.applications.uses import Applied, Find, Findable, Helpers, Uses, apply
from salviewer.core.areas import Area
from salviewer.core.saliency_map import SaliencyMap
from salviewer.results.extra_areas import check_faces, check_texts
from salviewer.results.faces import find_faces
from salviewer.results.text_lines import find_text

_KEPT = 4  # pictures whose findings are kept, for the next change of a setting


def check_finders(find: Sequence[Findable]) -> None:
    """Check that these can be found.

    Raises:
        SalviewerError: a package is not installed.
    """
    if "text" in find:
        check_texts()
    if "faces" in find:
        check_faces()


def apply_uses(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap,
    uses: Uses,
    areas: Sequence[Area] = (),
    helpers: Helpers | None = None,
) -> Applied:
    """Make everything that is wanted, with what `Uses.find` looks for, as `core.applications.uses.apply`.

    Raises:
        CropError: a crop is larger than the picture.
    """
    helpers = helpers or Helpers()
    digest = _digest(pixels) if uses.find else b""
    own = tuple((_NAMES[kind], partial(_cached, kind, digest)) for kind in uses.find)
    return apply(pixels, saliency, uses, areas, replace(helpers, finders=(*own, *helpers.finders)))


def _faces(pixels: NDArray[np.uint8]) -> tuple[Known, ...]:
    return tuple(
        Known(face.left, face.top, face.right, face.bottom, kind="face") for face in find_faces(pixels)
    )


_NAMES: dict[Findable, str] = {"text": "reading text", "faces": "finding faces"}
_FINDERS: dict[Findable, Find] = {"text": find_text, "faces": _faces}
_lock = threading.Lock()
_found: dict[tuple[Findable, bytes], Sequence[Known]] = {}


def _digest(pixels: NDArray[np.uint8]) -> bytes:
    made = blake2b(np.ascontiguousarray(pixels).data, digest_size=16)
    made.update(str(pixels.shape).encode())
    return made.digest()


def _cached(kind: Findable, digest: bytes, pixels: NDArray[np.uint8]) -> Sequence[Known]:
    """Look for it, unless that was done for one of the last pictures."""
    key = kind, digest
    with _lock:
        if key in _found:
            return _found[key]
    found = _FINDERS[kind](pixels)
    with _lock:
        _found[key] = found
        while len(_found) > 2 * _KEPT:
            del _found[next(iter(_found))]
    return found
