"""``salviewer predict --project``: its pictures, as it shows them, with the scores of its areas."""

import numpy as np
import pytest
from PIL import Image

import salviewer as library
from salviewer import api
from salviewer.core.areas import Ellipse, Rectangle
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.media.tables import area_table, table_text
from tests.folders import files_in

AREAS = (Rectangle(0.1, 0.1, 0.5, 0.6, name="=Logo"), Ellipse(0.5, 0.5, 0.2, 0.3, name="Cup"))
LOOK = (PostprocessSettings(0.05, normalise="fixed", fixed_peak=5), OverlayStyle("magma", 0.5, gamma=0.5))


@pytest.fixture
def project(photos, model_folder):
    """A project of two photographs, one with areas."""
    file = photos.parent / "shop.salviewer.json"
    pictures = (
        library.ProjectPicture(photos / "coffee.jpg", AREAS),
        library.ProjectPicture(photos / "chelsea.jpg"),
    )
    library.save_project(file, library.Project(pictures, str(model_folder), *LOOK))
    return file


def shown(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_its_pictures_areas_model_and_look(salviewer, project, photos, model_folder, tmp_path):
    out = tmp_path / "out"
    ended = salviewer("predict", "--project", project, "-o", out, "--device", "cpu")
    assert ended.code == 0 and ended.out[-1].startswith("2 overlays written in ")
    assert {path.name for path in files_in(out)} == {
        f"{stem}{ending}" for stem in ("coffee", "chelsea") for ending in (".png", "_areas.csv")
    }
    photo = photos / "coffee.jpg"
    saliency = api.predict(api.load_model(model_folder, "cpu"), photo)
    np.testing.assert_array_equal(shown(out / "coffee.png"), api.render(photo, saliency, *LOOK))
    written = (out / "coffee_areas.csv").read_bytes().decode("utf-8-sig")
    assert written == table_text(area_table(library.measure(saliency, AREAS, LOOK[0])), "csv")
    assert "\n'=Logo,rectangle," in written
    assert (out / "chelsea_areas.csv").read_bytes().count(b"\n") == 1


def test_options_go_before_the_projects(salviewer, project, photos, model_folder, tmp_path):
    options = ("--sigma", 0.02, "--colormap", "viridis", "--tables", "json")
    assert salviewer("predict", "--project", project, "-o", tmp_path, *options, "--device", "cpu").code == 0
    photo = photos / "chelsea.jpg"
    saliency = api.predict(api.load_model(model_folder, "cpu"), photo)
    expected = api.render(photo, saliency, *LOOK, sigma=0.02, colormap="viridis")
    np.testing.assert_array_equal(shown(tmp_path / "chelsea.png"), expected)
    assert (tmp_path / "coffee_areas.json").exists()


def test_a_picture_that_moved_is_reported_and_the_rest_done(salviewer, project, photos, tmp_path):
    (photos / "coffee.jpg").rename(photos / "tea.jpg")
    ended = salviewer("predict", "--project", project, "-o", tmp_path / "out.png", "--device", "cpu")
    assert ended.code == 1 and (tmp_path / "out.png").exists() and (tmp_path / "out_areas.csv").exists()
    assert ended.err == [
        f"salviewer: {photos / 'coffee.jpg'}: it is not there any more, where {project} says it is"
    ]


def test_wrong_usage_and_broken_projects(salviewer, project, photos, tmp_path):
    assert "not both" in salviewer("predict", photos, "--project", project, "-o", tmp_path / "out").err[-1]
    assert salviewer("predict", "--project", project, "-o", tmp_path / "out.png").code == 2
    assert salviewer("predict", "-o", tmp_path / "out").code == 2
    project.write_text(project.read_text()[:200])
    ended = salviewer("predict", "--project", project, "-o", tmp_path / "out")
    assert ended.code == 1 and len(ended.err) == 1
    assert ended.err[0].startswith(f"salviewer: {project}: it is damaged: line ")
    assert not (tmp_path / "out").exists()


def test_what_stands_beside_drawn_areas(salviewer, project, tmp_path):
    drawn = {}
    for labels in ("off", "name", "share", "both"):
        out = tmp_path / labels
        options = ("--draw-areas", "--area-labels", labels, "--device", "cpu")
        assert salviewer("predict", "--project", project, "-o", out, *options).code == 0
        drawn[labels] = shown(out / "coffee.png")
    plain = tmp_path / "plain"
    assert (
        salviewer("predict", "--project", project, "-o", plain, "--draw-areas", "--device", "cpu").code == 0
    )
    np.testing.assert_array_equal(drawn["both"], shown(plain / "coffee.png"))
    assert len({picture.tobytes() for picture in drawn.values()}) == 4
    ended = salviewer("predict", "--project", project, "-o", plain, "--area-labels", "off")
    assert ended.code == 2 and "--area-labels needs --draw-areas" in ended.err[-1]
