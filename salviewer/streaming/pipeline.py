"""Show a source at full rate, with maps as fresh as the network is fast."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core import motion
from salviewer.core.cues import CueSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.temporal import CutDetector
from salviewer.errors import DetectorError
from salviewer.media.video.frames import Frame
from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.capture import Capture
from salviewer.streaming.feed import Captured, Feed, FeedState
from salviewer.streaming.frame_memory import FrameMemory
from salviewer.streaming.fused import FusedCues
from salviewer.streaming.latest_value import LatestValue
from salviewer.streaming.meters import Delay, Rate
from salviewer.streaming.player import Player
from salviewer.streaming.predicts import Predicts

_POLL = 0.5  # seconds
_SLOW = 12.0  # frames a second


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A frame with its map.

    Attributes:
        captured: `time.monotonic()` when it was decoded.
        saliency: its map; None if there is none of this scene yet.
        predicted: index of the frame that the network saw. If it is another frame, the map was moved along
            with the motion of the picture.
        own: whether the network saw this very frame, so that this map is final.
        drawn: the result of `render`; None without it.
    """

    frame: Frame
    captured: float
    saliency: SaliencyMap | None
    predicted: int | None
    drawn: Any = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class LiveStats:
    """Performance of the stages over the last seconds.

    Attributes:
        capture_rate, inference_rate, shown_rate: captured frames, maps and shown frames per second.
        latency, latency_p95: milliseconds from the decoded frame to showing it.
        predict: milliseconds for the network.
        dropped: total number of frames that a newer one replaced before they were shown.
        device: the network's device, for display; empty until the network is loaded.
    """

    capture_rate: float = 0.0
    inference_rate: float = 0.0
    shown_rate: float = 0.0
    latency: float = 0.0
    latency_p95: float = 0.0
    predict: float = 0.0
    dropped: int = 0
    device: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Map:
    """A map from network and cues, with what is needed to move it along with motion."""

    saliency: SaliencyMap
    captured: Captured
    grey: NDArray[np.uint8]


