"""Time a model on this machine, and compare it with the network as published."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salviewer.models.engines.base import Engine
from salviewer.models.predictor import Predictor

Stimuli = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Times:
    """Times of one action, in milliseconds.

    Attributes:
        best: the fastest; on a busy machine, the nearest to the true time.
        median: of all rounds.
    """

    best: float
    median: float


def in_turns(actions: Sequence[Callable[[], object]], rounds: int, seconds: float = 60.0) -> list[Times]:
    """Time several actions in turns, so that other work on the machine affects all alike.

    Args:
        actions: each is run once first, untimed.
        rounds: the maximum number of rounds.
        seconds: no round starts after this time, but there are at least three.
    """
    taken: list[list[float]] = [[] for _ in actions]
    start = time.perf_counter()
    for number in range(rounds):
        if number >= 3 and time.perf_counter() - start > seconds:
            break
        for action, times in zip(actions, taken, strict=True):
            begun = time.perf_counter()
            action()
            times.append(1000 * (time.perf_counter() - begun))
    return [Times(min(times), float(np.median(times))) for times in taken]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model's engine compared with eager torch in float32, channels first: the network as published.

    Attributes:
        engine: the engine's title.
        ours, eager: from a stimulus (uint8, the network's input size) to its density.
        cc: the lowest correlation of both maps of a picture.
        error: their greatest difference, as a fraction of the peak.
        pictures: the number of pictures compared.
    """

    engine: str
    ours: Times
    eager: Times
    cc: float
    error: float
    pictures: int

    @property
    def speedup(self) -> float:
        """Eager time divided by ours, each at its best."""
        return self.eager.best / self.ours.best

    def to_dict(self) -> dict[str, float | str | int]:
        """Convert to JSON-ready values, in milliseconds."""
        return {
            "ms": self.ours.best,
            "eager_ms": self.eager.best,
            "speedup": self.speedup,
            "cc": self.cc,
            "engine": self.engine,
            "median_ms": self.ours.median,
            "eager_median_ms": self.eager.median,
            "largest_difference": self.error,
            "pictures": self.pictures,
        }


def compare_with_eager(predictor: Predictor, eager: Engine, stimuli: Stimuli, rounds: int) -> Comparison:
    """Compare the maps of every stimulus, then time both on the first.

    Args:
        predictor: the model.
        eager: see `eager_engine`.
        stimuli: (n, h, w, 3) at the network's input size.
        rounds: the maximum number of rounds.
    """
    ccs, errors = [], []
    for one in stimuli:
        ours, theirs = (engine.densities(one[None])[0] for engine in (predictor, eager))
        ccs.append(float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]))
        errors.append(float(np.abs(ours - theirs).max() / theirs.max()))
    first = stimuli[:1]
    ours, theirs = in_turns([lambda: predictor.densities(first), lambda: eager.densities(first)], rounds)
    return Comparison(predictor.device_title, ours, theirs, min(ccs), max(errors), len(stimuli))


def eager_engine(ref: str) -> Engine:
    """Make torch's engine in float32 on the processor, channels first, uncompiled, as a paper's code does.

    Raises:
        ModelError: the model cannot be read.
    """
    import torch

    from salviewer.models.catalog import find_model
    from salviewer.models.devices import Device
    from salviewer.models.engines.choice import torch_engine
    from salviewer.models.engines.torch_engine import TorchEngine
    from salviewer.models.reading import read_arrays

    card, weights = read_arrays(find_model(ref))
    engine = torch_engine(card, weights, "cpu")
    assert isinstance(engine, TorchEngine)
    plain = TorchEngine(engine.network, card.output, Device("cpu", "CPU, float32, eager", torch.float32))
    plain.network = plain.network.to(memory_format=torch.contiguous_format)
    return plain
