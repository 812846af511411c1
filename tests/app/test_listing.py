"""Walking through a list whose pictures are filtered, removed or added."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from salviewer.media.picture_list import Listing

PATHS = tuple(Path(f"/p/{index}{'ab'[index % 2]}.png") for index in range(9))


@given(st.integers(0, 8), st.integers(1, 12), st.sampled_from(["", "A", "b", "zz"]))
def test_steps_go_to_what_the_filter_lets_through_and_stop_at_the_ends(
    at: int, steps: int, needle: str
) -> None:
    listing = Listing(paths=PATHS, needle=needle)
    current = PATHS[at]
    after = [path for path in listing.walked if PATHS.index(path) > at]
    before = [path for path in listing.walked if PATHS.index(path) < at][::-1]
    assert listing.step(current, steps) == (after[min(steps, len(after)) - 1] if after else None)
    assert listing.step(current, -steps) == (before[min(steps, len(before)) - 1] if before else None)


def test_one_that_is_gone_has_neighbours_still() -> None:
    listing = Listing(paths=PATHS[:4] + PATHS[5:])
    assert listing.step(PATHS[4], 1, gap=4) == PATHS[5]
    assert listing.step(PATHS[4], -1, gap=4) == PATHS[3]
    assert listing.step(PATHS[4], 1, gap=8) is None and listing.step(PATHS[4], -1, gap=0) is None
    assert Listing().step(PATHS[0], 1) is None


def test_what_was_taken_out_stays_out_when_the_folder_is_listed_again() -> None:
    listing = Listing(paths=PATHS).without(PATHS[2])
    assert PATHS[2] not in listing.index and len(listing.walked) == 8
    again = listing.relisted(PATHS)
    assert again is listing
    assert listing.relisted(PATHS[:4]).paths == (*PATHS[:2], PATHS[3])
    assert replace(listing, needle="2A").walked == ()
