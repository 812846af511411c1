"""Maps whose attention is known by formula."""

import numpy as np

from salviewer.core.saliency_map import SaliencyMap


def gaussian(
    shape: tuple[int, int] = (120, 160),
    size: tuple[int, int] = (640, 480),
    at: tuple[float, float] = (0.5, 0.5),
    sigma: float = 0.08,
) -> SaliencyMap:
    """A round Gaussian at (x, y) of the picture, ``sigma`` in fractions of its width."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    across = (x + 0.5) / shape[1] - at[0]
    down = ((y + 0.5) / shape[0] - at[1]) * size[1] / size[0]
    field = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    return SaliencyMap(field.astype(np.float32), size, "test")


def uniform(shape: tuple[int, int] = (24, 32), size: tuple[int, int] = (640, 480)) -> SaliencyMap:
    return SaliencyMap(np.ones(shape, np.float32), size, "test")


def photo(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
