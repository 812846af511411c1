"""A run as requested: one frozen value that every worker gets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salviewer.cluster.stores import Place
from salviewer.cluster.units import SHARD
from salviewer.core.areas import Area
from salviewer.models.engines.base import EngineRequest
from salviewer.results.order import Order
from salviewer.version import __version__

if TYPE_CHECKING:
    from salviewer.streaming.video_export import VideoOrder

MEASUREMENTS = "salviewer-measurements"
"""Folder below the target: one Parquet file a shard, which also marks it as done."""
FAILURES = "salviewer-failures"
"""Folder below the target: the pictures that failed, each with its sentence; likewise."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The network, and the device and engine it runs on.

    Attributes:
        ref: a catalogue name or a path, the same on all nodes.
        digest: of the weights' file, sha256.
        device, engine: as `models.loading.load_model` takes them.
    """

    ref: str
    digest: str
    device: str = "auto"
    engine: EngineRequest = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Pictures in, files out.

    Attributes:
        sources: files, folders, lists, Parquet files and tars.
        target: the folder for results.
        order: what is written of each.
        model: the network.
        subfolders: whether folders are taken with those in them; results keep their place.
        column: of Parquet files, with bytes or addresses; "" to find it.
        areas: of interest, by path; `order.areas` scores them.
        draws_areas: whether they are drawn.
        shard: pictures of a shard, on average.
        video: how clips are written; None where the sources are pictures.
        when: the day that reports give.
    """

    sources: tuple[str, ...]
    target: Place
    order: Order
    model: Model
    subfolders: bool = False
    column: str = ""
    areas: Mapping[Path, tuple[Area, ...]] = field(default_factory=dict)
    draws_areas: bool = False
    shard: int = SHARD
    video: VideoOrder | None = None
    when: date = field(default_factory=date.today)

    @property
    def settings(self) -> str:
        """A text that changes with everything that the results depend on, except the pictures."""
        values: dict[str, Any] = {
            "program": __version__,
            "model": self.model.ref,
            "weights": self.model.digest,
            "device": (self.model.device, self.model.engine),
            "order": self.order,
            "draws_areas": self.draws_areas,
            "video": self.video,
        }
        return repr(values)

    @property
    def key(self) -> str:
        """Eight hexadecimal digits of the sources: runs over others leave these markers alone."""
        text = repr(([Place.of(source).shown for source in self.sources], self.subfolders, self.column))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @property
    def measurements(self) -> Place:
        """The folder of the markers."""
        return self.target.below(MEASUREMENTS)

    @property
    def failures(self) -> Place:
        """The folder of the failures."""
        return self.target.below(FAILURES)

    def endings(self) -> Mapping[str, str]:
        """Return `Order.endings`; of clips those of the video and its maps."""
        if self.video is None:
            return self.order.endings
        assert self.video.target is not None  # a name that has the ending
        maps = {} if self.video.maps is None else {"maps": self.video.maps.suffix}
        return {"video": self.video.target.suffix, **maps}
