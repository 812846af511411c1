"""A project comes back as it was saved, moves with its pictures, and says in one sentence what is wrong."""

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salviewer.core.areas import Ellipse, Polygon, Rectangle
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import COLORMAPS, OverlayStyle
from salviewer.errors import ExportError, ProjectError
from salviewer.media.project import Project, ProjectPicture, load_project, save_project

AREAS = (
    Rectangle(0.1, 0.2, 0.4, 0.5, name="Überschrift", id="a", hue=3),
    Ellipse(0.5, 0.5, 0.1, 0.2, id="b"),
    Polygon(((0.0, 0.0), (1.0, 0.25), (0.5, 1.0)), name='="quoted"\n', id="c"),
)
LOOK = (
    PostprocessSettings(0.05, Threshold("percentile", 75), "fixed", 33.0),
    OverlayStyle("magma", 0.5, 2.0, 0.25),
)


def saved(folder: Path, *pictures: str) -> Path:
    project = Project(tuple(ProjectPicture(folder / name, AREAS) for name in pictures), "live_net", *LOOK)
    save_project(folder / "shelf.salviewer.json", project)
    return folder / "shelf.salviewer.json"


def test_it_comes_back_as_it_was(tmp_path):
    path = saved(tmp_path, "photos/é 1.jpg", "../other.png")
    project = load_project(path)
    assert [picture.path for picture in project.pictures] == [
        tmp_path / "photos/é 1.jpg",
        tmp_path.parent / "other.png",
    ]
    assert project.pictures[0].areas == AREAS
    assert (project.model, project.settings, project.style) == ("live_net", *LOOK)
    before = path.read_bytes()
    save_project(path, project)
    assert path.read_bytes() == before


unit = st.floats(0, 1)


@given(
    st.lists(
        st.builds(
            lambda xs, ys, name: Rectangle(min(xs), min(ys), max(xs) + 0.1, max(ys) + 0.1, name=name),
            st.tuples(unit, unit).filter(lambda pair: min(pair) < 0.9),
            st.tuples(unit, unit).filter(lambda pair: min(pair) < 0.9),
            st.text(),
        ),
        max_size=3,
    ),
    st.floats(0, 0.25),
    st.sampled_from(COLORMAPS),
    st.text(),
)
@settings(max_examples=40)
def test_any_project_comes_back(tmp_path_factory, areas, sigma, colormap, model):
    folder = tmp_path_factory.mktemp("project")
    project = Project(
        (ProjectPicture(folder / "p.png", tuple(areas)),),
        model,
        PostprocessSettings(sigma=sigma),
        OverlayStyle(colormap),
    )
    save_project(folder / "p.json", project)
    assert load_project(folder / "p.json") == project


def test_it_is_readable_and_its_paths_are_relative(tmp_path):
    text = saved(tmp_path, "photos/shelf.jpg").read_text("utf-8")
    content = json.loads(text)
    assert content["pictures"][0]["path"] == "photos/shelf.jpg" and str(tmp_path) not in text
    assert list(content) == ["format", "version", "model", "settings", "style", "pictures"]
    assert content["version"] == 1 and content["settings"]["threshold"] == "p75"
    assert content["pictures"][0]["areas"][0] == {
        "kind": "rectangle",
        "name": "Überschrift",
        "id": "a",
        "hue": 3,
        "left": 0.1,
        "top": 0.2,
        "right": 0.4,
        "bottom": 0.5,
    }
    assert "Überschrift" in text


def test_folder_and_file_move_together_and_pictures_that_moved_alone_are_reported(tmp_path):
    (tmp_path / "old").mkdir()
    saved(tmp_path / "old", "a.jpg", "b.jpg")
    (tmp_path / "old" / "a.jpg").write_bytes(b"x")
    shutil.move(tmp_path / "old", tmp_path / "new")
    project = load_project(tmp_path / "new" / "shelf.salviewer.json")
    assert project.pictures[0].path == tmp_path / "new" / "a.jpg"
    assert project.missing == (tmp_path / "new" / "b.jpg",)


def test_paths_are_absolute_also_when_the_file_is_named_relatively(tmp_path, monkeypatch):
    saved(tmp_path, "a.jpg")
    monkeypatch.chdir(tmp_path)
    assert load_project("shelf.salviewer.json").pictures[0].path == tmp_path / "a.jpg"
    save_project("again.json", Project((ProjectPicture(Path("b.jpg")),)))
    assert json.loads(Path("again.json").read_text())["pictures"][0]["path"] == "b.jpg"


@pytest.mark.skipif(os.name == "nt", reason="names of any bytes")
def test_names_of_any_bytes(tmp_path):
    name = "bytes\udcff.png"
    assert load_project(saved(tmp_path, name)).pictures[0].path.name == name


