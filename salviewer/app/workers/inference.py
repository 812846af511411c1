"""The worker that owns the model: pictures in, saliency maps out, the newest request first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from salviewer.app.translation import mark, tr
from salviewer.app.workers.cache import RecentCache
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.screens import predict_in_screens
from salviewer.media.images import Picture
from salviewer.models.engines.base import EngineName, EngineRequest

if TYPE_CHECKING:
    from salviewer.models.predictor import Predictor

Result = TypeVar("Result")

LOADED_AT_ONCE = 2
"""Networks kept in memory, so that two models can be compared without loading them in turn."""

SHOWN, SAVED, BESIDE, VARIANTS, PREFETCH, THUMBNAIL, BATCH = range(7)
"""Urgencies of requests: for the picture on screen, for its newly saved content, for the one beside it, for
variants that are compared, for one that may come next, for a thumbnail, for a batch (ADR 8)."""

NOBODY = -(10**9)
"""Generation of requests for no picture on screen; no other request has it."""

AT_HAND = 4
"""Maps that the worker keeps, so that a map prefetched in time is not predicted again."""

LOADING = mark("Loading the model…")
PREDICTING = mark("Predicting where people will look…")


@dataclass(frozen=True, slots=True)
class Engine:
    """Settings to compute with: a model's name or path, and the requested device and kind of engine."""

    model: str
    device: str = "auto"
    kind: EngineRequest = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One picture, with its key, to predict; without pixels, only the engine is prepared.

    A newer request replaces one of the same urgency that has not begun.

    Attributes:
        screen: the picture's `Picture.screen`.
    """

    generation: int
    engine: Engine
    key: str = ""
    pixels: NDArray[np.uint8] | None = None
    urgency: int = SHOWN
    screen: int = 0

    @classmethod
    def of(
        cls, picture: Picture, key: str, engine: Engine, urgency: int = SHOWN, generation: int = NOBODY
    ) -> Request:
        """Return the request for a picture's map, with all of the picture that the map depends on."""
        return cls(generation, engine, key, picture.pixels, urgency, picture.screen)


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """The result of a request: a map, nothing if only an engine was requested, or a sentence.

    Attributes:
        engine_failed: whether `error` is about the model or the device rather than the picture.
    """

    request: Request
    saliency: SaliencyMap | None = None
    error: str = ""
    engine_failed: bool = False


@dataclass(frozen=True, slots=True)
class EngineReady:
    """A loaded model: its device in use, and the available devices and kinds of engine.

    Attributes:
        note: a sentence on why another engine computes than was requested; "" if none does.
    """

    engine: Engine
    device: str
    device_title: str
    devices: tuple[tuple[str, str], ...]
    kinds: tuple[EngineName, ...] = ("torch",)
    note: str = ""


