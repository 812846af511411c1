"""A comparison in words: which conclusions are drawn, and which are not."""

import numpy as np

from salviewer.core.areas import Rectangle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.variants import Variant, tabulate
from salviewer.results.variant_words import sentence

BUTTON, HEADLINE = Rectangle(0, 0, 0.25, 1, name="Button"), Rectangle(0.75, 0, 1, 1, name="Headline")


def quarters(*shares):
    return SaliencyMap(np.array([shares], np.float32), (400, 100), "by hand")


def variant(name, *shares, shaky=0.0, areas=(BUTTON, HEADLINE), looks=3):
    """Attention by quarters; each further look moves `shaky` from the second quarter to the first."""
    first, second, *rest = shares
    moved = [quarters(first + shaky * step, second - shaky * step, *rest) for step in range(looks)]
    return Variant(name, quarters(*shares), areas, tuple(moved))


def test_two_variants_with_a_clear_change():
    table = tabulate([variant("A", 0.076, 0.724, 0.1, 0.1), variant("B", 0.124, 0.726, 0.1, 0.05)])
    said = sentence(table, "Button")
    assert said == "Button: 7.6 % in A, 12.4 % in B (+63 %); Headline loses 5.0 points."
    assert sentence(table).startswith("Headline: 10.0 % in A, 5.0 % in B (−50 %); Button gains 4.8 points")


def test_what_moves_by_itself_is_not_called_a_change():
    table = tabulate(
        [variant("A", 0.1, 0.7, 0.1, 0.1, shaky=0.05), variant("B", 0.12, 0.68, 0.1, 0.1, shaky=-0.03)]
    )
    assert sentence(table, "Button") == (
        "Button: 10.0 % in A, 12.0 % in B: no clear change (the difference moves by ±16.0 points by itself)."
    )
    assert sentence(table).startswith("No area changes clearly: the largest difference is Button in B, +2.0")


def test_one_look_judges_nothing():
    table = tabulate([variant("A", 0.1, 0.7, 0.1, 0.1, looks=0), variant("B", 0.4, 0.4, 0.1, 0.1, looks=0)])
    assert "not judged: the pictures were predicted only once" in sentence(table, "Button")
    assert sentence(table).startswith("Changes are not judged")


def test_several_variants_are_ranked():
    table = tabulate(
        [
            variant("A", 0.1, 0.7, 0.1, 0.1),
            variant("B", 0.2, 0.6, 0.1, 0.1),
            variant("C", 0.3, 0.58, 0.1, 0.02),
            variant("D", 0.1, 0.7, 0.1, 0.1, areas=(HEADLINE,)),
        ]
    )
    assert sentence(table, "Button") == (
        "Button gets most in C: 30.0 %, against 10.0 % in A (+200 %); Headline loses 8.0 points in C;"
        " D has no Button."
    )


def test_a_shared_lead():
    table = tabulate(
        [
            variant("A", 0.1, 0.7, 0.1, 0.1),
            variant("B", 0.30, 0.5, 0.1, 0.1, shaky=0.05),
            variant("C", 0.31, 0.49, 0.1, 0.1),
        ]
    )
    assert sentence(table, "Button") == (
        "Button: C (31.0 %) and B (30.0 %) lead without a clear difference; A follows with 10.0 %."
    )


def test_nothing_to_compare_by():
    assert "No areas are drawn" in sentence(
        tabulate([variant("A", 0.1, 0.7, 0.1, 0.1, areas=()), variant("B", 0.1, 0.7, 0.1, 0.1, areas=())])
    )
    only = tabulate([variant("A", 0.1, 0.7, 0.1, 0.1), variant("B", 0.1, 0.7, 0.1, 0.1, areas=())])
    assert sentence(only, "Button") == "Button is only in A, so the variants cannot be compared by it."
    assert sentence(only) == "No area is in two variants, so nothing can be compared."