def test_what_is_left_out_has_its_default_and_unknown_keys_are_ignored(tmp_path):
    path = tmp_path / "p.json"
    path.write_text('\ufeff{"format": "salviewer project", "version": 1, "extra": {"a": 1}}', "utf-8")
    assert load_project(path) == Project()
    area = '{"kind": "ellipse", "x": 1, "y": 0, "radius_x": 0.5, "radius_y": 1, "colour": "red"}'
    path.write_text(
        f'{{"format": "salviewer project", "version": 1, "pictures": [{{"path": "p", "areas": [{area}]}}]}}'
    )
    (read,) = load_project(path).pictures[0].areas
    assert replace(read, id="") == Ellipse(1, 0, 0.5, 1, id="") and read.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "of version 2, and this program reads up to 1; a newer salviewer wrote it"),
        ({"version": "1"}, "its version is '1'"),
        ({"version": True}, "its version is True"),
        ({"format": "something else"}, "not a salviewer project"),
        ({"pictures": {}}, "its pictures is not a list"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, change, said):
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"format": "salviewer project", "version": 1} | change))
    with pytest.raises(ProjectError, match=said) as caught:
        load_project(path)
    assert str(caught.value).startswith(f"{path}: ") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"settings": []}, "its settings is not a group"),
        ({"settings": {"sigma": "wide"}}, "its sigma is not a number"),
        ({"settings": {"sigma": True}}, "its sigma is not a number"),
        ({"settings": {"sigma": 3}}, "smoothing lies in"),
        ({"settings": {"threshold": 0.3}}, "its threshold is not text"),
        ({"settings": {"threshold": "hot"}}, "a threshold is a level"),
        ({"style": {"colormap": "pink"}}, "a colormap is one of"),
        ({"style": {"opacity": float("nan")}}, "opacity lies in"),
        ({"pictures": ["a.jpg"]}, "has no path"),
        ({"pictures": [{"path": "a\0b"}]}, "is not valid"),
        ({"pictures": [{"path": "a"}, {"path": "./a"}]}, "twice"),
        ({"pictures": [{"path": "a", "areas": [5]}]}, "area 1 of a: it is not an area"),
        ({"pictures": [{"path": "a", "areas": [{"kind": "star"}]}]}, "its kind is rectangle, .* not 'star'"),
        (
            {"pictures": [{"path": "a", "areas": [{"kind": "rectangle", "left": 0, "top": 0, "right": 1}]}]},
            "area 1 of a: its bottom is missing",
        ),
        (
            {"pictures": [{"path": "a", "areas": [{"kind": "polygon", "points": [[0, 0], [1]]}]}]},
            "a point is two numbers",
        ),
        (
            {"pictures": [{"path": "a", "areas": [{"kind": "polygon", "points": [[0, 0], [1, 1]]}]}]},
            "at least three points",
        ),
        ({"settings": {"sigma": 10**400}}, "its sigma is too large a number"),
    ],
)
def test_one_bad_entry_costs_itself_alone(tmp_path, change, said):
    path = tmp_path / "p.json"
    good = {"settings": {"fixed_peak": 7.0}, "style": {"gamma": 2.0}, "pictures": []}
    content = dict(good)
    for key, value in change.items():
        content[key] = good[key] | value if isinstance(value, dict) else value
    path.write_text(json.dumps({"format": "salviewer project", "version": 1} | content))
    project = load_project(path)
    (note,) = project.notes
    assert re.search(said, note) and "\n" not in note
    if change.get("settings") != []:
        assert project.settings.fixed_peak == 7
    assert project.style.gamma == 2


def test_a_bad_area_costs_itself_alone_and_the_file_is_kept(tmp_path):
    path = saved(tmp_path, "a.jpg")
    content = json.loads(path.read_text())
    box = {"kind": "rectangle", "name": "Logo", "id": "1", "left": 0, "top": 0, "right": 0.5, "bottom": 0.5}
    content["pictures"][0]["areas"] = [box, box | {"right": 10**400}, {"kind": "star"}]
    path.write_text(json.dumps(content))
    before = path.read_bytes()
    project = load_project(path)
    assert [area.name for area in project.pictures[0].areas] == ["Logo"]
    assert len(project.notes) == 2 and "area 2 of a.jpg: its right is too large a number" in project.notes
    save_project(path, project)
    assert load_project(path).notes == ()
    assert path.with_name(path.name + ".damaged").read_bytes() == before
    save_project(path, project)
    assert len(list(tmp_path.glob("*.damaged*"))) == 1


def test_a_damaged_project_is_kept_when_another_is_saved_in_its_place(tmp_path):
    path = tmp_path / "p.salviewer.json"
    for number, content in enumerate((b"{", b"[", b"{"), 1):
        path.write_bytes(content)
        save_project(path, Project())
        assert len(list(tmp_path.glob("*.damaged*"))) == min(number, 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"format": "salviewer project",\n "version": 1,\n "pict', "damaged: line 3 is not valid JSON"),
        (b"", "damaged: line 1"),
        (b"\xff\xd8\xff\xe0 a photograph", "not a salviewer project"),
        (b"[" * 100_000, "damaged: its groups are nested too deeply"),
        (b'{"format": ' + b"9" * 5000 + b"}", "damaged: one of its numbers is too long"),
        (b"17", "not a salviewer project"),
    ],
)
def test_damaged_files(tmp_path, data, said):
    path = tmp_path / "p.salviewer.json"
    path.write_bytes(data)
    with pytest.raises(ProjectError, match=said):
        load_project(path)


def test_a_truncated_project_is_never_half_read(tmp_path):
    path = saved(tmp_path, "a.jpg")
    whole = path.read_bytes()
    for end in range(0, len(whole) - 2, 7):
        path.write_bytes(whole[:end])
        with pytest.raises(ProjectError):
            load_project(path)


def test_files_that_cannot_be_read_or_written(tmp_path):
    with pytest.raises(ProjectError, match=r"no\.json: it cannot be read \(no such file"):
        load_project(tmp_path / "no.json")
    with pytest.raises(ProjectError, match="it cannot be read"):
        load_project(tmp_path)
    with pytest.raises(ExportError, match="its folder does not exist"):
        save_project(tmp_path / "no" / "p.json", Project())
    assert list(tmp_path.iterdir()) == []
