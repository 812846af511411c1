"""Labels of areas do not overlap, or are left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from salviewer.core.area_drawing import draw_areas
from salviewer.core.area_labels import Labels, area_label, place_labels
from salviewer.core.areas import Rectangle

WINDOW = (1000.0, 700.0)
SHELF = [
    Rectangle(column / 20 + 0.004, row / 10 + 0.01, column / 20 + 0.046, row / 10 + 0.09, name=f"Pack {n}")
    for n, (row, column) in enumerate((row, column) for row in range(10) for column in range(20))
]
"""200 areas, each narrower than its label."""


@pytest.mark.parametrize("wide", [45.0, 90.0, 150.0])
def test_no_label_covers_another_and_all_stay_in_the_window(wide: float) -> None:
    outlines = [area.outline() * WINDOW for area in SHELF]
    centres = place_labels(outlines, [(wide, 19.0)] * len(SHELF), 5, WINDOW)
    placed = [centre for centre in centres if centre is not None]
    for (ax, ay), (bx, by) in combinations(placed, 2):
        assert abs(ax - bx) >= wide or abs(ay - by) >= 19
    for x, y in placed:
        assert wide / 2 <= x <= WINDOW[0] - wide / 2 and 9.5 <= y <= WINDOW[1] - 9.5
    assert len(placed) == len(SHELF) if wide < 50 else len(placed) > 60


def test_labels_of_the_first_are_placed_before_the_others() -> None:
    outlines = [area.outline() * WINDOW for area in SHELF]
    alone = place_labels(outlines, [(150.0, 19.0)] * len(SHELF), 5, WINDOW)
    hidden = next(number for number, centre in enumerate(alone) if centre is None)
    chosen = place_labels(outlines, [(150.0, 19.0)] * len(SHELF), 5, WINDOW, [hidden])
    assert chosen[hidden] is not None


def test_two_labels_of_one_place_stand_apart() -> None:
    """The second moves into its area instead of covering the first."""
    box = Rectangle(0.2, 0.3, 0.6, 0.7)
    outline = box.outline() * WINDOW
    first, second = place_labels([outline, outline], [(100.0, 19.0)] * 2, 5, WINDOW)
    assert first is not None and second is not None and second[1] >= first[1] + 19


@pytest.mark.parametrize(
    ("labels", "expected"), [("both", "Logo  12.3 %"), ("name", "Logo"), ("share", "12.3 %"), ("off", "")]
)
def test_a_label_says_what_is_chosen(labels: Labels, expected: str) -> None:
    area = replace(SHELF[0], name="Logo")
    assert area_label(area, 0.1234, labels) == expected
    drawn, bare = np.full((2, 300, 400, 3), 128, np.uint8)
    draw_areas(drawn, [area], [0.1234], labels)
    draw_areas(bare, [replace(area, name="")], None, "off")
    assert np.array_equal(drawn, bare) is (labels == "off")
