"""Saved displays, templates of reports and files of areas: what is written is read again."""

import json

import pytest

from salviewer.core.areas import Ellipse, Rectangle
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.errors import ProjectError
from salviewer.media.area_files import areas_of_text, areas_text, load_areas, save_areas
from salviewer.media.display_presets import DisplayPreset, load_preset, save_preset
from salviewer.results.report_template import ReportTemplate, load_template, save_template

PRESET = DisplayPreset("focus", PostprocessSettings(0.03, Threshold.parse("p75")), OverlayStyle("magma", 0.4))


def test_a_preset_is_read_as_it_was_written(tmp_path):
    save_preset(tmp_path / "mine.json", PRESET)
    assert load_preset(tmp_path / "mine.json") == (PRESET, ())


def test_bad_values_are_noted_and_left_at_their_defaults(tmp_path):
    save_preset(tmp_path / "mine.json", PRESET)
    content = json.loads((tmp_path / "mine.json").read_text())
    content["view"], content["style"]["opacity"] = "sideways", 7
    (tmp_path / "mine.json").write_text(json.dumps(content))
    found, notes = load_preset(tmp_path / "mine.json")
    assert len(notes) == 2 and found.view == "overlay" and found.style.opacity == OverlayStyle().opacity
    assert found.settings == PRESET.settings and found.style.colormap == "magma"


@pytest.mark.parametrize("content", ["", "[]", '{"format": "salviewer project"}'])
def test_what_is_no_preset_or_template_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "other.json").write_text(content)
    for load in (load_preset, load_template):
        with pytest.raises(ProjectError, match=r"other\.json"):
            load(tmp_path / "other.json")
        with pytest.raises(ProjectError, match="cannot be read"):
            load(tmp_path / "missing.json")


def test_a_template_is_read_as_it_was_written(tmp_path):
    template = ReportTemplate("Title", "A client", "Me", "Two\nlines", str(tmp_path / "logo.png"), "#aa3300")
    save_template(tmp_path / "t.json", template)
    assert load_template(tmp_path / "t.json") == template
    with pytest.raises(ValueError, match="#rrggbb"):
        ReportTemplate(colour="red")


def test_areas_are_read_as_they_were_written(tmp_path):
    areas = (Rectangle(0.1, 0.2, 0.3, 0.4, name="Ü", hue=2, locked=True), Ellipse(0.5, 0.5, 0.1, 0.2))
    save_areas(tmp_path / "areas.json", areas)
    assert load_areas(tmp_path / "areas.json").areas == areas == areas_of_text(areas_text(areas))
    assert areas_of_text("no JSON") == areas_of_text("[1]") == areas_of_text('{"areas": 1}') == ()
