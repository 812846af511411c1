"""Tracks of a video's hottest regions, and the video reframed after attention."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.applications.drawing import tile
from salviewer.core.applications.reframe import ReframeSettings, Window, calm_path
from salviewer.core.applications.tracks import Ending, TrackPoint, TrackSettings
from salviewer.core.cues import CueSettings
from salviewer.core.motion import reduced
from salviewer.core.resizing import fit
from salviewer.core.temporal import CutDetector
from salviewer.errors import DetectorError, ExportError, SourceError
from salviewer.media.video.codecs import QUALITY, Codec
from salviewer.media.video.frames import Frame, SourceInfo
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.writer import video_writer
from salviewer.streaming.frame_memory import FrameMemory
from salviewer.streaming.fused import FusedCues, fallback_note
from salviewer.streaming.pipeline_stages import run_stages
from salviewer.streaming.predicts import Predicts
from salviewer.streaming.track_log import TrackLog
from salviewer.streaming.video_export import CancelledError, VideoProgress


@dataclass(frozen=True, slots=True)
class TrackOrder:
    """A request to follow regions through a video.

    Attributes:
        source: a file or a folder of frames.
        tracks: what is followed; None for nothing.
        reframes: the videos that are cut out, and the files they go to.
        cues: how maps are combined over time.
        codec, quality, sound: of those videos.
        frames: at most so many; None for all.
    """

    source: SourceChoice
    tracks: TrackSettings | None = field(default_factory=TrackSettings)
    reframes: tuple[tuple[ReframeSettings, Path], ...] = ()
    cues: CueSettings = field(default_factory=CueSettings)
    codec: Codec = "auto"
    quality: int = QUALITY
    sound: bool = True
    frames: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reframed:
    """One path of a window through a video.

    Attributes:
        window: its size.
        lefts, tops: of each frame, in pixels: int64.
        kept: the share of attention in it in each frame: float64.
    """

    window: Window
    lefts: NDArray[np.int64]
    tops: NDArray[np.int64]
    kept: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TrackReport:
    """The regions found in a video.

    Attributes:
        size: (width, height) of its frames.
        points: all tracks, frame by frame.
        endings: as of `Tracker`.
        seconds: of each frame.
        cuts: numbers of the frames with which a new shot begins.
        reframed: in the order of `TrackOrder.reframes`.
        best: each track's region in the frame where it has most attention, scaled, and when that is.
        took: seconds.
        notes: what else there is to say.
    """

    size: tuple[int, int]
    points: tuple[TrackPoint, ...]
    endings: dict[int, tuple[Ending, int]]
    seconds: tuple[float, ...]
    cuts: tuple[int, ...]
    reframed: tuple[Reframed, ...]
    best: dict[int, tuple[TrackPoint, NDArray[np.uint8]]]
    took: float
    notes: tuple[str, ...] = ()


def track_video(
    order: TrackOrder,
    predictor: Predicts,
    on_progress: Callable[[VideoProgress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TrackReport:
    """Follow regions through a video, then write the reframed videos. Frames have the size of the first.

    Raises:
        SourceError: it is no file or folder, or cannot be read.
        ExportError: a video cannot be written.
        CancelledError: `cancelled` said so; what was complete stays.
        ModelError: the network cannot run.
        DetectorError: the detector cannot be loaded.
    """
    if order.source.live:
        raise SourceError(order.source.shown, "it is live; tracks are of files, see `salviewer watch`")
    for _, target in order.reframes:
        source = Path(order.source.ref)
        if target.exists() and source.exists() and target.samefile(source):
            raise ExportError(target, "that is the source itself; choose another name")
    begun = time.monotonic()
    work = _Following(order, predictor)
    done = 0
    with closing(run_stages(work.frames(), [work.predict, work.follow])) as followed:
        for _ in followed:
            done += 1
            _tell(on_progress, done, work.total, begun)
            if cancelled():
                raise CancelledError(f"{order.source.shown}: cancelled")
    if work.size is None:
        raise SourceError(order.source.shown, "there is no frame in it")
    reframed = tuple(work.reframed(settings, number) for number, (settings, _) in enumerate(order.reframes))
    for path, (_, target) in zip(reframed, order.reframes, strict=True):
        work.notes += _write(order, path, target, cancelled)
    return TrackReport(
        work.size,
        work.log.points if work.log else (),
        work.log.endings if work.log else {},
        tuple(work.seconds),
        tuple(work.cuts),
        reframed,
        work.best,
        time.monotonic() - begun,
        tuple(dict.fromkeys(filter(None, work.notes))),
    )


class _Following:
    """The first pass: maps, tracks, and what a window keeps at each place."""

    def __init__(self, order: TrackOrder, predictor: Predicts) -> None:
        self._order, self._network = order, FrameMemory(predictor)
        self.notes: list[str] = []
        self._cues = FusedCues(order.cues, self._fall_back)
        self._cues.load()
        self.log = TrackLog(order.tracks) if order.tracks is not None else None
        self._detector = CutDetector()
        self.total: int | None = None
        self.size: tuple[int, int] | None = None
        self.seconds: list[float] = []
        self.cuts: list[int] = []
        self.best: dict[int, tuple[TrackPoint, NDArray[np.uint8]]] = {}
        self._windows: list[Window] = []
        self._kept: list[list[NDArray[np.float32]]] = [[] for _ in order.reframes]

    def frames(self) -> Iterator[Frame]:
        """Read the source; the frames have one size."""
        with closing(self._order.source.open()) as source:
            count, most = source.info.count, self._order.frames
            self.total = most if count is None else count if most is None else min(count, most)
            number = 0
            while number != most and (frame := source.read()) is not None:
                height, width = frame.pixels.shape[:2]
                if self.size is None:
                    self.size = width, height
                    self._windows = [Window.of(self.size, each.aspect) for each, _ in self._order.reframes]
                yield (
                    frame
                    if (width, height) == self.size
                    else replace(frame, pixels=fit(frame.pixels, self.size))
                )
                number += 1
            self.notes += [source.note, *source.info.remarks]

    def predict(self, frame: Frame) -> tuple[Frame, NDArray[np.float32]]:
        """Predict a frame's map; the first stage."""
        density = self._network.predict(frame.pixels, frame.seconds).density
        return frame, self._cues.update(frame.pixels, density, frame.seconds)

    def follow(self, item: tuple[Frame, NDArray[np.float32]]) -> None:
        """Follow the regions; the second stage."""
        frame, density = item
        if self._detector.is_cut(reduced(frame.pixels)):
            self.cuts.append(len(self.seconds))
        self.seconds.append(frame.seconds)
        for kept, window in zip(self._kept, self._windows, strict=True):
            kept.append(window.kept(density))
        if self.log is None:
            return
        for point in self.log.take(frame, density):
            best = self.best.get(point.track)
            if best is None or point.share > best[0].share:
                self.best[point.track] = (point, tile(_part(frame.pixels, point)))

    def reframed(self, settings: ReframeSettings, number: int) -> Reframed:
        """Find the path of one window."""
        window, kept = self._windows[number], np.array(self._kept[number])
        path = calm_path(kept, self.seconds, self.cuts, window, settings.speed)
        places = np.array([window.at(place) for place in path], np.int64)
        at = np.rint(path / max(1, window.room) * (kept.shape[1] - 1)).astype(np.intp)
        share = kept[np.arange(len(kept)), np.clip(at, 0, kept.shape[1] - 1)].astype(np.float64)
        return Reframed(window, places[:, 0], places[:, 1], share)

    def _fall_back(self, error: DetectorError) -> None:
        self.notes.append(fallback_note(error))


