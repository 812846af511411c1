"""The training loop: steps, epochs, checkpoints and exact resuming."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from salviewer.errors import DataError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES, Output
from salviewer.models.devices import Device
from salviewer.models.preprocess import normalised
from salviewer.training import control
from salviewer.training.batches import Batch, Batches, Source, made_early
from salviewer.training.best import best_epoch, out_of_patience
from salviewer.training.distributed import Group
from salviewer.training.events import Watcher
from salviewer.training.hints import Hinted, Hinter
from salviewer.training.last_layers import hold, learning_mode
from salviewer.training.losses import loss_of
from salviewer.training.optimisation import average, make_optimiser, rate, set_rate
from salviewer.training.parent_watch import parent_gone
from salviewer.training.recipe import Recipe
from salviewer.training.resuming import check_resumable, contents_of
from salviewer.training.run_folder import RunFolder
from salviewer.training.speed import Speed
from salviewer.training.validation import Held, Seen, watch_held
from salviewer.training.weight_swap import Swapped

_STATE_VERSION = 1
_PAUSED = 0.2
"""Seconds between two checks whether a pause has ended."""


class Stopped(Exception):  # noqa: N818 - an outcome, not an error
    """The run was stopped on request and has written its checkpoint."""


class Trainer:
    """One run of a recipe.

    Args:
        architecture: a name in ``ARCHITECTURES``.
        network: with its initial weights.
        recipe, seed: how to train.
        sources: samples to train on, labelled data first.
        held: samples to watch.
        folder: receives all files.
        device: where to compute.
        group: the processes that share the run.
        watcher: receives the events.
        checkpoint_every: seconds between checkpoints within an epoch; there is one after each epoch anyway.
        hinter: gives the hints, if the recipe has any.
        keep_best: called in the leading process after an epoch that is the best so far.
    """

    def __init__(
        self,
        architecture: str,
        network: nn.Module,
        recipe: Recipe,
        seed: int,
        sources: Sequence[Source],
        held: Held,
        folder: RunFolder,
        device: Device,
        group: Group,
        watcher: Watcher,
        checkpoint_every: float = 120.0,
        hinter: Hinter | None = None,
        keep_best: Callable[[Trainer], object] | None = None,
    ) -> None:
        self.architecture = architecture
        self.recipe = recipe
        self.seed = seed
        self.output: Output = "intensity" if recipe.loss == "mse" else "logits"
        network = network.to(device.name)
        self.network: nn.Module = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        kept = self.network.state_dict() if recipe.ema else {}
        self.averaged = {name: value.detach().clone() for name, value in kept.items()}
        self._hinter = hinter
        self._learner: nn.Module = (
            Hinted(architecture, self.network, hinter.channels).to(device.name) if hinter else self.network
        )
        if recipe.last_layers:
            hold(self.network, ARCHITECTURES[architecture].last_layers)
        self.optimiser = make_optimiser(self._learner, recipe)
        self.history: list[dict[str, Any]] = []
        self.step = 0
        self.seconds = 0.0
        self.stop_requested = False
        self.ended_early = False
        self._patience_since = 0
        self._keep_best = keep_best
        self._contents = contents_of(sources, held)
        self.batches = Batches(sources, recipe, seed, group.rank, group.world)
        self._held = held
        self._folder = folder
        self._device = device
        self._group = group
        self._watcher = watcher
        self._every = checkpoint_every
        self._losses: list[float] = []
        half = device.precision is torch.float16 and recipe.precision == "auto"
        self._scaler = torch.amp.GradScaler(torch.device(device.name).type, enabled=half)
        self.total = recipe.epochs * self.batches.steps_per_epoch
        # DDP wraps; our own reference keeps the plain names of the parameters.
        self._forward: nn.Module = (
            DistributedDataParallel(self._learner, broadcast_buffers=False)
            if group.world > 1
            else self._learner
        )

    def size_at(self, step: int) -> tuple[int, int]:
        """Return the input size of a step, by the recipe's stages."""
        done = 0.0
        for stage in self.recipe.stages:
            done += stage.share
            if step < round(done * self.total):
                return stage.input_size
        return self.recipe.stages[-1].input_size if self.recipe.stages else self.recipe.input_size

    def output_of(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the (height, width) that the architecture gives for an input size."""
        if size == self.recipe.input_size:
            return self.recipe.output_size
        return ARCHITECTURES[self.architecture].output_for(size)

    def run(self) -> None:
        """Train from the current step to the end.

        Raises:
            Stopped: ``stop_requested`` was set; the folder has a checkpoint.
            SalviewerError: the loss is no longer a number, or a file cannot be written.
        """
        if self.ended_early:
            return
        sizes = {size: self.output_of(size) for size in {self.size_at(step) for step in range(self.total)}}
        steps = range(self.step, self.total)
        plan = [
            (step // self.batches.steps_per_epoch, step % self.batches.steps_per_epoch, size, sizes[size])
            for step, size in ((step, self.size_at(step)) for step in steps)
        ]
        learning_mode(self._forward, self.recipe.last_layers)
        epoch, within = divmod(self.step, self.batches.steps_per_epoch)
        if within == 0 and epoch > 0 and self._losses:  # it was stopped while it scored the finished epoch
            self._end_epoch(epoch)
            self._save()
        saved = reported = last = time.monotonic()
        speed = Speed(self.recipe.train_batch)
        for batch in made_early(self.batches, plan):
            speed.got()
            loss = self.take_step(batch)
            speed.stepped()
            self._losses.append(loss)
            self.step += 1
            now = time.monotonic()
            self.seconds, last = self.seconds + now - last, now
            epoch, within = divmod(self.step, self.batches.steps_per_epoch)
            if now - reported > 0.5 or within == 0:
                reported = now
                self._watcher.tell(
                    "step", step=self.step, total=self.total, epoch=epoch + (within > 0), loss=round(loss, 6),
                    rate=rate(self.recipe, self.step - 1, self.total), **speed.report(),
                )  # fmt: skip
            if within == 0:
                self._end_epoch(epoch)
            paused = self._pause()
            stop = self._group.any(self._stop_wanted())
            if within == 0 or stop or self._group.any(now - saved > self._every):
                self._save()
                saved = time.monotonic()
            if stop:
                raise Stopped
            if self.ended_early:
                return
            if paused:
                last = time.monotonic()
            speed.rest()

    def _stop_wanted(self) -> bool:
        root = self._folder.root
        return self.stop_requested or (
            self._group.leads and (control.requested(root) == "stop" or parent_gone(root))
        )

    def _pause(self) -> bool:
        """Wait while a pause is requested, all processes together; return whether there was one."""
        paused = False
        while self._group.any(self._group.leads and control.requested(self._folder.root) == "pause"):
            if not paused:
                paused = True
                self._save()
                self._watcher.tell("paused", step=self.step)
            time.sleep(_PAUSED)
            if self._group.any(self._stop_wanted()):
                break
        if paused:
            self._watcher.tell("continued", step=self.step)
        return paused

    def take_step(self, batch: Batch) -> float:
        """Learn from one batch; return the loss before the step.

        Raises:
            SalviewerError: the loss is no longer a number.
        """
        x = self._on_device(normalised(batch.stimuli)).permute(0, 3, 1, 2)
        share = rate(self.recipe, self.step, self.total)
        set_rate(self.optimiser, share)
        with self._autocast():
            if self._hinter is None:
                raw, hint = self._forward(x, *self._told(batch.aspects)), None
            else:
                raw, predicted = self._forward(x)
                hint = self._hinter.loss(x, predicted)
        loss = loss_of(raw, self._on_device(batch.targets), self._on_device(batch.fixations), self.recipe)
        if hint is not None:
            loss = loss + self.recipe.hint_weight * share * hint
        value = float(self._group.mean(loss.detach().cpu()))
        if not math.isfinite(value):
            raise self._no_number(f"at step {self.step + 1}")
        self.optimiser.zero_grad(set_to_none=True)
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        if self.recipe.clip_gradient:
            self._scaler.unscale_(self.optimiser)
            nn.utils.clip_grad_norm_(self._learner.parameters(), self.recipe.clip_gradient)
        self._scaler.step(self.optimiser)
        self._scaler.update()
        if self.recipe.ema:
            average(self.averaged, self.network, self.recipe.ema, self.step)
        return value

    def _no_number(self, when: str) -> SalviewerError:
        advice = f"a lower learning rate than {self.recipe.lr:g} may help"
        if not self._folder.checkpoint.exists():
            return SalviewerError(
                f"the loss is no longer a number {when}, before the first checkpoint, and {advice}"
            )
        kept = self._folder.root
        return SalviewerError(
            f"the loss is no longer a number {when}; the last checkpoint is kept in {kept}, and {advice}"
        )

    def _on_device(self, values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(self._device.name)

    def _autocast(self) -> torch.autocast:
        on = self.recipe.precision == "auto" and self._device.precision is not torch.float32
        return torch.autocast(torch.device(self._device.name).type, self._device.precision, enabled=on)

    def _end_epoch(self, epoch: int) -> None:
        entry: dict[str, Any] = {"epoch": epoch, "train_loss": float(np.mean(self._losses))}
        if self._group.leads:
            size = self.size_at(self.step - 1)
            seen = self.watch(size, self._folder.samples / f"epoch-{epoch:03d}.png")
            if seen is None:
                self._save()
                raise Stopped
            if not math.isfinite(seen.loss):
                raise self._no_number(f"on the {self._held.part} pictures after epoch {epoch}")
            entry |= {"test_loss": seen.loss, "input_size": list(size), "metrics": seen.scores}
            self.history.append(entry)
            self._watcher.tell(
                "epoch", epochs=self.recipe.epochs, watched=self._held.part, triplet=str(seen.sheet), **entry
            )
            if self._keep_best is not None and best_epoch(self.history) == epoch:
                self._keep_best(self)
        self._losses = []
        self._group.wait()
        waited = self._group.leads and out_of_patience(
            self.history, self.recipe.patience, self._patience_since
        )
        self.ended_early = self._group.any(waited)
        if self.ended_early and self.step < self.total:
            best = best_epoch(self.history)
            self._watcher.tell(
                "note",
                message=f"ended early: for {self.recipe.patience} epochs the loss on the {self._held.part}"
                f" pictures has not fallen below that of epoch {best}",
            )

    def _told(self, aspects: NDArray[np.float32]) -> tuple[Tensor, ...]:
        """Return what the network gets beside the stimuli: their true width / height, if it takes it."""
        return (self._on_device(aspects),) if ARCHITECTURES[self.architecture].takes_aspect else ()

    def watch(self, size: tuple[int, int], sheet: Path) -> Seen | None:
        """Score the kept weights on the held samples; return None if a stop is requested meanwhile.

        If other processes wait for the result, stop requests are not checked.
        """
        with self.kept_weights() as network, torch.inference_mode():
            return watch_held(
                lambda stimuli, aspects: network(
                    self._on_device(normalised(stimuli)).permute(0, 3, 1, 2), *self._told(aspects)
                ),
                self._held, size, self.output_of(size), self.recipe, self.output, sheet,
                self._autocast, self._on_device,
                lambda: self._group.world == 1 and self._stop_wanted(),
            )  # fmt: skip

    def kept_weights(self) -> Swapped:
        """Return a context in which the network has the weights for a model folder, in evaluation mode."""
        return Swapped(self.network, self.averaged if self.recipe.ema else None)

    def _save(self) -> None:
        if self._group.leads:
            values = self._learner.state_dict().values()  # statistics may overflow before the loss does
            if not all(value.isfinite().all() for value in values if value.is_floating_point()):
                raise self._no_number(f"at step {self.step + 1}")
            self._folder.save_checkpoint(self.state())
            self._watcher.tell("checkpoint", step=self.step, path=str(self._folder.checkpoint))
        self._group.wait()

    def state(self) -> dict[str, Any]:
        """Return everything that a resume needs: tensors and plain values only."""
        return {
            "version": _STATE_VERSION,
            "architecture": self.architecture,
            "output": self.output,
            "recipe": json.dumps(self.recipe.to_dict()),
            "seed": self.seed,
            "step": self.step,
            "seconds": self.seconds,
            "total": self.total,
            "pictures": self.batches.pictures,
            "contents": list(self._contents),
            "patience_since": self._patience_since,
            "losses": list(self._losses),
            "history": json.dumps(self.history),
            "network": self._learner.state_dict(),
            "averaged": dict(self.averaged),
            "optimiser": self.optimiser.state_dict(),
            "scaler": self._scaler.state_dict(),
            "random": torch.get_rng_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a saved ``state``; only the recipe's epochs may differ.

        Raises:
            SalviewerError: the state belongs to another run or other data, or has more epochs than the
                recipe.
        """
        mine = {
            "version": _STATE_VERSION,
            "architecture": self.architecture,
            "seed": self.seed,
            "pictures": self.batches.pictures,
        }
        try:
            self._restore(state, mine)
        except torch.OutOfMemoryError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RuntimeError) as error:
            raise DataError(self._folder.checkpoint, "the checkpoint is damaged") from error

    def _restore(self, state: dict[str, Any], mine: dict[str, Any]) -> None:
        theirs = check_resumable(state, mine, self.recipe, self._contents, self._folder.root)
        if state["step"] > self.total:
            done = state["step"] / self.batches.steps_per_epoch
            raise SalviewerError(
                f"the run in {self._folder.root} has trained {done:.3g} epochs already, more than"
                f" {self.recipe.epochs}"
            )
        self._learner.load_state_dict(state["network"])
        for name, value in self.averaged.items():
            value.copy_(state["averaged"][name])
        self.optimiser.load_state_dict(state["optimiser"])
        self._scaler.load_state_dict(state["scaler"])
        self.step, self.seconds = int(state["step"]), float(state["seconds"])
        self._losses = [float(value) for value in state["losses"]]
        self.history = list(json.loads(state["history"]))
        longer = self.recipe.epochs > theirs.epochs
        self._patience_since = len(self.history) if longer else int(state.get("patience_since", 0))
        self.ended_early = out_of_patience(self.history, self.recipe.patience, self._patience_since)
        torch.set_rng_state(state["random"])


def title_of(device: Device, recipe: Recipe) -> str:
    """Return a device's title with the arithmetic that the recipe has there."""
    return device.title if recipe.precision == "auto" else f"{device.title.rpartition(', ')[0]}, float32"
