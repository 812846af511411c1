"""The central value: where people will look, as a density over one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SaliencyMap:
    """A network's predicted fixation density for one picture, at the network's own resolution.

    Attributes:
        density: float32, shape (h, w), non-negative, sums to 1; row 0 is the picture's top. The map covers
            the whole picture whatever its aspect ratio: cell (i, j) spans rows i/h..(i+1)/h of its height
            and columns j/w..(j+1)/w of its width. Read-only.
        source_size: (width, height) in pixels of the picture it was predicted from.
        model: catalogue name or path of the model.
        device: where it was computed, e.g. ``"cpu"`` or ``"cuda:0"``; empty if unknown.
        milliseconds: wall time of preparation, inference and read-back together; 0 if unknown.
    """

    density: NDArray[np.float32]
    source_size: tuple[int, int]
    model: str
    device: str = ""
    milliseconds: float = 0.0

    def __post_init__(self) -> None:
        if self.density.ndim != 2 or self.density.size == 0:
            raise ValueError(f"a saliency map is a non-empty HxW array, not shape {self.density.shape}")
        if min(self.source_size) < 1:
            raise ValueError(f"a picture has at least one pixel, not {self.source_size}")
        density = np.ascontiguousarray(self.density, dtype=np.float32)
        if not np.isfinite(density).all() or density.min() < 0:
            raise ValueError("a saliency map is finite and non-negative")
        total = float(density.sum(dtype=np.float64))
        if total <= 0:
            density = np.full_like(density, 1.0 / density.size)
        elif abs(total - 1) > 1e-5:
            density = (density / total).astype(np.float32)
        else:
            density = density.copy()
        density.setflags(write=False)
        object.__setattr__(self, "density", density)
