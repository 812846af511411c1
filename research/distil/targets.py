"""Batches of altered pictures with the targets that teachers give them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from research.distil.alterer import Alterer
from research.distil.card_data import Data, normalised, shown
from research.distil.recorded import RecordedTeachers
from research.distil.teachers import TeacherPool


@dataclass
class Batch:
    """One batch of pictures, targets and fixations.

    Attributes:
        x: (n, 3, h, w), what the student sees.
        clear: (n, 3, H, W) at the stored size, before degradation; what the teachers see.
        target: (n, 240, 320), densities.
        points: (m, most, 2), the fixations of the first m, in -1..1.
    """

    x: Tensor
    clear: Tensor
    target: Tensor
    points: Tensor

    def parts(self, count: int) -> Iterator[Batch]:
        """Split into ``count`` batches with equal shares of pictures that have fixations."""
        many = len(self.points)
        for part in range(count):
            known = torch.arange(part, many, count, device=self.x.device)
            rows = torch.cat([known, torch.arange(many + part, len(self.x), count, device=self.x.device)])
            x = self.x[rows].contiguous(memory_format=torch.channels_last)
            yield Batch(x, self.clear[rows], self.target[rows], self.points[known])


class Batches:
    """Draw pictures, alter them and ask the teachers for targets."""

    def __init__(
        self, args: argparse.Namespace, data: Data, teachers: TeacherPool | RecordedTeachers
    ) -> None:
        self._args, self._data, self._teachers = args, data, teachers
        self._random, self._sizes = np.random.default_rng(args.seed), np.random.default_rng(args.seed)
        self._alterer = Alterer(args.seed, args.device, args.stored)
        fold, of = args.fold
        parts = data.folds(of)
        kept = np.flatnonzero(parts != fold) if of > 1 else np.arange(len(parts))
        self._known = np.intersect1d(np.arange(data.count), kept)
        self._others = np.intersect1d(data.others, kept)
        self._folds = data.folds(teachers.folds)

    def next(self, done: float) -> Batch:
        """Make the batch for the moment when a share ``done`` of the time (0 to 1) has passed."""
        args, data, alterer = self._args, self._data, self._alterer
        size = args.size[self._sizes.integers(len(args.size))]
        if done < args.small:
            size = tuple(8 * round(0.7 * side / 8) for side in size)
        many = round(args.batch * args.labelled)
        known, known_folds = self._drawn(self._known, many)
        unknown, unknown_folds = self._drawn(self._others, args.batch - many)
        rows, others, folds = (
            self._rows(known),
            self._rows(unknown),
            np.concatenate([known_folds, unknown_folds]),
        )
        x, truth, points = alterer.labelled(
            data.stimuli[rows], data.maps[rows], data.points[rows], args.stretch, 0.85
        )
        if len(others):
            x = torch.cat([x, alterer.unlabelled(data.stimuli[others], args.stretch, args.crop, args.mix)])
        x = alterer.recoloured(x, args.colour)
        clear = normalised(x)
        taught = self._teachers.density(clear, folds)
        mixed = args.truth * truth + (1 - args.truth) * taught[:many]
        target = torch.cat([mixed, taught[many:]])
        return Batch(normalised(alterer.degraded(shown(x, size), args.degrade)), clear, target, points)

    def _drawn(self, pool: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw ``count`` rows of a pool, and the fold whose teachers label each."""
        of = self._teachers.folds
        if count % of:
            raise SystemExit(f"{count} pictures cannot be shared among {of} folds")
        drawn = []
        for fold in range(of):
            mine = pool[(self._folds[pool] == fold) | (self._folds[pool] < 0)] if of > 1 else pool
            drawn.append(self._random.choice(mine, count // of, replace=False))
        return np.concatenate(drawn), np.repeat(np.arange(of), count // of)

    def _rows(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values).to(self._args.device, non_blocking=True)
