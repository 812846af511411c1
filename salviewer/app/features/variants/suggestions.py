"""Suggestions of a comparison in words."""

from __future__ import annotations

from salviewer.app.features.variants.compared import Suggestion
from salviewer.app.translation import tr


def words(one: Suggestion) -> str:
    """Say where an area was found on a variant, or that it was not."""
    if one.found is None:
        return tr(
            "{variant}  {area}: not found; draw it there, or leave the dash",
            variant=one.variant,
            area=one.area.name,
        )
    if one.dragged:
        return tr("{variant}  {area}: where you dragged it", variant=one.variant, area=one.area.name)
    likeness = 100 * one.found.likeness
    if one.found.moved:
        return tr(
            "{variant}  {area}: found elsewhere, {likeness:.0f} % alike",
            variant=one.variant,
            area=one.area.name,
            likeness=likeness,
        )
    return tr(
        "{variant}  {area}: at the same place, {likeness:.0f} % alike",
        variant=one.variant,
        area=one.area.name,
        likeness=likeness,
    )
