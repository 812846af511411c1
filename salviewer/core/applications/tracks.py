"""Tracks: several regions followed at once, honest about when one is no longer where attention is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.alignment import Alignment
from salviewer.core.applications.appearance import FAR, NEAR, Appearance
from salviewer.core.applications.correlation import SURE, CorrelationFilter
from salviewer.core.applications.objectness import Box as Sides
from salviewer.core.applications.summed import SummedArea
from salviewer.core.following import WIDTH, Box, Follower
from salviewer.core.motion import reduced
from salviewer.core.proposals import Region, find_regions
from salviewer.core.temporal import CutDetector

MOST_TRACKS = 10
PATIENCE_LIMITS = (0.0, 60.0)

Ending = Literal["", "lost", "handed over", "cut"]
"""Why a track ended: not yet, it was not found again, attention went elsewhere, or the scene changed."""

_APART = 0.3  # intersection over union below which two boxes are two things
_UNKNOWN = 12  # frames that a box is carried along by points alone
_CLEARLY = 1.2  # times the attention: another region is the hottest


@dataclass(frozen=True, slots=True)
class TrackSettings:
    """A request to follow regions.

    Attributes:
        count: regions at once, 1..10.
        hand_over: whether a track that is no longer among the hottest ends, and the hotter region is
            followed instead; otherwise it goes on and says so.
        patience: seconds that another region must be hotter before that, 0..60.

    Raises:
        ValueError: a value outside its range.
    """

    count: int = 1
    hand_over: bool = False
    patience: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_TRACKS:
            raise ValueError(f"1..{MOST_TRACKS} regions are followed, not {self.count}")
        low, high = PATIENCE_LIMITS
        if not low <= self.patience <= high:
            raise ValueError(f"patience lies in {low:g}..{high:g} seconds, not {self.patience:g}")


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """The position of a track in a frame.

    Attributes:
        track: its number, 1 for the first; never used again.
        frame, seconds: of the video.
        left, top, right, bottom: its box, in fractions of the picture.
        confidence: that it is still the same thing, 0..1.
        share: of the frame's attention in the box, 0..1.
        hottest: whether no region that nobody follows has clearly more attention.
        begins: whether the track begins here.
    """

    track: int
    frame: int
    seconds: float
    left: float
    top: float
    right: float
    bottom: float
    confidence: float
    share: float
    hottest: bool
    begins: bool = False

    @property
    def box(self) -> Sides:
        """(left, top, right, bottom)."""
        return self.left, self.top, self.right, self.bottom


class _Track:
    """One region that is followed, in frames that are reduced to `following.WIDTH`."""

    def __init__(self, number: int, pixels: NDArray[np.uint8], region: Region) -> None:
        self.number = number
        self.follower = Follower()
        self.box = Box(region.left, region.top, region.right, region.bottom)
        self.box = self.follower.begin(pixels, self.box).box
        self.look = Appearance(pixels, self.box)
        self.filter = CorrelationFilter(pixels, self.box)
        self.alignment = Alignment(pixels, self.box)
        self.confidence = 1.0
        self.begins = True
        self.unknown = 0
        self.colder_since: float | None = None

    def move(self, pixels: NDArray[np.uint8]) -> bool:
        """Find it in the next frame; return whether it is there.

        The filter says where it is; where it still looks as at first, the first look is laid over it exactly,
        so that small errors of place and size do not add up. Where the filter is not sure, the first look is
        searched for farther around, and points that move with the picture carry the box along for a few
        frames.
        """
        self.begins = False
        before, found = self.box, self.follower.update(pixels)
        place, sure = self.filter.find(pixels, before)
        if sure >= SURE:
            again = self.alignment.find(pixels, (place, found.box if found else before))
            self.box, self.confidence = again or (place, min(1.0, sure / (2 * SURE)))
            if again:
                self.alignment.learn(pixels, self.box)
        else:
            again = self.look.find(pixels, found.box if found else before, NEAR if found else FAR)
            if again is not None:
                self.box, self.confidence = again
            elif found is not None:
                self.box, self.confidence = found.box, found.confidence
        known = sure >= SURE or again is not None
        self.unknown = 0 if known else self.unknown + 1
        if self.unknown > _UNKNOWN or not (known or found):
            return False
        self.box = self.follower.correct(self.box) if found else self.follower.begin(pixels, self.box).box
        if known:
            self.filter.learn(pixels, self.box)
        return True


class Tracker:
    """Follows the hottest regions of a video, frame by frame.

    Attributes:
        endings: why each track ended, by its number, and the number of the track that took over (0 for
            none); tracks that go on are not in it.
    """

    def __init__(self, settings: TrackSettings | None = None) -> None:
        self.settings = settings or TrackSettings()
        self.endings: dict[int, tuple[Ending, int]] = {}
        self._cuts = CutDetector()
        self._tracks: list[_Track] = []
        self._begun = 0

    def update(
        self, pixels: NDArray[np.uint8], density: NDArray[np.float32], frame: int, seconds: float
    ) -> tuple[TrackPoint, ...]:
        """Take the next frame.

        Args:
            pixels: uint8 (H, W, 3) sRGB.
            density: its map, (h, w), sums to 1.

        Returns:
            where each track is, the oldest first.
        """
        if self._cuts.is_cut(reduced(pixels)):
            for track in self._tracks:
                self.endings[track.number] = ("cut", 0)
            self._tracks.clear()
        small = reduced(pixels, WIDTH)
        for track in list(self._tracks):
            if not track.move(small):
                self.endings[track.number] = ("lost", 0)
                self._tracks.remove(track)
        sums = SummedArea(density, (1, 1))
        regions = find_regions(density, MOST_TRACKS)
        self._hand_over(small, regions, sums, seconds)
        for region in self._free(regions):
            if len(self._tracks) == self.settings.count:
                break
            self._begin(small, region)
        return tuple(self._point(track, sums, frame, seconds) for track in self._tracks)

    def begin(self, pixels: NDArray[np.uint8], box: Sides) -> int:
        """Follow what is in this box (left, top, right, bottom in fractions) of this frame; return its track.

        It takes the place of none: `update` begins no others while enough are followed.
        """
        return self._begin(reduced(pixels, WIDTH), Region(*box, share=0.0)).number

    def _begin(self, pixels: NDArray[np.uint8], region: Region) -> _Track:
        self._begun += 1
        self._tracks.append(_Track(self._begun, pixels, region))
        return self._tracks[-1]

    def _free(self, regions: Sequence[Region]) -> list[Region]:
        """Return the regions that nobody follows."""
        return [
            region
            for region in regions
            if all(not _same(_sides(track.box), _region_sides(region)) for track in self._tracks)
        ]

    def _hand_over(
        self, pixels: NDArray[np.uint8], regions: Sequence[Region], sums: SummedArea, seconds: float
    ) -> None:
        """Note which tracks are colder than a region nobody follows, and end those for which it lasts."""
        free = self._free(regions)
        if len(self._tracks) < self.settings.count:
            free = free[self.settings.count - len(self._tracks) :]  # the first are followed anyway
        for track in sorted(self._tracks, key=lambda each: sums.share(*_sides(each.box))):
            own = sums.share(*_sides(track.box))
            hotter = free[0] if free and sums.share(*_region_sides(free[0])) > _CLEARLY * own else None
            if hotter is None:
                track.colder_since = None
                continue
            track.colder_since = seconds if track.colder_since is None else track.colder_since
            if self.settings.hand_over and seconds - track.colder_since >= self.settings.patience:
                self._tracks.remove(track)
                successor = self._begin(pixels, hotter)
                self.endings[track.number] = ("handed over", successor.number)
                free = free[1:]

    def _point(self, track: _Track, sums: SummedArea, frame: int, seconds: float) -> TrackPoint:
        sides = _sides(track.box)
        share = sums.share(*sides)
        hottest = track.colder_since is None
        return TrackPoint(
            track.number, frame, seconds, *sides, track.confidence, share, hottest, track.begins
        )


def _sides(box: Box) -> Sides:
    return box.left, box.top, box.right, box.bottom


def _region_sides(region: Region) -> Sides:
    return region.left, region.top, region.right, region.bottom


def _same(a: Sides, b: Sides) -> bool:
    """Return whether two boxes show one thing: they overlap much, or one has the other's centre."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return False
    sizes = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    if across * down / (sum(sizes) - across * down) >= _APART:
        return True
    return _within(a, b) or _within(b, a)


def _within(inner: Sides, outer: Sides) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
