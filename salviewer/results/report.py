"""Build the content of the one-page report, before it becomes HTML or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from salviewer.core.areas import AreaScore, measure
from salviewer.core.hotspots import Hotspot, HotspotSettings, find_hotspots
from salviewer.core.lookup_tables import all_colours
from salviewer.core.map_statistics import measure as measure_map
from salviewer.core.scene import Scene
from salviewer.core.views import VIEWS
from salviewer.results import words
from salviewer.results.order import Kind, Size
from salviewer.results.source import Source, drawn
from salviewer.texts import mark, worded

MAIN_LONGEST, SMALL_LONGEST = 1400, 560
"""Longest sides of the report's pictures in pixels: 300 per printed inch."""

MOST_PIXELS = 1_000_000
"""Of one picture: Qt compresses it for PDF in one piece, and the window waits for that, at most 50 ms."""

MOST_ROWS = 8
"""Most rows of a table, so that the report fits on one page."""

HOW_TO_READ = mark(
    "Warm colours mark where a group of people is predicted to look in the first seconds of free viewing. "
    "A share is the part of all predicted fixations that falls there; density compares it with what the "
    "area's size alone would get, 1× being average. Hotspots are numbered in the order of attention."
)
LIMITS = mark(
    "A prediction by a neural network, not a measurement: it knows nothing about tasks, brands or "
    "motion, and does not say whether people like or remember what they see. A cold spot is not proof that "
    "something goes unseen."
)


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table for print: the first column is text, the others are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The content of the report.

    Attributes:
        title: the picture's name.
        facts: its size, and the date.
        headline: the main finding, a sentence.
        main: the large picture, uint8 (H, W, 3); `main_name` says what it shows.
        small: other pictures with captions.
        bar: the colours from cold to hot, uint8 (1, n, 3), and the meaning of both ends.
        settings: names and values.
        tables: areas, if there are any, and hotspots.
        model: one line.
    """

    title: str
    facts: str
    headline: str
    main: NDArray[np.uint8]
    main_name: str
    small: tuple[tuple[str, NDArray[np.uint8]], ...]
    bar: NDArray[np.uint8]
    bar_ends: tuple[str, str]
    settings: tuple[tuple[str, str], ...]
    tables: tuple[ReportTable, ...]
    model: str


def build_report(source: Source, scene: Scene, when: date) -> Report:
    """Build the report of a picture, shown as `scene` says. Hotspots are always included.

    The main picture is the scene's view, or the overlay if that view has two pictures or none.
    """
    saliency, settings = source.saliency, scene.settings
    scene = replace(scene, hotspots=scene.hotspots or HotspotSettings(), arrangement="single")
    assert scene.hotspots is not None
    main: Kind = scene.view if VIEWS[scene.view].leads else "overlay"
    possible: tuple[Kind, ...] = ("picture", *(spec.name for spec in VIEWS.values() if spec.beside))
    others = [kind for kind in possible if kind != main][:3]
    bare = replace(scene, hotspots=None, outline=False, areas=())
    measured = measure_map(saliency, settings)
    width, height = source.picture.full_size
    ramp = all_colours(scene.style.colormap)[::16] * 255
    return Report(
        title=source.name,
        facts=f"{worded('{width} × {height} pixels', width=width, height=height)}  ·  {words.day(when)}",
        headline=_headline(source, measured.density),
        main=drawn(source, scene, main, within(source, MAIN_LONGEST)),
        main_name=words.view_title(main),
        small=tuple(
            (words.view_title(kind), drawn(source, bare, kind, within(source, SMALL_LONGEST)))
            for kind in others
        ),
        bar=np.rint(ramp).astype(np.uint8)[None],
        bar_ends=(
            worded("no attention"),
            worded("{times} the average", times=words.times(measured.top)),
        ),
        settings=(
            (worded("Colour scale"), words.scale(settings, measured)),
            (worded("Shown"), words.threshold(settings.threshold)),
            (worded("Smoothing"), words.smoothing(settings)),
            (worded("Colours"), words.colours(scene.style)),
            (worded("Hotspots"), words.spots(scene.hotspots)),
        ),
        tables=(
            *_areas(measure(saliency, source.areas, settings)),
            _hotspots(find_hotspots(saliency, scene.hotspots, settings)),
        ),
        model=source.model,
    )


def _headline(source: Source, density: NDArray[np.float32]) -> str:
    """Say how concentrated attention is and, where that is ordered, describe the picture."""
    headline = words.concentration(density)
    if source.applied is not None and source.applied.description is not None:
        headline += f" {source.applied.description.sentence}"
    return headline


def within(source: Source, longest: int) -> Size:
    """Return a picture's size for a report: its longest side at most `longest`, at most `MOST_PIXELS`."""
    height, width = source.picture.pixels.shape[:2]
    percent = 100 * min(1.0, longest / max(width, height), (MOST_PIXELS / (width * height)) ** 0.5)
    return Size("percent", max(percent, 1.0))


def _areas(scores: Sequence[AreaScore]) -> tuple[ReportTable, ...]:
    ranked = sorted(scores, key=lambda score: score.rank)
    rows = tuple(
        (
            score.area.name or worded("Unnamed"),
            str(score.rank),
            words.percent(score.share),
            words.times(score.density),
            f"{score.mean:.2f}",
            f"{score.peak:.2f}",
        )
        for score in ranked
    )
    columns = (
        worded("Area"),
        worded("Rank"),
        worded("Share"),
        worded("Density"),
        worded("Mean"),
        worded("Peak"),
    )
    return (ReportTable(worded("Areas of interest"), columns, rows[:MOST_ROWS], _more(rows)),) if rows else ()


def _hotspots(found: Sequence[Hotspot]) -> ReportTable:
    rows = tuple(
        (f"{spot.number}", f"{spot.x:.0f}, {spot.y:.0f}", words.percent(spot.share), f"{spot.peak:.2f}")
        for spot in found
    )
    columns = (worded("Hotspot"), worded("At x, y"), worded("Share"), worded("Peak"))
    return ReportTable(worded("Hotspots"), columns, rows[:MOST_ROWS], _more(rows))


def _more(rows: Sequence[object]) -> str:
    return worded("and {count} more", count=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else ""
