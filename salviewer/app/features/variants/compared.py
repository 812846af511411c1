"""Requests to compare variants, and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QImage

from salviewer.app.workers.inference import Engine
from salviewer.app.workers.pyramid import Pyramid
from salviewer.core.areas import Area
from salviewer.core.hotspots import Hotspot
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.refinding import Found
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scores import Scores
from salviewer.core.variants import VariantTable
from salviewer.media.images import Picture


@dataclass(frozen=True, slots=True)
class VariantsRequest:
    """A request to compare variants.

    Attributes:
        paths: the pictures, the first is what the others are compared with.
        areas: of each.
        engine: what to predict with.
        goal: name of the area that matters; "" for none.
        kind: the class that scores are percentiles of.
        heat, style: how maps are shown.
    """

    paths: tuple[Path, ...]
    areas: tuple[tuple[Area, ...], ...]
    engine: Engine
    goal: str
    kind: str
    heat: PostprocessSettings
    style: OverlayStyle


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """One picture, predicted as it is and slightly otherwise.

    Attributes:
        path: its file.
        picture: scaled down for the screen and the report; `full_size` is that of the file.
        pyramid, grey: for painting, in colour and without.
        looks: its maps, the first is of the picture as it is.
        stops: its visits in order.
        seen: what has been seen of it after each of `visits.SECONDS`.
    """

    path: Path
    picture: Picture
    pyramid: Pyramid
    grey: Pyramid
    looks: tuple[SaliencyMap, ...]
    stops: tuple[Hotspot, ...]
    seen: tuple[Pyramid, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The result of a request.

    Attributes:
        request: what was asked.
        pictures: one a variant, in order.
        names: of the variants: A, B, C and so on.
        layers: their maps on one scale.
        differences: each minus the first; None for the first.
        table, sentence: the numbers, and what they say.
        scores: of each; none for a network without tables.
        reference: the class of the scores, and how many pictures it has.
        model: one line about the model.
    """

    request: VariantsRequest
    pictures: tuple[Looked, ...]
    names: tuple[str, ...]
    layers: tuple[QImage, ...]
    differences: tuple[QImage | None, ...]
    table: VariantTable
    sentence: str
    scores: tuple[tuple[str, Scores], ...] = ()
    reference: tuple[str, int] = ("", 0)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An area of the first variant, looked for on another.

    Attributes:
        path: the other picture.
        variant: its letter.
        area: as it is on the first variant.
        found: where it is there; None where it is not.
        dragged: whether the user has moved it.
    """

    path: Path
    variant: str
    area: Area
    found: Found | None
    dragged: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """All suggestions for one request."""

    suggestions: tuple[Suggestion, ...] = field(default_factory=tuple)
