"""The place in a list of pictures, and the engines that are known to work."""

from __future__ import annotations

from pathlib import Path

from salviewer.app.workers.inference import Engine, EngineReady, KnownEngines
from salviewer.media.picture_list import Listing, Walk

A, B, C, D = (Path(f"{name}.png") for name in "abcd")


def walk(*paths: Path, at: Path) -> Walk:
    result = Walk()
    result.relist(Listing(paths=paths))
    result.go(at)
    return result


def test_the_next_picture_lies_in_the_direction_of_travel() -> None:
    place = walk(A, B, C, D, at=B)
    assert place.position_of(B) == (2, 4) and place.position_of(Path("z.png")) == (0, 0)
    assert place.neighbours(B) == [C, A]
    assert place.towards(A) and not place.towards(B)
    assert place.neighbours(B) == [A, C]
    assert place.turn(1) == C
    assert place.neighbours(B) == [C, A]
    assert walk(A, B, at=B).turn(1) is None


def test_the_place_stays_where_a_removed_picture_was() -> None:
    place = walk(A, B, C, D, at=C)
    assert place.relist(Listing(paths=(A, B, D))) and not place.relist(Listing(paths=(A, B, D)))
    assert (place.at(1), place.at(-1)) == (D, B)


def test_a_failed_engine_is_replaced_by_one_that_worked() -> None:
    known = KnownEngines()
    chosen = Engine("live_net", "cuda", "torch")
    free = known.instead_of(chosen)
    assert (free.model, free.device, free.kind) == ("live_net", "auto", "auto")
    assert known.instead_of(free) == free
    other = Engine("deep_convnet", "auto", "auto")
    assert not known.add(EngineReady(other, "cpu", "CPU", ())) and known.ready(other) is not None
    assert known.instead_of(free) == other
