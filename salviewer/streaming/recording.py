"""Record what is on screen to a video."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.core.following import Tracked
from salviewer.core.resizing import fit
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Arrangement, Scene, render_scene, render_without_map
from salviewer.errors import ExportError
from salviewer.media.video.codecs import QUALITY, Codec
from salviewer.media.video.frames import Frame, SourceInfo

_WAITING = 6
"""Frames that may wait to be written; further frames are left out to bound memory."""

_POLL = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Recorded:
    """The outcome of a recording.

    Attributes:
        path: the file; None if there is none.
        frames: number of frames in it.
        left_out: number of frames that arrived while too many others waited.
        error: why it ended early or left no file. Frames before an early end are in the file.
    """

    path: Path | None
    frames: int
    left_out: int
    error: Exception | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Shot:
    frame: Frame
    saliency: SaliencyMap | None
    scene: Scene | None
    milliseconds: int
    region: Tracked | None


class Recorder:
    """A thread that renders and writes frames, each at the time of its arrival.

    Args:
        target: a video file, which appears when the recording has ended.
        info: of the source.
        on_end: called once, in the recorder's thread.
    """

    def __init__(
        self,
        target: Path,
        info: SourceInfo,
        on_end: Callable[[Recorded], None],
        *,
        codec: Codec = "auto",
        quality: int = QUALITY,
    ) -> None:
        self.target = target
        self._info = replace(info, tick=Fraction(1, 1000), origin=Fraction(0), path=None, audio=False)
        self._on_end = on_end
        self._codec, self._quality = codec, quality
        self._shots: queue.Queue[_Shot] = queue.Queue(_WAITING)
        self._ending = threading.Event()
        self._begun: float | None = None
        self._last: Frame | None = None
        self._left_out = self._written = 0
        self._thread = threading.Thread(target=self._work, name="live recording", daemon=True)
        self._thread.start()

    @property
    def written(self) -> int:
        """The number of frames written so far."""
        return self._written

    @property
    def ended(self) -> bool:
        """Whether it accepts no more frames."""
        return self._ending.is_set()

    def add(
        self,
        frame: Frame,
        saliency: SaliencyMap | None,
        scene: Scene | None,
        at: float,
        region: Tracked | None = None,
    ) -> None:
        """Record a frame, unless it repeats the last one; return at once.

        Args:
            scene: how it is shown; None for the picture alone. The first frame's arrangement holds for all.
            at: time of arrival, `time.monotonic()`.
            region: the followed region in it, to be drawn.
        """
        if self._ending.is_set() or frame is self._last:
            return
        self._last = frame
        self._begun = at if self._begun is None else self._begun
        shot = _Shot(frame, saliency, scene, max(round(1000 * (at - self._begun)), 0), region)
        try:
            self._shots.put_nowait(shot)
        except queue.Full:
            self._left_out += 1

    def finish(self) -> None:
        """Write the waiting frames and complete the file; return at once."""
        self._ending.set()

    def join(self, seconds: float) -> bool:
        """Wait for the file for at most `seconds`; return True if it is complete."""
        self._thread.join(max(seconds, 0.0))
        return not self._thread.is_alive()

    def _work(self) -> None:
        error: Exception | None = None
        path: Path | None = None
        try:
            shot = self._next()
            if shot is not None:
                error = self._write(shot)
                path = self.target
        except Exception as failure:
            error = failure
        self._ending.set()
        with suppress(queue.Empty):
            while True:
                self._shots.get_nowait()
        self._on_end(Recorded(path, self._written if path else 0, self._left_out, error))

    def _write(self, shot: _Shot) -> Exception | None:
        """Write this and the following frames; return the error that ended it early. Earlier frames are kept.

        A frame of another size than the first is scaled to it.
        """
        arrangement = shot.scene.arrangement if shot.scene is not None else "single"
        from salviewer.media.video.writer import video_writer  # the window is shown without it

        pixels = _render(shot, arrangement)
        size = pixels.shape[1], pixels.shape[0]
        with video_writer(
            self.target, self._info, size, codec=self._codec, quality=self._quality, keeps=True
        ) as writer:
            while True:
                try:
                    writer.write(pixels, shot.milliseconds)
                except ExportError as error:
                    if not self._written:
                        raise
                    return error
                self._written += 1
                following = self._next()
                if following is None:
                    return None
                shot = following
                try:
                    pixels = fit(_render(shot, arrangement), size)
                except Exception as error:
                    return error

    def _next(self) -> _Shot | None:
        """Return the next frame to write; None if the recording is over."""
        while True:
            with suppress(queue.Empty):
                return self._shots.get(timeout=_POLL)
            if self._ending.is_set():
                return None


def _render(shot: _Shot, arrangement: Arrangement) -> NDArray[np.uint8]:
    scene = replace(shot.scene or Scene(), arrangement=arrangement, region=shot.region)
    if shot.saliency is None or shot.scene is None:
        return render_without_map(shot.frame.pixels, scene)
    return render_scene(shot.frame.pixels, shot.saliency, scene)
