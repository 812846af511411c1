"""The content of a report on several pictures, before it becomes HTML or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from salviewer.core.hotspots import RADIUS, Hotspot
from salviewer.core.lookup_tables import all_colours
from salviewer.core.map_statistics import measure as measure_map
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.core.scores import AS_HOT, EARLY, Scores
from salviewer.core.variants import VariantTable
from salviewer.core.visits import FIXATION, SECONDS, draw_seen, visits, visits_until
from salviewer.first_use import cv2
from salviewer.results import variant_tables, variant_words, words
from salviewer.results.report import HOW_TO_READ, LIMITS, ReportTable, within
from salviewer.results.report_template import ReportTemplate, logo_pixels
from salviewer.results.source import Source, drawn
from salviewer.texts import said, worded

MAIN_LONGEST, SMALL_LONGEST, COVER_LONGEST = 1500, 520, 700
"""Pixels of the report's pictures."""


def times_meaning() -> str:
    """Say what the times stand for."""
    made = ", ".join(
        worded("{count} visits are made in {seconds} s", count=visits_until(seconds), seconds=seconds)
        for seconds in SECONDS
    )
    return worded(
        "A visit takes {seconds} s, the mean duration of a fixation when people look at scenes"
        " (Henderson 2003); so {made}. The order of visits follows from the map alone.",
        seconds=f"{FIXATION:g}",
        made=made,
    )


def scores_meaning(kind: str, count: int) -> str:
    """Say what the three scores are."""
    return worded(
        "Scores are percentiles from 0 to 100 within {count} {kind} as this network predicts them."
        " Focus: how small the area is that holds half of attention, and how far the map is from an even"
        " one, half each. Seen first: what the first {visits} visits give to the goal, against what the first"
        " visit holds in the class. Competition: attention elsewhere that is at least {share} % as hot as the"
        " goal, against that of the first five places in the class; a high value means many rivals.",
        count=count,
        kind=kind,
        visits=EARLY,
        share=f"{100 * AS_HOT:.0f}",
    )


@dataclass(frozen=True, slots=True, eq=False)
class VariantPage:
    """One picture's page.

    Attributes:
        name: of the variant; "" if it is the only picture.
        title: the picture's name.
        facts: its size.
        headline: one sentence about its map.
        main: the picture with map and areas, uint8 (H, W, 3).
        strip: captions and pictures: the bare one, then what is seen after 1, 2 and 3 seconds.
        areas: its table; None without areas.
    """

    name: str
    title: str
    facts: str
    headline: str
    main: NDArray[np.uint8]
    strip: tuple[tuple[str, NDArray[np.uint8]], ...]
    areas: ReportTable | None


@dataclass(frozen=True, slots=True, eq=False)
class VariantsReport:
    """A report on several pictures.

    Attributes:
        title, client, author, notes, when: for the cover.
        colour: of headings, ``#rrggbb``.
        logo: uint8 (H, W, 3), or None.
        sentence: the finding.
        cover: a small picture a variant with its caption.
        tables: the comparison, then scores if there are any.
        pages: one a picture.
        bar: the colours from less to more, uint8 (1, n, 3).
        texts: headings and paragraphs of the last page.
    """

    title: str
    client: str
    author: str
    notes: str
    when: str
    colour: str
    logo: NDArray[np.uint8] | None
    sentence: str
    cover: tuple[tuple[str, NDArray[np.uint8]], ...]
    tables: tuple[ReportTable, ...]
    pages: tuple[VariantPage, ...]
    bar: NDArray[np.uint8]
    texts: tuple[tuple[str, str], ...]


