"""The store of areas: drawn, changed, undone and redone, picture by picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salviewer.app.state.areas import AreaStore
from salviewer.core.area_drawing import COLOURS
from salviewer.core.area_history import History
from salviewer.core.area_shapes import (
    box,
    framed,
    handles,
    kept_inside,
    moved,
    reshaped,
    spanned,
    with_point,
    without_point,
)
from salviewer.core.areas import Area, Ellipse, Polygon, Rectangle

unit = st.floats(0, 1)


def in_order(s: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, right = sorted((0.9 * s[0], 0.9 * s[2]))
    top, bottom = sorted((0.9 * s[1], 0.9 * s[3]))
    return left, top, right + 0.1, bottom + 0.1


boxes = st.tuples(unit, unit, unit, unit).map(in_order)
areas = st.one_of(
    boxes.map(lambda b: Rectangle(*b)),
    boxes.map(lambda b: framed("ellipse", b, "", "e", 0)),
    boxes.map(lambda b: Polygon(((b[0], b[1]), (b[2], b[1]), (b[2], b[3]), (b[0], (b[1] + b[3]) / 2)))),
)


def rectangle(model: AreaStore, name: str = "") -> Rectangle:
    return Rectangle(0.1, 0.1, 0.3, 0.3, name=name or model.new_name(), hue=model.new_hue())


def fresh() -> AreaStore:
    model = AreaStore()
    model.show(Path("/a.png"))
    return model


STEPS: dict[str, Callable[[AreaStore], None]] = {
    "draw": lambda m: m.put([rectangle(m)], "draw a rectangle"),
    "select": lambda m: m.select(area.id for area in m.all[::2]),
    "move": lambda m: m.move(0.01, -0.02),
    "back": lambda m: m.move(-0.01, 0.02),
    "duplicate": lambda m: m.duplicate(),
    "delete": lambda m: m.remove(m.selection),
    "rename": lambda m: m.rename(m.all[0].id, f"name {len(m.all)}") if m.all else None,
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
@settings(max_examples=60)
def test_undo_leads_back_through_every_state_and_redo_forward_again(steps: list[str]) -> None:
    model = fresh()
    visited: set[tuple[Area, ...]] = {()}
    for step in steps:
        STEPS[step](model)
        visited.add(model.all)
        assert model.selection <= {area.id for area in model.all}
        assert len({area.id for area in model.all}) == len(model.all)
    final = model.all
    seen = [final]
    while model.history.undoes:
        model.undo()
        assert model.all != seen[-1] and model.all in visited
        seen.append(model.all)
    assert seen[-1] == ()
    back = list(reversed(seen))
    for state in back[1:]:
        assert model.history.redoes
        model.redo()
        assert model.all == state
    assert model.all == final and not model.history.redoes


def test_changes_of_one_token_are_one_step_and_a_change_undone_by_itself_is_none() -> None:
    history, a, b = History(), Rectangle(0, 0, 0.5, 0.5), Rectangle(0, 0, 0.6, 0.6)
    history.record((a,), "draw", "drag")
    history.record((b,), "draw", "drag")
    history.undo()
    assert history.areas == () and history.redoes == "draw"
    history.redo()
    assert history.areas == (b,)
    history.record((a, b), "move", "nudge")
    history.record((b,), "move", "nudge")
    assert history.undoes == "draw"
    history.withdraw("drag")
    assert history.areas == () and not history.undoes and not history.redoes


def test_what_was_undone_is_gone_after_another_change() -> None:
    model = fresh()
    for name in ("a", "b"):
        model.put([rectangle(model, name)], f"draw {name}")
    model.undo()
    assert model.history.redoes == "draw b"
    model.put([rectangle(model, "c")], "draw c")
    assert not model.history.redoes and [area.name for area in model.all] == ["a", "c"]


def test_each_picture_has_its_own_areas_selection_and_past() -> None:
    model = fresh()
    model.put([rectangle(model)], "draw")
    model.select([model.all[0].id])
    model.show(Path("/b.png"))
    assert model.all == () and not model.selection and not model.history.undoes
    model.put([rectangle(model)], "draw")
    model.show("no file")
    model.put([rectangle(model)], "draw")
    assert set(model.of_files()) == {Path("/a.png"), Path("/b.png")}
    assert set(model.without_files()) == {"no file"}
    model.show(Path("/a.png"))
    assert len(model.all) == 1 and model.history.undoes == "draw"
    model.undo()
    assert set(model.of_files()) == {Path("/b.png")}


def test_names_count_on_and_colours_are_all_used_before_one_comes_again() -> None:
    model = fresh()
    for _ in COLOURS:
        model.put([rectangle(model)], "draw")
    assert [area.name for area in model.all] == [f"Area {n}" for n in range(1, len(COLOURS) + 1)]
    assert {area.hue for area in model.all} == set(range(len(COLOURS)))
    third = model.all[2]
    model.remove([third.id])
    assert model.new_hue() == third.hue and model.new_name() == f"Area {len(COLOURS) + 1}"
    model.put([rectangle(model, "Logo")], "draw")
    model.select([model.all[-1].id])
    model.duplicate()
    (copy,) = model.selected
    assert copy.name == "Logo copy" and copy.id != model.all[-2].id and box(copy) != box(model.all[-2])


def test_a_duplicate_in_the_last_corner_goes_the_other_way() -> None:
    model = fresh()
    model.put([Rectangle(0.8, 0.8, 1, 1, id="a")], "draw")
    model.select("a")
    model.duplicate()
    assert box(model.selected[0]) == pytest.approx((0.78, 0.78, 0.98, 0.98))


@given(areas, st.floats(-2, 2), st.floats(-2, 2))
def test_a_move_keeps_shape_size_and_stays_inside(area: Area, dx: float, dy: float) -> None:
    dx, dy = kept_inside([area], dx, dy)
    there = moved(area, dx, dy)
    before, after = box(area), box(there)
    assert after[2] - after[0] == pytest.approx(before[2] - before[0])
    assert after[3] - after[1] == pytest.approx(before[3] - before[1])
    assert min(after) >= -1e-9 and max(after) <= 1 + 1e-9
    assert (there.id, there.name, there.hue) == (area.id, area.name, area.hue)


@given(areas, st.integers(0, 7), unit, unit)
def test_a_handle_follows_and_the_opposite_side_stays(area: Area, which: int, x: float, y: float) -> None:
    grips = handles(area)
    handle = grips[which % len(grips)]
    try:
        there = reshaped(area, handle, (x, y))
    except ValueError:
        return
    if handle.vertex >= 0:
        assert isinstance(there, Polygon) and isinstance(area, Polygon)
        assert there.points[handle.vertex] == (x, y)
        others = [n for n in range(len(area.points)) if n != handle.vertex]
        assert [there.points[n] for n in others] == [area.points[n] for n in others]
        return
    old, new = box(area), box(there)
    for axis, way, at in ((0, handle.across, x), (1, handle.down, y)):
        low, high = (old[axis], old[axis + 2])
        fixed = {-1: (high, at), 1: (low, at), 0: (low, high)}[way]
        assert (new[axis], new[axis + 2]) == pytest.approx(tuple(sorted(fixed)))


@given(st.tuples(unit, unit), st.tuples(st.floats(-1, 2), st.floats(-1, 2)), st.floats(0.2, 5))
def test_with_shift_a_box_is_a_square_on_screen_and_inside(
    start: tuple[float, float], end: tuple[float, float], square: float
) -> None:
    left, top, right, bottom = spanned(start, end, square)
    assert (right - left) * square == pytest.approx(bottom - top, abs=1e-9)
    assert left >= -1e-9 and top >= -1e-9 and right <= 1 + 1e-9 and bottom <= 1 + 1e-9
    assert start[0] in (left, right) and start[1] in (top, bottom)


def test_points_of_a_polygon_come_and_go_but_three_stay() -> None:
    triangle = Polygon(((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)), name="t")
    four = with_point(triangle, 1, (0.8, 0.9))
    assert four.points == ((0.0, 0.0), (1.0, 0.0), (0.8, 0.9), (0.0, 1.0))
    assert without_point(four, 2) == triangle
    assert with_point(triangle, 2, (0.2, 0.5)).points[-1] == (0.2, 0.5)
    with pytest.raises(ValueError):
        without_point(triangle, 0)
    ellipse = Ellipse(0.5, 0.5, 0.2, 0.1)
    assert len(handles(ellipse)) == 8 and len(handles(four)) == 4
    assert replace(ellipse, x=0.6) == moved(ellipse, 0.6 - 0.5, 0.0)
