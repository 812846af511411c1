"""Scores, on maps whose values are known."""

import numpy as np
import pytest

from salviewer.core.areas import Rectangle
from salviewer.core.hotspots import Hotspot
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scores import STEPS, Reference, early_share, entropy, half_area, rival_share, score
from salviewer.core.visits import draw_seen, first_visit, visits_until
from tests.core.maps import uniform

BARE = PostprocessSettings(sigma=0)


def cells(values):
    array = np.array(values, np.float32)
    return SaliencyMap(array, (10 * array.shape[1], 10 * array.shape[0]), "by hand")


def table(low, high):
    return np.linspace(low, high, STEPS)


REFERENCE = Reference(
    "abc",
    {
        "pages": {
            "half_area": table(0, 0.5),
            "entropy": table(0, 4),
            "first_share": table(0, 0.4),
            "rival_share": np.concatenate([np.zeros(51), np.linspace(0.01, 1, 50)]),
        }
    },
    {"pages": 7},
)


def test_concentration_by_hand():
    assert half_area(uniform()) == 1  # ties stay together
    assert entropy(uniform()) == pytest.approx(0, abs=1e-6)
    one = cells([[1, 0, 0, 0], [0, 0, 0, 0]])
    assert half_area(one) == 1 / 8 and entropy(one) == pytest.approx(3)
    two = cells([[1, 1, 0, 0], [0, 0, 0, 0]])
    assert half_area(two) == 2 / 8 and entropy(two) == pytest.approx(2)


def test_percentiles_interpolate_and_share_ties():
    assert REFERENCE.percentile("pages", "half_area", 0.25) == pytest.approx(50)
    assert REFERENCE.percentile("pages", "half_area", -1) == 0
    assert REFERENCE.percentile("pages", "half_area", 9) == 100
    assert REFERENCE.percentile("pages", "rival_share", 0) == pytest.approx(25)


def test_what_competes_with_a_goal():
    saliency = cells([[8, 6, 5, 1]])
    goal = Rectangle(0, 0, 0.25, 1)
    assert rival_share(goal.outline(), saliency, BARE) == pytest.approx(6 / 20)
    cold = Rectangle(0.75, 0, 1, 1)
    assert rival_share(cold.outline(), saliency, BARE) == pytest.approx(19 / 20)


def stop(number, x, y, share):
    return Hotspot(number, x, y, share, 1.0)


def test_what_the_first_three_visits_reach():
    stops = [stop(1, 5, 5, 0.2), stop(2, 35, 5, 0.1), stop(3, 15, 5, 0.05), stop(4, 5, 5, 0.01)]
    saliency = cells([[8, 6, 5, 1]])
    goal, other = Rectangle(0, 0, 0.5, 1, name="Goal"), Rectangle(0.75, 0, 1, 1, name="Other")
    assert early_share(goal, stops, (40, 10)) == pytest.approx(0.25)
    assert first_visit(other, stops, (40, 10)) == 2
    assert first_visit(Rectangle(0.5, 0, 0.7, 1), stops, (40, 10)) is None
    found = score(saliency, (other, goal), stops, goal, REFERENCE, "pages", BARE)
    assert found.reached == ("Goal", "Other")
    assert found.seen_first == pytest.approx(100 * 0.25 / 0.4)
    assert found.competition == pytest.approx(25)  # nothing elsewhere is nearly as hot
    never = score(saliency, (), stops, Rectangle(0.5, 0, 0.7, 1), REFERENCE, "pages", BARE)
    assert never.seen_first == 0 and never.reached == ()
    assert score(saliency, (), stops, None, REFERENCE, "pages", BARE).seen_first is None


def test_focus_is_the_mean_of_two_percentiles():
    found = score(cells([[1, 1, 0, 0], [0, 0, 0, 0]]), (), [], None, REFERENCE, "pages")
    assert found.focus == pytest.approx((100 - 50 + 50) / 2)


def test_seen_after_some_seconds():
    assert [visits_until(seconds) for seconds in (0.2, 0.33, 1, 2, 3)] == [0, 1, 3, 6, 9]
    pixels = np.full((40, 80, 3), 200, np.uint8)
    stops = [stop(1, 10, 20, 0.2), stop(2, 40, 20, 0.1), stop(3, 60, 20, 0.1), stop(4, 75, 5, 0.1)]
    seen = draw_seen(pixels, stops, 0.05, 1)
    assert (seen[20, [10, 40, 60]] == 200).all() and (seen[5, 75] < 120).all()
    assert (draw_seen(pixels, stops, 0.05, 2)[5, 75] == 200).all()