class LivePipeline:
    """Three threads: one reads, one predicts the newest frame, one shows every frame that arrives in time.

    All callbacks are called in these threads and must not wait for the thread that closes the pipeline.

    Args:
        choice: the source. Cameras and streams are captured, files and folders played.
        load: returns the network; called in the predicting thread.
        cues: how maps are combined over time.
        render: draws a frame with its map in the showing thread; returns `Shown.drawn`.
        on_shown: called with each `Shown`.
        on_state: called with each `FeedState`.
        on_failure: called with an error of `load` or the network; after it there are no new maps until `use`.
        on_fallback: called with the `DetectorError` of a user's detector that is no longer used.
        retry: see `Capture`.
        playing, loop: see `Player`.
    """

    def __init__(
        self,
        choice: SourceChoice,
        load: Callable[[], Predicts],
        *,
        cues: CueSettings | None = None,
        render: Callable[[Frame, SaliencyMap | None], Any] | None = None,
        on_shown: Callable[[Shown], None] = lambda shown: None,
        on_state: Callable[[FeedState], None] = lambda state: None,
        on_failure: Callable[[Exception], None] = lambda error: None,
        on_fallback: Callable[[DetectorError], None] = lambda error: None,
        retry: float | None = None,
        playing: bool = True,
        loop: bool = False,
    ) -> None:
        self.feed: Feed
        if choice.live:
            self.feed = Capture(choice, self._came, on_state, retry)
        else:
            self.feed = Player(choice, self._came, on_state, playing=playing, loop=loop)
        self._load: Callable[[], Predicts] | None = load  # None after it was called
        self._render = render
        self._on_shown = on_shown
        self._on_failure = on_failure
        self._cues = FusedCues(cues or CueSettings(), on_fallback)
        self._new_cues: CueSettings | None = None
        self._to_predict: LatestValue[Captured] = LatestValue()
        self._to_show: LatestValue[Captured] = LatestValue()
        self._map: _Map | None = None
        self._shown: Captured | None = None
        self._cuts = CutDetector()
        self._scene = 0  # serial number of the first frame of the current scene
        self._rates = {"capture": Rate(), "inference": Rate(), "shown": Rate()}
        self._latency, self._predicting = Delay(), Delay()
        self._dropped = 0
        self._device = ""
        self._threads = [
            threading.Thread(target=self._predict_all, name="live inference", daemon=True),
            threading.Thread(target=self._show_all, name="live show", daemon=True),
        ]

    def start(self) -> None:
        """Start all threads; return at once."""
        for thread in self._threads:
            thread.start()
        self.feed.start()

    def close(self) -> None:
        """Ask all threads to end; return at once."""
        self.feed.close()
        self._to_predict.close()
        self._to_show.close()

    def join(self, seconds: float) -> bool:
        """Wait for all threads for at most `seconds`; return True if they have ended."""
        end = time.monotonic() + seconds
        ended = self.feed.join(end - time.monotonic())
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(end - time.monotonic(), 0.0))
                ended = ended and not thread.is_alive()
        return ended

    def set_cues(self, settings: CueSettings) -> None:
        """Change how the next maps are combined; see `FusedCues.set`."""
        self._new_cues = settings
        self._predict_again()

    def use(self, load: Callable[[], Predicts]) -> None:
        """Predict with another network from the next frame on."""
        self._load = load
        self._predict_again()

    def refresh(self) -> None:
        """Show the newest frame again, because `render` would now draw it differently."""
        if self._shown is not None:
            self._to_show.offer(self._shown)

    @property
    def stats(self) -> LiveStats:
        """Return the performance of the stages."""
        return LiveStats(
            capture_rate=self._rates["capture"].per_second,
            inference_rate=self._rates["inference"].per_second,
            shown_rate=self._rates["shown"].per_second,
            latency=self._latency.percentile(50),
            latency_p95=self._latency.percentile(95),
            predict=self._predicting.percentile(50),
            dropped=self._dropped,
            device=self._device,
        )

    def _came(self, captured: Captured) -> None:
        self._rates["capture"].tick()
        self._to_predict.put(captured)
        replaced = self._to_show.put(captured)
        if replaced is not None and replaced is not self._shown:
            self._dropped += 1

    def _predict_all(self) -> None:
        network: FrameMemory | None = None
        while not self._to_predict.closed:
            try:
                load, self._load = self._load, None
                if load is not None:
                    network = None
                    predictor = load()
                    self._device = predictor.device_title
                    network = FrameMemory(predictor)
                captured = self._to_predict.take(_POLL)
                if captured is not None and self._load is not None:
                    self._to_predict.offer(captured)  # for the other network
                elif captured is not None and network is not None:
                    self._predict(network, captured)
            except Exception as error:
                network = None
                self._on_failure(error)

    def _predict_again(self) -> None:
        """Predict the frame that stays on screen, since no newer one replaces it."""
        if self._shown is not None and self._rests:
            self._to_predict.offer(self._shown)

    def _predict(self, network: FrameMemory, captured: Captured) -> None:
        begun = time.monotonic()
        pixels = captured.frame.pixels
        saliency = network.predict(pixels, captured.frame.seconds)
        if self._new_cues is not None:
            settings, self._new_cues = self._new_cues, None
            self._cues.set(settings)
        density = self._cues.update(pixels, saliency.density, captured.frame.seconds)
        self._map = _Map(replace(saliency, density=density), captured, motion.small_grey(pixels))
        self._predicting.add(time.monotonic() - begun)
        self._rates["inference"].tick()
        # The showing thread sets `_shown` before it reads `_map`, so one of the two threads sees the other's
        # value.
        if self._shown is captured and self._rests:
            self._to_show.offer(captured)

    @property
    def _rests(self) -> bool:
        """Whether a frame stays on screen long enough to be shown again with a map of its own."""
        paused = isinstance(self.feed, Player) and not self.feed.playing
        return paused or self._rates["capture"].per_second < _SLOW

    def _show_all(self) -> None:
        try:
            while not self._to_show.closed:
                captured = self._to_show.take(_POLL)
                if captured is not None:
                    self._show(captured)
        except Exception as error:
            self._to_show.close()
            self._on_failure(error)

    def _show(self, captured: Captured) -> None:
        frame, again = captured.frame, captured is self._shown
        self._shown = captured
        small = motion.reduced(frame.pixels)
        if not again and self._cuts.is_cut(small):
            self._scene = captured.serial
        known = self._map
        saliency, own = None, False
        if known is not None and known.captured.serial >= self._scene:
            own = known.captured is captured
            saliency = known.saliency if own else _moved(known, motion.grey_of(small))
        drawn = self._render(frame, saliency) if self._render is not None else None
        if not again:
            self._latency.add(time.monotonic() - captured.at)
            self._rates["shown"].tick()
        predicted = known.captured.frame.index if known is not None and saliency is not None else None
        self._on_shown(Shown(frame, captured.at, saliency, predicted, drawn, own))


def _moved(known: _Map, grey: NDArray[np.uint8]) -> SaliencyMap | None:
    """Return the map moved to a frame, given in grey; None if the frame has another size."""
    if known.grey.shape != grey.shape:
        return None
    moved = motion.move_map(known.saliency.density, motion.flow(grey, known.grey))
    return replace(known.saliency, density=moved)
