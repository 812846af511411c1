"""The settings file: readable, forgiving, written in one step."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from salviewer.app.shell.notices import Notices
from salviewer.app.shell.theme import Theme
from salviewer.app.state.settings import SettingsFile, ViewerSettings
from salviewer.app.state.use_choices import UseChoices
from salviewer.core.applications.crops import CropRequest
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle


def test_settings_round_trip(tmp_path: Path) -> None:
    settings = ViewerSettings(
        model="deep_convnet",
        device="cpu",
        engine="torch",
        heat=PostprocessSettings(
            sigma=0.05, threshold=Threshold("absolute", 0.3), normalise="fixed", fixed_peak=12.5
        ),
        style=OverlayStyle(colormap="viridis", opacity=0.4, gamma=0.5),
        shown=False,
        view="focus",
        outline=True,
        panel=False,
        appearance="dark",
        folder="/somewhere/é",
        use=UseChoices("crop", CropRequest(size=(80, 120), padding=0.1, thirds=True), count=2, softness=3.5),
    )
    file = SettingsFile(tmp_path / "new")
    assert file.write(settings) == ""
    unused = replace(settings, use=replace(settings.use, kind="none"))  # nothing is made at the start
    assert file.read() == (unused, "")
    assert "é" in file.path.read_text(encoding="utf-8")


def test_no_file_is_no_trouble(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path).read() == (ViewerSettings(), "")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_broken_file_gives_the_defaults_and_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_bytes(content)
    settings, note = file.read()
    assert settings == ViewerSettings()
    assert str(file.path) in note and note.endswith("the defaults are used.") and "\n" not in note
    assert "kept as settings.json.damaged" in note
    assert file.path.with_name("settings.json.damaged").read_bytes() == content


def test_one_bad_entry_costs_only_itself(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    content = ViewerSettings(appearance="dark").to_dict()
    content["heatmap"] |= {
        "opacity": 7,
        "colormap": "mud",
        "smoothing": True,
        "view": "side-by-side",
        "threshold": "p30",
    }
    file.path.write_text(json.dumps(content))
    settings, note = file.read()
    assert settings == replace(
        ViewerSettings(appearance="dark"), heat=PostprocessSettings(threshold=Threshold("percentile", 30))
    )
    for name in ("heatmap.opacity", "heatmap.colormap", "heatmap.smoothing", "heatmap.view"):
        assert name in note


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "could not be saved" in SettingsFile(tmp_path / "file" / "below").write(ViewerSettings())


def test_what_is_lost_of_a_file_is_kept_beside_it(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    good = ViewerSettings(shortcuts=(("open", ("Ctrl+P",)),)).to_dict()
    good["shortcuts"]["save"] = 5
    good["heatmap"] = "hot"
    good["hotspots"]["radius"] = 10**400
    good["live"]["half_life"] = 10**400
    file.path.write_text(json.dumps(good))
    before = file.path.read_bytes()
    settings, note = file.read()
    assert settings == ViewerSettings(shortcuts=(("open", ("Ctrl+P",)),))
    for name in ("shortcuts.save", "heatmap", "hotspots.radius", "live.half_life"):
        assert name in note
    assert file.write(settings) == "" and file.read() == (settings, "")
    assert file.path.with_name("settings.json.damaged").read_bytes() == before
    file.path.write_text("{")
    file.read()
    file.read()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "settings.json",
        "settings.json.damaged",
        "settings.json.damaged-2",
    ]


def test_a_sentence_about_the_settings_is_not_lost_to_the_next_one(qtbot) -> None:
    notices = Notices(Theme(QApplication.instance(), "light"))
    qtbot.addWidget(notices)
    notices.error("settings.json: it is damaged.", stays=True)
    notices.overtake()
    assert notices.text == "settings.json: it is damaged."
    notices.error("a.png: there is no such file")
    assert notices.text == "settings.json: it is damaged.\na.png: there is no such file"
    notices.inform("Saved b.png")
    assert notices.text.startswith("settings.json: it is damaged.")
    notices.overtake()
    assert notices.text == "settings.json: it is damaged."
    notices.dismiss()
    assert notices.text == ""
    notices.error("a.png: there is no such file")
    notices.overtake()
    assert notices.text == ""
