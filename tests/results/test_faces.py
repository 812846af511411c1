"""Faces found by the extra `areas`; scikit-image is there wherever the tests run."""

import numpy as np
import pytest
from skimage.data import astronaut, coffee

from salviewer.errors import SalviewerError
from salviewer.media.images import load_picture
from salviewer.paths import resources
from salviewer.results import extra_areas
from salviewer.results.faces import find_faces


@pytest.mark.slow
def test_a_face_is_found_and_a_cup_is_none():
    (face,) = find_faces(astronaut())
    assert (face.left + face.right) / 2 == pytest.approx(224 / 512, abs=0.03)
    assert (face.top + face.bottom) / 2 == pytest.approx(115 / 512, abs=0.03)
    (drawn,) = find_faces(load_picture(resources() / "samples" / "poster.png").pixels)
    assert drawn.left < 600 / 1200 < drawn.right and drawn.top < 810 / 1600 < drawn.bottom
    assert find_faces(coffee()) == () == find_faces(np.zeros((9, 9, 3), np.uint8))


def test_without_the_extra_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(extra_areas, "find_spec", lambda name: None)
    with pytest.raises(SalviewerError, match=r"salviewer\[areas\]"):
        find_faces(np.zeros((9, 9, 3), np.uint8))
