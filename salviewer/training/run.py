"""Carry out one training run: data, network, loop, and the finished model folder."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch

from salviewer.errors import DataError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.devices import Device, choose_device
from salviewer.training import control, lock
from salviewer.training.batches import Source
from salviewer.training.best import best_epoch, curves
from salviewer.training.checking import check
from salviewer.training.datasets import Problem, Sample, open_dataset
from salviewer.training.distillation import load_teachers
from salviewer.training.distributed import Group, joined
from salviewer.training.events import Watcher
from salviewer.training.hints import hinter_of
from salviewer.training.initial_weights import check_sizes, initial_network
from salviewer.training.known_pictures import PICTURES, known_pictures
from salviewer.training.order import ORDER_NAME, Order
from salviewer.training.pack import Pack, Progress, open_pack
from salviewer.training.parent_watch import parent_gone, unwatch_parent
from salviewer.training.plots import draw_curves
from salviewer.training.recipe import Recipe
from salviewer.training.run_folder import RunFolder
from salviewer.training.splits import choose_split
from salviewer.training.targets import labelled, sources_of
from salviewer.training.trainer import Stopped, Trainer, title_of
from salviewer.training.validation import Held

SHOWN_PROBLEMS = 10


def train(order: Order, watcher_for: Callable[[RunFolder], Watcher]) -> Path:
    """Run an order.

    Args:
        order: the order.
        watcher_for: makes the watcher once the run's folder exists.

    Returns:
        the folder of the finished model.

    Raises:
        Stopped: an interrupt ended the run early; its checkpoint is in the folder.
        SalviewerError: anything else ended it; the message is one sentence.
    """
    if order.model not in ARCHITECTURES:
        raise SalviewerError(f"there is no network {order.model!r}; there is {', '.join(ARCHITECTURES)}")
    recipe = order.chosen_recipe()
    with joined() as group:
        if recipe.train_batch % group.world:
            raise SalviewerError(
                f"{group.world} processes cannot share a batch of {recipe.train_batch}; choose a multiple"
            )
        if not os.path.exists(order.run / ORDER_NAME):  # noqa: PTH110 - False for names that are too long
            check(order, recipe)  # an order that cannot run makes no folder
        folder = RunFolder(order.run)
        if not group.leads:
            return _run(order, recipe, folder, group, _Silent())
        with lock.held(folder.root):  # before writing anything beside another process
            folder.clear_leftovers()
            control.forget(folder.root, psutil.Process().create_time())
            if parent_gone(folder.root):  # an earlier window that has ended and did not start this process
                unwatch_parent(folder.root)
            return _train_reporting(order, recipe, folder, group, watcher_for(folder))


def _train_reporting(order: Order, recipe: Recipe, folder: RunFolder, group: Group, watcher: Watcher) -> Path:
    """Run in the leading process, and report to the watcher how it ends."""
    try:
        return _run(order, recipe, folder, group, watcher)
    except Stopped:
        control.ask(folder.root, "")
        watcher.tell(
            "stopped",
            message=f"stopped; --resume continues from the checkpoint in {folder.root}"
            if folder.checkpoint.exists()
            else "stopped before the first step; nothing is lost",
        )
        raise
    except KeyboardInterrupt:  # while the pictures are prepared
        with suppress(OSError, SalviewerError):
            control.ask(folder.root, "")
        watcher.tell("stopped", message="stopped before the first step; nothing is lost")
        raise
    except (MemoryError, torch.OutOfMemoryError) as error:
        failure = SalviewerError("there is not enough memory; a smaller batch needs less")
        watcher.tell("failed", message=str(failure))
        raise failure from error
    except Exception as error:
        watcher.tell("failed", message=str(error) or type(error).__name__)
        raise


def _run(order: Order, recipe: Recipe, folder: RunFolder, group: Group, watcher: Watcher) -> Path:
    if folder.checkpoint.exists() and not order.resume:
        raise DataError(
            folder.root, "there is a run in it already; add --resume to continue it, or name another folder"
        )
    state = folder.load_checkpoint() if order.resume else None
    if state is None and group.leads:
        folder.write_json(ORDER_NAME, order.to_dict())
        folder.write_json("recipe.json", recipe.to_dict())
    shared = group.world > 1 and order.device == "cuda"
    device = choose_device(f"cuda:{group.local}" if shared else order.device, training=True)
    dataset = open_dataset(order.data, photographs=bool(recipe.teacher), blur=order.blur)
    # A resumed run keeps its split, whatever has become of the data set's own since.
    own = folder.root / "split.json"
    split = choose_split(
        dataset, recipe.test_share, order.seed, own if order.resume and own.is_file() else order.split
    )
    watched = "val" if split.val and not order.with_val else "test"
    fitted = split.train + (split.val if order.with_val else ())
    if not fitted or not getattr(split, watched):
        raise DataError(dataset.root, f"the split leaves nothing to train on or no {watched} part")
    progress = _progress(folder, watcher)

    def packed(samples: Sequence[Sample]) -> Pack:
        return _packed(samples, recipe, group, progress)

    pack = packed(dataset.samples)
    problems = [*dataset.problems, *pack.problems]
    _report(problems, watcher)
    rows = {name: row for row, name in enumerate(pack.names)}
    chosen, kept = _rows(fitted, rows), _rows(getattr(split, watched), rows)
    teachers = load_teachers(recipe, device.name)
    alone = bool(teachers) and dataset.layout == "photographs"  # there is no ground truth
    if alone:
        pack, chosen, taught = labelled(recipe, pack, chosen, kept, teachers, watcher, progress)
        sources = [Source(pack, chosen)]
    else:
        sources, taught = sources_of(recipe, pack, chosen, teachers, packed, watcher, progress)
    held = Held(pack, kept, watched, alone)
    hinter = hinter_of(recipe, teachers)

    torch.manual_seed(order.seed)
    network, origin = initial_network(order, recipe)
    check_sizes(order.model, recipe)
    data = {
        "root": dataset.root.name,
        "layout": dataset.layout,
        "categories": list(dataset.categories),
        "fitted": len(sources[0].rows),
        "with_val": order.with_val,
        "val": len(split.val),
        "test": len(split.test),
        "split": split.origin,
        PICTURES: known_pictures(pack, {"train": fitted, "val": split.val, "test": split.test}),
    }

    def card_of(trained: Trainer) -> ModelCard:
        return _card(trained, data, f"{origin}{taught}", _where(device, recipe))

    def keep_best(trained: Trainer) -> None:
        try:
            with trained.kept_weights() as kept:
                write_model(folder.best, card_of(trained), kept)
        except SalviewerError as error:  # the checkpoint that follows is more important
            watcher.tell("note", message=f"the best epoch is not kept: {error}")

    trainer = Trainer(
        order.model,
        network,
        recipe,
        order.seed,
        sources,
        held,
        folder,
        device,
        group,
        watcher,
        order.checkpoint_every,
        hinter,
        keep_best,
    )
    if state is not None:
        trainer.restore(state)
        if group.leads:  # the number of epochs may have changed
            folder.write_json("recipe.json", recipe.to_dict())
    elif group.leads:
        folder.write_json("split.json", split.to_dict())
        folder.write_json("problems.json", [str(problem) for problem in problems])
    watcher.tell(
        "started", architecture=order.model, recipe=recipe.name, device=title_of(device, recipe),
        seed=order.seed,
        train=len(sources[0].rows), photos=sum(len(source.rows) for source in sources[1:]), watched=watched,
        held=len(held.rows), skipped=sum(not problem.kept for problem in problems),
        total=trainer.total, step=trainer.step,
        epochs=recipe.epochs, batch=recipe.train_batch, taught=alone,
        folder=str(folder.root), pid=os.getpid(),
    )  # fmt: skip
    try:
        with _interrupts(trainer):
            trainer.run()
    except Stopped:
        if group.leads and trainer.step:
            _leave_model(trainer, card_of(trainer), folder, watcher)
        raise
    if group.leads:
        _finish(trainer, card_of(trainer), folder, watcher)
    group.wait()
    return folder.model


def _progress(folder: RunFolder, watcher: Watcher) -> Progress:
    """Report the preparations at most ten times a second, and end them on request."""
    reported = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal reported
        now = time.monotonic()
        if done == total or now - reported > 0.1:
            reported = now
            watcher.tell("packing", step=done, total=total)
        if control.requested(folder.root) == "stop" or parent_gone(folder.root):
            raise Stopped

    return tell


def _packed(samples: Sequence[Sample], recipe: Recipe, group: Group, progress: Progress) -> Pack:
    """Return the pack of the samples; the leading process makes it if there is none."""
    if group.leads:
        open_pack(samples, recipe.input_size, progress)
    group.wait()
    return open_pack(samples, recipe.input_size)


def _rows(names: Sequence[str], rows: dict[str, int]) -> Any:
    found = [rows[name] for name in names if name in rows]
    if not found:
        raise SalviewerError("not one picture of the split can be used")
    return np.array(found, np.int64)


def _report(problems: Sequence[Problem], watcher: Watcher) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        watcher.tell("note", message=problem.sentence)
    if len(problems) > SHOWN_PROBLEMS:
        watcher.tell("note", message=f"{len(problems)} problems in all are listed in problems.json")


@contextmanager
def _interrupts(trainer: Trainer) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP end the run after the current step, with a checkpoint; again: at once.

    A signal that is ignored stays ignored (`nohup`).
    """

    def ask(number: int, _: object) -> None:
        if trainer.stop_requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        trainer.stop_requested = True

    numbers = [
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
    ]
    numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _where(device: Device, recipe: Recipe) -> str:
    threads = torch.get_num_threads()
    return f"{title_of(device, recipe)}, {threads} thread{'' if threads == 1 else 's'}"


