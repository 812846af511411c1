"""Observe a source frame by frame, as numbers: hotspots, shares of areas, a followed region."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from salviewer.core.areas import Area, AreaScore, measure
from salviewer.core.cues import CueSettings
from salviewer.core.following import Tracked
from salviewer.core.hotspots import Hotspot, HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import DetectorError
from salviewer.media.video.frames import Frame
from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.capture import Capture
from salviewer.streaming.feed import Captured, FeedState
from salviewer.streaming.frame_memory import FrameMemory
from salviewer.streaming.fused import FusedCues, fallback_note
from salviewer.streaming.latest_value import LatestValue
from salviewer.streaming.pipeline_stages import run_stages
from salviewer.streaming.predicts import Predicts
from salviewer.streaming.region import RegionFollower

_EPOCH = datetime.fromtimestamp(0, UTC)
_JITTER = 1e-4  # seconds; rounding of times in files
_POLL = 0.2  # seconds between two checks for the end


@dataclass(frozen=True, slots=True)
class WatchOrder:
    """A request to observe a source.

    Attributes:
        source: every frame of a file is observed; of a camera or stream, always the newest one.
        settings: smoothing and normalisation of the maps in which hotspots and areas are measured.
        cues: how maps are combined over time.
        hotspots: how to find them; None for none.
        areas: areas of interest, in fractions of the picture.
        frames: most frames to observe; None for all.
        retry: seconds after which a failed source is opened again; None ends the observation.
        max_rate: most observations per second, by the clock for a live source, by its own time for a file;
            None for as many as the network can do.
    """

    source: SourceChoice
    settings: PostprocessSettings = field(default_factory=PostprocessSettings)
    cues: CueSettings = field(default_factory=CueSettings)
    hotspots: HotspotSettings | None = field(default_factory=HotspotSettings)
    areas: tuple[Area, ...] = ()
    frames: int | None = None
    retry: float | None = None
    max_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """The observation of one frame.

    Attributes:
        frame: its number in the file, or since a live source was first opened; missing numbers were not
            predicted.
        seconds: its time in the file, or since a live source was first opened. Both continue across lost
            connections.
        captured: its time of arrival, for a live source.
        size: (width, height) of the picture.
        hotspots, areas, tracked: what was requested.
        latency: milliseconds from the decoded frame to this observation.
        dropped: number of frames so far that a newer one replaced before they were predicted.
        wall, monotonic: when the frame was decoded, by the wall clock (UTC) and by `time.monotonic()`.
        connection: 1, and one more each time a live source was opened again.
        source_seconds, source_clock, source_utc: the source's own time, see `Frame` and `SourceInfo.clock`.
    """

    frame: int
    seconds: float
    captured: datetime | None
    size: tuple[int, int]
    hotspots: tuple[Hotspot, ...] = ()
    areas: tuple[AreaScore, ...] = ()
    tracked: Tracked | None = None
    latency: float = 0.0
    dropped: int = 0
    wall: datetime = _EPOCH
    monotonic: float = 0.0
    connection: int = 1
    source_seconds: float | None = None
    source_clock: str = ""
    source_utc: float | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark for the user, such as that their detector failed.

    Attributes:
        text: one sentence.
    """

    text: str


def watch(
    order: WatchOrder,
    predictor: Predicts,
    stopped: Callable[[], bool] = lambda: False,
    follower: RegionFollower | None = None,
) -> Generator[Observation | FeedState | Remark, None, None]:
    """Observe until the source ends, `order.frames` are done, or `stopped` returns True.

    Args:
        follower: follows a region from frame to frame, and has its path at the end.

    Yields:
        an observation per frame and, between them, states of the source and remarks about a user's detector.

    Raises:
        SourceError: the source cannot be opened or has failed, and `order.retry` is None.
        ModelError: the network cannot run.
        DetectorError: the detector cannot be loaded.
    """
    eye = _Eye(order, predictor, follower)
    seen = 0
    for event in _live(order, eye, stopped) if order.source.live else _file(order, eye):
        while eye.remarks and isinstance(event, Observation):
            yield eye.remarks.popleft()
        yield event
        seen += isinstance(event, Observation)
        if stopped() or seen == order.frames:
            return


