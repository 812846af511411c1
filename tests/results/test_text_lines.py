"""Lines of text, read by the extra `areas`; skipped without it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from salviewer.errors import SalviewerError
from salviewer.media.images import load_picture
from salviewer.paths import resources
from salviewer.results import extra_areas
from salviewer.results.extra_areas import texts_possible
from salviewer.results.text_lines import find_text

with_reader = pytest.mark.skipif(not texts_possible(), reason="the extra `areas` is not installed")


@with_reader
def test_lines_are_read_where_they_are() -> None:
    pixels = np.full((240, 480, 3), 255, np.uint8)
    cv2.putText(pixels, "SUMMER SALE", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(pixels, "until Friday", (100, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 90), 2, cv2.LINE_AA)
    first, second = find_text(pixels)
    assert (first.label.replace(" ", ""), first.kind) == ("SUMMERSALE", "text")
    assert "Friday" in second.label and second.top > 0.6
    assert first.left == pytest.approx(60 / 480, abs=0.04)
    assert first.bottom == pytest.approx(84 / 240, abs=0.06)
    assert find_text(np.full((100, 100, 3), 255, np.uint8)) == ()


@pytest.mark.slow
@with_reader
def test_texts_of_the_sample_page_are_read_where_they_are() -> None:
    pixels = load_picture(resources() / "samples" / "web_page.png").pixels
    lines = {line.label: line for line in find_text(pixels)}
    button = lines["Find your roast"]
    assert (button.left, button.top) == pytest.approx((186 / 1440, 424 / 1000), abs=0.01)
    assert "Coffee, unhurried." in lines and "Basket (2)" in lines


def test_without_the_extra_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra_areas, "find_spec", lambda name: None)
    assert not texts_possible()
    with pytest.raises(SalviewerError, match=r"pip install salviewer\[areas\]"):
        find_text(np.zeros((9, 9, 3), np.uint8))
