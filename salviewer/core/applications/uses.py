"""Requests for uses of a map, and their results; shared by window, command line, batches and Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import Crop, CropRequest, best_crop, is_even
from salviewer.core.applications.cutouts import Cutout, CutoutSettings, cut_out
from salviewer.core.applications.known import Known, known_areas, known_on_picture
from salviewer.core.applications.regions import (
    RankedObject,
    RegionSettings,
    SalientRegion,
    find_salient_regions,
    rank_by_attention,
)
from salviewer.core.applications.words import Description, Stop, WordSettings, describe, find_stops
from salviewer.core.areas import Area
from salviewer.core.saliency_map import SaliencyMap

Find = Callable[[NDArray[np.uint8]], Sequence[Known]]
"""Finds lines of text or objects in a picture, uint8 (h, w, 3) sRGB. May raise."""


Findable = Literal["text", "faces"]
FINDABLE: tuple[Findable, ...] = get_args(Findable)
"""What can be looked for in a picture before its map is used."""

Caption = Callable[[list[NDArray[np.uint8]]], Sequence[str]]
"""Describes parts of a picture, given in the order in which people look: as many texts. May raise."""


@dataclass(frozen=True, slots=True)
class Uses:
    """A request for uses of a map.

    Attributes:
        crops: windows that keep the most attention.
        regions: what stands out; None for none.
        cutout: what is separated from what is behind it; None for nothing.
        words: how the picture is described; None for not at all.
        find: what is looked for first; `results.finders` does it, as this room knows no such package.

    Raises:
        ValueError: two crops have one name, or something else is looked for than `FINDABLE`.
    """

    crops: tuple[CropRequest, ...] = ()
    regions: RegionSettings | None = None
    cutout: CutoutSettings | None = None
    words: WordSettings | None = None
    find: tuple[Findable, ...] = ()

    def __post_init__(self) -> None:
        names = [crop.name for crop in self.crops]
        if len(set(names)) < len(names):
            raise ValueError("each aspect or size of a crop is given once")
        if not set(self.find) <= set(FINDABLE):
            raise ValueError(f"text and faces can be looked for, not {', '.join(map(str, self.find))}")

    def __bool__(self) -> bool:
        return bool(self.crops) or any((self.regions, self.cutout, self.words))


@dataclass(frozen=True, slots=True)
class Helpers:
    """The user's own functions and what else can find things in a picture.

    Attributes:
        finders: each by a name for messages. One that raises is left out, with a note in `Applied.notes`.
        caption: describes what people look at; None for nobody. The same holds for it.
    """

    finders: tuple[tuple[str, Find], ...] = ()
    caption: Caption | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """The results of uses of a map.

    Attributes:
        crops: by request, in the order of `Uses.crops`.
        regions: what stands out, most promising first.
        objects: what was known to be in the picture, the most attention first.
        cutout: what was separated; None where nothing is to be, or the map is plain.
        description: the picture in words; None where it is not to be described.
        known: what was known to be in the picture.
        notes: clauses that the user should know.
    """

    crops: tuple[tuple[CropRequest, Crop], ...] = ()
    regions: tuple[SalientRegion, ...] = ()
    objects: tuple[RankedObject, ...] = ()
    cutout: Cutout | None = None
    description: Description | None = None
    known: tuple[Known, ...] = ()
    notes: tuple[str, ...] = field(default=())


def apply(
    pixels: NDArray[np.uint8],
    saliency: SaliencyMap,
    uses: Uses,
    areas: Sequence[Area] = (),
    helpers: Helpers | None = None,
) -> Applied:
    """Make everything that is wanted of one picture and its map.

    A network's map of an even picture has its centre bias left; a plain one takes its place.

    Args:
        pixels: uint8 (H, W, 3) sRGB, the picture that the map was predicted for.
        saliency: its map.
        uses: what is wanted.
        areas: of interest; crops do not cut them in two.
        helpers: what finds text and objects.

    Raises:
        CropError: a crop is larger than the picture.
    """
    notes: list[str] = []
    if is_even(pixels):
        notes.append("the picture has one colour, so nothing in it stands out")
        flat = np.full_like(saliency.density, 1 / saliency.density.size)
        saliency = replace(saliency, density=flat)
    known = (*known_areas(areas), *_found(pixels, helpers or Helpers(), notes))
    crops = tuple((request, best_crop(saliency, request, known)) for request in uses.crops)
    notes += [crop.note for _, crop in crops]
    for request, crop in crops:
        if crop.cut:
            notes.append(f"the crop {request} cuts {_listed(crop.cut)} in two")
    regions: tuple[SalientRegion, ...] = ()
    if uses.regions is not None:
        regions = find_salient_regions(pixels, saliency, uses.regions)
        if not regions:
            notes.append("the map is plain: there is no region")
    cutout = None
    if uses.cutout is not None:
        cutout = cut_out(pixels, saliency, uses.cutout)
        if cutout is None:
            notes.append("the map is plain: there is nothing to cut out")
    description = None
    if uses.words is not None:
        stops = find_stops(saliency, known, uses.words)
        if helpers is not None and helpers.caption is not None and stops:
            stops = _captioned(pixels, stops, helpers.caption, notes)
        description = describe(saliency, stops, known)
    return Applied(
        crops=crops,
        regions=regions,
        objects=rank_by_attention(saliency, known),
        cutout=cutout,
        description=description,
        known=known,
        notes=tuple(dict.fromkeys(filter(None, notes))),
    )


def _found(pixels: NDArray[np.uint8], helpers: Helpers, notes: list[str]) -> list[Known]:
    """Ask all finders; what one of them raises becomes a note, and the others count."""
    found: list[Known] = []
    for name, find in helpers.finders:
        try:
            things = _checked(find(pixels))
        except Exception as error:  # whatever somebody's function raises, it costs its findings alone
            notes.append(f"{name} was left out: {str(error) or type(error).__name__}")
            continue
        inside = known_on_picture(things)
        found += inside
        if outside := len(things) - len(inside):
            places = "1 place" if outside == 1 else f"{outside} places"
            notes.append(f"{name} named {places} outside the picture, left out")
    return found


def _checked(found: object) -> Sequence[Known]:
    """Return what a finder found.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(found, Sequence) or not all(isinstance(each, Known) for each in found):
        raise TypeError(f"it returned {type(found).__name__} in place of a list of Known")
    return found


def _captioned(
    pixels: NDArray[np.uint8], stops: Sequence[Stop], caption: Caption, notes: list[str]
) -> tuple[Stop, ...]:
    """Ask the captioner about all places; what it says of a named one stands behind the name."""
    try:
        texts = caption([stop.of(pixels) for stop in stops])
        if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
            raise TypeError(f"it returned {type(texts).__name__} in place of a list of texts")
        if len(texts) != len(stops):
            raise ValueError(f"it returned {len(texts)} texts for {len(stops)} parts")
    except Exception as error:  # as a finder's
        notes.append(f"the captioner was left out: {str(error) or type(error).__name__}")
        return tuple(stops)
    captioned = []
    for stop, text in zip(stops, texts, strict=True):
        words = " ".join(text.split())
        if words and not stop.what:
            captioned.append(replace(stop, what=words, kind="caption"))
        else:
            captioned.append(stop)
    return tuple(captioned)


def _listed(names: Sequence[str]) -> str:
    shown = [f'"{name}"' for name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
