"""Clips on a cluster: one worker does a short one; of a long one many predict, and one draws and writes.

A long clip is cut at key frames. Each segment's maps go to ``TARGET/salviewer-segments/``, an archive each,
complete or not there. Smoothing over time starts with frames before the segment, which are predicted and not
kept: after `HALF_LIVES` half-lives less than a millionth of another beginning is left.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.cluster.errors import StoreError
from salviewer.cluster.segments import Segment
from salviewer.cluster.stores import Place
from salviewer.core.cues import CueSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.video.files import VideoFile
from salviewer.media.video.frames import FrameSource
from salviewer.media.video.opening import SourceChoice
from salviewer.streaming.predicts import Predicts
from salviewer.streaming.video_export import VideoOrder, export_video

HALF_LIVES = 20
_WARM_UP = 2.0  # seconds, at least: what counts as a cut depends on the frames before


@dataclass(frozen=True, slots=True)
class _FromFrame(SourceChoice):
    """A video file from one of its frames on."""

    start: int = 0

    def open(self) -> FrameSource:
        """Open it there.

        Raises:
            SourceError: it cannot be opened.
        """
        source = VideoFile(self.ref)
        source.seek(self.start)
        return source


def maps_of(order: VideoOrder, segment: Segment, predictor: Predicts, scratch: Path) -> Path:
    """Predict a segment; return an archive of its maps, as `map_writer` makes them.

    Args:
        order: of the whole clip, whose source is a file of this machine.

    Raises:
        SourceError: the clip cannot be read.
    """
    path = scratch / f"{segment.first}.npz"
    with closing(VideoFile(order.source.ref)) as source:
        back = max(_WARM_UP, HALF_LIVES * order.cues.half_life / 1000)
        start = source.index_at(max(0.0, source.time_of(segment.first) - back))
    export_video(
        replace(
            order,
            source=_FromFrame(order.source.ref, start=start),
            target=None,
            maps=path,
            first=segment.first,
            frames=segment.first - start + segment.count,
        ),
        predictor,
    )
    return path


class ReadyMaps:
    """Maps of segments in place of a network, one after the other.

    Args:
        places: the archives, in order.
        network: whose name they bear; it predicts what an archive lacks.
    """

    def __init__(self, places: Sequence[Place], network: Predicts) -> None:
        self._network = network
        self.name = network.name
        self._maps = self._read(places)

    @property
    def device_title(self) -> str:
        """The network's."""
        return self._network.device_title

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        """Return the next frame's map."""
        density = next(self._maps, None)
        if density is None:
            return self._network.predict(pixels)
        return SaliencyMap(density, (pixels.shape[1], pixels.shape[0]), self.name)

    @staticmethod
    def _read(places: Sequence[Place]) -> Iterator[NDArray[np.float32]]:
        for place in places:
            with zipfile.ZipFile(io.BytesIO(place.read())) as archive, archive.open("maps.npy") as stream:
                yield from np.lib.format.read_array(stream)


def joined(order: VideoOrder, places: Sequence[Place]) -> VideoOrder:
    """Return how to write a clip from `ReadyMaps`: they are smoothed already.

    Raises:
        StoreError: an archive is missing.
    """
    for place in places:
        if not place.info().is_file:
            raise StoreError(place.shown, "there is no such file or folder")
    return replace(order, cues=CueSettings(half_life=0))
