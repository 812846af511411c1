"""Export any source to a video, a folder of frames, or maps: every frame once, in parallel stages."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from salviewer.core.applications.tracks import TrackSettings
from salviewer.core.cues import CueSettings
from salviewer.core.following import Tracked
from salviewer.core.planes import Planes
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.errors import DetectorError, ExportError, SalviewerError, SourceError
from salviewer.media.video.codecs import QUALITY, VIDEO_EXPORT_SUFFIXES, Codec
from salviewer.media.video.frames import Frame, SourceInfo
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.sequences import MapWriter, PictureSequence, map_writer, new_folder
from salviewer.media.video.writer import VideoWriter, video_writer
from salviewer.streaming.capture import LONGEST_PAUSE
from salviewer.streaming.continuity import Continuity
from salviewer.streaming.drawn_frames import Shapes, Shown, draw
from salviewer.streaming.frame_memory import FrameMemory
from salviewer.streaming.fused import FusedCues, fallback_note
from salviewer.streaming.pipeline_stages import run_stages
from salviewer.streaming.predicts import Predicts
from salviewer.streaming.region import RegionFollower
from salviewer.streaming.track_files import TrackFormat, save_tracks
from salviewer.streaming.track_log import TrackLog

_POLL = 0.2  # seconds between two checks for the end


@dataclass(frozen=True, slots=True)
class VideoOrder:
    """A request to write a video.

    Attributes:
        source: the input; a camera or stream is read until `frames`, until it is cancelled, or until it
            fails.
        target: a video (.mp4, .mkv, .webm), or else a folder for PNGs; None for no pictures.
        maps: an archive (.npz), or else a folder for 16-bit PNGs; None for no maps.
        scene: how each frame is shown.
        cues: how maps are combined over time.
        codec, quality: of a video.
        sound: whether to copy the source's sound.
        frames: most frames to read; None for all.
        follow: whether to follow and draw the most salient region.
        retry: seconds after which a failed live source is opened again, doubled after each failed attempt, up
            to 30; None ends the recording.
        first: index of the first frame to write; those before it only prepare the smoothing over time.
        tracks: files of the hottest regions' tracks, each with its format.
        track: what they follow.
    """

    source: SourceChoice
    target: Path | None
    maps: Path | None = None
    scene: Scene = field(default_factory=Scene)
    cues: CueSettings = field(default_factory=CueSettings)
    codec: Codec = "auto"
    quality: int = QUALITY
    sound: bool = True
    frames: int | None = None
    retry: float | None = None
    follow: bool = False
    first: int = 0
    tracks: tuple[tuple[TrackFormat, Path], ...] = ()
    track: TrackSettings = field(default_factory=TrackSettings)


@dataclass(frozen=True, slots=True)
class VideoProgress:
    """The progress of an export.

    Attributes:
        done: frames written.
        total: number of frames to write; None if unknown.
        seconds_left: an estimate from the speed so far; None if the number is unknown.
        rate: frames per second.
    """

    done: int
    total: int | None
    seconds_left: float | None
    rate: float


@dataclass(frozen=True, slots=True)
class VideoReport:
    """The result of an export.

    Attributes:
        frames: number of frames written.
        seconds: duration of the export.
        encoder: FFmpeg's name of it; empty for a folder.
        notes: remarks: the source is damaged, or the user's detector failed.
        error: why the recording of a live source ended early; None if nothing failed.
    """

    frames: int
    seconds: float
    encoder: str = ""
    notes: tuple[str, ...] = ()
    error: Exception | None = None


class CancelledError(SalviewerError):
    """The user cancelled; no file is left."""


def export_video(
    order: VideoOrder,
    predictor: Predicts,
    on_progress: Callable[[VideoProgress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> VideoReport:
    """Write a video, frames or maps. `on_progress` is called in the calling thread, once per frame.

    A damaged file gives the frames that can be read, and the report mentions the damage. If a live source is
    cancelled or anything fails, the frames so far are kept, and the report has the error. Frames of another
    size than the first are scaled to it.

    Raises:
        SourceError: the source cannot be opened, or fails on the way (a live one before its first frame).
        ExportError: nothing can be written there. In both cases, no file is left under the names.
        CancelledError: `cancelled` returned True; no file is left.
        ModelError: the network cannot run.
        DetectorError: the detector cannot be loaded; nothing was written.
    """
    _refuse_to_replace(order)
    begun = time.monotonic()
    opened = _Opened(order, cancelled)
    work = _Work(order, predictor)
    done = 0
    failure: Exception | None = None
    stages: list[Callable[[Any], Any]] = [work.predict, work.render, work.write]
    if work.log is not None:
        stages.insert(1, work.track)
    with ExitStack() as stack:
        work.stack = stack
        try:
            with closing(run_stages(opened.frames(), stages)) as written:
                for _ in written:
                    done += 1
                    on_progress(_progress(done, opened.total, time.monotonic() - begun))
                    if cancelled() and not opened.live:
                        raise CancelledError(f"{order.target or order.maps}: cancelled; nothing was written")
        except Exception as error:
            done = work.passed  # some may have been written and not been given back any more
            if not opened.live or not done:
                raise
            failure = error  # the frames so far are completed below
        if not done:
            raise opened.failure or SourceError(order.source.shown, "there is no frame in it")
        if work.log is not None:
            for fmt, path in order.tracks:
                save_tracks(path, fmt, work.log)
    notes = tuple(filter(None, (opened.note, *opened.remarks, *work.notes)))
    return VideoReport(done, time.monotonic() - begun, work.encoder, notes, failure)


class _Opened:
    """The source, opened, read and closed in the thread that iterates `frames`."""

    def __init__(self, order: VideoOrder, cancelled: Callable[[], bool]) -> None:
        self._order = order
        self._cancelled = cancelled
        self.live = order.source.live
        self.remarks: tuple[str, ...] = ()  # of a live source, on how its frames are shown
        self.total: int | None = None
        self.note = ""
        self.failure: SourceError | None = None

    def frames(self) -> Iterator[tuple[SourceInfo, Frame]]:
        frames = self._live() if self.live else self._file()
        with closing(frames):
            for number, item in enumerate(frames, 1):
                yield item
                if number == self._order.frames:
                    return

    def _file(self) -> Generator[tuple[SourceInfo, Frame], None, None]:
        with closing(self._order.source.open()) as source:
            self.total = _least(source.info.count, self._order.frames)
            while (frame := source.read()) is not None:
                yield source.info, frame
            self.note = "; ".join(filter(None, (source.note, *source.info.remarks)))

    def _live(self) -> Generator[tuple[SourceInfo, Frame], None, None]:
        """Yield frames until it is cancelled, or the source fails and may not be opened again."""
        self.total = self._order.frames
        continuity = Continuity()
        pause = retry = self._order.retry
        came = False
        while True:
            try:
                with closing(self._order.source.open()) as source:
                    continuity.connect()
                    while (frame := source.read()) is not None:
                        self.remarks = source.info.remarks
                        yield source.info, continuity.place(frame)
                        came, pause = True, retry
                        if self._cancelled():
                            return
                    raise SourceError(source.info.name, "the stream has ended")
            except SourceError as error:
                if pause is None or retry is None:
                    if not came:
                        raise
                    self.failure, self.note = error, error.reason
                    return
                if self._waited(pause):
                    self.failure = error
                    return
                self.note = "the connection was lost and opened again"
                pause = min(2 * pause, LONGEST_PAUSE)

    def _waited(self, seconds: float) -> bool:
        """Wait; return True if it was cancelled meanwhile."""
        end = time.monotonic() + seconds
        while not self._cancelled():
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _POLL))
        return True


class _Work:
    """The stages. Each runs in its own thread; only `write` touches the files."""

    def __init__(self, order: VideoOrder, predictor: Predicts) -> None:
        self._order = order
        self._network = FrameMemory(predictor)
        self._fallback: DetectorError | None = None
        self._cues = FusedCues(order.cues, self._fall_back)
        self._cues.load()
        self.stack = ExitStack()
        self._video: VideoWriter | None = None
        self._pictures: PictureSequence | None = None
        self._maps: MapWriter | None = None
        self._begun = False
        self.passed = 0  # frames that went through all stages
        self._shapes = Shapes()
        self._follower = RegionFollower() if order.follow else None
        self.log = TrackLog(order.track) if order.tracks else None
        video = order.target is not None and is_video_name(order.target)
        self._in_planes = video and not order.follow  # a region would come and go, and rounding with it
        self.encoder = ""

    @property
    def notes(self) -> tuple[str, ...]:
        written = self._video.note if self._video is not None else ""
        fallback = fallback_note(self._fallback) if self._fallback is not None else ""
        return written, self._shapes.note, fallback

    def predict(
        self, item: tuple[SourceInfo, Frame]
    ) -> tuple[SourceInfo, Frame, SaliencyMap, Tracked | None]:
        info, frame = item
        saliency = self._network.predict(frame.pixels, frame.seconds)
        density = self._cues.update(frame.pixels, saliency.density, frame.seconds)
        region = self._follower.update(frame, density) if self._follower is not None else None
        return info, frame, replace(saliency, density=density), region

    def _fall_back(self, error: DetectorError) -> None:
        self._fallback = error

    def track(
        self, item: tuple[SourceInfo, Frame, SaliencyMap, Tracked | None]
    ) -> tuple[SourceInfo, Frame, SaliencyMap, Tracked | None]:
        _, frame, saliency, _ = item
        if self.log is not None and frame.index >= self._order.first:
            self.log.take(frame, saliency.density)
        return item

    def render(self, item: tuple[SourceInfo, Frame, SaliencyMap, Tracked | None]) -> tuple[SourceInfo, Shown]:
        info, frame, saliency, region = item
        drawn = None
        if self._order.target is not None:
            scene = replace(self._order.scene, region=region)
            in_planes = self._in_planes and self._shapes.knows(frame)
            drawn = draw(frame, saliency, scene, in_planes)
        return info, self._shapes.fit(Shown(frame, saliency.density, drawn))

    def write(self, item: tuple[SourceInfo, Shown]) -> None:
        info, shown = item
        if shown.frame.index >= self._order.first:
            self._write(info, shown)
        self.passed += 1

    def _write(self, info: SourceInfo, shown: Shown) -> None:
        if not self._begun:
            self._open(info, shown)
        if shown.drawn is not None:
            if self._video is not None:
                self._video.write(shown.drawn, shown.frame.ticks)
                if self._order.frames is not None:
                    self._video.sound_ends = shown.frame.seconds + 1 / (info.rate or 25)
            elif self._pictures is not None and not isinstance(shown.drawn, Planes):
                self._pictures.write(shown.drawn)
        if self._maps is not None:
            self._maps.write(shown.density, shown.frame)

    def _open(self, info: SourceInfo, shown: Shown) -> None:
        """Open the files; only now is their size known: two pictures side by side are wider than one."""
        self._begun = True
        target, order = self._order.target, self._order
        if target is not None and shown.drawn is not None:
            if is_video_name(target):
                sound = info.path if order.sound and info.audio else None
                writer = video_writer(
                    target,
                    info,
                    shown.size,
                    codec=order.codec,
                    quality=order.quality,
                    sound=sound,
                    keeps=order.source.live,
                )
                self._video = self.stack.enter_context(writer)
                self.encoder = self._video.encoder.name
            else:
                self._pictures = PictureSequence(self.stack.enter_context(new_folder(target)))
        if order.maps is not None:
            self._maps = self.stack.enter_context(map_writer(order.maps))


def is_video_name(target: Path) -> bool:
    """Return whether this names a video file rather than a folder of frames.

    Raises:
        ExportError: the suffix is of a kind of file that cannot be written.
    """
    suffix = target.suffix.lower()
    if suffix in VIDEO_EXPORT_SUFFIXES:
        return True
    if suffix and not target.is_dir():
        raise ExportError(
            target,
            f'"{suffix}" is no video format this program writes; choose {", ".join(VIDEO_EXPORT_SUFFIXES)},'
            " or a folder for pictures",
        )
    return False


def _refuse_to_replace(order: VideoOrder) -> None:
    """Refuse, before work begins, the source itself and impossible names, and tracks of a live source."""
    source = Path(order.source.ref)
    if order.tracks and order.source.live:
        raise SourceError(order.source.shown, "it is live; tracks are of files, see `salviewer watch`")
    for target in filter(None, (order.target, order.maps, *(path for _, path in order.tracks))):
        if target.exists() and source.exists() and target.samefile(source):
            raise ExportError(target, "that is the source itself; choose another name")
    if order.target is not None:
        is_video_name(order.target)


def _least(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return min(known) if known else None


def _progress(done: int, total: int | None, seconds: float) -> VideoProgress:
    rate = done / seconds if seconds > 0 else 0.0
    left = (total - done) / rate if total is not None and rate > 0 else None
    return VideoProgress(done, total, None if left is None else max(left, 0.0), rate)
