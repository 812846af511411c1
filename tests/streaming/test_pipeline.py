"""The live pipeline against real streams and files with a real network."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from salviewer.core.cues import CueSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import ModelError
from salviewer.media.video.opening import SourceChoice
from salviewer.models.predictor import Predictor
from salviewer.streaming.feed import FeedState
from salviewer.streaming.pipeline import LivePipeline, Shown
from salviewer.streaming.player import Player
from tests.streaming.watching import LIMIT, Calls
from tests.video.loopback import mjpeg, rtsp
from tests.video.videos import make_video, number_of


class SpotPredictor:
    """Where the red square of `numbered` is, after a delay: a network of which the right answer is known."""

    name, device_title = "spot", "CPU"

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.gate = threading.Event()
        self.gate.set()
        self.seen: list[int] = []

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        assert self.gate.wait(LIMIT)
        time.sleep(self.seconds)
        self.seen.append(number_of(pixels))
        red = (pixels[..., 0] > 150) & (pixels[..., 1] < 110)
        return SaliencyMap(red.astype(np.float32) + 1e-6, pixels.shape[1::-1], self.name)


@contextmanager
def running(pipeline: LivePipeline) -> Iterator[LivePipeline]:
    pipeline.start()
    try:
        yield pipeline
    finally:
        pipeline.close()
        assert pipeline.join(LIMIT)


@pytest.mark.parametrize("serve", [mjpeg, rtsp])
def test_a_stream_with_a_real_network(serve: object, predictor: Predictor) -> None:
    shown: Calls[Shown] = Calls()
    with (
        serve() as served,  # type: ignore[operator]
        running(LivePipeline(SourceChoice(served.url), lambda: predictor, on_shown=shown)) as pipeline,
    ):
        calls = shown.wait(lambda calls: sum(each.saliency is not None for each in calls) >= 3)
        stats = pipeline.stats
    assert stats.device == predictor.device_title
    assert stats.capture_rate > 0
    assert stats.latency > 0
    indices = [each.frame.index for each in calls]
    assert indices == sorted(indices)
    assert all(each.predicted <= each.frame.index for each in calls if each.predicted is not None)


def test_the_picture_goes_on_while_the_network_thinks() -> None:
    """The network answers once, then hangs: frames are still shown, and the map moves along with them."""
    shown: Calls[Shown] = Calls()
    spots = SpotPredictor()
    failures: Calls[Exception] = Calls()
    with mjpeg(rate=50) as served:
        pipeline = LivePipeline(SourceChoice(served.url), lambda: spots, on_shown=shown, on_failure=failures)
        with running(pipeline):
            shown.wait(lambda calls: calls[-1].saliency is not None)
            spots.gate.clear()
            start = len(shown.all)
            calls = shown.count(start + 8)
            spots.gate.set()
    assert not failures.all
    after = calls[start + 1 :]
    assert len({each.predicted for each in after}) <= 2
    assert all(each.saliency is not None for each in after)
    assert any(each.predicted != each.frame.index for each in after)


def test_the_network_gets_the_newest_frame_and_old_ones_are_dropped() -> None:
    shown: Calls[Shown] = Calls()
    spots = SpotPredictor(0.1)
    with (
        mjpeg(rate=100) as served,
        running(LivePipeline(SourceChoice(served.url), lambda: spots, on_shown=shown)),
    ):
        shown.wait(lambda calls: len(spots.seen) >= 4)
    steps = np.diff(spots.seen)
    assert (steps > 0).all()
    assert steps.max() > 2


def test_a_slow_viewer_makes_frames_drop_and_not_wait() -> None:
    calls: list[Shown] = []

    def slow(shown: Shown) -> None:
        time.sleep(0.1)
        calls.append(shown)

    done: Calls[Shown] = Calls()
    with mjpeg(rate=100) as served:
        pipeline = LivePipeline(
            SourceChoice(served.url), SpotPredictor, on_shown=lambda each: (slow(each), done(each))[0]
        )
        with running(pipeline):
            done.count(5)
            stats = pipeline.stats
    assert stats.dropped > 5
    assert max(shown.frame.index for shown in calls) > 8


def test_a_paused_file_gets_the_map_of_exactly_its_frame(tmp_path: Path) -> None:
    clip = make_video(tmp_path / "clip.mkv", "ffv1", 30)
    shown: Calls[Shown] = Calls()
    pipeline = LivePipeline(
        SourceChoice(str(clip)), SpotPredictor, on_shown=shown, playing=False, cues=CueSettings(half_life=0)
    )
    with running(pipeline):
        assert isinstance(pipeline.feed, Player)
        for index in (0, 17, 18, 4):
            pipeline.feed.seek(index)
            last = shown.wait(
                lambda calls, index=index: calls[-1].predicted == index == calls[-1].frame.index
            )[-1]
            assert last.saliency is not None
            centre = np.average(np.arange(96), weights=last.saliency.density.sum(axis=0))
            assert centre == pytest.approx((3 * index) % 84 + 6, abs=1.5)
        before = len(shown.all)
        pipeline.refresh()  # the look has changed
        shown.count(before + 1)


def test_render_draws_in_the_showing_thread(tmp_path: Path) -> None:
    clip = make_video(tmp_path / "clip.mkv", "ffv1", 3)
    shown: Calls[Shown] = Calls()
    names: set[str] = set()

    def render(frame: object, saliency: SaliencyMap | None) -> str:
        names.add(threading.current_thread().name)
        return "with" if saliency is not None else "without"

    with running(
        LivePipeline(SourceChoice(str(clip)), SpotPredictor, render=render, on_shown=shown, playing=False)
    ):
        calls = shown.wait(lambda calls: calls[-1].drawn == "with")
    assert all((each.drawn == "with") == (each.saliency is not None) for each in calls)
    assert names == {"live show"}


def test_a_network_that_does_not_load_is_reported_and_the_picture_goes_on() -> None:
    shown: Calls[Shown] = Calls()
    failures: Calls[Exception] = Calls()

    def load() -> Predictor:
        raise ModelError("x", "it is not there")

    with (
        mjpeg() as served,
        running(LivePipeline(SourceChoice(served.url), load, on_shown=shown, on_failure=failures)),
    ):
        calls = shown.count(5)
    assert isinstance(failures.all[0], ModelError)
    assert all(each.saliency is None for each in calls)


def test_a_killed_stream_is_survived(predictor: Predictor) -> None:
    shown: Calls[Shown] = Calls()
    states: Calls[FeedState] = Calls()
    with mjpeg() as served:
        pipeline = LivePipeline(SourceChoice(served.url), lambda: predictor, on_shown=shown, on_state=states)
        with running(pipeline):
            shown.wait(lambda calls: calls[-1].saliency is not None)
            served.cut.set()
            states.wait(lambda calls: calls[-1].kind == "lost")
            served.cut.clear()
            seen = len(shown.all)
            pipeline.feed.reopen()
            shown.wait(lambda calls: len(calls) > seen + 2 and calls[-1].saliency is not None)
