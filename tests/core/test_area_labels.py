"""Labels of areas do not overlap, or are left out."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from salviewer.core.area_drawing import draw_areas
from salviewer.core.area_labels import Labels, area_label, area_texts, place_labels, place_texts
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


def test_a_wide_label_is_shortened_where_it_would_hide_a_neighbour() -> None:
    """At the size of a window, wide labels of a dense shelf say less instead of covering other packs."""
    shelf = [replace(area, name=f"{area.name} of breakfast cereals") for area in SHELF]
    outlines = [area.outline() * WINDOW for area in shelf]
    texts = [area_texts(area, 0.005, "both") for area in shelf]
    assert texts[0] == ("Pack 0 of breakfast cereals  0.5 %", "Pack 0 of…  0.5 %", "0.5 %")
    sizes = [[(6.0 * len(text) + 12, 17.0) for text in each] for each in texts]
    placed = place_texts(outlines, sizes, 3, WINDOW)
    boxes = np.array([(*line.min(axis=0), *line.max(axis=0)) for line in outlines])
    assert sum(each is not None for each in placed) > 150
    hidden = 0
    for number, each in enumerate(placed):
        if each is None:
            continue
        (text, (x, y)), others = each, np.delete(boxes, number, axis=0)
        width, tall = sizes[number][text]
        wide = np.minimum(others[:, 2], x + width / 2) - np.maximum(others[:, 0], x - width / 2)
        high = np.minimum(others[:, 3], y + tall / 2) - np.maximum(others[:, 1], y - tall / 2)
        part = wide.clip(0) * high.clip(0) / ((others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1]))
        hidden += part.max() > 0.5
    assert hidden == 0
    alone = place_texts(outlines[:1], sizes[:1], 3, WINDOW)
    assert alone[0] is not None and alone[0][0] == 0  # nobody is in its way


def test_a_label_moves_before_it_is_shortened() -> None:
    big, small = (
        Rectangle(0.3, 0.3, 0.7, 0.8, name="Everything on the shelf"),
        Rectangle(0.4, 0.27, 0.44, 0.29),
    )
    outlines = [area.outline() * WINDOW for area in (big, small)]
    texts = area_texts(big, 0.5)
    sizes = [[(7.0 * len(text), 17.0) for text in texts], []]
    ((text, centre), nothing) = place_texts(outlines, sizes, 3, WINDOW)  # type: ignore[misc]
    assert nothing is None and text == 0 and centre[1] > 0.3 * WINDOW[1]  # whole, but inside its own area


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
