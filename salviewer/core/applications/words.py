"""Words: a picture described in the order in which people look at it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.crops import is_plain
from salviewer.core.applications.known import Known, KnownKind
from salviewer.core.applications.regions import RankedObject, rank_by_attention
from salviewer.core.applications.summed import SummedArea
from salviewer.core.hotspots import RADIUS, HotspotSettings, find_hotspots
from salviewer.core.saliency_map import SaliencyMap

MOST_STOPS = 20
LONGEST_ALT = 125
"""Characters of an alternative text: screen readers cut longer ones."""

_LONGEST_LABEL = 60
_CLOSE = 0.5  # times a hotspot's radius: a thing so near is looked at
_AROUND = 1.3  # times a hotspot's radius: what a captioner is shown
_OVERLOOKED = 3  # things that are named

_PLACES = (
    ("at the top left", "at the top", "at the top right"),
    ("on the left", "in the centre", "on the right"),
    ("at the bottom left", "at the bottom", "at the bottom right"),
)


@dataclass(frozen=True, slots=True)
class WordSettings:
    """Settings of the description of a picture.

    Attributes:
        count: places at most, 1..20.
        least: share of attention below which a place is not named, 0..1; the first always is.

    Raises:
        ValueError: a value outside its range.
    """

    count: int = 5
    least: float = 0.02

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_STOPS:
            raise ValueError(f"a description names 1..{MOST_STOPS} places, not {self.count}")
        if not 0 <= self.least < 1:
            raise ValueError(f"the least share lies in 0..1, not {self.least:g}")


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that people look at.

    Attributes:
        number: 1 for what is looked at first.
        left, top, right, bottom: its box, in fractions of the picture: the thing's, or around a hotspot.
        share: of all predicted fixations, 0..1.
        where: "at the top left" and so on.
        what: its name, text or caption; "" where nothing is known of it.
        kind: what `what` is: "text", "face", "object", "area", "caption" or "".
    """

    number: int
    left: float
    top: float
    right: float
    bottom: float
    share: float
    where: str
    what: str = ""
    kind: KnownKind | Literal["caption", ""] = ""

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Cut its box out of the picture: a copy, uint8 (h, w, 3), at least a pixel each way."""
        height, width = pixels.shape[:2]
        top, left = min(int(self.top * height), height - 1), min(int(self.left * width), width - 1)
        bottom, right = round(self.bottom * height), round(self.right * width)
        return pixels[top : max(top + 1, bottom), left : max(left + 1, right)].copy()


@dataclass(frozen=True, slots=True)
class Description:
    """A picture in words.

    Attributes:
        stops: in the order in which people look.
        overlooked: things that get less attention than the picture on average, the least first.
        sentence: both, in English.
        alt: an alternative text for pages, at most 125 characters; "" where nothing is known by name.
    """

    stops: tuple[Stop, ...]
    overlooked: tuple[RankedObject, ...]
    sentence: str
    alt: str

    @property
    def for_pages(self) -> str:
        """`alt`, or where it is "", a sentence on the first place alone, as short."""
        return self.alt or _sentence(self.stops[:1], ())


def find_stops(
    saliency: SaliencyMap, known: Sequence[Known] = (), settings: WordSettings | None = None
) -> tuple[Stop, ...]:
    """Find what is looked at, in order: the hotspots, those on one thing taken together.

    A hotspot on several known things is on the smallest; one beside them is on the thing with most attention
    among those within a few degrees, as maps are coarser than lines of text.

    Returns:
        nothing if the map is plain.
    """
    settings = settings or WordSettings()
    if is_plain(saliency.density):
        return ()
    wide, high = saliency.source_size
    sums = SummedArea(saliency.density, (1, 1))
    spots = find_hotspots(saliency, HotspotSettings(3 * settings.count))
    shares = [sums.share(each.left, each.top, each.right, each.bottom) for each in known]
    stops: list[Stop] = []
    kind: KnownKind | None
    taken: set[int] = set()
    for spot in spots:
        x, y = spot.x / wide, spot.y / high
        index = _thing_at(known, shares, x, y, wide / high)
        if index in taken:
            continue
        if index is not None:
            taken.add(index)
            thing = known[index]
            box = thing.left, thing.top, thing.right, thing.bottom
            share, what, kind = shares[index], thing.label or thing.kind, thing.kind
            x, y = (thing.left + thing.right) / 2, (thing.top + thing.bottom) / 2
        else:
            dx, dy = _AROUND * RADIUS, _AROUND * RADIUS * wide / high
            box = max(0.0, x - dx), max(0.0, y - dy), min(1.0, x + dx), min(1.0, y + dy)
            share, what, kind = spot.share, "", None
        if stops and share < settings.least:
            continue
        stops.append(Stop(len(stops) + 1, *box, share, _where(x, y), _short(what), kind or ""))
        if len(stops) == settings.count:
            break
    return tuple(stops)


def describe(saliency: SaliencyMap, stops: Sequence[Stop], known: Sequence[Known] = ()) -> Description:
    """Put what is looked at into words.

    Args:
        stops: from `find_stops`, captions filled in.
        known: what is known to be in the picture; what of it nobody looks at is named as overlooked.
    """
    named = {(stop.left, stop.top, stop.right, stop.bottom) for stop in stops}
    overlooked = tuple(
        each
        for each in reversed(rank_by_attention(saliency, known))
        if not each.seen
        and each.known.label
        and (each.known.left, each.known.top, each.known.right, each.known.bottom) not in named
    )
    return Description(tuple(stops), overlooked, _sentence(stops, overlooked), _alt(stops))


def _thing_at(
    known: Sequence[Known], shares: Sequence[float], x: float, y: float, aspect: float
) -> int | None:
    """Return the number of the smallest known thing at a place, or of one close by."""
    away = [
        math.hypot(max(each.left - x, 0.0, x - each.right), max(each.top - y, 0.0, y - each.bottom) / aspect)
        for each in known
    ]
    there = [
        ((each.right - each.left) * (each.bottom - each.top), index)
        for index, each in enumerate(known)
        if away[index] == 0
    ]
    if there:
        return min(there)[1]
    close = [(-shares[index], index) for index, far in enumerate(away) if far <= _CLOSE * RADIUS]
    return min(close)[1] if close else None


def _where(x: float, y: float) -> str:
    return _PLACES[min(2, int(3 * y))][min(2, int(3 * x))]


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_LABEL else f"{words[: _LONGEST_LABEL - 1].rstrip()}…"


def _named(stop: Stop) -> str:
    """Name what is at a stop, with its article or quotation marks."""
    if stop.kind == "text":
        return f'the text "{stop.what}"'
    if stop.kind == "area":
        return f'the area "{stop.what}"'
    if stop.kind == "face":
        return "a face"
    if stop.kind == "object":
        return f"the {stop.what}"
    return stop.what or "something"


def _sentence(stops: Sequence[Stop], overlooked: Sequence[RankedObject]) -> str:
    if not stops:
        return "Attention is spread evenly: nothing stands out."
    parts = [f"{_named(stop)} {stop.where} ({_percent(stop.share)})" for stop in stops]
    first = parts[0].replace(" %)", " % of attention)", 1)
    said = f"People look first at {first}"
    if len(parts) > 1:
        said += ", then at " + (" and at ".join(parts[1:]) if len(parts) < 4 else _enumerated(parts[1:]))
    said += "."
    if overlooked:
        names = [f'"{_short(each.known.label)}" ({_percent(each.share)})' for each in overlooked]
        shown = names[:_OVERLOOKED]
        if len(names) > _OVERLOOKED:
            shown.append(f"{len(names) - _OVERLOOKED} more")
        said += f" Overlooked: {', '.join(shown)}."
    return said


def _enumerated(parts: Sequence[str]) -> str:
    return ", at ".join(parts[:-1]) + f" and at {parts[-1]}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _alt(stops: Sequence[Stop]) -> str:
    """Name what is known, in order, in at most `LONGEST_ALT` characters."""
    names = [
        f"“{stop.what}”" if stop.kind == "text" else stop.what for stop in stops if stop.what and stop.kind
    ]
    alt = ""
    for name in dict.fromkeys(names):
        longer = f"{alt}; {name}" if alt else name[:1].upper() + name[1:]
        if len(longer) > LONGEST_ALT:
            break
        alt = longer
    return alt
