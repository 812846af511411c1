"""Live sources captured and reopened; files played, paused, stepped, sought, looped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.capture import Capture
from salviewer.streaming.feed import Captured, Feed, FeedState
from salviewer.streaming.player import Player
from tests.streaming.watching import LIMIT, Calls
from tests.video.loopback import mjpeg
from tests.video.test_cameras import FakeDevice
from tests.video.videos import make_video, number_of


@contextmanager
def running(feed: Feed) -> Iterator[None]:
    feed.start()
    try:
        yield
    finally:
        feed.close()
        assert feed.join(LIMIT)


def kinds(states: list[FeedState]) -> list[str]:
    return [state.kind for state in states]


def test_a_stream_that_dies_is_reported_and_opened_again_when_asked() -> None:
    frames: Calls[Captured] = Calls()
    states: Calls[FeedState] = Calls()
    with mjpeg() as served:
        feed = Capture(SourceChoice(served.url), frames, states)
        with running(feed):
            frames.count(3)
            served.cut.set()
            lost = states.wait(lambda calls: calls[-1].kind == "lost")[-1]
            assert served.url in lost.text
            assert lost.retry is None
            served.cut.clear()
            seen = len(frames.all)
            feed.reopen()
            frames.count(seen + 3)
    assert kinds(states.all) == ["opening", "open", "lost", "opening", "open", "closed"]
    assert [captured.serial for captured in frames.all] == list(range(len(frames.all)))


def test_it_comes_back_by_itself_with_pauses_that_grow() -> None:
    frames: Calls[Captured] = Calls()
    states: Calls[FeedState] = Calls()
    with mjpeg() as served:
        served.refuse.set()
        feed = Capture(SourceChoice(served.url), frames, states, retry=0.02)
        with running(feed):
            calls = states.wait(lambda calls: kinds(calls).count("lost") >= 3)
            assert [state.retry for state in calls if state.kind == "lost"][:3] == [0.02, 0.04, 0.08]
            served.refuse.clear()
            frames.count(2)


def test_a_camera_unplugged_and_plugged_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    monkeypatch.setattr(cv2, "VideoCapture", FakeDevice)
    monkeypatch.setattr(FakeDevice, "plugged", True)
    states: Calls[FeedState] = Calls()
    frames: Calls[Captured] = Calls()

    def slowly(captured: Captured) -> None:
        frames(captured)
        if len(frames.all) == 5:
            FakeDevice.plugged = False

    feed = Capture(SourceChoice("0"), slowly, states)
    with running(feed):
        lost = states.wait(lambda calls: calls[-1].kind == "lost")[-1]
        assert "was it unplugged" in lost.text
        FakeDevice.plugged = True
        feed.reopen()
        frames.count(6)


def test_closed_while_a_server_is_silent() -> None:
    states: Calls[FeedState] = Calls()
    frames: Calls[Captured] = Calls()
    with mjpeg() as served:
        with running(Capture(SourceChoice(served.url, read_seconds=0.5), frames, states)):
            frames.count(1)
            served.stop.set()
        assert states.all[-1].kind == "closed"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_video(tmp_path / "clip.mp4", "libx264", 20, rate=100)


def numbers(calls: list[Captured]) -> list[int]:
    return [number_of(captured.frame.pixels) for captured in calls]


def test_played_to_its_end_every_frame_in_order_and_not_too_fast(clip: Path) -> None:
    frames: Calls[Captured] = Calls()
    states: Calls[FeedState] = Calls()
    with running(Player(SourceChoice(str(clip)), frames, states)):
        states.wait(lambda calls: calls[-1].kind == "ended")
    assert numbers(frames.all) == list(range(20))
    assert frames.all[-1].at - frames.all[0].at >= 0.19 - 0.005
    assert kinds(states.all) == ["opening", "open", "ended", "closed"]


def test_paused_it_steps_and_seeks_to_exact_frames(clip: Path) -> None:
    frames: Calls[Captured] = Calls()
    player = Player(SourceChoice(str(clip)), frames, Calls(), playing=False)
    with running(player):
        frames.count(1)
        assert player.length == 20
        for number, (command, argument) in enumerate(
            [(player.step, 1), (player.step, 1), (player.seek, 15), (player.step, -1), (player.step, -99)]
        ):
            command(argument)
            frames.count(number + 2)
        player.seek(999)
        frames.count(7)
        assert not player.playing
    assert numbers(frames.all) == [0, 1, 2, 15, 14, 0, 19]


def test_it_plays_on_from_where_it_paused_and_again_after_its_end(clip: Path) -> None:
    frames: Calls[Captured] = Calls()
    states: Calls[FeedState] = Calls()
    player = Player(SourceChoice(str(clip)), frames, states, playing=False)
    with running(player):
        player.seek(12)
        frames.wait(lambda calls: bool(calls) and calls[-1].frame.index == 12)
        start = len(frames.all)
        player.play()
        states.wait(lambda calls: calls[-1].kind == "ended")
        assert numbers(frames.all[start:]) == list(range(13, 20))
        assert not player.playing
        player.play()
        states.wait(lambda calls: kinds(calls).count("ended") == 2)
        assert numbers(frames.all[start + 7 :]) == list(range(20))


def test_a_loop_and_a_speed(clip: Path) -> None:
    frames: Calls[Captured] = Calls()
    player = Player(SourceChoice(str(clip)), frames, Calls(), loop=True)
    player.set_speed(4)
    with running(player):
        calls = frames.count(50)
        player.set_loop(False)
    assert numbers(calls)[:45] == [*range(20), *range(20), *range(5)]


def test_slow_motion_waits_longer(clip: Path) -> None:
    frames: Calls[Captured] = Calls()
    player = Player(SourceChoice(str(clip)), frames, Calls())
    player.set_speed(0.25)
    with running(player):
        calls = frames.count(5)
    assert calls[4].at - calls[0].at >= 4 * 0.04 - 0.005


def test_a_file_that_is_not_there_can_be_opened_later(tmp_path: Path, clip: Path) -> None:
    frames: Calls[Captured] = Calls()
    states: Calls[FeedState] = Calls()
    missing = tmp_path / "later.mp4"
    player = Player(SourceChoice(str(missing)), frames, states)
    with running(player):
        lost = states.wait(lambda calls: calls[-1].kind == "lost")[-1]
        assert "no such file" in lost.text
        clip.rename(missing)
        player.reopen()
        frames.count(1)
