"""Show frames on screen: the canvas at once, numbers a few times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.live.tracks import TrackMark
from salviewer.app.translation import fill, tr
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.stills import still_of
from salviewer.texts import said

if TYPE_CHECKING:
    from salviewer.app.features.live.frame_renderer import RenderedFrame
    from salviewer.app.features.live.run import LiveRun
    from salviewer.app.workbench import Workbench
    from salviewer.media.video.frames import SourceInfo
    from salviewer.streaming.pipeline import Shown


class Screen:
    """Shows rendered frames.

    Attributes:
        track: the mark of the followed region, for the canvas.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self.track = TrackMark()
        self._newest: RenderedFrame | None = None
        self._published: RenderedFrame | None = None  # the frame of the numbers on screen

    def show(self, run: LiveRun, shown: Shown) -> None:
        """Paint a frame next."""
        from salviewer.app.features.live.frame_renderer import RenderedFrame

        bench, rendered = self._bench, shown.drawn
        assert isinstance(rendered, RenderedFrame)
        self._newest = rendered
        bench.session.set_frame(loaded_frame(run, shown), shown.saliency)
        bench.shown.set_hotspots(rendered.spots)
        self.track.show(rendered.tracked)
        bench.shown.region = rendered.tracked
        canvas, heat = bench.stage.canvas, rendered.heat
        canvas.set_frame(rendered.pyramid)
        canvas.set_layer(*((None, ()) if heat is None else (heat.image, heat.lines)))
        bench.shown.frame_drawn.emit(run.info, heat)

    def publish(self) -> None:
        """Publish the numbers of the newest frame: the overlay's statistics and the areas' scores."""
        if self._newest is not None and self._newest is not self._published:
            self._published = self._newest
            self._bench.shown.set_overlay(self._newest.heat)
            self._bench.shown.set_scores(self._newest.scores)

    def clear(self) -> None:
        """Remove everything live."""
        self._newest = self._published = None
        self.track.show(None)
        self._bench.shown.region = None


def loaded_frame(run: LiveRun, shown: Shown) -> Loaded:
    """Return a rendered frame in the form of a loaded picture."""
    from salviewer.app.features.live.frame_renderer import RenderedFrame

    info, rendered = run.info, shown.drawn
    assert info is not None and isinstance(rendered, RenderedFrame)
    path = info.path if info.kind == "file" else None
    stem = f"{stem_of(info)}-{shown.frame.index:06d}"
    ref = run.choice.shown
    key = f"{ref}|{shown.frame.index}|{shown.frame.ticks}"
    return Loaded(still_of(shown.frame.pixels, path), rendered.pyramid, key, info.name, stem)


def stem_of(info: SourceInfo) -> str:
    """Return the start of the names of files made from a source."""
    return info.path.stem if info.path is not None else info.kind


def about(info: SourceInfo) -> str:
    """Return a source's size and rate in one line."""
    width, height = info.size
    rate = tr("  ·  {rate:.4g} frames/s", rate=info.rate) if info.rate else ""
    return "  ·  ".join(
        [fill("{width} × {height}{rate}", width=width, height=height, rate=rate), *map(said, info.remarks)]
    )
