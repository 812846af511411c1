"""Variants of a design, on maps made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from salviewer.core.areas import Rectangle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.variants import Variant, tabulate
from salviewer.core.visits import FIXATION

LEFT = Rectangle(0, 0, 0.5, 1, name="Left")
CORNER = Rectangle(0.75, 0, 1, 0.5, name="Corner")


def quarters(*shares):
    """2 x 4 cells: the four columns hold these shares of attention, evenly."""
    column = np.array(shares, np.float64) / 2
    return SaliencyMap(np.stack([column, column]).astype(np.float32), (400, 200), "by hand")


def variant(name, shares, looks=(), areas=(LEFT, CORNER)):
    return Variant(name, quarters(*shares), areas, tuple(quarters(*look) for look in looks))


STILL = [(0.2, 0.2, 0.3, 0.3), (0.2, 0.2, 0.3, 0.3), (0.21, 0.2, 0.29, 0.3)]
MOVED = [(0.3, 0.3, 0.2, 0.2), (0.3, 0.3, 0.2, 0.2), (0.31, 0.3, 0.19, 0.2)]
SHAKY = [(0.1, 0.2, 0.4, 0.3), (0.4, 0.3, 0.2, 0.1), (0.2, 0.3, 0.2, 0.3)]


def test_shares_changes_and_visits_by_hand():
    table = tabulate([variant("A", STILL[0], STILL), variant("B", MOVED[0], MOVED)])
    assert table.variants == ("A", "B") and table.areas == ("Left", "Corner")
    left = table.cell("Left", "B")
    assert left.share == pytest.approx(0.6) and left.size == pytest.approx(0.5)
    assert left.density == pytest.approx(1.2)
    assert left.change.points == pytest.approx(0.2) and left.change.ratio == pytest.approx(0.5)
    assert left.change.margin == pytest.approx(0, abs=1e-6) and left.change.called and left.marked
    corner = table.cell("Corner", "B")
    assert corner.share == pytest.approx(0.1) and corner.change.points == pytest.approx(-0.05)
    assert corner.change.ratio == pytest.approx(-1 / 3) and not corner.marked
    assert table.cell("Left", "A").change is None
    assert table.cell("Left", "A").margin == pytest.approx(2 * np.std([0.4, 0.4, 0.41], ddof=1), rel=1e-4)


def test_a_visit_is_the_first_that_lands_inside():
    shares = np.full((20, 40), 1e-4)
    shares[10, 30], shares[10, 5] = 0.6, 0.3
    saliency = SaliencyMap(shares.astype(np.float32), (400, 200), "by hand")
    table = tabulate([Variant("A", saliency, (LEFT, CORNER, Rectangle(0.5, 0, 1, 1, name="Right")))])
    assert table.cell("Right", "A").visit == 1 and table.cell("Right", "A").seconds == 0
    assert table.cell("Left", "A").visit == 2
    assert table.cell("Left", "A").seconds == pytest.approx(FIXATION)


def test_a_change_within_what_small_shifts_do_is_none():
    table = tabulate([variant("A", STILL[0], STILL), variant("B", (0.26, 0.2, 0.27, 0.27), SHAKY)])
    change = table.cell("Left", "B").change
    differences = np.array([0.3, 0.7, 0.5]) - np.array([0.4, 0.4, 0.41])
    assert change.points == pytest.approx(0.06)
    assert change.margin == pytest.approx(2 * differences.std(ddof=1), rel=1e-4)
    assert not change.called and not table.cell("Left", "B").marked


def test_nothing_is_called_a_change_when_nobody_looked_again():
    change = tabulate([variant("A", STILL[0]), variant("B", MOVED[0])]).cell("Left", "B").change
    assert change.margin is None and not change.called and change.points == pytest.approx(0.2)


def test_a_variant_without_the_area_has_a_dash():
    table = tabulate(
        [
            variant("A", STILL[0], STILL),
            variant("B", MOVED[0], MOVED, (CORNER,)),
            variant("C", MOVED[0], MOVED),
        ]
    )
    assert table.cell("Left", "B") is None and table.change("Left", "A", "B") is None
    assert [one.variant for one in table.ranking("Left")] == ["C", "A"]


def test_areas_are_the_same_by_name_and_without_one_left_out():
    renamed = replace(LEFT, id="another")
    table = tabulate(
        [variant("A", STILL[0], STILL), variant("B", MOVED[0], MOVED, (renamed, replace(CORNER, name="")))]
    )
    assert table.areas == ("Left", "Corner") and table.cell("Corner", "B") is None
    assert table.cell("Left", "B").change.called


def test_ranking_shares_a_rank_where_the_difference_is_no_change():
    table = tabulate(
        [
            variant("A", STILL[0], STILL),
            variant("B", MOVED[0], MOVED),
            variant(
                "C", (0.31, 0.3, 0.19, 0.2), [(0.25, 0.3, 0.25, 0.2), *MOVED[:1], (0.35, 0.3, 0.1, 0.25)]
            ),
        ]
    )
    ranking = table.ranking("Left")
    assert [(one.variant, one.rank) for one in ranking] == [("C", 1), ("B", 1), ("A", 3)]


def test_two_variants_of_one_name_are_refused():
    with pytest.raises(ValueError, match="same name"):
        tabulate([variant("A", STILL[0]), variant("A", STILL[0])])
