"""Batches: which samples a step sees, how they are augmented, and a thread that prepares the next ones.

Everything is a function of (seed, epoch, step): a resumed run sees the same pictures in the same order,
mirrored and cropped alike, and has no state to restore.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import fixated_cells
from salviewer.models.preprocess import resize
from salviewer.training.augmentation import cut, degraded, other_shape, recolour
from salviewer.training.pack import Pack
from salviewer.training.recipe import Recipe

_FLOATS = NDArray[np.float32]
_MIRROR = np.array([1, -1], np.float32)
_MIRROR_SHIFT = np.array([0, 1], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A batch for one training step.

    Attributes:
        stimuli: uint8 (n, h, w, 3).
        targets: float32 (n, h', w'), each summing to 1: ground truth, mixed with the teacher's map if there
            is one.
        fixations: float32 (n, h', w'): fixations in each cell; zero where none are known.
        aspects: float32 (n,), the true width / height of what each stimulus shows.
    """

    stimuli: NDArray[np.uint8]
    targets: _FLOATS
    fixations: _FLOATS
    aspects: _FLOATS


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Samples of a pack to train on, with the teacher's maps.

    Attributes:
        pack: the decoded data.
        rows: indices of the samples.
        teacher: float16 (len(pack.names), h, w) with peak 1, or None.
        labelled: whether the pack holds ground truth.
    """

    pack: Pack
    rows: NDArray[np.int64]
    teacher: NDArray[np.float16] | None = None
    labelled: bool = True


class Batches:
    """The batches of a run.

    Args:
        sources: labelled data first.
        recipe: batch size and augmentation.
        seed: of the run.
        rank, world: this process' number, and the number of processes that share each batch.
    """

    def __init__(
        self, sources: Sequence[Source], recipe: Recipe, seed: int, rank: int = 0, world: int = 1
    ) -> None:
        self._sources = tuple(sources)
        self._recipe = recipe
        self._seed = seed
        self._rank, self._world = rank, world
        self._owners = np.repeat(np.arange(len(sources)), [len(source.rows) for source in sources])
        self._rows = np.concatenate([source.rows for source in sources])
        count, batch = len(self._rows), recipe.train_batch
        self.pictures = count
        self.steps_per_epoch = max(1, count // batch)

    def indices(self, epoch: int, step: int) -> NDArray[np.int64]:
        """Return the samples of one step; the last, incomplete batch of an epoch is dropped."""
        order = np.random.default_rng([self._seed, epoch]).permutation(self.pictures)
        batch = self._recipe.train_batch
        return order[step * batch : (step + 1) * batch][self._rank :: self._world]

    def make(self, epoch: int, step: int, size: tuple[int, int], output: tuple[int, int]) -> Batch:
        """Assemble one batch at an input and an output size, (height, width) each."""
        chosen = self.indices(epoch, step)
        parts = [self._sample(int(index), epoch, size, output) for index in chosen]
        return Batch(*(np.stack(column) for column in zip(*parts, strict=True)))

    def _sample(
        self, index: int, epoch: int, size: tuple[int, int], output: tuple[int, int]
    ) -> tuple[NDArray[np.uint8], _FLOATS, _FLOATS, np.float32]:
        source, row = self._sources[self._owners[index]], int(self._rows[index])
        random = np.random.default_rng([self._seed, epoch, index])
        target = _target(source, row, self._recipe.teacher_share)
        stimulus: NDArray[np.uint8] = np.asarray(source.pack.stimuli[row])
        points = source.pack.fixations_of(row)
        aspect = float(source.pack.aspects[row]) * stimulus.shape[0] / stimulus.shape[1]
        if self._recipe.stretch and random.random() < self._recipe.stretch:
            window = other_shape(target.shape[0], target.shape[1], random)
            stimulus, target, points = cut(stimulus, target, points, window, random)
        if self._recipe.crop < 1:
            scale = random.uniform(self._recipe.crop, 1)
            window = round(scale * target.shape[0]), round(scale * target.shape[1])
            stimulus, target, points = cut(stimulus, target, points, window, random)
        if self._recipe.flip and random.random() < 0.5:
            stimulus, target = stimulus[:, ::-1], target[:, ::-1]
            points = points * _MIRROR + _MIRROR_SHIFT
        aspect *= stimulus.shape[1] / stimulus.shape[0]
        stimulus = np.asarray(resize(np.ascontiguousarray(stimulus), size), np.uint8)
        if self._recipe.colour:
            stimulus = recolour(stimulus, self._recipe.colour, random)
        if self._recipe.degrade and random.random() < self._recipe.degrade:
            stimulus = degraded(stimulus, random)
        target = np.asarray(resize(np.ascontiguousarray(target), output), np.float32)
        target = target / max(float(target.sum()), 1e-12)
        return stimulus, target, fixation_counts(points, output), np.float32(aspect)


def _target(source: Source, row: int, teacher_share: float) -> _FLOATS:
    """Return the density to learn, summing to 1."""
    truth: _FLOATS = source.pack.maps[row].astype(np.float32)
    if source.labelled:
        truth /= truth.sum()
    if source.teacher is None:
        return truth
    taught: _FLOATS = source.teacher[row].astype(np.float32)
    taught /= taught.sum()
    return taught if not source.labelled else (1 - teacher_share) * truth + teacher_share * taught


def fixation_counts(points: NDArray[np.floating[Any]], size: tuple[int, int]) -> _FLOATS:
    """Return float32 (h, w): how many of the points, (row, column) in 0..1, fall in each cell."""
    counts = np.zeros(size, np.float32)
    cells = fixated_cells(points, size)
    np.add.at(counts, (cells[:, 0], cells[:, 1]), 1)
    return counts


def made_early(
    batches: Batches, plan: Sequence[tuple[int, int, tuple[int, int], tuple[int, int]]], depth: int = 3
) -> Iterator[Batch]:
    """Yield the batches of a plan of (epoch, step, input size, output size), made ``depth`` steps early."""
    with ThreadPoolExecutor(1, thread_name_prefix="batches") as pool:
        waiting: deque[Future[Batch]] = deque()
        try:
            for entry in plan:
                waiting.append(pool.submit(batches.make, *entry))
                if len(waiting) > depth:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
