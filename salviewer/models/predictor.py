"""A network with its weights and an engine: pictures in, saliency maps out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import ModelError
from salviewer.models.card import ModelCard
from salviewer.models.engines.base import Engine, EngineBusyError, EngineError
from salviewer.models.engines.choice import Candidate
from salviewer.models.preprocess import resize

_Result = TypeVar("_Result")

_PATIENCE = 10.0  # seconds that an engine may be busy
_SHORTLY = 0.005  # seconds between two attempts


class Predictor:
    """A trained network, ready to predict. Thread-safe: calls take turns.

    If its engine fails, the next candidate takes over for good, and `note` says so. An engine that is merely
    busy has not failed and is asked again.

    Attributes:
        name: the catalogue name or path it was loaded from.
        card: its model card.
        input_size: (height, width) in pixels of the network's input.
        engine: the engine in use.
        note: a sentence on what of its card cannot be used, and on why this is not the preferred engine; ""
            if all is well.
    """

    def __init__(self, name: str, card: ModelCard, candidates: Sequence[Candidate]) -> None:
        """Prepare the first candidate that works.

        Raises:
            ModelError: none does.
        """
        self.name = name
        self.card = card
        self.note = card.remark
        self.input_size = card.form.input_size
        self._left = list(candidates)
        self._turn = threading.Lock()
        self.engine: Engine = self._next_engine()

    @property
    def device(self) -> str:
        """Torch's name of the device in use, e.g. ``"cpu"`` or ``"cuda:0"``."""
        return self.engine.device

    @property
    def device_title(self) -> str:
        """Device, precision and engine for display, e.g. ``"CPU, float32, OpenVINO"``."""
        return self.engine.title

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        """Predict where people will look in one picture.

        Args:
            pixels: uint8 (H, W, 3) sRGB, upright, any size from 1x1.

        Returns:
            the map at the network's own resolution, covering the whole picture.

        Raises:
            ValueError: ``pixels`` is not such an array.
            ModelError: the network cannot run (out of memory, for example) or gives no finite map.
        """
        _check(pixels)
        start = time.perf_counter()
        stimulus = resize(pixels, self.input_size)
        aspect = pixels.shape[1] / pixels.shape[0]
        maps = self.densities(np.ascontiguousarray(stimulus[None], dtype=np.uint8), [aspect])
        elapsed = 1000 * (time.perf_counter() - start)
        size = (pixels.shape[1], pixels.shape[0])
        return SaliencyMap(maps[0], size, self.name, self.device, elapsed)

    @property
    def recurrent(self) -> bool:
        """Whether the network has a memory, so that `step` can be called."""
        return bool(self.card.form.state)

    def step(
        self, pixels: NDArray[np.uint8], state: NDArray[np.float32] | None, seconds: float
    ) -> tuple[SaliencyMap, NDArray[np.float32]]:
        """Predict the next frame of a video with a network that has a memory.

        Args:
            pixels: as for `predict`.
            state: what the frame before left, moved along with the picture; None if there is none.
            seconds: time since that frame, at least 0.

        Returns:
            the map, and the new state. Without a state the map is that of `predict`.

        Raises:
            ValueError, ModelError: as for `predict`.
        """
        _check(pixels)
        start = time.perf_counter()
        stimulus = np.ascontiguousarray(resize(pixels, self.input_size), dtype=np.uint8)
        if state is None:
            state, seconds = np.zeros(self.card.form.state_for(self.input_size), np.float32), -1.0
        before, passed = state, seconds
        with self._turn:
            density, after = self._computed(lambda: self.engine.step(stimulus, before, passed))
        if not np.isfinite(density).all() or not np.isfinite(after).all():
            raise ModelError(self.name, "the network returned values that are not finite numbers")
        elapsed = 1000 * (time.perf_counter() - start)
        size = (pixels.shape[1], pixels.shape[0])
        return SaliencyMap(density, size, self.name, self.device, elapsed), after

    def densities(
        self, stimuli: NDArray[np.uint8], aspects: Sequence[float] | None = None
    ) -> NDArray[np.float32]:
        """Predict a batch.

        Args:
            stimuli: uint8 (n, h, w, 3); resized to ``input_size`` if they have another size.
            aspects: width / height of each picture before it became a stimulus; w / h if left out. Networks
                whose architecture does not take it ignore it.

        Returns:
            float32 (n, h', w'), each map summing to 1.

        Raises:
            ModelError: as for ``predict``.
        """
        known = None
        if self.card.form.takes_aspect:
            own = stimuli.shape[2] / stimuli.shape[1]
            known = np.array([own] * len(stimuli) if aspects is None else aspects, np.float32)
        if stimuli.shape[1:3] != self.input_size:
            stimuli = np.stack([np.asarray(resize(one, self.input_size), np.uint8) for one in stimuli])
        with self._turn:
            maps = self._computed(
                lambda: (
                    self.engine.densities(stimuli) if known is None else self.engine.densities(stimuli, known)
                )
            )
        if not np.isfinite(maps).all():
            raise ModelError(self.name, "the network returned values that are not finite numbers")
        return maps

    def _computed(self, compute: Callable[[], _Result]) -> _Result:
        """Compute with the engine in use, or with the next one if it fails."""
        given_up = time.monotonic() + _PATIENCE
        while True:
            try:
                return compute()
            except EngineBusyError as error:
                if time.monotonic() > given_up:
                    raise ModelError(self.name, f"{self.engine.title} is busy with other work") from error
                time.sleep(_SHORTLY)
                continue
            except EngineError as error:
                reason = str(error)  # the exception itself would hold on to the engine
            self._fall_back(reason)

    def _fall_back(self, reason: str) -> None:
        title = self.engine.title
        if not self._left:
            raise ModelError(self.name, f"the network cannot run on {title}: {reason}")
        self.engine = self._next_engine(f"{title} failed ({reason})")

    def _next_engine(self, failed: str = "") -> Engine:
        while self._left:
            candidate = self._left.pop(0)
            try:
                engine = candidate.make()
            except EngineError as error:
                failed = f"{candidate.title} cannot be used ({error})"
                continue
            if failed:
                computes = f"{failed}; {engine.title} computes instead"
                self.note = "; ".join(filter(None, (self.card.remark, computes)))
            return engine
        raise ModelError(self.name, f"the network cannot run: {failed}")


def _check(pixels: NDArray[np.uint8]) -> None:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or pixels.size == 0:
        raise ValueError(f"a picture is uint8 (H, W, 3), not {pixels.dtype} {pixels.shape}")
