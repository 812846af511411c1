"""Networks for live use: chosen by their speed here, loaded once, one call at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from salviewer.app.state.live_choices import AUTOMATIC
from salviewer.app.translation import tr
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from salviewer.app.workers.inference import Engine
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.models.predictor import Predictor

QUICK = 60.0
"""Most milliseconds per frame (16 maps per second) at which the chosen network is used for frames too."""

_TRIES = 3
_KEPT = 2


class FramePredictor:
    """A network for frames; several threads may call it in turn.

    Attributes:
        name: of the model.
        note: why this network was chosen, a sentence; "" if it is obvious.
    """

    def __init__(self, predictor: Predictor, note: str = "") -> None:
        self.name, self.note = predictor.name, note
        self._predictor = predictor
        self._turn = threading.Lock()

    @property
    def device_title(self) -> str:
        """The device and engine, for display."""
        return self._predictor.device_title

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        """Predict, as `models.Predictor` does."""
        with self._turn:
            return self._predictor.predict(pixels)

    @property
    def recurrent(self) -> bool:
        """Whether the network has a memory."""
        return self._predictor.recurrent

    def step(
        self, pixels: NDArray[np.uint8], state: NDArray[np.float32] | None, seconds: float
    ) -> tuple[SaliencyMap, NDArray[np.float32]]:
        """Predict the next frame of a video, as `models.Predictor` does."""
        with self._turn:
            return self._predictor.step(pixels, state, seconds)


class LiveModels:
    """Loads networks and keeps the last two, so that the next video need not wait.

    Args:
        before_torch: called before torch is imported for the first time.
    """

    def __init__(self, before_torch: Callable[[], None] | None = None) -> None:
        self._before_torch = before_torch
        self._lock = threading.Lock()
        self._chosen: dict[tuple[str, Engine], FramePredictor] = {}  # least recently used first

    def choose(self, model: str, engine: Engine) -> FramePredictor:
        """Return the network for a setting; called in the thread that waits for it.

        Args:
            model: a model's name or path; `AUTOMATIC` for that of `engine` if it takes at most `QUICK`, else
                for the faster one of it and the small network that ships.
            engine: the engine for pictures; its device and kind apply here too.

        Raises:
            SalviewerError: the model cannot be loaded.
        """
        with self._lock:
            key = (model, engine)
            chosen = self._chosen.pop(key, None)
            if chosen is None:
                while len(self._chosen) >= _KEPT:
                    del self._chosen[next(iter(self._chosen))]
                chosen = self._choose(model, engine)
            self._chosen[key] = chosen
            return chosen

    def _choose(self, model: str, engine: Engine) -> FramePredictor:
        if model != AUTOMATIC:
            return FramePredictor(self._load(model, engine))
        if engine.model == DEFAULT_MODEL:
            return FramePredictor(self._load(engine.model, engine))
        own = self._load(engine.model, engine)
        takes = _milliseconds(own)
        if takes <= QUICK:
            return FramePredictor(own)
        small = self._load(DEFAULT_MODEL, engine)
        needs = _milliseconds(small)
        if needs >= takes:
            return FramePredictor(own)
        return FramePredictor(
            small,
            tr(
                "{name} takes {takes:.0f} ms a frame here, {other} {needs:.0f} ms.",
                name=own.name,
                takes=takes,
                other=small.name,
                needs=needs,
            ),
        )

    def _load(self, model: str, engine: Engine) -> Predictor:
        from salviewer.models.loading import load_model, loads_torch

        if self._before_torch is not None and loads_torch(model, engine.device, engine.kind):
            self._before_torch()
            self._before_torch = None
        return load_model(model, engine.device, engine.kind, shared=True)


def _milliseconds(predictor: Predictor) -> float:
    """Return the milliseconds for a frame, the best of a few after the first."""
    pixels = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    predictor.predict(pixels)
    taken = []
    for _ in range(_TRIES):
        begun = time.perf_counter()
        predictor.predict(pixels)
        taken.append(1000 * (time.perf_counter() - begun))
        if taken[-1] > 4 * QUICK:
            break
    return min(taken)