def _write(order: TrackOrder, path: Reframed, target: Path, cancelled: Callable[[], bool]) -> list[str]:
    """Write a reframed video: every frame once, at its own time."""
    window = path.window
    with closing(order.source.open()) as source:
        info: SourceInfo = source.info
        sound = info.path if order.sound and info.audio else None
        size = window.width, window.height
        with video_writer(
            target, info, size, codec=order.codec, quality=order.quality, sound=sound
        ) as writer:
            for left, top in zip(path.lefts, path.tops, strict=True):
                frame = source.read()
                if frame is None:
                    break
                if cancelled():
                    raise CancelledError(f"{target}: cancelled; nothing was written")
                pixels = frame.pixels
                if pixels.shape[1::-1] != window.size:
                    pixels = fit(pixels, window.size)
                writer.write(pixels[top : top + window.height, left : left + window.width], frame.ticks)
                if order.frames is not None:
                    writer.sound_ends = frame.seconds + 1 / (info.rate or 25)
        return [writer.note]


def _part(pixels: NDArray[np.uint8], point: TrackPoint) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    top, left = int(point.top * height), int(point.left * width)
    bottom, right = max(top + 1, round(point.bottom * height)), max(left + 1, round(point.right * width))
    return pixels[top:bottom, left:right]


def _tell(on_progress: Callable[[VideoProgress], None], done: int, total: int | None, begun: float) -> None:
    seconds: Any = time.monotonic() - begun
    rate = done / seconds if seconds > 0 else 0.0
    left = (total - done) / rate if total is not None and rate > 0 else None
    on_progress(VideoProgress(done, total, None if left is None else max(left, 0.0), rate))