class KnownEngines:
    """Remembers what each engine said when it was ready."""

    def __init__(self) -> None:
        self._proven: Engine | None = None  # the last one that worked
        self._used: dict[Engine, EngineReady] = {}

    def ready(self, engine: Engine) -> EngineReady | None:
        """Return what an engine said; None if it was not ready yet."""
        return self._used.get(engine)

    def add(self, ready: EngineReady) -> bool:
        """Remember an engine that works; return whether it has a note that it did not have before."""
        self._proven = ready.engine
        before = self._used.get(ready.engine)
        self._used[ready.engine] = ready
        return bool(ready.note) and (before is None or before.note != ready.note)

    def instead_of(self, engine: Engine) -> Engine:
        """Return an available device and engine for its model, or the model that worked before."""
        if (engine.device, engine.kind) != ("auto", "auto"):
            return replace(engine, device="auto", kind="auto")
        return self._proven if self._proven is not None and self._proven.model != engine.model else engine


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage that the worker began, loading or predicting, with its generation."""

    generation: int
    what: str


class Inference(QObject):
    """Runs requests one at a time in its own thread, where the network is used exclusively.

    Args:
        before_torch: called in the worker before torch is imported for the first time.
    """

    responded = Signal(object)  # Response
    ready = Signal(object)  # EngineReady
    began = Signal(object)  # Stage

    def __init__(self, before_torch: Callable[[], None] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("inference", self, self._landed)
        self._before_torch = before_torch
        self._predictors: dict[Engine, Predictor] = {}  # used by the worker; least recently used first
        self._at_hand: RecentCache[tuple[str, Engine], SaliencyMap] = RecentCache(AT_HAND, lambda _: 1)

    def forget(self, urgency: int) -> None:
        """Drop the waiting request of this urgency."""
        self.worker.forget(urgency)

    def request(self, request: Request) -> None:
        """Run this request next; it replaces a waiting one of the same urgency."""
        self.worker.submit(request.generation, lambda: self._respond(request), request.urgency)

    def in_turn(self, job: Callable[[], Result], urgency: int = BATCH) -> Future[Result]:
        """Run a job in the thread that owns the networks, when nothing more urgent waits.

        May be called from any thread; there is one batch at a time, and one job of each other urgency. A job
        that waits when the worker is closed is never run, and its future never completes.
        """
        future: Future[Result] = Future()

        def do() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(job())
                except Exception as error:
                    future.set_exception(error)

        self.worker.submit(0, do, urgency)
        return future

    def predictor(self, engine: Engine, generation: int = -1) -> Predictor:
        """Return the network, loading it if necessary. For jobs of the worker only.

        Args:
            engine: what to compute with.
            generation: of the request; -1 for none.

        Raises:
            SalviewerError: the model cannot be used, or the device or the engine is not available.
        """
        if engine in self._predictors:
            self._predictors[engine] = predictor = self._predictors.pop(engine)
            return predictor
        self._say(Stage(generation, tr(LOADING)))
        from salviewer.models.loading import load_model, loads_torch

        if self._before_torch is not None and loads_torch(engine.model, engine.device, engine.kind):
            self._before_torch()
            self._before_torch = None
        while len(self._predictors) >= LOADED_AT_ONCE:
            del self._predictors[next(iter(self._predictors))]
        self._predictors[engine] = predictor = load_model(engine.model, engine.device, engine.kind)
        self._emit_ready(engine, predictor)
        return predictor

    def _landed(self, outcome: Outcome) -> None:
        if outcome.value is not None:
            self.responded.emit(outcome.value)

    def _respond(self, request: Request) -> Response:
        try:
            predictor = self.predictor(request.engine, request.generation)
        except Exception as error:
            return Response(request, error=sentence(error, tr("loading the model")), engine_failed=True)
        if request.pixels is None:
            return Response(request)
        known = self._at_hand.get((request.key, request.engine)) if request.key else None
        if known is not None:
            return Response(request, known)
        try:
            self._say(Stage(request.generation, tr(PREDICTING)))
            note = predictor.note
            saliency = predict_in_screens(predictor.predict, request.pixels, request.screen)
            if predictor.note != note:
                self._emit_ready(request.engine, predictor)
            self._at_hand.put((request.key, request.engine), saliency)
            return Response(request, saliency)
        except Exception as error:
            return Response(request, error=sentence(error, tr("predicting")))

    def _say(self, stage: Stage) -> None:
        if not self.worker.closed:
            self.began.emit(stage)

    def _emit_ready(self, engine: Engine, predictor: Predictor) -> None:
        from salviewer.models.loading import available_devices, available_engines

        if predictor.engine.name == "torch" and predictor.device == "cpu":
            from salviewer.models.engines.torch_engine import spare_a_core

            spare_a_core()
        if not self.worker.closed:
            kinds = available_engines(predictor.card.architecture)
            title, devices = predictor.device_title, available_devices()
            self.ready.emit(EngineReady(engine, predictor.device, title, devices, kinds, predictor.note))
