"""Maps over time: smoothing, cuts, motion, proposals, fusion, following."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from salviewer.core import motion
from salviewer.core.cues import Cues, CueSettings
from salviewer.core.following import Box, Follower
from salviewer.core.fusion import FusionWeights, fuse
from salviewer.core.proposals import Region, box_map, find_regions, region_map
from salviewer.core.temporal import CutDetector, TemporalFilter

PHOTO = np.asarray(data.astronaut())
OTHER = np.asarray(data.coffee())


def view(x: int, y: int = 60, size: tuple[int, int] = (320, 240)) -> NDArray[np.uint8]:
    """What a camera sees that pans over a photograph."""
    return np.ascontiguousarray(PHOTO[y : y + size[1], x : x + size[0]])


def spot(x: float, y: float, shape: tuple[int, int] = (60, 80)) -> NDArray[np.float32]:
    """A density with one round spot, in fractions of the map."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    distance = np.hypot((columns + 0.5) / shape[1] - x, ((rows + 0.5) / shape[0] - y) * 0.75)
    blob = np.exp(-((distance / 0.05) ** 2)).astype(np.float32)
    return np.asarray(blob / blob.sum(), np.float32)


def centre(density: NDArray[np.float32]) -> tuple[float, float]:
    rows, columns = np.mgrid[0 : density.shape[0], 0 : density.shape[1]]
    return (
        float((density * (columns + 0.5)).sum() / density.shape[1]),
        float((density * (rows + 0.5)).sum() / density.shape[0]),
    )


def with_thing(background: NDArray[np.uint8], x: int, y: int, side: int = 30) -> NDArray[np.uint8]:
    """A piece of another photograph on the background."""
    pixels = background.copy()
    pixels[y : y + side, x : x + side] = OTHER[100 : 100 + side, 200 : 200 + side]
    return pixels


