"""Estimate the time and memory of a run from a few real steps on random pictures."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch

from salviewer.models.devices import choose_device
from salviewer.training.batches import Source
from salviewer.training.distillation import load_teachers
from salviewer.training.distributed import Group
from salviewer.training.hints import hinter_of
from salviewer.training.initial_weights import check_sizes, initial_network
from salviewer.training.order import Order
from salviewer.training.pack import Pack
from salviewer.training.run_folder import RunFolder
from salviewer.training.trainer import Trainer, title_of
from salviewer.training.validation import Held

_TIMED = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """The time and memory of a run.

    Attributes:
        step: seconds for a step of the last stage.
        steps: of the whole run.
        seconds: for all steps and for scoring after each epoch, without preparing the data.
        memory: peak bytes of the process, and of the graphics card if one is used.
        device: its title, for display.
    """

    step: float
    steps: int
    seconds: float
    memory: int
    device: str

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can store."""
        return asdict(self)


class _Nobody:
    def tell(self, kind: str, **details: Any) -> None:
        """Ignore the event."""


def estimate(order: Order, pictures: int, watched: int) -> Estimate:
    """Time the first steps of an order, on the pictures of one batch.

    Args:
        order: the order; its folders are not touched.
        pictures: number of pictures to train on.
        watched: number of pictures to score after each epoch.

    Raises:
        SalviewerError: the recipe does not fit the network, or the device or a model is missing.
    """
    recipe, device = order.chosen_recipe(), choose_device(order.device, training=True)
    check_sizes(order.model, recipe)
    torch.manual_seed(order.seed)
    network, _ = initial_network(order, recipe)
    teachers = load_teachers(recipe, device.name) if recipe.hint_weight else ()
    pack = _random_pack(max(recipe.train_batch, recipe.test_batch), recipe.input_size)
    rows = np.arange(len(pack.names))
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            order.model,
            network,
            recipe,
            order.seed,
            [Source(pack, rows)],
            Held(pack, rows[: recipe.test_batch], "test"),
            RunFolder(Path(folder)),
            device,
            Group(),
            _Nobody(),
            hinter=hinter_of(recipe, teachers),
        )
        steps = recipe.epochs * max(1, pictures // recipe.train_batch)
        seconds = last = 0.0
        for share, size in [(stage.share, stage.input_size) for stage in recipe.stages] or [
            (1.0, recipe.input_size)
        ]:
            last = _step_seconds(trainer, size)
            seconds += share * steps * last
        began = time.monotonic()
        trainer.watch(recipe.input_size, Path(folder) / "sheet.png")
        look = (time.monotonic() - began) / min(recipe.test_batch, len(rows))
    memory = torch.cuda.max_memory_allocated() if device.name.startswith("cuda") else _peak()
    return Estimate(last, steps, seconds + recipe.epochs * watched * look, memory, title_of(device, recipe))


def _step_seconds(trainer: Trainer, size: tuple[int, int]) -> float:
    batch = trainer.batches.make(0, 0, size, trainer.output_of(size))
    trainer.network.train()
    trainer.take_step(batch)
    began = time.monotonic()
    for _ in range(_TIMED):
        trainer.take_step(batch)
    return (time.monotonic() - began) / _TIMED


def _random_pack(count: int, size: tuple[int, int]) -> Pack:
    random = np.random.default_rng(0)
    return Pack(
        tuple(map(str, range(count))),
        random.integers(0, 256, (count, *size, 3), dtype=np.uint8),
        random.integers(1, 256, (count, *size), dtype=np.uint8),
        np.full((count, 2), 0.5, np.float32),
        np.full(count, -1, np.int64),
        np.arange(count + 1, dtype=np.int64),
        np.full(count, size[1] / size[0]),
        (),
    )


def _peak() -> int:
    """Return the peak memory of this process in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most