def build_variants_report(
    sources: Sequence[Source],
    table: VariantTable,
    scene: Scene,
    template: ReportTemplate,
    when: date,
    *,
    goal: str = "",
    scores: Sequence[tuple[str, Scores]] = (),
    reference: tuple[str, int] = ("", 0),
    stops: Sequence[Sequence[Hotspot]] | None = None,
) -> VariantsReport:
    """Build the report.

    All pictures share one colour scale, set by the hottest place of any.

    Args:
        sources: the pictures, one a variant of `table`, in its order.
        table: the comparison.
        scene: how the maps are shown; its areas, hotspots and arrangement are ignored.
        template: who and for whom.
        when: the date.
        goal: the area that matters, "" for none.
        scores: name and scores of each variant.
        reference: the class that scores are percentiles of, and how many pictures it has.
        stops: the visits of each, if they are known already.

    Raises:
        ImageError: the template's logo cannot be opened.
    """
    shared = shared_scale([source.saliency for source in sources], scene)
    order = stops or [visits(source.saliency) for source in sources]
    several = len(sources) > 1
    pages = tuple(
        _page(source, name if several else "", table, shared, there)
        for source, name, there in zip(sources, table.variants, order, strict=True)
    )
    cover = tuple(
        (f"{name}  {source.name}" if several else source.name, _main(source, shared, COVER_LONGEST))
        for source, name in zip(sources, table.variants, strict=True)
    )
    tables = [variant_tables.printed_comparison(table)] if table.areas and several else []
    if scores:
        tables.append(variant_tables.printed_scores(scores))
    texts = [(worded("How to read this"), worded(HOW_TO_READ))]
    if several:
        texts.append((worded("How changes are judged"), worded(variant_words.RULES)))
    texts.append((worded("Times"), times_meaning()))
    if scores:
        texts.append((worded("Scores"), scores_meaning(*reference)))
    texts.append((worded("Limits"), worded(LIMITS)))
    if model := next((source.model for source in sources if source.model), ""):
        texts.append((worded("Model"), said(model)))
    title = template.title or (
        worded("{count} variants compared", count=len(sources))
        if several
        else worded("{name}: attention", name=sources[0].name)
    )
    return VariantsReport(
        title=title,
        client=template.client,
        author=template.author,
        notes=template.notes,
        when=words.day(when),
        colour=template.colour,
        logo=logo_pixels(template),
        sentence=variant_words.sentence(table, goal) if several else pages[0].headline,
        cover=cover,
        tables=tuple(tables),
        pages=pages,
        bar=np.rint(all_colours(scene.style.colormap)[::16] * 255).astype(np.uint8)[None],
        texts=tuple(texts),
    )


def shared_scale(maps: Sequence[SaliencyMap], scene: Scene) -> Scene:
    """Return the scene with one colour scale for all maps, set by the hottest place of any.

    A scale that is fixed already stays.
    """
    if scene.settings.normalise == "fixed" or len(maps) < 2:
        return replace(scene, arrangement="single", hotspots=None)
    top = max(measure_map(one, scene.settings).top for one in maps)
    settings = replace(scene.settings, normalise="fixed", fixed_peak=min(max(top, 1.0), 10_000.0))
    return replace(scene, settings=settings, arrangement="single", hotspots=None)


def _page(
    source: Source, name: str, table: VariantTable, scene: Scene, stops: Sequence[Hotspot]
) -> VariantPage:
    width, height = source.picture.full_size
    pixels = _small(source.picture.pixels, SMALL_LONGEST)
    scale = pixels.shape[1] / source.saliency.source_size[0]
    scaled = [replace(stop, x=stop.x * scale, y=stop.y * scale) for stop in stops]
    seen = tuple(
        (worded("Seen after {seconds} s", seconds=seconds), draw_seen(pixels, scaled, RADIUS, seconds))
        for seconds in SECONDS
    )
    variant = name or table.variants[0]
    return VariantPage(
        name=name,
        title=source.name,
        facts=worded("{width} × {height} pixels", width=width, height=height),
        headline=words.concentration(source.saliency.density),
        main=_main(source, scene, MAIN_LONGEST),
        strip=((worded("The picture"), pixels), *seen),
        areas=variant_tables.printed_areas(table, variant) if table.areas else None,
    )


def _main(source: Source, scene: Scene, longest: int) -> NDArray[np.uint8]:
    scene = replace(scene, view="overlay", areas=source.areas)
    return drawn(source, scene, "overlay", within(source, longest))


def _small(pixels: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
