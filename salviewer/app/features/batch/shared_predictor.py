"""Lend the window's network to a batch, one picture at a time (ADR 8)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import wait
from typing import TYPE_CHECKING, TypeVar

from salviewer.core.screens import predict_in_screens
from salviewer.results.run import StoppedError

if TYPE_CHECKING:
    from salviewer.app.workers.inference import Engine, Inference
    from salviewer.core.saliency_map import SaliencyMap
    from salviewer.media.images import Picture
    from salviewer.models.predictor import Predictor

Result = TypeVar("Result")

_LOOK = 0.1  # seconds between two checks whether the batch should stop


class SharedPredictor:
    """Predicts for a batch in the thread that owns the networks, after all requests of the window.

    It keeps a reference to its network, so that others cannot replace it between two pictures.

    Args:
        inference: the window's.
        engine: what to compute with.
        stop: set to end all waiting.
    """

    def __init__(self, inference: Inference, engine: Engine, stop: threading.Event) -> None:
        self._inference, self._engine, self._stop = inference, engine, stop
        self._predictor: Predictor | None = None

    def ready(self) -> Predictor:
        """Return the loaded network, for reading its properties only.

        Raises:
            SalviewerError: it cannot be loaded.
            StoppedError: `stop` was set meanwhile.
        """
        return self._wait(self._held)

    def predict(self, picture: Picture) -> SaliencyMap:
        """Predict where people will look.

        Raises:
            ModelError: the network cannot run.
            StoppedError: `stop` was set meanwhile.
        """
        return self._wait(lambda: predict_in_screens(self._held().predict, picture.pixels, picture.screen))

    def _held(self) -> Predictor:
        if self._predictor is None:
            self._predictor = self._inference.predictor(self._engine)
        return self._predictor

    def _wait(self, job: Callable[[], Result]) -> Result:
        future = self._inference.in_turn(job)
        while not wait([future], _LOOK).done:
            if self._stop.is_set():
                future.cancel()
                raise StoppedError
        return future.result()
