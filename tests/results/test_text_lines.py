"""Text in pictures, where the package that reads it is installed."""

from __future__ import annotations

import importlib.util
import logging

import cv2
import numpy as np
import pytest

from salviewer.results import text_lines
from salviewer.results.text_lines import TextReaderError, find_text

NEEDED = ("rapidocr", "omegaconf", "pyclipper", "shapely", "onnxruntime")


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED), reason="rapidocr is missing"
)
def test_lines_are_read_where_they_are() -> None:
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    pixels = np.full((240, 480, 3), 255, np.uint8)
    cv2.putText(pixels, "SUMMER SALE", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(pixels, "until Friday", (100, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 90), 2, cv2.LINE_AA)
    first, second = find_text(pixels)
    assert (first.label.replace(" ", ""), first.kind) == ("SUMMERSALE", "text")
    assert "Friday" in second.label and second.top > 0.6
    assert first.left == pytest.approx(60 / 480, abs=0.04) and first.bottom == pytest.approx(
        84 / 240, abs=0.06
    )
    assert find_text(np.full((100, 100, 3), 255, np.uint8)) == ()


def test_without_the_package_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "find_spec", lambda name: None)
    with pytest.raises(TextReaderError, match="reading text needs the package rapidocr"):
        find_text(np.zeros((10, 10, 3), np.uint8))
