"""Pictures in a report: their longest sides, and no more pixels than a window waits for."""

import numpy as np
import pytest

from salviewer.media.images import Picture
from salviewer.results.report import MAIN_LONGEST, MOST_PIXELS, within
from salviewer.results.source import Source
from tests.core.maps import uniform


@pytest.mark.parametrize(("width", "height"), [(4000, 4000), (4000, 800), (300, 200)])
def test_a_picture_is_as_large_as_a_report_may_have_it(width, height):
    picture = Picture(np.zeros((height, width, 3), np.uint8), None, (width, height))
    share = (
        within(Source(picture, uniform(size=(width, height)), (), "a picture", ""), MAIN_LONGEST).value / 100
    )
    assert width * share <= MAIN_LONGEST + 1 and width * height * share**2 <= MOST_PIXELS * 1.001
    assert share == pytest.approx(min(1, MAIN_LONGEST / width, (MOST_PIXELS / (width * height)) ** 0.5))