class _Eye:
    """Turns frames into observations."""

    def __init__(self, order: WatchOrder, predictor: Predicts, follower: RegionFollower | None) -> None:
        self._order = order
        self._network = FrameMemory(predictor)
        self._follower = follower
        self.remarks: deque[Remark] = deque()
        self.clock = ""  # of the open source
        self._cues = FusedCues(order.cues, self._fall_back)
        self._cues.load()

    def predict(self, captured: Captured) -> tuple[Captured, SaliencyMap]:
        frame = captured.frame
        saliency = self._network.predict(frame.pixels, frame.seconds)
        density = self._cues.update(frame.pixels, saliency.density, frame.seconds)
        return captured, replace(saliency, density=density)

    def _fall_back(self, error: DetectorError) -> None:
        self.remarks.append(Remark(fallback_note(error)))

    def observe(self, seen: tuple[Captured, SaliencyMap]) -> Observation:
        captured, saliency = seen
        frame, order = captured.frame, self._order
        wall = datetime.now(UTC) - timedelta(seconds=time.monotonic() - captured.at)
        return Observation(
            frame.index,
            frame.seconds,
            wall if order.source.live else None,
            saliency.source_size,
            find_hotspots(saliency, order.hotspots, order.settings) if order.hotspots else (),
            measure(saliency, order.areas, order.settings) if order.areas else (),
            self._follower.update(frame, saliency.density) if self._follower else None,
            1000 * (time.monotonic() - captured.at),
            wall=wall,
            monotonic=captured.at,
            connection=captured.connection,
            source_seconds=frame.source_seconds,
            source_clock=self.clock if frame.source_seconds is not None else "",
            source_utc=frame.source_utc,
        )


def _file(order: WatchOrder, eye: _Eye) -> Iterator[Observation | FeedState]:
    """Observe every frame of a file; reading, network and measurement run at the same time."""
    states: deque[FeedState] = deque()

    def frames() -> Iterator[Captured]:
        with closing(order.source.open()) as source:
            states.append(FeedState("open", info=source.info))
            eye.clock = source.info.clock
            serial = 0
            due = float("-inf")
            frame: Frame | None
            while (frame := source.read()) is not None:
                if order.max_rate is not None:
                    if frame.seconds < due - _JITTER:
                        continue
                    due = max(due, frame.seconds) + 1 / order.max_rate
                yield Captured(frame, time.monotonic(), serial)
                serial += 1
            states.append(FeedState("ended", "; ".join(filter(None, (source.note, *source.info.remarks)))))

    stages: list[Callable[[Any], Any]] = [eye.predict, eye.observe]
    with closing(run_stages(frames(), stages)) as observed:
        for observation in observed:
            if states and states[0].kind == "open":
                yield states.popleft()
            yield observation
    yield from states


def _live(order: WatchOrder, eye: _Eye, stopped: Callable[[], bool]) -> Iterator[Observation | FeedState]:
    """Observe the newest frame of a live source, again and again."""
    newest: LatestValue[Captured] = LatestValue()
    states: deque[FeedState] = deque()
    dropped = 0

    def came(captured: Captured) -> None:
        nonlocal dropped
        dropped += newest.put(captured) is not None

    feed = Capture(order.source, came, states.append, order.retry)
    feed.start()
    due = time.monotonic()
    try:
        while not stopped():
            if (left := due - time.monotonic()) > 0:
                time.sleep(min(left, _POLL))
                continue
            captured = newest.take(_POLL)
            if captured is None:
                if not states:
                    continue
                captured = newest.take(0)  # it arrived before one of the states
            while states and (captured is None or states[0].given <= captured.serial):
                yield from _observations_of(states.popleft(), order, eye)
            if captured is not None:
                if order.max_rate is not None:
                    due = max(due, time.monotonic()) + 1 / order.max_rate
                yield replace(eye.observe(eye.predict(captured)), dropped=dropped)
    finally:
        newest.close()
        feed.close()
        feed.join(order.source.open_seconds + 2 * order.source.read_seconds)


def _observations_of(state: FeedState, order: WatchOrder, eye: _Eye) -> Iterator[FeedState]:
    """Yield a state of a live source; raise its error if the source may not be opened again."""
    if state.info is not None:
        eye.clock = state.info.clock
    yield state
    if state.error is not None and order.retry is None:
        raise state.error
