"""What files say of a web page: its address, its elements with their shares, its screens with theirs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salviewer.core.areas import Area, Rectangle, measure, share_of
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.project import area_entry

_MOST_NAMED = 8  # screens whose shares a line names


@dataclass(frozen=True, slots=True)
class WebPage:
    """The page that a picture shows.

    Attributes:
        address: without secrets.
        title: as the page names itself; may be empty.
        viewport: its name.
        width, height: of one screen in CSS pixels.
        scale: pixels of the picture for each CSS pixel.
        dark: whether the page was told that the user likes dark pages.
        screens: how many screens the picture holds; the last may be a part.
        notes: clauses for the user.
    """

    address: str
    title: str
    viewport: str
    width: int
    height: int
    scale: float = 1.0
    dark: bool = False
    screens: float = 1.0
    notes: tuple[str, ...] = ()

    def screen_areas(self) -> tuple[Rectangle, ...]:
        """Return the screens of a picture that holds several, as areas of it from top to bottom."""
        if self.screens <= 1:
            return ()
        count = math.ceil(self.screens - 1e-6)
        return tuple(
            Rectangle(0, n / self.screens, 1, min(1.0, (n + 1) / self.screens), name=f"Screen {n + 1}")
            for n in range(count)
        )

    def shares_line(self, saliency: SaliencyMap) -> str:
        """Return the shares of the screens as a clause; "" for a single one."""
        areas = self.screen_areas()
        if not areas:
            return ""
        shares = [f"{100 * share_of(saliency, area):.0f} %" for area in areas[:_MOST_NAMED]]
        more = f" and {len(areas) - _MOST_NAMED} more" if len(areas) > _MOST_NAMED else ""
        return f"screens: {', '.join(shares)}{more}"


def scored_areas(
    saliency: SaliencyMap,
    areas: Sequence[Area],
    settings: PostprocessSettings,
    page: WebPage | None = None,
) -> str:
    """Return a file of areas as JSON, with the scores of each, and the page and its screens if it is one.

    `media.area_files.load_areas` reads it; it ignores what it does not know.
    """
    content: dict[str, Any] = {
        "areas": [
            area_entry(score.area)
            | {"rank": score.rank}
            | {
                key: round(float(getattr(score, key)), 6)
                for key in ("size", "share", "density", "mean", "peak")
            }
            for score in measure(saliency, areas, settings)
        ]
    }
    if page is not None:
        content["page"] = {
            "address": page.address,
            "title": page.title,
            "viewport": page.viewport,
            "width": page.width,
            "height": page.height,
            "scale": page.scale,
            "dark": page.dark,
            "notes": list(page.notes),
        }
        if screens := page.screen_areas():
            content["screens"] = [
                {
                    "screen": number,
                    "top": round(area.top, 6),
                    "bottom": round(area.bottom, 6),
                    "share": round(share_of(saliency, area), 6),
                }
                for number, area in enumerate(screens, 1)
            ]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
