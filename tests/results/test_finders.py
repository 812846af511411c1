"""Text and faces that are looked for before a map is used."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut

from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.uses import Uses
from salviewer.core.applications.words import WordSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import SalviewerError
from salviewer.results import extra_areas, finders
from salviewer.results.faces import find_faces
from salviewer.results.finders import apply_uses, check_finders

FACE = (0.44, 0.22)
"""Its middle, on scikit-image's photograph."""


def attention(x: float, y: float) -> SaliencyMap:
    """A bump at a place of the photograph."""
    row, column = np.mgrid[0:64, 0:64]
    away = ((column + 0.5) / 64 - x) ** 2 + ((row + 0.5) / 64 - y) ** 2
    density = (np.exp(-away / 0.004) + 1e-4).astype(np.float32)
    return SaliencyMap(density / density.sum(), (512, 512), "test")


@pytest.mark.slow
def test_a_crop_does_not_cut_a_face_and_words_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, saliency = astronaut(), attention(0.54, 0.3)
    request = CropRequest((1, 2), keep=0.9)
    wanted = Uses((request,), words=WordSettings(1))
    ((_, cutting),) = apply_uses(pixels, saliency, wanted).crops
    left = cutting.left / 512
    assert 0.38 < left < 0.49, "this crop would cut the face"
    found = apply_uses(pixels, saliency, Uses((request,), find=("faces",)))
    ((_, crop),) = found.crops
    (face,) = found.known
    assert face.kind == "face" and face.left < FACE[0] < face.right and face.top < FACE[1] < face.bottom
    assert crop.cut == () and not (
        face.left < crop.left / 512 < face.right or face.left < (crop.left + crop.width) / 512 < face.right
    )
    described = apply_uses(pixels, attention(*FACE), Uses(words=WordSettings(1), find=("faces",))).description
    assert described is not None and "first at a face at the top" in described.sentence
    asked: list[int] = []
    monkeypatch.setattr(finders, "find_faces", lambda pixels: asked.append(1) or find_faces(pixels))
    again = apply_uses(pixels.copy(), saliency, Uses((request,), find=("faces",)))
    assert again.known == (face,) and not asked, "the same picture is not searched twice"
    apply_uses(pixels[:, ::-1], saliency, Uses((request,), find=("faces",)))
    assert asked


def test_what_cannot_be_looked_for_is_said_and_the_rest_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra_areas, "find_spec", lambda name: None)
    found = apply_uses(
        astronaut()[:40, :40], attention(0.5, 0.5), Uses((CropRequest((1, 2)),), find=("text",))
    )
    assert len(found.crops) == 1
    assert found.notes == (
        "reading text was left out: Finding texts needs rapidocr; install it with: pip install"
        " salviewer[areas]",
    )
    with pytest.raises(SalviewerError, match="needs rapidocr"):
        check_finders(("faces", "text"))
    with pytest.raises(ValueError, match="text and faces can be looked for, not cars"):
        Uses(find=("cars",))  # type: ignore[arg-type]
