"""Tracks and reframed videos from the window: the files are those of ``salviewer apply track``."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.live.track_dialog import TrackDialog
from salviewer.app.window import Window
from salviewer.cli import main
from tests.app.live_helpers import play, wait
from tests.video.videos import make_video


def test_the_window_writes_what_the_command_writes(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    clip = make_video(tmp_path / "clip.mp4", count=12)
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
    model = window.bench.session.engine.model
    words = ["apply", "track", str(clip), "-o", str(tmp_path / "cli"), "--count=2", "--hand-over=1"]
    words += ["--write=json", "--write=mot", "--reframe=9:16", f"--model={model}", "--device=cpu"]
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
