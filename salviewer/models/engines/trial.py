"""Find out whether bfloat16 pays for a network on this processor, when it is first compiled.

A processor with bfloat16 may gain much from it, or less than from minimal filtering in float32, which needs
more digits than bfloat16 has. A network may also need more digits. So both versions are compiled, compared on
one picture, and timed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.models.engines import runtime
from salviewer.models.engines.runtime import Precision

ALIKE = 0.998
"""Lowest accepted correlation with the float32 map."""

OFF = 0.01
"""Largest accepted difference from it anywhere, as a share of its peak.

The Deep ConvNet comes to 0.009. live_net comes to 0.012 and is refused: its rounded map repeats the stride of
the network, as a faint grid that `tests/models/test_predictor.py` finds.
"""

GAIN = 1.1
"""Lowest gain in speed that counts."""

ROUNDS = 5
"""Number of times that each version is timed."""

PATIENCE = 0.2
"""Seconds after which a version is not timed again: the Deep ConvNet's first map waits for the trial."""

log = logging.getLogger(__name__)


def candidates() -> tuple[Precision, ...]:
    """List the precisions of this processor, the fastest for most networks first."""
    return ("bf16", "f32") if "BF16" in runtime.capabilities() else ("f32",)


def fastest(make: Callable[[Precision], Any], size: tuple[int, int]) -> tuple[Any, Precision]:
    """Return the compiled network to use, and its precision.

    Args:
        make: compiles it to an ``openvino.CompiledModel``.
        size: (height, width) of its input.

    Raises:
        Exception: whatever compiling in float32 raises; a failure in bfloat16 is ignored.
    """
    plain = make("f32")
    if "bf16" not in candidates():
        return plain, "f32"
    try:
        half = make("bf16")
        if not _computes_in_half(half):
            return plain, "f32"
        stimulus = picture(size)
        exact, slow = _first(plain, stimulus)
        other, quick = _first(half, stimulus)
        agree = alike(exact, other)
        if agree and not (quick > PATIENCE and quick >= slow):
            slow, quick = _seconds(plain, stimulus), _seconds(half, stimulus)
    except Exception as error:
        log.warning("bfloat16 was tried and cannot be used: %s", error)
        return plain, "f32"
    pays = agree and slow >= GAIN * quick
    log.info("float32 takes %.1f ms, bfloat16 %.1f, alike: %s", slow * 1e3, quick * 1e3, agree)
    return (half, "bf16") if pays else (plain, "f32")


def alike(exact: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Return whether a map is close enough to the one in float32; both (h, w), non-negative."""
    a, b = exact.astype(np.float64), other.astype(np.float64)
    if not np.isfinite(b).all() or np.abs(a - b).max() > OFF * a.max():
        return False
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum()) >= ALIKE * float(np.sqrt((a * a).sum() * (b * b).sum()))


def picture(size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a demanding stimulus, uint8 (1, h, w, 3): edges, shades, discs and noise."""
    height, width = size
    rows, columns = np.mgrid[:height, :width].astype(np.float32) / height
    pixels = np.stack([rows, columns * 0.7, 0.5 + 0.3 * np.sin(9 * rows + 5 * columns)], -1)
    random = np.random.default_rng(7)
    for _ in range(12):
        row, column, radius = (
            random.uniform(0, 1),
            random.uniform(0, width / height),
            random.uniform(0.03, 0.2),
        )
        pixels[np.hypot(rows - row, columns - column) < radius] = random.uniform(0, 1, 3)
    pixels += random.normal(0, 0.03, pixels.shape)
    return np.asarray(pixels.clip(0, 1) * 255, np.uint8)[None]


def _first(compiled: Any, stimulus: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
    """Return the map, and the seconds that the first run took."""
    begun = time.perf_counter()
    result: NDArray[np.float32] = compiled(_inputs(compiled, stimulus))[0][0].copy()
    return result, time.perf_counter() - begun


def _inputs(compiled: Any, stimulus: NDArray[np.uint8]) -> list[NDArray[Any]]:
    """Return the picture, and its width / height for a network that takes it."""
    aspect = np.array([stimulus.shape[2] / stimulus.shape[1]], np.float32)
    given: list[NDArray[Any]] = [stimulus, aspect]
    return given[: len(compiled.inputs)]


def _seconds(compiled: Any, stimulus: NDArray[np.uint8]) -> float:
    """Return the time of the fastest of several rounds, of one if it takes long."""
    request, given = compiled.create_infer_request(), _inputs(compiled, stimulus)
    taken: list[float] = []
    while len(taken) < ROUNDS and sum(taken) < PATIENCE:
        begun = time.perf_counter()
        request.infer(given)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _computes_in_half(compiled: Any) -> bool:
    return "bfloat16" in str(compiled.get_property("INFERENCE_PRECISION_HINT"))