def _card(trainer: Trainer, data: dict[str, Any], origin: str, where: str) -> ModelCard:
    return ModelCard(
        architecture=trainer.architecture,
        title=ARCHITECTURES[trainer.architecture].title,
        output=trainer.output,
        input_size=trainer.recipe.input_size,
        data=data,
        recipe=trainer.recipe.to_dict(),
        seed=trainer.seed,
        epochs=_epochs(trainer),
        curves=curves(trainer.history),
        started_from=origin,
        trained_on=f"{where}, {trainer.seconds / 60:.0f} minutes",
    )


def _epochs(trainer: Trainer) -> float:
    """Return the epochs so far; a whole number if the last one is complete."""
    whole, within = divmod(trainer.step, trainer.batches.steps_per_epoch)
    return round(trainer.step / trainer.batches.steps_per_epoch, 2) if within else whole


def _leave_model(trainer: Trainer, card: ModelCard, folder: RunFolder, watcher: Watcher) -> None:
    """Save the model of a stopped run, so that it can be used; its checkpoint is already written."""
    card = replace(card, notes=f"The run was stopped after step {trainer.step} of {trainer.total}.")
    try:
        with trainer.kept_weights() as network:
            write_model(folder.model, card, network)
    except SalviewerError as error:
        watcher.tell("note", message=f"the stopped run leaves no model: {error}")


def _finish(trainer: Trainer, card: ModelCard, folder: RunFolder, watcher: Watcher) -> None:
    with trainer.kept_weights() as network:
        write_model(folder.model, card, network)
    draw_curves(card.curves, folder.root / "curves.png", f"{card.title}, recipe {trainer.recipe.name}")
    last = trainer.history[-1]
    shutil.copyfile(folder.samples / f"epoch-{last['epoch']:03d}.png", folder.root / "samples.png")
    best = next(entry for entry in trainer.history if entry["epoch"] == best_epoch(trainer.history))
    folder.write_json("metrics.json", {"last": last, "best": best, "curves": card.curves})
    watcher.tell(
        "finished",
        model=str(folder.model),
        best=str(folder.best),
        best_epoch=best["epoch"],
        minutes=round(trainer.seconds / 60, 2),
    )


class _Silent:
    def tell(self, kind: str, **details: Any) -> None:
        """Drop events: only the leading process reports."""
