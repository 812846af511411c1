"""Tracks and reframed videos from the window: the files are those of ``salviewer apply track``."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import salviewer as library
from salviewer.app.features.live.export_dialog import VideoExportDialog
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.live.track_dialog import TrackDialog
from salviewer.app.window import Window
from salviewer.cli import main
from salviewer.core.applications.tracks import TrackSettings
from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.track_files import TRACK_ENDINGS, save_tracks
from salviewer.streaming.tracking import TrackOrder, track_video
from tests.app.live_helpers import play, wait
from tests.video.videos import make_video


def test_the_window_writes_what_the_command_writes(
    qtbot: QtBot, window: Window, model_folder: Path, tmp_path: Path
) -> None:
    clip = make_video(tmp_path / "clip.mp4", count=12)
    window.bench.settings.change_live(model=str(model_folder))  # the automatic choice is by speed
    play(qtbot, window, clip)
    window.bench.commands["track_regions"].trigger()
    (dialog,) = window.findChildren(TrackDialog)
    assert not dialog.patience.isEnabled() and dialog.go.isEnabled()
    dialog.formats["csv"].setChecked(False)
    assert not dialog.go.isEnabled()
    dialog.folder.setText(str(tmp_path / "out"))
    for box in (dialog.formats["json"], dialog.formats["mot"], dialog.aspects[9, 16], dialog.hand_over):
        box.setChecked(True)
    dialog.count.setValue(2)
    assert "clip_tracks.json, clip_mot.txt, clip-9x16.mp4" in dialog.note.text()
    dialog.go.click()
    tracks = window.feature(LiveFeature).tracks
    wait(qtbot, lambda: not tracks.worker.busy and (tmp_path / "out" / "clip-9x16.mp4").exists())
    wait(qtbot, lambda: "12 frames in" in window.bench.notices.text)
    words = ["apply", "track", str(clip), "-o", str(tmp_path / "cli"), "--count=2", "--hand-over=1"]
    words += ["--write=json", "--write=mot", "--reframe=9:16", f"--model={model_folder}", "--device=cpu"]
    assert main(words) == 0
    for name in ("clip_tracks.json", "clip_mot.txt", "clip-9x16.mp4"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "cli" / name).read_bytes(), name


def test_following_can_be_cancelled(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(qtbot, window, make_video(tmp_path / "clip.mp4", count=60))
    tracks = window.feature(LiveFeature).tracks
    monkeypatch.setattr("salviewer.app.features.live.exporting._EVERY", 0.0)
    tracks._progressed.connect(lambda _: window.bench.status.cancel_wanted.emit())
    window.bench.commands["track_regions"].trigger()
    (dialog,) = window.findChildren(TrackDialog)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.go.click()
    wait(qtbot, lambda: "cancelled" in window.bench.notices.text)
    assert not list((tmp_path / "out").iterdir())


def test_the_export_of_a_video_writes_the_same_tracks_as_the_commands(
    qtbot: QtBot, window: Window, model_folder: Path, tmp_path: Path
) -> None:
    clip = make_video(tmp_path / "clip.mp4", count=12)
    window.bench.settings.change_live(model=str(model_folder))
    play(qtbot, window, clip)
    out = tmp_path / "window"
    window.bench.commands["export_video"].trigger()
    (dialog,) = window.findChildren(VideoExportDialog)
    dialog.target.setText(str(out))  # a folder of PNGs
    assert not dialog.tracks.count.isEnabled() and dialog.choices.tracks == ()
    for box in dialog.tracks.boxes.values():
        box.setChecked(True)
    assert dialog.tracks.count.isEnabled()
    dialog.tracks.count.setValue(2)
    old = tmp_path / "window_mot.txt"
    old.write_text("old")
    dialog.go.click()
    assert "“window_mot.txt” exists already" in dialog.note.text() and dialog.isVisible()
    dialog.go.click()
    wait(qtbot, lambda: "Exported 12 frames" in window.bench.notices.text)
    formats, engine = ("csv", "json", "mot"), [f"--model={model_folder}", "--device=cpu"]
    words = ["apply", "track", str(clip), "-o", str(tmp_path / "apply"), "--count=2", *engine]
    assert main([*words, *(f"--write={fmt}" for fmt in formats)]) == 0
    words = ["predict", str(clip), "-o", str(tmp_path / "predict"), "--track-count=2", *engine]
    assert main([*words, *(f"--save-tracks={fmt}" for fmt in formats)]) == 0
    order = TrackOrder(SourceChoice(str(clip)), TrackSettings(2))
    found = track_video(order, library.load_model(model_folder, device="cpu"))
    for fmt, ending in TRACK_ENDINGS.items():
        save_tracks(tmp_path / f"python{ending}", fmt, found)
        own = (tmp_path / f"python{ending}").read_bytes()
        assert len(own) > 100
        assert (tmp_path / f"window{ending}").read_bytes() == own, ending
        for folder in ("apply", "predict"):
            assert (tmp_path / folder / f"clip{ending}").read_bytes() == own, (folder, ending)
