"""Videos in the window: opened, played, stepped, seen in every way, left again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from pytestqt.qtbot import QtBot

from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.features.hotspots.feature import HotspotsFeature
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.window import Window
from salviewer.core.areas import Rectangle
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import render_scene
from tests.app.live_helpers import arrived, frame_number, page_offered, play, rest_at, wait
from tests.app.test_window import drop
from tests.video.videos import make_video, numbered


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mp4", count=40)


@pytest.fixture
def resting(qtbot: QtBot, window: Window, clip: Path) -> Window:
    """A window with frame 7 of the clip on it, paused."""
    play(qtbot, window, clip)
    rest_at(qtbot, window, 7)
    return window


def test_a_video_plays_to_its_end_with_its_overlay(qtbot: QtBot, window: Window, clip: Path) -> None:
    run = play(qtbot, window, clip)
    assert run.player is not None and run.info is not None
    assert window.windowTitle().startswith("clip.mp4")
    assert window.feature(LiveFeature).bar.isVisible() and window.feature(LiveFeature).bar.slider.isVisible()
    assert page_offered(window)
    assert window.bench.commands["export_video"].isEnabled()
    wait(qtbot, lambda: run.state.kind == "ended")
    wait(qtbot, lambda: window.feature(LiveFeature).bar.slider.value() == 39)
    assert frame_number(window) == 39
    wait(qtbot, lambda: window.feature(LiveFeature).bar.time.text().endswith("40/40"))
    wait(qtbot, lambda: window.bench.commands["play"].text() == "&Play")
    assert not window.bench.notices.text


def test_frames_are_stepped_exactly_and_sought_by_the_slider(qtbot: QtBot, resting: Window) -> None:
    for key, number in ((".", 8), (".", 9), (",", 8), (",", 7)):
        qtbot.keyClick(resting, key)
        wait(qtbot, lambda number=number: frame_number(resting) == number)  # type: ignore[misc]
    resting.feature(LiveFeature).bar.slider.setValue(31)
    wait(qtbot, lambda: frame_number(resting) == 31)
    wait(qtbot, lambda: "32/40" in resting.feature(LiveFeature).bar.time.text())


def test_space_plays_and_pauses_a_video_and_bares_a_picture(
    qtbot: QtBot, resting: Window, pictures: list[Path]
) -> None:
    run = resting.feature(LiveFeature).run
    assert run is not None and run.player is not None
    qtbot.keyClick(resting.bench.stage.canvas, Qt.Key.Key_Space)
    assert run.player.playing
    wait(qtbot, lambda: frame_number(resting) > 7)
    qtbot.keyClick(resting.bench.stage.canvas, Qt.Key.Key_Space)
    assert not run.player.playing
    assert resting.bench.stage.canvas.layer_visible
    resting.bench.session.open([pictures[0]], alone=True)
    wait(
        qtbot,
        lambda: resting.feature(LiveFeature).run is None and resting.bench.stage.canvas.layer is not None,
    )
    qtbot.keyPress(resting.bench.stage.canvas, Qt.Key.Key_Space)
    assert not resting.bench.stage.canvas.layer_visible
    qtbot.keyRelease(resting.bench.stage.canvas, Qt.Key.Key_Space)
    assert resting.bench.stage.canvas.layer_visible


def test_a_loop_begins_again(qtbot: QtBot, window: Window, clip: Path) -> None:
    run = play(qtbot, window, clip)
    window.bench.commands["loop"].setChecked(True)
    assert window.bench.settings.now.live.loop
    assert run.player is not None
    run.player.seek(38)
    run.player.play()  # it may have come to its end meanwhile
    wait(qtbot, lambda: frame_number(window) >= 38)
    wait(qtbot, lambda: frame_number(window) < 38)
    assert run.player.playing


@pytest.mark.parametrize("view", ["heatmap", "focus", "contours"])
def test_views_and_looks_change_the_frame_that_rests(qtbot: QtBot, resting: Window, view: str) -> None:
    def seen() -> tuple[bytes, list[str]]:
        canvas = resting.bench.stage.canvas
        assert canvas.layer is not None
        return bytes(canvas.layer.constBits()), [line.colour.name() for line in canvas.lines]

    before = seen()
    resting.bench.commands[f"view_{view}"].trigger()
    wait(qtbot, lambda: seen() != before)
    assert bool(resting.bench.stage.canvas.lines) is (view == "contours")
    shown = seen()
    absolute = PostprocessSettings(normalise="fixed")  # an untrained map is nearly even: cold on this scale
    resting.bench.settings.change(heat=absolute, style=OverlayStyle(colormap="magma", opacity=0.2))
    wait(qtbot, lambda: seen() != shown)
    assert frame_number(resting) == 7


def test_hotspots_areas_and_their_shares_over_time(qtbot: QtBot, window: Window, clip: Path) -> None:
    run = play(qtbot, window, clip)
    left = Rectangle(0.0, 0.0, 0.5, 1.0, name="left")
    window.bench.areas.put([left], "draw")
    window.bench.commands["show_hotspots"].setChecked(True)
    assert run.player is not None
    run.player.seek(0)
    run.player.play()
    wait(
        qtbot,
        lambda: (
            bool(window.feature(HotspotsFeature).first.hotspots)
            and window.bench.shown.score(left) is not None
        ),
    )
    plot = window.feature(LiveFeature).page.plot
    wait(qtbot, lambda: len(plot.curves) == 1 and len(plot.curves[0]) >= 5)
    wait(qtbot, lambda: bool(window.feature(HotspotsFeature).page.table.table.rows))  # a few times a second
    score = window.bench.shown.score(left)
    assert score is not None and 0 < score.share < 1
    table = run.renderer.history.table(window.bench.areas.all)
    assert table.columns == ("seconds", "left")
    seconds = [row[0] for row in table.rows]
    assert seconds == sorted(set(seconds))


def test_what_is_saved_is_what_is_shown(qtbot: QtBot, resting: Window, tmp_path: Path) -> None:
    """Session, files and canvas mean the same frame and the same map."""
    loaded, saliency = resting.bench.session.loaded, resting.bench.session.saliency
    assert loaded is not None and saliency is not None
    assert np.abs(loaded.picture.pixels.astype(int) - numbered(7)).mean() < 12
    expected = render_scene(loaded.picture.pixels, saliency, resting.bench.shown.scene)
    resting.bench.settings.change(folder=str(tmp_path))
    for name in ("clip-000007-overlay.png", "clip-000007-overlay-2.png"):
        with qtbot.waitSignal(resting.bench.files.writer.saved, timeout=60_000):
            qtbot.keyClick(resting, Qt.Key.Key_F12)
        assert np.array_equal(np.asarray(Image.open(tmp_path / name)), expected)


def test_side_by_side_shows_each_frame_bare(qtbot: QtBot, resting: Window) -> None:
    resting.bench.commands["arrange_side"].setChecked(True)
    assert resting.bench.stage.other.isVisible()
    qtbot.keyClick(resting, ".")
    wait(qtbot, lambda: frame_number(resting) == 8)
    assert resting.bench.stage.other.pyramid is resting.bench.stage.canvas.pyramid
    view, other = resting.bench.stage.canvas.view, resting.bench.stage.other.view
    assert view is not None and other is not None and view.scale == other.scale


def test_zoom_stays_from_frame_to_frame(qtbot: QtBot, resting: Window) -> None:
    resting.bench.stage.canvas.zoom(3)
    before = resting.bench.stage.canvas.view
    qtbot.keyClick(resting, ".")
    wait(qtbot, lambda: frame_number(resting) == 8)
    assert resting.bench.stage.canvas.view == before


def test_a_closed_video_leaves_its_frame_as_a_picture_and_opens_again(qtbot: QtBot, resting: Window) -> None:
    resting.bench.commands["close_source"].trigger()
    assert resting.feature(LiveFeature).run is None and not resting.feature(LiveFeature).bar.isVisible()
    assert frame_number(resting) == 7
    assert resting.bench.session.saliency is not None
    wait(qtbot, lambda: resting.bench.stage.canvas.layer is not None)
    with qtbot.waitSignal(resting.bench.shown.overlay_changed, timeout=60_000):
        resting.bench.commands["view_heatmap"].trigger()
    assert resting.bench.commands["reconnect"].isEnabled()
    resting.bench.commands["reconnect"].trigger()
    run = arrived(qtbot, resting)
    assert run.choice.ref.endswith("clip.mp4")


def test_videos_are_listed_with_pictures_and_walked(
    qtbot: QtBot, window: Window, clip: Path, pictures: list[Path]
) -> None:
    play(qtbot, window, clip.parent)
    assert [path.name for path in window.bench.session.listing.paths][:2] == ["clip.mp4", "picture0.png"]
    wait(qtbot, lambda: window.feature(FolderFeature).panel.isVisible())
    window.bench.session.turn(1)
    wait(qtbot, lambda: window.feature(LiveFeature).run is None and window.bench.session.saliency is not None)
    assert window.bench.session.loaded is not None and window.bench.session.loaded.name == "picture0.png"
    assert not window.feature(LiveFeature).bar.isVisible()
    assert not page_offered(window)
    window.bench.session.turn(-1)
    arrived(qtbot, window)


def test_a_video_that_is_dropped_opens(qtbot: QtBot, window: Window, clip: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(clip))])
    drop(window, mime)
    arrived(qtbot, window)


def test_a_removed_video_is_one_sentence_and_the_old_one_stays(
    qtbot: QtBot, resting: Window, tmp_path: Path
) -> None:
    other = make_video(tmp_path / "other.mp4")
    other.unlink()
    resting.bench.session.open([other])
    wait(qtbot, lambda: bool(resting.bench.notices.text))
    assert "other.mp4" in resting.bench.notices.text and "there is no such file" in resting.bench.notices.text
    assert frame_number(resting) == 7 and resting.feature(LiveFeature).run is not None


def test_a_file_that_goes_while_it_plays_can_be_opened_again(
    qtbot: QtBot, resting: Window, clip: Path
) -> None:
    """What is open stays readable; what is opened anew says what is missing, and works when it is back."""
    moved = clip.rename(clip.with_suffix(".gone"))
    qtbot.keyClick(resting, ".")
    wait(qtbot, lambda: frame_number(resting) == 8)
    resting.bench.commands["close_source"].trigger()
    resting.bench.commands["reconnect"].trigger()
    wait(qtbot, lambda: "there is no such file" in resting.bench.notices.text)
    assert resting.bench.notices.way_out.text() == "Try again"
    moved.rename(clip)
    qtbot.mouseClick(resting.bench.notices.way_out, Qt.MouseButton.LeftButton)
    arrived(qtbot, resting)
    assert not resting.bench.notices.text


def test_a_damaged_end_is_reported(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    clip = make_video(tmp_path / "cut.mkv", count=40)
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size * 2 // 3])
    run = play(qtbot, window, clip)
    wait(qtbot, lambda: run.state.kind == "ended")
    wait(qtbot, lambda: "cut.mkv" in window.bench.notices.text)
    assert frame_number(window) > 5


def test_a_folder_of_frames_plays(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for index in range(12):
        Image.fromarray(numbered(index)).save(folder / f"{index}.png")
    window.feature(LiveFeature).opening.frames(str(folder))
    run = arrived(qtbot, window)
    assert run.info is not None and (run.info.count, run.info.rate) == (12, 25)
    wait(qtbot, lambda: run.state.kind == "ended")
    wait(qtbot, lambda: frame_number(window) == 11)


def test_closing_while_it_opens_and_plays_ends_every_thread(
    qtbot: QtBot, make_window: Callable[[], Window], clip: Path
) -> None:
    """The fixture counts threads afterwards."""
    window = make_window()
    play(qtbot, window, clip)
    window.bench.session.open([clip])
    window.close()
    assert not window.isVisible()
