from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from salviewer.training.batches import Batches, Source, fixation_counts, made_early
from salviewer.training.datasets import open_dataset
from salviewer.training.pack import Pack, open_pack
from salviewer.training.recipe import PAN2016, Recipe

SIZE, OUTPUT = (48, 64), (44, 60)


@pytest.fixture
def pack(discs: Path) -> Pack:
    return open_pack(open_dataset(discs).samples, (96, 128))


def batches(pack: Pack, recipe: Recipe = PAN2016, **place: int) -> Batches:
    return Batches([Source(pack, np.arange(16))], recipe, seed=3, **place)


def test_each_epoch_sees_every_picture_once_in_another_order(pack: Pack) -> None:
    made = batches(pack)
    assert made.steps_per_epoch == 8
    orders = [[int(i) for step in range(8) for i in made.indices(epoch, step)] for epoch in (0, 1)]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(16))
    assert orders[0] != orders[1]


def test_processes_share_a_batch_without_overlap(pack: Pack) -> None:
    recipe = replace(PAN2016, train_batch=4)
    whole = batches(pack, recipe).indices(0, 1)
    parts = [batches(pack, recipe, rank=rank, world=2).indices(0, 1) for rank in (0, 1)]
    assert sorted(np.concatenate(parts)) == sorted(whole)
    assert [len(part) for part in parts] == [2, 2]


def test_a_batch_depends_on_seed_epoch_and_step_alone(pack: Pack) -> None:
    recipe = replace(PAN2016, flip=True, colour=0.3, crop=0.6)
    first, second = batches(pack, recipe), batches(pack, recipe)
    second.make(0, 0, SIZE, OUTPUT)
    plan = [(0, step, SIZE, OUTPUT) for step in range(8)]
    for step, made in enumerate(made_early(first, plan)):
        again = second.make(0, step, SIZE, OUTPUT)
        assert np.array_equal(made.stimuli, again.stimuli)
        assert np.array_equal(made.targets, again.targets)
        assert np.array_equal(made.fixations, again.fixations)
    other = second.make(1, 0, SIZE, OUTPUT)
    assert not np.array_equal(other.stimuli, second.make(0, 0, SIZE, OUTPUT).stimuli)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"flip": True},
        {"crop": 0.6},
        {"flip": True, "crop": 0.5, "colour": 0.2},
        {"stretch": 1},
        {"degrade": 1},
        {"stretch": 0.5, "degrade": 0.5, "crop": 0.7, "flip": True},
    ],
)
def test_stimulus_target_and_fixations_stay_aligned(pack: Pack, changes: dict[str, float]) -> None:
    """The disc is the brightest thing, the target's centre lies on it, and so do the fixations."""
    made = batches(pack, replace(PAN2016, train_batch=16, **changes))
    for epoch in range(3):
        batch = made.make(epoch, 0, SIZE, OUTPUT)
        assert np.allclose(batch.targets.sum((1, 2)), 1, atol=1e-5)
        for stimulus, target, counts in zip(batch.stimuli, batch.targets, batch.fixations, strict=True):
            bright = stimulus.sum(2) > 0.75 * stimulus.sum(2).max()
            disc = np.argwhere(bright).mean(0) / SIZE
            looked = (np.argwhere(target > 0) * target[target > 0][:, None]).sum(0) / OUTPUT
            hit = (np.argwhere(counts > 0) * counts[counts > 0][:, None]).sum(0) / counts.sum() / OUTPUT
            assert np.abs(disc - looked).max() < 0.09
            assert np.abs(hit - looked).max() < 0.09


def test_teacher_is_mixed_in_and_stands_alone_without_truth(pack: Pack) -> None:
    taught = np.zeros((16, 96, 128), np.float16)
    taught[:, 10:20, 10:20] = 1
    recipe = replace(PAN2016, train_batch=16, teacher="t", teacher_share=0.25)
    for labelled, expected in ((True, 0.25), (False, 1.0)):
        source = Source(pack, np.arange(16), taught, labelled)
        targets = Batches([source], recipe, 0).make(0, 0, (96, 128), (96, 128)).targets
        corner = targets[:, 10:20, 10:20].sum((1, 2))
        assert np.median(corner) == pytest.approx(expected, abs=0.02)


def test_fixation_counts_keep_every_fixation() -> None:
    points = np.array([[0, 0], [0.999, 0.999], [0.5, 0.25], [0.5, 0.25], [1, 1]], np.float32)
    counts = fixation_counts(points, (4, 8))
    assert counts.sum() == 5
    assert (counts[0, 0], counts[3, 7], counts[2, 2]) == (1, 2, 2)
