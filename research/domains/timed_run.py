"""A training on processors for a given time or number of steps, which can be stopped and taken up again."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from research.distil.networks import write
from salviewer.media.saving import atomic_path
from salviewer.training.optimisation import average, set_rate


def share_of(done: float) -> float:
    """Return the share of the highest learning rate after a share of the time: a rise, then a cosine."""
    rise = 0.03
    return min((done + 1e-3) / rise, 0.5 * (1 + math.cos(math.pi * max(done - rise, 0) / (1 - rise))) + 0.003)


class TimedRun:
    """The steps of a training, its averaged weights, and its checkpoint with its clock.

    Where there is a checkpoint of that name, it is taken up: network and optimiser are as they were.

    Args:
        network, optimiser: what is trained.
        build: makes the network that the averaged weights are written with.
        work: the folder of NAME.checkpoint and NAME.safetensors.
        name: of the run.
        seconds: how long it takes, all in all; or
        steps: how many steps it takes.
        every: seconds between two checkpoints.
        ema: decay of the averaged weights.
        early: steps after which there is one besides.
    """

    def __init__(
        self,
        network: nn.Module,
        optimiser: torch.optim.Optimizer,
        build: Callable[[], nn.Module],
        work: Path,
        name: str,
        *,
        seconds: float | None,
        every: float,
        ema: float,
        early: Sequence[int],
        steps: int | None = None,
    ) -> None:
        self._network, self._optimiser, self._build = network, optimiser, build
        self._place, self._weights = work / f"{name}.checkpoint", work / f"{name}.safetensors"
        self._seconds, self._steps = seconds, steps
        self._every, self._ema, self._early = every, ema, early
        self._kept = {key: value.clone() for key, value in network.state_dict().items()}
        self._losses: list[float] = []
        self.step, spent = 0, 0.0
        if self._place.is_file():
            state = torch.load(self._place, weights_only=True)
            network.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            self._kept.update(state["kept"])
            self.step, spent = state["step"], state["spent"]
            print(f"taken up at step {self.step}, {spent:.0f} s", flush=True)
        self._begun = time.monotonic() - spent
        self._saved = time.monotonic()

    @property
    def done(self) -> float:
        """The share of the time or of the steps that is over; 1 and more at the end."""
        if self._seconds is None:
            return self.step / (self._steps or 1)
        return (time.monotonic() - self._begun) / self._seconds

    def train(
        self,
        losses_at: Callable[[int], Iterable[Tensor]],
        until: int | None = None,
        rate: Callable[[float], float] = share_of,
    ) -> None:
        """Step until the time or the steps are over, or step ``until`` is reached.

        Args:
            losses_at: yields the losses of a step's batch, or of its parts; their gradients are added up as
                they come.
            until: None for no such step.
            rate: returns the share of the highest learning rate after a share of the time.

        Raises:
            SystemExit: the loss is no longer a number.
        """
        while (done := self.done) < 1 and not (until and self.step >= until):
            set_rate(self._optimiser, rate(done))
            self._optimiser.zero_grad(set_to_none=True)
            total = 0.0
            for loss in losses_at(self.step):
                loss.backward()  # type: ignore[no-untyped-call]
                total += loss.item()
            self._advance(total)

    def _advance(self, loss: float) -> None:
        """Step along the gradients that were added up, whose loss this was; save now and then."""
        nn.utils.clip_grad_norm_(self._network.parameters(), 5.0)
        self._optimiser.step()
        average(self._kept, self._network, self._ema, self.step)
        self._losses.append(loss)
        if not math.isfinite(loss):
            raise SystemExit("the loss is no longer a number")
        self.step += 1
        if time.monotonic() - self._saved > self._every or self.step in self._early:
            self._saved = time.monotonic()
            mean = round(float(np.mean(self._losses)), 4)
            entry = {"seconds": round(self._saved - self._begun), "step": self.step, "loss": mean}
            print(json.dumps(entry), flush=True)
            self._losses.clear()
            self._save()

    def finish(self) -> None:
        """Save, and say how many steps there were."""
        self._save()
        print(f"done: {self.step} steps", flush=True)

    def _save(self) -> None:
        state = {
            "network": self._network.state_dict(), "optimiser": self._optimiser.state_dict(),
            "kept": self._kept, "step": self.step, "spent": time.monotonic() - self._begun,
        }  # fmt: skip
        with atomic_path(self._place) as scratch:
            torch.save(state, scratch)
        copied = self._build()
        copied.load_state_dict(self._kept)
        write(copied, self._weights)
