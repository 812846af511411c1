"""The cheapest alternative: Hou and Zhang's spectral residual (CVPR 2007) in numpy."""

from __future__ import annotations

from collections.abc import Sequence

import checkout  # noqa: F401
import numpy as np
from numpy.typing import NDArray

from salviewer.models.preprocess import resize

SIZE = (48, 64)
"""(height, width) at which it works; the authors say 64 pixels wide."""


class SpectralResidual:
    """What stands out from the smooth part of a picture's log spectrum; usable as a Predictor."""

    name = "spectral residual"

    def __init__(self, sigma: float = 2.5) -> None:
        """Blur by `sigma` pixels of `SIZE`."""
        frequencies = np.add.outer(np.fft.fftfreq(SIZE[0]) ** 2, np.fft.fftfreq(SIZE[1]) ** 2)
        self._blur = np.exp(-2 * (np.pi * sigma) ** 2 * frequencies)

    def densities(
        self, stimuli: NDArray[np.uint8], aspects: Sequence[float] | None = None
    ) -> NDArray[np.float32]:
        """Predict (n, h, w, 3) to (n, h, w), each summing to 1."""
        return np.stack([self._one(stimulus) for stimulus in stimuli])

    def _one(self, stimulus: NDArray[np.uint8]) -> NDArray[np.float32]:
        grey = np.asarray(resize(stimulus, SIZE), np.float64) @ [0.299, 0.587, 0.114]
        spectrum = np.fft.fft2(grey)
        log = np.log(np.abs(spectrum) + 1e-9)
        around = sum(np.roll(log, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1))
        residual = np.exp(log - around / 9 + 1j * np.angle(spectrum))
        energy = np.abs(np.fft.ifft2(residual)) ** 2
        smooth = np.maximum(np.fft.ifft2(np.fft.fft2(energy) * self._blur).real, 0)
        full = np.asarray(resize(smooth.astype(np.float32), stimulus.shape[:2]), np.float32)
        density: NDArray[np.float32] = full / full.sum()
        return density
