"""Labels of hotspots in a picture: beside their rings, apart from each other, and inside the picture."""

from __future__ import annotations

import numpy as np
import pytest

from salviewer.core.gaze import draw_hotspots, visit_text
from salviewer.core.hotspots import Hotspot
from salviewer.core.spot_labels import Box, Circle, place_beside

SPOT = Hotspot(number=3, x=200.0, y=150.0, share=0.07, peak=0.5)
SIZE = (50.0, 16.0)


def boxes(circles: list[Circle], taken: tuple[Box, ...] = ()) -> list[Box]:
    centres = place_beside(circles, [SIZE] * len(circles), 4, (0, 0, 400, 300), taken)
    return [(x - 25, y - 8, x + 25, y + 8) for x, y in centres]


def overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_a_hotspot_says_which_visit_it_is_and_hides_nothing_inside_its_ring(ground: int) -> None:
    assert visit_text(SPOT) == "visit 3"
    drawn = np.full((300, 400, 3), ground, np.uint8)
    draw_hotspots(drawn, [SPOT], 0.1)
    changed = np.abs(drawn.astype(int) - ground).max(axis=2) > 40
    rows, columns = np.mgrid[:300, :400] + 0.5
    distance = np.hypot(columns - SPOT.x, rows - SPOT.y)
    ring = np.abs(distance - 40) < 5
    assert not changed[distance < 35].any() and changed[ring].sum() > 200
    assert changed[~ring & (columns > SPOT.x)].sum() > 100  # the label, right of the ring
    assert not changed[~ring & (columns < SPOT.x)].any()


def test_labels_lie_beside_their_rings_apart_and_inside_the_picture() -> None:
    circles: list[Circle] = [(60, 60, 30), (130, 60, 30), (390, 150, 30), (200, 299, 30), (200, 230, 30)]
    placed = boxes(circles)
    for number, (left, top, right, bottom) in enumerate(placed):
        assert left >= 0 and top >= 0 and right <= 400 and bottom <= 300
        assert not any(overlap(placed[number], other) for other in placed[:number])
        for x, y, radius in circles:
            nearest = np.clip(x, left, right) - x, np.clip(y, top, bottom) - y
            assert np.hypot(*nearest) >= radius


def test_a_label_leaves_room_for_those_of_areas_and_a_ring_as_large_as_the_picture_has_one() -> None:
    free = boxes([(200, 150, 40)])[0]
    assert free[0] > 240
    assert not overlap(boxes([(200, 150, 40)], (free,))[0], free)
    left, top, right, bottom = boxes([(200, 150, 300)])[0]
    assert left >= 0 and top >= 0 and right <= 400 and bottom <= 300
