"""Puts frames on the window: the canvas at once, numbers a few times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.live.frame_renderer import Drawn
from salviewer.app.features.live.run import LiveRun
from salviewer.app.features.live.tracks import TrackMark
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.overlay_layers import Heat
from salviewer.app.workers.stills import still_of
from salviewer.media.video.frames import SourceInfo
from salviewer.media.video.streams import without_password
from salviewer.streaming.pipeline import Shown

if TYPE_CHECKING:
    from salviewer.app.window import Window


class Screen:
    """What of a frame is seen where.

    Attributes:
        track: the followed region, to be added to the canvas.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self.track = TrackMark()
        self._drawn: Drawn | None = None
        self._told: Drawn | None = None  # what the numbers are of

    def loaded(self, run: LiveRun, shown: Shown) -> Loaded:
        """A frame as what the session takes for a picture."""
        info, drawn = run.info, shown.drawn
        assert info is not None and isinstance(drawn, Drawn)
        path = info.path if info.kind == "file" else None
        stem = f"{stem_of(info)}-{shown.frame.index:06d}"
        ref = without_password(run.choice.ref)
        key = f"{ref}|{shown.frame.index}|{shown.frame.ticks}"
        return Loaded(still_of(shown.frame.pixels, path), drawn.pyramid, key, info.name, stem)

    def show(self, run: LiveRun, shown: Shown) -> None:
        """Paint a frame next."""
        window, drawn = self._window, shown.drawn
        assert isinstance(drawn, Drawn)
        self._drawn = drawn
        window.session.set_frame(self.loaded(run, shown), shown.saliency)
        window.hotspots.first.hotspots = drawn.spots
        self.track.show(drawn.tracked)
        window.canvas.set_frame(drawn.pyramid)
        heat = drawn.heat
        window.canvas.set_layer(*((None, ()) if heat is None else (heat.image, heat.lines)))

    def tell(self) -> None:
        """The numbers of the newest frame: legend, reading, hotspots, areas."""
        drawn = self._drawn
        if drawn is None or drawn is self._told:
            return
        self._told = drawn
        heat: Heat | None = drawn.heat
        self._window.bench.shown.set_overlay(heat)
        self._window.hotspots.page.set_hotspots(drawn.spots)
        self._window.areas.scores.show(drawn.scores)

    def clear(self) -> None:
        """Nothing live is on screen any more."""
        self._drawn = self._told = None
        self.track.show(None)


def stem_of(info: SourceInfo) -> str:
    """What the names of files begin with that are made of a source."""
    return info.path.stem if info.path is not None else info.kind


def about(info: SourceInfo) -> str:
    """A source in a line: its size and rate."""
    width, height = info.size
    rate = f"  ·  {info.rate:.4g} frames/s" if info.rate else ""
    return f"{width} × {height}{rate}"
