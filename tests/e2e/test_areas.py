"""Areas and projects in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from salviewer.app.features.areas.table import COLUMNS
from salviewer.core.area_drawing import COLOURS
from salviewer.core.areas import Ellipse, Polygon, Rectangle, measure
from salviewer.media.images import load_picture
from salviewer.media.project import load_project
from salviewer.media.tables import area_table, table_text
from salviewer.models.loading import load_model

pytestmark = pytest.mark.e2e

Drive = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("scale", ["1", "2"])
def test_areas_drawn_by_hand_are_scored_and_come_back_from_a_project(
    drive: Drive, astronaut: Path, scale: str
) -> None:
    notes = drive("areas_scenarios.draw", "--device", "cpu", astronaut, scale=scale)
    assert notes["deleted"] == ["Face", "Area 3"]
    path = notes["out"] / "face.salviewer.json"
    project = load_project(path)
    (picture,) = project.pictures
    assert picture.path == astronaut
    assert [type(area) for area in picture.areas] == [Rectangle, Ellipse, Polygon]
    assert [area.name for area in picture.areas] == ["Face", "Area 2", "Area 3"]
    face = picture.areas[0]
    assert isinstance(face, Rectangle)
    place = (face.left, face.top, face.right, face.bottom)
    assert place == pytest.approx((0.32, 0.02, 0.58, 0.42), abs=0.003)
    saliency = load_model("live_net", "cpu").predict(load_picture(astronaut).pixels)
    scores = measure(saliency, picture.areas, project.settings)
    assert notes["table"] == [[s.area.name, *(column.text(s) for column in COLUMNS)] for s in scores]
    assert scores[0].rank == 1 and scores[0].share > 0.3
    assert notes["copied"] == table_text(area_table(scores), "tsv")
    assert notes["title"] == ["astronaut.png – face[*] – salviewer", False]
    assert notes["modified"] and "face" in notes["asked"]

    left, top, width, height = notes["rect"]
    pixels = np.asarray(Image.open(notes["out"] / "areas.png").convert("RGB"), np.int64)
    row = pixels[round(top + 0.3 * height)]
    edge = round(left + face.left * width)
    near = np.abs(row[edge - 3 : edge + 4] - COLOURS[0]).sum(axis=1)
    assert near.min() < 100  # half drawn over by a soft shadow; elsewhere 200 and more
    if scale == "1":
        again = drive("areas_scenarios.opened", path)
        assert again["table"] == notes["table"]
        assert again["title"] == notes["title"]
