"""Train one run in several processes: under ``torchrun``, the same command joins a process group."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Group:
    """A process group: this process has number ``rank`` of ``world``, and ``local`` on this machine."""

    rank: int = 0
    world: int = 1
    local: int = 0

    @property
    def leads(self) -> bool:
        """Whether this process writes files and reports progress."""
        return self.rank == 0

    def mean(self, value: Tensor) -> Tensor:
        """Return the mean over all processes."""
        if self.world > 1:
            value = value.clone()
            dist.all_reduce(value)
            value /= self.world
        return value

    def any(self, flag: bool) -> bool:
        """Return whether the flag is set in any process."""
        if self.world == 1:
            return flag
        value = torch.tensor(float(flag))
        dist.all_reduce(value)
        return bool(value > 0)

    def wait(self) -> None:
        """Block until every process has arrived."""
        if self.world > 1:
            dist.barrier()


@contextmanager
def joined() -> Iterator[Group]:
    """Join the process group that ``torchrun`` describes in the environment.

    Gradients use NCCL between GPUs and gloo between CPUs; flags and means always use gloo.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield Group()
        return
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    dist.init_process_group(backend)
    try:
        yield Group(dist.get_rank(), world, int(os.environ.get("LOCAL_RANK", "0")))
    finally:
        dist.destroy_process_group()
