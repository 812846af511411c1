"""Descriptions of pictures in which everything is known."""

from __future__ import annotations

import numpy as np
import pytest

from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.cutouts import Click, CutoutSettings
from salviewer.core.applications.known import Known
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.uses import Helpers, Uses, apply
from salviewer.core.applications.words import LONGEST_ALT, WordSettings, describe, find_stops
from salviewer.core.saliency_map import SaliencyMap

SIZE = (640, 480)


def bumps(*places: tuple[float, float, float]) -> SaliencyMap:
    """A bump at each (x, y, height)."""
    row, column = np.mgrid[0:60, 0:80]
    total = np.full((60, 80), 1e-7)
    for x, y, height in places:
        away = ((column + 0.5) / 80 - x) ** 2 + 0.6 * ((row + 0.5) / 60 - y) ** 2
        total += height * np.exp(-away / 0.0012)
    return SaliencyMap(total.astype(np.float32), SIZE, "test")


def uneven() -> np.ndarray:
    """A dark picture that is not of one colour."""
    return np.random.default_rng(0).integers(0, 60, (480, 640, 3), dtype=np.uint8)


MAP = bumps((0.15, 0.2, 1.0), (0.5, 0.5, 0.8), (0.85, 0.8, 0.5))
KNOWN = (
    Known(0.05, 0.1, 0.25, 0.3, "Summer sale", "text"),
    Known(0.4, 0.4, 0.6, 0.6, "bicycle", "object"),
    Known(0.75, 0.05, 0.95, 0.2, "Imprint", "area"),
)


def test_what_is_looked_at_first_is_named_first_with_place_and_share() -> None:
    stops = find_stops(MAP, KNOWN)
    assert [(stop.number, stop.what, stop.kind, stop.where) for stop in stops] == [
        (1, "Summer sale", "text", "at the top left"),
        (2, "bicycle", "object", "in the centre"),
        (3, "", "", "at the bottom right"),
    ]
    found = describe(MAP, stops, KNOWN)
    shares = [round(100 * stop.share) for stop in stops]
    assert found.sentence == (
        f'People look first at the text "Summer sale" at the top left ({shares[0]} % of attention), then at'
        f" the bicycle in the centre ({shares[1]} %) and at something at the bottom right ({shares[2]} %)."
        ' Overlooked: "Imprint" (0 %).'
    )
    assert found.alt == "“Summer sale”; bicycle"
    assert shares[0] == pytest.approx(43, abs=2)


def test_a_thing_is_named_once_however_many_hotspots_it_has() -> None:
    saliency = bumps((0.3, 0.5, 1.0), (0.7, 0.5, 0.9))
    (stop,) = find_stops(saliency, [Known(0.1, 0.2, 0.9, 0.8, "car")], WordSettings(count=3))
    assert stop.what == "car" and stop.share > 0.99 and stop.where == "in the centre"


def test_what_is_close_by_is_meant_where_a_hotspot_is_on_nothing() -> None:
    """Maps are coarser than lines of text; of two lines, people look at the one with more attention."""
    line, faint = Known(0.05, 0.225, 0.3, 0.26, "Summer sale", "text"), Known(0.05, 0.16, 0.06, 0.18, "by")
    (first, *_) = find_stops(MAP, (faint, line))
    assert (first.what, first.top) == ("Summer sale", 0.225)
    far = Known(0.05, 0.3, 0.3, 0.35, "Imprint", "text")
    assert find_stops(MAP, (far,))[0].what == ""


def test_a_face_is_called_so_and_is_not_overlooked() -> None:
    faces = Known(0.05, 0.1, 0.25, 0.3, kind="face"), Known(0.75, 0.05, 0.95, 0.2, kind="face")
    found = describe(MAP, find_stops(MAP, faces), faces)
    assert found.sentence.startswith("People look first at a face at the top left (")
    assert "Overlooked" not in found.sentence and found.alt == "Face"


def test_the_smallest_thing_at_a_place_is_meant() -> None:
    around = Known(0.0, 0.0, 0.5, 0.5, "poster")
    assert find_stops(MAP, (around, KNOWN[0]))[0].what == "Summer sale"


def test_nothing_stands_out() -> None:
    plain = SaliencyMap(np.ones((6, 8), np.float32), SIZE, "test")
    assert find_stops(plain) == ()
    found = describe(plain, (), KNOWN)
    assert found.sentence == "Attention is spread evenly: nothing stands out." and found.alt == ""


