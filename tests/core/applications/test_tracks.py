"""Tracks and reframed paths of clips whose motion is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from salviewer.core.applications.reframe import PLACES, ReframeSettings, Window, calm_path
from salviewer.core.applications.tracks import Tracker, TrackPoint, TrackSettings

SIZE = (320, 180)
RNG = np.random.default_rng(4)
BACKGROUND = cv2.GaussianBlur(RNG.integers(0, 255, (180, 320, 3), dtype=np.uint8), (0, 0), 3)
PATCHES = [RNG.integers(0, 255, (36, 36, 3), dtype=np.uint8) for _ in range(2)]


def bump(*places: tuple[float, float, float]) -> np.ndarray:
    """A map with a bump at each (x, y, weight)."""
    row, column = np.mgrid[0:45, 0:80]
    total = np.full((45, 80), 1e-6)
    for x, y, weight in places:
        away = (column + 0.5 - 80 * x) ** 2 + (row + 0.5 - 45 * y) ** 2
        total += weight * np.exp(-away / 18)
    return (total / total.sum()).astype(np.float32)


Path = Callable[[float], tuple[float, float]]


def clip(count: int, *paths: Path, weights: Callable[[float], tuple[float, ...]] | None = None) -> Iterator:
    """Patches that move along paths of time (0..1): pixels, map, centres."""
    for number in range(count):
        t = number / max(1, count - 1)
        pixels, centres = BACKGROUND.copy(), [path(t) for path in paths]
        for patch, (x, y) in zip(PATCHES, centres, strict=False):
            left, top = round(x * 320 - 18), round(y * 180 - 18)
            pixels[top : top + 36, left : left + 36] = patch
        shares = weights(t) if weights else (1.0,) * len(paths)
        yield pixels, bump(*((x, y, w) for (x, y), w in zip(centres, shares, strict=True))), centres


def run(tracker: Tracker, frames: Iterator) -> list[tuple[tuple[TrackPoint, ...], list]]:
    return [
        (tracker.update(pixels, density, i, i / 25), centres)
        for i, (pixels, density, centres) in enumerate(frames)
    ]


def test_a_region_is_followed_along_its_path() -> None:
    tracker = Tracker()
    for points, ((x, y),) in run(tracker, clip(40, lambda t: (0.2 + 0.6 * t, 0.4 + 0.2 * t))):
        (point,) = points
        assert point.track == 1 and point.hottest and point.begins == (point.frame == 0)
        assert (point.left + point.right) / 2 == pytest.approx(x, abs=0.03)
        assert (point.top + point.bottom) / 2 == pytest.approx(y, abs=0.05)
    assert not tracker.endings


def test_several_regions_have_tracks_of_their_own() -> None:
    tracker = Tracker(TrackSettings(count=2))
    paths = (lambda t: (0.2 + 0.3 * t, 0.3), lambda t: (0.8, 0.7 - 0.2 * t))
    for points, centres in run(tracker, clip(30, *paths)):
        found = sorted(((p.left + p.right) / 2, p.track) for p in points)
        assert [x for x, _ in found] == pytest.approx(sorted(x for x, _ in centres), abs=0.04)
        assert {p.track for p in points} == {1, 2}


def colder(t: float) -> tuple[float, float]:
    """The first is hotter, then the second."""
    return (1.0, 0.3) if t < 0.3 else (0.3, 1.0)


STILL = (lambda t: (0.25, 0.5), lambda t: (0.75, 0.5))


def test_a_track_says_when_it_is_no_longer_the_hottest() -> None:
    seen = run(Tracker(), clip(50, *STILL, weights=colder))
    assert {points[0].track for points, _ in seen} == {1}
    hottest = [points[0].hottest for points, _ in seen]
    assert all(hottest[:15]) and not any(hottest[16:])
    assert seen[-1][0][0].share < seen[0][0][0].share


def test_it_hands_over_when_asked_to_and_only_after_a_while() -> None:
    tracker = Tracker(TrackSettings(hand_over=True, patience=0.4))
    seen = run(tracker, clip(50, *STILL, weights=colder))
    numbers = [points[0].track for points, _ in seen]
    assert numbers[:24] == [1] * 24 and numbers[26:] == [2] * 24 and seen[-1][0][0].left > 0.5
    assert tracker.endings == {1: ("handed over", 2)}


def test_a_cut_ends_all_tracks_and_new_ones_begin() -> None:
    tracker = Tracker()
    first = list(clip(5, lambda t: (0.3, 0.5)))
    other = np.full((180, 320, 3), (200, 30, 30), np.uint8)
    other[80:120, 200:240] = 255
    second = [(other, bump((0.69, 0.55, 1)), [(0.69, 0.55)])] * 3
    seen = run(tracker, iter(first + second))
    assert tracker.endings == {1: ("cut", 0)}
    assert [points[0].track for points, _ in seen] == [1] * 5 + [2] * 3 and seen[5][0][0].begins


def test_a_plain_map_begins_no_track() -> None:
    flat = np.full((45, 80), 1 / 3600, np.float32)
    assert Tracker().update(BACKGROUND, flat, 0, 0.0) == ()


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.\.10 regions"):
        TrackSettings(0)
    with pytest.raises(ValueError, match="patience"):
        TrackSettings(patience=61)
    with pytest.raises(ValueError, match="speed"):
        ReframeSettings(speed=0)


def path_of(xs: np.ndarray, speed: float = 0.4, cuts: tuple[int, ...] = (), rate: float = 25) -> np.ndarray:
    """The path of a 9:16 window for attention at these x."""
    window = Window.of((640, 360), (9, 16))
    kept = np.array([window.kept(bump((x, 0.5, 1.0))) for x in xs])
    assert kept.shape[1] == PLACES
    return calm_path(kept, np.arange(len(xs)) / rate, cuts, window, speed) + window.width / 2


def test_the_window_has_an_even_size_and_moves_along_the_longer_way() -> None:
    assert Window.of((1920, 1080), (9, 16)) == Window(608, 1080, (1920, 1080))
    wide = Window.of((1080, 1920), (16, 9))
    assert not wide.across and wide.height == 608 and wide.room == 1312 and wide.at(5.4) == (0, 5)


def test_still_attention_makes_a_still_window() -> None:
    path = path_of(np.full(50, 0.3))
    assert np.ptp(path) == 0 and path[0] == pytest.approx(0.3 * 640, abs=8)


def test_a_glance_elsewhere_does_not_move_it_and_a_stay_does() -> None:
    glance = np.full(100, 0.3)
    glance[40:43] = 0.8
    assert np.ptp(path_of(glance)) == 0
    stay = np.full(200, 0.3)
    stay[80:] = 0.8
    path = path_of(stay)
    assert path[0] == pytest.approx(0.3 * 640, abs=45) and path[-1] == pytest.approx(0.8 * 640, abs=45)


@pytest.mark.parametrize("speed", [0.05, 0.2, 0.6])
def test_it_is_never_faster_than_allowed(speed: float) -> None:
    xs = 0.5 + 0.35 * np.sin(np.arange(250) / 9)
    path = path_of(xs, speed)
    assert np.abs(np.diff(path)).max() * 25 <= speed * 640 * 1.001


def test_nothing_is_carried_over_a_cut() -> None:
    xs = np.concatenate([np.full(50, 0.2), np.full(50, 0.8)])
    path = path_of(xs, 0.05, cuts=(50,))
    assert np.ptp(path[:50]) == 0 and np.ptp(path[50:]) == 0
    assert path[49] == pytest.approx(128, abs=8) and path[50] == pytest.approx(512, abs=8)


def test_short_shots_and_frames_at_one_time() -> None:
    window = Window.of((640, 360), (9, 16))
    kept = window.kept(bump((0.7, 0.5, 1.0)))[None]
    assert calm_path(kept, [0.0], (), window, 0.4).shape == (1,)
    assert np.isfinite(calm_path(np.repeat(kept, 3, axis=0), [0.0, 0.0, 0.0], (1, 2, 9), window, 0.4)).all()
    square = Window.of((300, 300), (1, 1))
    assert (
        square.room == 0
        and (calm_path(np.ones((4, PLACES), np.float32), [0, 1, 2, 3], (), square, 1) == 0).all()
    )


def test_the_look_corrects_what_following_alone_would_lose() -> None:
    """A thing that jumps far between two frames, and again: points alone do not get there."""
    jumps = [(0.3, 0.5), (0.31, 0.5), (0.41, 0.56), (0.42, 0.56), (0.33, 0.48)]
    tracker = Tracker()
    seen = run(tracker, clip(5, lambda t: jumps[round(4 * t)]))
    for points, ((x, y),) in seen:
        assert [p.track for p in points] == [1]
        assert (points[0].left + points[0].right) / 2 == pytest.approx(x, abs=0.03)
        assert (points[0].top + points[0].bottom) / 2 == pytest.approx(y, abs=0.05)