@pytest.mark.parametrize("rate", [10, 60])
def test_smoothing_goes_by_time_and_not_by_frames(rate: int) -> None:
    smooth = TemporalFilter(200)
    smooth.update(spot(0.2, 0.5), 0.0)
    for index in range(1, rate // 5 * 2 + 1):  # 0.4 s: two half-lives
        density = smooth.update(spot(0.8, 0.5), index / rate)
    assert density.sum() == pytest.approx(1, abs=1e-4)
    assert density[:, :40].sum() == pytest.approx(0.25, abs=0.01)


def test_without_a_half_life_and_after_going_back_nothing_is_kept() -> None:
    for smooth, times in [(TemporalFilter(0), (0.0, 1.0)), (TemporalFilter(200), (1.0, 0.5))]:
        smooth.update(spot(0.2, 0.5), times[0])
        assert (smooth.update(spot(0.8, 0.5), times[1]) == spot(0.8, 0.5)).all()
    with pytest.raises(ValueError, match="half-life"):
        TemporalFilter(-1)


def test_cuts_are_distinguished_from_pans_and_flashes() -> None:
    cuts = CutDetector()
    cut_flags = [cuts.is_cut(view(x)) for x in range(0, 120, 6)]
    cut_flags += [cuts.is_cut(np.ascontiguousarray(OTHER[:240, x : x + 320])) for x in range(0, 60, 6)]
    cut_flags += [cuts.is_cut(view(x)) for x in range(0, 60, 6)]
    assert [index for index, cut in enumerate(cut_flags) if cut] == [20, 30]


def test_flow_finds_a_shift_and_the_map_moves_with_it() -> None:
    first, second = (motion.small_grey(view(x)) for x in (80, 90))  # what is seen moves 10 pixels to the left
    field = motion.flow(first, second)
    assert np.median(field[..., 0]) == pytest.approx(-10 * 256 / 320, abs=0.5)
    moved = motion.move_map(spot(0.5, 0.5), motion.flow(second, first))
    assert centre(moved)[0] == pytest.approx(0.5 - 10 / 320, abs=0.01)
    assert centre(moved)[1] == pytest.approx(0.5, abs=0.01)
    with pytest.raises(ValueError, match="one size"):
        motion.flow(first, first[:100])


def test_the_cameras_own_motion_is_no_motion() -> None:
    """A pan alone says nothing; what moves against it is found."""
    before, after = view(80), view(86)
    field = motion.flow(motion.small_grey(after), motion.small_grey(before))
    pan = motion.motion_map(field, (60, 80))
    before, after = with_thing(before, 200, 80), with_thing(after, 212, 80)
    field = motion.flow(motion.small_grey(after), motion.small_grey(before))
    found = motion.motion_map(field, (60, 80))
    assert found is not None
    assert found.sum() == pytest.approx(1, abs=1e-4)
    x, y = np.unravel_index(int(found.argmax()), found.shape)[::-1]
    assert abs(x / 80 - 227 / 320) < 0.08
    assert abs(y / 60 - 95 / 240) < 0.08
    assert pan is None
    assert motion.motion_map(np.zeros((192, 256, 2), np.float32), (60, 80)) is None


def test_regions_and_boxes_as_maps() -> None:
    density = 0.7 * spot(0.25, 0.5) + 0.3 * spot(0.75, 0.5)
    first, second = find_regions(density)
    assert first.left < 0.25 < first.right < 0.5 < second.left < 0.75 < second.right
    assert first.share > second.share
    assert find_regions(density, 1) == (first,)
    filled = region_map(density)
    assert filled is not None
    assert filled.sum() == pytest.approx(1, abs=1e-4)
    assert filled.max() < density.max()
    flat = np.full((60, 80), 1 / 4800, np.float32)
    assert (find_regions(flat), region_map(flat)) == ((), None)
    boxed = box_map([Region(0.5, 0, 1.2, 1, 0, 0.9)], density)
    assert boxed is not None
    assert boxed[:, 39:].sum() > 0.95
    assert box_map([], density) is None


def test_fusion_is_a_weighted_mean_and_silent_cues_leave_their_weight() -> None:
    network, moving = spot(0.2, 0.5), spot(0.8, 0.5)
    mixed = fuse({"network": network, "motion": moving}, FusionWeights(1.0, 0.5))
    assert mixed[:, 40:].sum() == pytest.approx(1 / 3, abs=1e-3)
    assert (fuse({"network": network, "motion": None}, FusionWeights(1.0, 0.5)) == network).all()
    alone = fuse({"network": network, "motion": moving}, FusionWeights.alone("motion"))
    assert (alone == moving).all()
    nothing = fuse({"network": network, "motion": None}, FusionWeights.alone("motion"))
    assert nothing == pytest.approx(1 / nothing.size)
    with pytest.raises(ValueError, match="above 0"):
        FusionWeights(0.0)
    with pytest.raises(ValueError, match="motion lies in"):
        FusionWeights(motion=2)


def test_what_is_remembered_moves_with_the_camera_and_leaves_no_trail() -> None:
    """A spot that stays on one thing, while the camera pans: smoothed over time it is still one spot."""
    cues = Cues(CueSettings(half_life=500))
    for index, x in enumerate(range(60, 120, 4)):
        at = (200 - x) / 320
        density = cues.update(view(x), spot(at, 0.5), index / 30)
    assert centre(density)[0] == pytest.approx(at, abs=0.015)
    columns = density.sum(axis=0)
    spread = np.sqrt((columns * (np.arange(80) / 80 - centre(density)[0]) ** 2).sum())
    alone = spot(at, 0.5).sum(axis=0)
    assert spread < 1.5 * np.sqrt((alone * (np.arange(80) / 80 - at) ** 2).sum())


def test_a_cut_forgets() -> None:
    cues = Cues(CueSettings(half_life=10_000))
    for index in range(5):
        cues.update(view(60), spot(0.2, 0.5), index / 30)
    density = cues.update(np.ascontiguousarray(OTHER[:240, :320]), spot(0.8, 0.5), 5 / 30)
    assert (density == spot(0.8, 0.5)).all()


def test_motion_counts_with_its_weight() -> None:
    cues = Cues(CueSettings(FusionWeights(motion=1.0), half_life=0))
    for index in range(3):
        density = cues.update(with_thing(view(80), 180 + 12 * index, 80), spot(0.2, 0.5), index / 30)
    x = (204 + 15) / 320
    assert density[:, round((x - 0.12) * 80) : round((x + 0.12) * 80)].sum() > 0.35
    with pytest.raises(ValueError, match="half-life"):
        CueSettings(half_life=99_999)


def test_a_thing_is_followed_and_its_loss_is_reported() -> None:
    follower = Follower()
    begun = follower.begin(
        with_thing(view(80), 100, 100, 60), Box(100 / 320, 100 / 240, 160 / 320, 160 / 240)
    )
    for step in range(1, 15):
        tracked = follower.update(with_thing(view(80 + step), 100 + 5 * step, 100 - 2 * step, 60))
        assert tracked is not None
        assert tracked.track == begun.track
    x, y = tracked.box.centre
    assert x == pytest.approx((130 + 70) / 320, abs=0.02)
    assert y == pytest.approx((130 - 28) / 240, abs=0.02)
    assert tracked.box.right - tracked.box.left == pytest.approx(60 / 320, abs=0.05)
    lost = [follower.update(np.ascontiguousarray(OTHER[:240, :320])) for _ in range(3)]
    assert lost[-1] is None
    assert follower.begin(view(0), begun.box).track == begun.track + 1


def test_a_thing_that_grows_is_followed_with_its_size() -> None:
    follower = Follower()
    follower.begin(view(100), Box(0.3, 0.3, 0.7, 0.7))
    for step in range(1, 9):
        scale = 1 + 0.03 * step
        matrix = np.array([[scale, 0, 160 * (1 - scale)], [0, scale, 120 * (1 - scale)]])
        grown = cv2.warpAffine(view(100), matrix, (320, 240), borderMode=cv2.BORDER_REFLECT)
        tracked = follower.update(np.asarray(grown, np.uint8))
    assert tracked is not None
    assert tracked.box.right - tracked.box.left == pytest.approx(0.4 * 1.24, rel=0.1)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 256), (9, 9), (8, 128), (19, 79), (16, 256), (300, 3), (100, 256)]
)
def test_flow_takes_frames_of_any_size(shape: tuple[int, int]) -> None:
    """OpenCV refuses small frames, and on wide, low ones it crashed the whole program."""
    rng = np.random.default_rng(4)
    first, second = (rng.integers(0, 255, shape, dtype=np.uint8) for _ in range(2))
    found = motion.flow(first, second)
    assert found.shape == (*shape, 2)
    assert np.isfinite(found).all()