def test_an_alternative_text_is_short() -> None:
    saliency = bumps(*((0.1 + 0.2 * i, 0.5, 1 - 0.1 * i) for i in range(5)))
    known = [Known(0.02 + 0.2 * i, 0.4, 0.18 + 0.2 * i, 0.6, f"{i} " + 40 * "x") for i in range(5)]
    found = describe(saliency, find_stops(saliency, known), known)
    assert 80 < len(found.alt) <= LONGEST_ALT and found.alt.startswith("0 x")


def test_a_captioner_gets_the_parts_in_order_and_names_what_is_unknown() -> None:
    pixels = uneven()
    pixels[:, 427:] = 200
    seen = []

    def caption(parts: list[np.ndarray]) -> list[str]:
        seen.extend(parts)
        return [f"part {number}" for number, _ in enumerate(parts, 1)]

    applied = apply(pixels, MAP, Uses(words=WordSettings()), helpers=Helpers(caption=caption))
    assert applied.description is not None
    assert [stop.what for stop in applied.description.stops] == ["part 1", "part 2", "part 3"]
    assert [part.mean() > 100 for part in seen] == [False, False, True]
    assert "first at part 1 at the top left" in applied.description.sentence


@pytest.mark.parametrize("bad", [lambda parts: "dog", lambda parts: ["one"], lambda parts: [1, 2, 3]])
def test_a_captioner_that_answers_nonsense_is_told_of_and_left_out(bad) -> None:
    pixels = uneven()
    applied = apply(pixels, MAP, Uses(words=WordSettings()), helpers=Helpers(caption=bad))
    assert applied.description is not None and len(applied.description.stops) == 3
    assert not any(stop.what for stop in applied.description.stops)
    assert "the captioner was left out" in applied.notes[0]


def fails(pixels: np.ndarray) -> list[Known]:
    raise RuntimeError("no camera")


@pytest.mark.parametrize(
    ("find", "said"),
    [
        (fails, "mine was left out: no camera"),
        (lambda pixels: "dog", "mine was left out: it returned str in place of a list of Known"),
        (lambda pixels: [(0, 0, 1, 1)], "mine was left out: it returned list in place of a list of Known"),
        (lambda pixels: None, "mine was left out: it returned NoneType in place of a list of Known"),
        (
            lambda pixels: [Known(float("nan"), 0, 1, 1)],
            "mine was left out: what is known to be in a picture has a box with an extent",
        ),
        (lambda pixels: [Known(1.2, 0, 1.5, 1)], "mine named 1 place outside the picture, left out"),
        (
            lambda pixels: [Known(-2, 0, -1, 1), Known(0, 3, 1, 4)],
            "mine named 2 places outside the picture, left out",
        ),
    ],
)
def test_a_finder_that_raises_or_finds_nonsense_is_told_of_and_others_count(find, said: str) -> None:
    pixels = uneven()
    helpers = Helpers((("mine", find), ("another", lambda pixels: KNOWN)))
    uses = Uses((CropRequest((1, 1)),), RegionSettings(), words=WordSettings())
    applied = apply(pixels, MAP, uses, helpers=helpers)
    assert applied.known == KNOWN and len(applied.objects) == 3 and said in applied.notes


def test_what_lies_partly_outside_is_cut_off_at_the_border() -> None:
    half = Known(-0.5, 0.2, 0.5, 1.5, "half")
    helpers = Helpers((("mine", lambda pixels: [half]),))
    applied = apply(uneven(), MAP, Uses(words=WordSettings()), helpers=helpers)
    assert applied.known == (Known(0, 0.2, 0.5, 1, "half"),) and not applied.notes


def test_a_picture_of_one_colour_has_nothing_whatever_its_map_says() -> None:
    """Networks look at the middle of an even picture."""
    even = np.full((480, 640, 3), (200, 120, 30), np.uint8)
    even[::7, ::5] += 2  # noise that nobody sees
    wanted = Uses((CropRequest((1, 1)),), RegionSettings(), CutoutSettings(), WordSettings())
    found = apply(even, MAP, wanted)
    assert found.notes[0] == "the picture has one colour, so nothing in it stands out"
    assert found.regions == () and found.cutout is None
    assert found.description is not None and "nothing stands out" in found.description.sentence
    ((_, crop),) = found.crops
    assert (crop.left, crop.top, crop.width) == (80, 0, 480)
    clicked = apply(even, MAP, Uses(cutout=CutoutSettings(clicks=(Click(0.5, 0.5),)))).cutout
    assert clicked is not None and clicked.mask[240, 320] == 255 and clicked.mask[0, 0] == 0
    even[200:260, 300:380] = 0
    assert apply(even, MAP, Uses(regions=RegionSettings())).regions
