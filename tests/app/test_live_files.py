"""What is written of a source: recordings and videos, complete or not at all."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.live.export_dialog import VideoExportDialog
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.shell.stop_signals import StopSignals
from salviewer.app.window import Window
from salviewer.core.region_drawing import COLOUR
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import render_scene
from salviewer.media.video.files import VideoFile
from salviewer.models.loading import load_model
from tests.app.live_helpers import arrived, play, rest_at, wait
from tests.disks import small_disk
from tests.video.loopback import mjpeg
from tests.video.videos import make_video, number_of, numbered


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mp4", count=40, audio=True)


@pytest.fixture
def playing(qtbot: QtBot, window: Window, clip: Path) -> Window:
    play(qtbot, window, clip)
    return window


def _frames(path: Path) -> list[np.ndarray]:
    with closing(VideoFile(path)) as source:
        return [frame.pixels for frame in iter(source.read, None)]


def _dialog(window: Window) -> VideoExportDialog:
    window.bench.commands["export_video"].trigger()
    dialog = window.findChild(VideoExportDialog)
    assert dialog is not None
    return dialog


def test_a_video_is_exported_as_it_is_shown(
    qtbot: QtBot, playing: Window, tmp_path: Path, model_folder: Path
) -> None:
    """Every frame once, in its place, with sound and maps; and the frames are those of the one renderer."""
    playing.bench.settings.change_live(
        half_life=0.0, model=str(model_folder)
    )  # the automatic choice is by speed
    playing.bench.settings.change(
        heat=playing.bench.settings.now.heat, style=OverlayStyle(opacity=0.3)
    )  # numbers stay legible
    dialog = _dialog(playing)
    assert (
        playing.feature(LiveFeature).run is not None and playing.feature(LiveFeature).run.player is not None
    )
    assert not playing.feature(LiveFeature).run.player.playing
    dialog.target.setText(str(tmp_path / "out.webm"))
    dialog.quality.setValue(95)
    dialog.maps.select("npz")
    assert dialog.sound.isChecked()
    dialog.go.click()
    wait(qtbot, lambda: "Exported 40 frames" in playing.bench.notices.text)
    frames = _frames(tmp_path / "out.webm")
    assert [number_of(pixels) for pixels in frames] == list(range(40))
    with closing(VideoFile(tmp_path / "out.webm")) as source:
        assert source.info.audio and source.info.size == (96, 64)
    with np.load(tmp_path / "out_maps.npz") as archive:
        assert archive["maps"].shape[0] == 40
    source_pixels = _frames(tmp_path / "clip.mp4")[20]
    saliency = load_model(model_folder, "cpu").predict(source_pixels)
    expected = render_scene(source_pixels, saliency, playing.bench.shown.scene)
    assert np.abs(frames[20].astype(int) - expected).mean() < 8
    assert not playing.bench.status.cancel.isVisible()


def test_a_name_that_is_taken_is_asked_about_and_one_that_cannot_be_is_refused(
    playing: Window, tmp_path: Path
) -> None:
    (tmp_path / "there.mp4").write_bytes(b"mine")
    dialog = _dialog(playing)
    dialog.target.setText(str(tmp_path / "out.gif"))
    assert not dialog.go.isEnabled() and "gif" in dialog.note.text()
    dialog.target.setText(str(tmp_path / "there.mp4"))
    dialog.go.click()
    assert dialog.isVisible() and "Replace it?" in dialog.note.text()
    dialog.target.setText(str(tmp_path / "new"))
    assert "PNG" in dialog.note.text() and not dialog.codec.isEnabled()
    dialog.reject()
    assert (tmp_path / "there.mp4").read_bytes() == b"mine"


def test_a_cancelled_export_leaves_nothing(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    play(qtbot, window, make_video(tmp_path / "long.mp4", count=400))
    dialog = _dialog(window)
    dialog.target.setText(str(tmp_path / "out.mp4"))
    dialog.go.click()
    wait(qtbot, lambda: "of 400" in window.bench.status.activity.text())
    assert "left" in window.bench.status.activity.text()
    qtbot.mouseClick(window.bench.status.cancel, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "cancelled" in window.bench.notices.text)
    assert sorted(path.name for path in tmp_path.glob("*.mp4")) == ["long.mp4"]
    assert not list(tmp_path.glob(".salviewer*"))


def test_a_full_disk_is_reported_and_leaves_nothing(qtbot: QtBot, playing: Window, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8k") as disk:
        dialog = _dialog(playing)
        dialog.target.setText(str(disk / "out.mp4"))
        dialog.quality.setValue(100)
        dialog.go.click()
        wait(qtbot, lambda: "out.mp4" in playing.bench.notices.text)
        assert "the disk is full" in playing.bench.notices.text
        assert not list(disk.iterdir())
    rest_at(qtbot, playing, 5)  # and all goes on


def test_a_recording_holds_what_was_shown(
    qtbot: QtBot, window: Window, tmp_path: Path, model_folder: Path
) -> None:
    window.bench.settings.change_live(model=str(model_folder))  # the automatic choice is by speed
    with mjpeg(rate=15) as served:
        window.feature(LiveFeature).opening.address(served.url)
        window.bench.settings.change(style=OverlayStyle(opacity=0.3))
        run = arrived(qtbot, window)
        window.bench.commands["record"].setChecked(True)
        dialog = window.findChild(QFileDialog)
        assert dialog is not None
        dialog.fileSelected.emit(str(tmp_path / "recorded.mp4"))
        dialog.close()
        wait(qtbot, lambda: run.mailbox.recorder is not None and run.mailbox.recorder.written >= 12)
        assert window.bench.commands["record"].isChecked()
        assert not (tmp_path / "recorded.mp4").exists()
        window.bench.commands["record"].setChecked(False)
        wait(qtbot, lambda: "Recorded" in window.bench.notices.text)
        assert not window.bench.commands["record"].isChecked()
    frames = _frames(tmp_path / "recorded.mp4")
    numbers = [number_of(pixels) for pixels in frames]
    assert len(numbers) >= 12
    assert numbers == sorted(set(numbers))
    changes = [np.abs(f.astype(int) - numbered(n)).mean() for f, n in zip(frames, numbers, strict=True)]
    assert np.median(changes) > 5  # the overlay is on them, but for frames just after what looks like a cut
    with closing(VideoFile(tmp_path / "recorded.mp4")) as source:
        times = [frame.seconds for frame in iter(source.read, None)]
    assert times == sorted(times) and times[-1] > 0.4


def test_a_recording_ends_whole_with_its_window(qtbot: QtBot, playing: Window, tmp_path: Path) -> None:
    playing.bench.commands["loop"].setChecked(True)
    run = playing.feature(LiveFeature).run
    assert run is not None and run.player is not None
    run.player.play()
    playing.feature(LiveFeature).recordings.begin(tmp_path / "last.mkv")
    wait(qtbot, lambda: run.mailbox.recorder is not None and run.mailbox.recorder.written >= 3)
    playing.close()
    assert playing.feature(LiveFeature).sources.join(60)
    assert len(_frames(tmp_path / "last.mkv")) >= 3


def test_the_followed_region_is_in_the_snapshot_as_on_screen(
    qtbot: QtBot, playing: Window, tmp_path: Path
) -> None:
    playing.bench.settings.change(folder=str(tmp_path / "shots"))
    (tmp_path / "shots").mkdir()
    live, bench = playing.feature(LiveFeature), playing.bench
    bench.commands["follow_region"].trigger()
    wait(qtbot, lambda: bench.shown.region is not None and bench.session.saliency is not None)
    assert live.run is not None and live.run.player is not None
    assert bench.shown.scene.region is not None
    bench.commands["snapshot"].trigger()
    finished = "[!.]*.png"  # a file that is being written begins with a dot
    wait(qtbot, lambda: any((tmp_path / "shots").glob(finished)))
    shot = np.asarray(Image.open(next((tmp_path / "shots").glob(finished))).convert("RGB"))
    yellow = (shot[..., 0].astype(int) - shot[..., 2] > 120) & (shot[..., 1] > 100)
    assert COLOUR == (255, 214, 10) and yellow.sum() > 20


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_closes_the_window_and_its_recording_is_whole(
    qtbot: QtBot, playing: Window, tmp_path: Path, name: str
) -> None:
    playing.bench.commands["loop"].setChecked(True)
    number, run = getattr(signal, name), playing.feature(LiveFeature).run
    assert run is not None and run.player is not None
    run.player.play()  # on a slow machine it ended before it had its first map
    before = signal.signal(number, signal.default_int_handler)
    signals = StopSignals(playing, playing.bench.workers, playing.features)
    try:
        playing.feature(LiveFeature).recordings.begin(tmp_path / "last.mkv")
        wait(qtbot, lambda: run.mailbox.recorder is not None and run.mailbox.recorder.written >= 3)
        os.kill(os.getpid(), number)
        wait(qtbot, lambda: not playing.isVisible())
    finally:
        signals.remove()
        signal.signal(number, before)
    assert len(_frames(tmp_path / "last.mkv")) >= 3
    assert signal.getsignal(number) == before


def test_a_recording_that_cannot_be_written_is_reported(
    qtbot: QtBot, playing: Window, tmp_path: Path
) -> None:
    run = playing.feature(LiveFeature).run
    assert run is not None and run.player is not None
    playing.feature(LiveFeature).recordings.begin(tmp_path / "nowhere" / "out.mp4")
    run.player.seek(0)
    run.player.play()
    wait(qtbot, lambda: "nowhere" in playing.bench.notices.text)
    wait(qtbot, lambda: not playing.bench.commands["record"].isChecked())
    rest_at(qtbot, playing, 9)
