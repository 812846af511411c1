"""What ``salviewer predict`` measures beside what it shows: hotspots and areas, as tables."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.cli.options import UsageError, number, ranged
from salviewer.core.areas import Area, measure
from salviewer.core.gaze import draw_hotspots
from salviewer.core.hotspots import MOST_HOTSPOTS, RADIUS, HotspotSettings, find_hotspots
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.batch import Job
from salviewer.media.tables import TABLE_FORMATS, Table, area_table, hotspot_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--hotspots",
        type=ranged(_wanted),
        metavar="N",
        help="write STEM_hotspots.csv: the first N places that attention goes to; or, with 80%%, as many as"
        " hold that share of it",
    )
    parser.add_argument(
        "--hotspot-radius",
        type=ranged(lambda text: HotspotSettings(radius=number(text)).radius),
        default=RADIUS,
        metavar="F",
        help="of each, in fractions of the width, 0.005 to 0.5 (default: %(default)s)",
    )
    parser.add_argument(
        "--draw-hotspots", action="store_true", help="draw them too, numbered, with the path of the gaze"
    )
    parser.add_argument(
        "--tables", choices=TABLE_FORMATS, default="csv", help="format of the tables (default: %(default)s)"
    )


class Measures:
    """The measurements asked for."""

    def __init__(self, options: argparse.Namespace, areas: Mapping[Path, tuple[Area, ...]]) -> None:
        """`areas`: by picture; empty if none are to be measured."""
        wanted: HotspotSettings | None = options.hotspots
        if options.draw_hotspots and wanted is None:
            raise UsageError("--draw-hotspots needs --hotspots N")
        self._wanted = (
            HotspotSettings(wanted.count, options.hotspot_radius, wanted.share)
            if wanted is not None
            else None
        )
        self._draw: bool = options.draw_hotspots
        self._areas = areas
        self.endings = {
            "hotspots": f"_hotspots.{options.tables}" if wanted is not None else "",
            "areas": f"_areas.{options.tables}" if areas else "",
        }
        """What follows the stem in the names of tables, as `media.batch.plan` takes it."""

    def take(
        self, job: Job, shown: NDArray[np.uint8], saliency: SaliencyMap, settings: PostprocessSettings
    ) -> list[tuple[Path, Table]]:
        """The job's tables and where each goes; draws the hotspots into `shown` if that is asked for."""
        tables = []
        if self._wanted is not None and job.hotspots is not None:
            hotspots = find_hotspots(saliency, self._wanted, settings)
            tables.append((job.hotspots, hotspot_table(hotspots)))
            if self._draw:  # beside the picture, in a view that has both, stands what is drawn on
                draw_hotspots(shown[:, -saliency.source_size[0] :], hotspots, self._wanted.radius)
        if job.areas is not None:
            scores = measure(saliency, self._areas.get(job.picture, ()), settings)
            tables.append((job.areas, area_table(scores)))
        return tables


def _wanted(text: str) -> HotspotSettings:
    if text.endswith("%"):
        return HotspotSettings(MOST_HOTSPOTS, share=number(text[:-1]) / 100)
    try:
        count = int(text)
    except ValueError:
        raise ValueError(f"hotspots are a number such as 5 or a share such as 80%, not {text!r}") from None
    return HotspotSettings(count)
