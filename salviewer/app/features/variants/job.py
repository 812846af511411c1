"""Compares variants in a thread of its own; the network is the window's, and works on what is shown first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.features.variants.compared import (
    Compared,
    Looked,
    Suggested,
    Suggestion,
    VariantsRequest,
)
from salviewer.app.workers import pyramid
from salviewer.app.workers.inference import VARIANTS, Engine, Inference
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.overlay_layers import to_image
from salviewer.app.workers.sentences import sentence as sentence_of
from salviewer.app.workers.stills import load_still
from salviewer.core.compare import compare, difference_layer
from salviewer.core.hotspots import RADIUS, Hotspot
from salviewer.core.looks import LOOKS, looked_at
from salviewer.core.refinding import coloured, find_again
from salviewer.core.render import heat_layer
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.core.scores import score
from salviewer.core.screens import predict_in_screens
from salviewer.core.variants import Variant, tabulate
from salviewer.core.visits import SECONDS, draw_seen, visits
from salviewer.first_use import cv2
from salviewer.media.images import Picture
from salviewer.media.openers.names import file_of
from salviewer.media.saving import atomic_path
from salviewer.media.written import note_written
from salviewer.models.reference import reference_for
from salviewer.results.report_template import ReportTemplate
from salviewer.results.source import Source
from salviewer.results.variant_tables import save_variants
from salviewer.results.variant_words import LETTERS, sentence
from salviewer.results.variants_report import build_variants_report, shared_scale

if TYPE_CHECKING:
    from salviewer.models.predictor import Predictor

COMPARE, SUGGEST, SAVE = 0, 1, 2
"""Urgencies of what the worker does."""

_SCREEN = 3_000_000  # pixels of a picture that is kept for the screen and the report
_GREY = 600_000
_SEEN = 300_000
_POLL = 0.05  # seconds between two checks of whether nobody waits any more


class _StoppedError(Exception):
    """A newer request came, or the window closes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a comparison: predictions done, of all."""

    done: int
    count: int


class VariantsWorker(QObject):
    """Answers the newest request of each kind."""

    compared = Signal(object)  # Compared
    suggested = Signal(object)  # Suggested
    saved = Signal(object)  # Path
    progressed = Signal(object)  # Progress
    failed = Signal(str)

    def __init__(self, inference: Inference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("variants", self, self._landed)
        self._inference = inference
        self._newest = 0
        self._stopping = threading.Event()
        self._known: dict[tuple[Path, int, int, Engine], Looked] = {}

    def compare(self, request: VariantsRequest) -> None:
        """Compare; an older request is given up."""
        self._newest += 1
        number = self._newest
        self.worker.submit(COMPARE, lambda: self._compare(request, number), COMPARE)

    def suggest(self, found: Compared) -> None:
        """Look for the first variant's areas on the others."""
        self.worker.submit(SUGGEST, lambda: _suggest(found), SUGGEST)

    def save_table(self, path: Path, found: Compared) -> None:
        """Write all numbers, in the format of the suffix."""
        files = {name: one.path.name for name, one in zip(found.names, found.pictures, strict=True)}

        def write() -> Path:
            save_variants(path, found.table, files)
            note_written(path)
            return path

        self.worker.submit(SAVE, write, SAVE)

    def save_report(self, path: Path, found: Compared, template: ReportTemplate) -> None:
        """Write the report, .pdf or .html."""
        self.worker.submit(SAVE, lambda: _write_report(path, found, template), SAVE)

    def close(self) -> None:
        """Give up what runs."""
        self._newest += 1
        self._stopping.set()

    def _landed(self, outcome: Outcome) -> None:
        if isinstance(outcome.error, _StoppedError):
            return
        if outcome.error is not None:
            doing = ("comparing the variants", "looking for the areas", "saving")[outcome.ticket]
            self.failed.emit(sentence_of(outcome.error, doing))
        elif isinstance(outcome.value, Compared):
            self.compared.emit(outcome.value)
        elif isinstance(outcome.value, Suggested):
            self.suggested.emit(outcome.value)
        elif isinstance(outcome.value, Path):
            self.saved.emit(outcome.value)

    def _compare(self, request: VariantsRequest, number: int) -> Compared:
        keys = [_key(path, request.engine) for path in request.paths]
        self._known = {key: one for key, one in self._known.items() if key in keys}
        count = len(LOOKS) * sum(key not in self._known for key in keys)
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            self.progressed.emit(Progress(done, count))

        for key, path in zip(keys, request.paths, strict=True):
            if key not in self._known:
                self._known[key] = self._look(path, request.engine, number, step)
        return _tabulated(request, tuple(self._known[key] for key in keys), self._about(request, number))

    def _look(self, path: Path, engine: Engine, number: int, step: Callable[[], None]) -> Looked:
        picture = load_still(path)

        def predict(pixels: NDArray[np.uint8]) -> SaliencyMap:
            found: SaliencyMap = self._wait(
                lambda: predict_in_screens(self._inference.predictor(engine).predict, pixels, picture.screen),
                number,
            )
            step()
            return found

        looks = looked_at(predict, picture.pixels)
        small = _within(picture.pixels, _SCREEN)
        stops = visits(looks[0])
        grey = cv2.cvtColor(cv2.cvtColor(_within(small, _GREY), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        return Looked(
            path,
            Picture(small, path, picture.full_size, picture.note, picture.icc),
            pyramid.build(small),
            pyramid.build(np.asarray(grey, np.uint8)),
            looks,
            stops,
            _seen(small, stops, looks[0].source_size[0]),
        )

    def _about(self, request: VariantsRequest, number: int) -> tuple[str, str]:
        """Return the digest of the weights, and one line about the model."""

        def ask() -> tuple[str, str]:
            model: Predictor = self._inference.predictor(request.engine)
            return model.card.sha256, f"{model.card.title}, {model.device_title}"

        about: tuple[str, str] = self._wait(ask, number)
        return about

    def _wait(self, job: Callable[[], Any], number: int) -> Any:
        future = self._inference.in_turn(job, VARIANTS)
        while not wait([future], _POLL).done:
            if self._stopping.is_set() or number != self._newest:
                future.cancel()
                raise _StoppedError
        if number != self._newest:
            raise _StoppedError
        return future.result()


def _tabulated(request: VariantsRequest, pictures: tuple[Looked, ...], about: tuple[str, str]) -> Compared:
    names = tuple(LETTERS[: len(pictures)])
    maps = [one.looks[0] for one in pictures]
    variants = [
        Variant(name, one.looks[0], areas, one.looks)
        for name, one, areas in zip(names, pictures, request.areas, strict=True)
    ]
    table = tabulate(variants, [one.stops for one in pictures])
    scene = shared_scale(maps, Scene(settings=request.heat, style=request.style))
    differences = [compare(maps[0], one, request.heat) for one in maps[1:]]
    peak = max((float(np.abs(one.difference).max()) for one in differences), default=0.0)
    reference = reference_for(about[0])
    scores = []
    for name, one, areas in zip(names, pictures, request.areas, strict=True):
        if reference is not None:
            goal = next((area for area in areas if area.name == request.goal), None)
            scores.append(
                (name, score(one.looks[0], areas, one.stops, goal, reference, request.kind, request.heat))
            )
    return Compared(
        request,
        pictures,
        names,
        tuple(to_image(heat_layer(one, scene.settings, scene.style)) for one in maps),
        (
            None,
            *(
                to_image(difference_layer(one, image.source_size, request.style, max(peak, 1e-3)))
                for one, image in zip(differences, maps[1:], strict=True)
            ),
        ),
        table,
        sentence(table, request.goal) if len(names) > 1 else "",
        tuple(scores),
        (request.kind, reference.pictures.get(request.kind, 0) if reference else 0),
        about[1],
    )


def _suggest(found: Compared) -> Suggested:
    areas = coloured(tuple(area for area in found.request.areas[0] if area.name))
    first = found.pictures[0].picture.pixels
    suggestions = []
    for name, one, there in zip(found.names[1:], found.pictures[1:], found.request.areas[1:], strict=True):
        have = {area.name for area in there}
        wanted = tuple(area for area in areas if area.name not in have)
        again = find_again(wanted, first, one.picture.pixels) if wanted else ()
        suggestions += [Suggestion(one.path, name, area, at) for area, at in zip(wanted, again, strict=True)]
    return Suggested(tuple(suggestions))


def _write_report(path: Path, found: Compared, template: ReportTemplate) -> Path:
    from salviewer.app.workers.variants_pdf import variants_pdf
    from salviewer.results.variants_page import variants_html

    sources = [
        Source(
            one.picture,
            replace(one.looks[0], source_size=(one.picture.pixels.shape[1], one.picture.pixels.shape[0])),
            areas,
            one.path.name,
            found.model,
        )
        for one, areas in zip(found.pictures, found.request.areas, strict=True)
    ]
    scale = [source.saliency.source_size[0] / one.looks[0].source_size[0]
             for source, one in zip(sources, found.pictures, strict=True)]  # fmt: skip
    stops = [
        [replace(stop, x=stop.x * by, y=stop.y * by) for stop in one.stops]
        for one, by in zip(found.pictures, scale, strict=True)
    ]
    report = build_variants_report(
        sources,
        found.table,
        Scene(settings=found.request.heat, style=found.request.style),
        template,
        date.today(),
        goal=found.request.goal,
        scores=found.scores,
        reference=found.reference,
        stops=stops,
    )
    html = path.suffix.lower() == ".html"
    content = variants_html(report).encode("utf-8", "replace") if html else variants_pdf(report)
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
    note_written(path)
    return path


def _seen(pixels: NDArray[np.uint8], stops: Sequence[Hotspot], wide: int) -> tuple[pyramid.Pyramid, ...]:
    """Draw what has been seen after each of `SECONDS`; `wide` is the width that the stops refer to."""
    small = _within(pixels, _SEEN)
    scaled = [
        replace(stop, x=stop.x * small.shape[1] / wide, y=stop.y * small.shape[1] / wide) for stop in stops
    ]
    return tuple(pyramid.build(draw_seen(small, scaled, RADIUS, seconds)) for seconds in SECONDS)


def _within(pixels: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = (most / (width * height)) ** 0.5
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _key(path: Path, engine: Engine) -> tuple[Path, int, int, Engine]:
    try:
        status = file_of(path).stat()
    except OSError:
        return path, 0, 0, engine
    return path, status.st_mtime_ns, status.st_size, engine
