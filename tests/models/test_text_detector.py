"""Texts found and read by the extra `areas`; skipped without it."""

import numpy as np
import pytest

from salviewer.media.images import load_picture
from salviewer.models import text_detector
from salviewer.models.text_detector import find_texts, texts_possible
from salviewer.paths import resources


@pytest.mark.slow
@pytest.mark.skipif(not texts_possible(), reason="the extra `areas` is not installed")
def test_texts_of_the_sample_page_are_read_where_they_are():
    lines = {
        line.text: line for line in find_texts(load_picture(resources() / "samples" / "web_page.png").pixels)
    }
    button = lines["Find your roast"]
    assert (button.left, button.top) == pytest.approx((186 / 1440, 424 / 1000), abs=0.01)
    assert "Coffee, unhurried." in lines and "Basket (2)" in lines


def test_without_the_extra_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(text_detector, "find_spec", lambda name: None)
    assert not texts_possible()
    with pytest.raises(text_detector.SalviewerError, match=r"salviewer\[areas\]"):
        find_texts(np.zeros((9, 9, 3), np.uint8))
