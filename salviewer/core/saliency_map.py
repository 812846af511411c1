"""The central value: a density over one picture of where people will look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from os import PathLike
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from salviewer.core.resizing import resize as stretched

_SMALLEST = float(np.finfo(np.float32).tiny)


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

    def resize(self, size: tuple[int, int] | None = None) -> SaliencyMap:
        """Stretch the map to another number of cells.

        Areas are averaged where it shrinks, and values interpolated linearly where it grows.

        Args:
            size: (width, height) in cells, as pictures have it; None for the picture's own size, so that
                each of its pixels gets a cell.

        Returns:
            a map that sums to 1 again, of the same picture.

        Raises:
            ValueError: a side is less than 1.
        """
        width, height = size or self.source_size
        if min(width, height) < 1:
            raise ValueError(f"a saliency map has at least one cell, not {width} x {height}")
        return replace(self, density=np.asarray(stretched(self.density, (height, width)), np.float32))

    def log_density(self) -> NDArray[np.float64]:
        """Compute the natural logarithm of the density, as probabilistic benchmarks take it.

        Returns:
            float64 (h, w), finite, whose exponentials sum to 1 within 1e-6. A cell of density 0 counts as
            the smallest normal float32, 1.2e-38: its logarithm is -87.3.
        """
        density = np.maximum(self.density.astype(np.float64), _SMALLEST)
        logarithm: NDArray[np.float64] = np.log(density / density.sum())
        return logarithm

    def save(self, path: str | PathLike[str]) -> None:
        """Write the map to a file, in the format of its suffix: `salviewer.api.save_map`.

        Args:
            path: ends in ``.npy`` or ``.tiff`` (the values themselves, float32) or ``.png`` (16 bit grey, the
                peak at 65535). An existing file is replaced.

        Raises:
            ExportError: another suffix, or the file cannot be written.
        """
        _interface().save_map(path, self)

    def overlay(self, picture: Any, **look: Any) -> NDArray[np.uint8]:
        """Lay the heatmap over the picture: `salviewer.render` the other way round.

        Args:
            picture: whatever `salviewer.predict` takes.
            **look: as `salviewer.render` takes them, such as ``colormap="magma"`` or ``view="focus"``.

        Returns:
            uint8 (H, W, 3) sRGB at the picture's own resolution.

        Raises:
            ImageError, ValueError, TypeError: as `salviewer.render`.
        """
        return cast("NDArray[np.uint8]", _interface().render(picture, self, **look))

    def _repr_png_(self) -> bytes:
        """Draw the map for a notebook, in the shape of its picture: the bytes of a PNG file."""
        return cast("bytes", _interface().map_png(self))


def _interface() -> Any:
    """Return `salviewer.api`: this room knows no files, and who has a map to save has the whole program."""
    return import_module("salviewer.api")
