"""Maps of teachers written to a file, to learn from where the teachers cannot run: coding and reading."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from safetensors import safe_open
from torch import Tensor

from research.distil.card_data import SIZE, resized, summing_to_1

GRID = (60, 80)
NATS = 1 / 12
"""A step of the logarithm, which has 256 of them below a map's peak."""
SAME = ("seed", "batch", "labelled", "crop", "mix", "stretch", "degrade", "colour", "stored", "fold")


def coded(maps: Tensor) -> Tensor:
    """Encode densities (n, 240, 320) as uint8 (n, 60, 80): how far below the peak each cell is."""
    logs = resized(maps[:, None], GRID, antialias=True)[:, 0].clamp_min(1e-12).log()
    return ((logs.amax((1, 2), keepdim=True) - logs) / NATS).round().clamp(0, 255).byte()


def decoded(codes: Tensor) -> Tensor:
    """Decode to densities (n, 240, 320), interpolated between the cells."""
    return summing_to_1(resized(-NATS * codes.float()[:, None], SIZE)[:, 0].exp())


class RecordedTeachers:
    """Recorded maps in place of teachers; starts again at the end.

    Attributes:
        steps: number of recorded batches. After them the same batches must be drawn again, from new
            `targets.Batches`.
    """

    def __init__(self, path: Path, args: argparse.Namespace) -> None:
        with safe_open(path, "pt") as file:
            metadata = json.loads(file.metadata()["told"])
            self._maps = file.get_tensor("maps")
        self.steps = len(self._maps)
        self.names, self.folds = metadata["names"], metadata["folds"]
        for name in SAME:
            if metadata[name] != str(getattr(args, name)):
                raise SystemExit(
                    f"{path} was recorded with {name} {metadata[name]}, not {getattr(args, name)}"
                )
        self._step = 0

    def refresh(self) -> None:
        """Do nothing: a recording does not change."""

    def density(self, x: Tensor, folds: np.ndarray) -> Tensor:
        """Return the next recorded maps, (n, 240, 320), whatever ``x`` is."""
        self._step += 1
        return decoded(self._maps[(self._step - 1) % self.steps].to(x.device))
