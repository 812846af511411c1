"""Labels of hotspots in a picture."""

from __future__ import annotations

import numpy as np

from salviewer.core.gaze import LETTERS, draw_hotspots, visit_text
from salviewer.core.hotspots import Hotspot
from salviewer.core.text_drawing import put_label

SPOT = Hotspot(number=3, x=200.0, y=150.0, share=0.07, peak=0.5)


def test_a_hotspot_says_which_visit_it_is_and_no_share() -> None:
    assert visit_text(SPOT) == "visit 3"
    drawn = np.full((300, 400, 3), 128, np.uint8)
    draw_hotspots(drawn, [SPOT], 0.1)
    alone = np.full_like(drawn, 128)
    letters = max(7.0, LETTERS * float(np.sqrt(400 * 300)))
    put_label(alone, "visit 3", (SPOT.x, SPOT.y), letters, (255, 255, 255))
    inside = np.s_[132:168, 175:225]  # of the ring
    assert np.array_equal(drawn[inside], alone[inside])
