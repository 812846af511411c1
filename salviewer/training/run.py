"""One training run from end to end: data, network, loop, and the model folder that comes out."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from salviewer.errors import DataError, SalviewerError
from salviewer.media.listing import find_pictures
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model
from salviewer.models.checkpoints import read_model, write_model
from salviewer.models.devices import Device, choose_device
from salviewer.models.engines.torch_engine import TorchEngine
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.training.batches import Source
from salviewer.training.datasets import Sample, open_dataset
from salviewer.training.distributed import Group, joined
from salviewer.training.events import Watcher
from salviewer.training.hints import Hinter
from salviewer.training.pack import Pack, open_pack
from salviewer.training.plots import draw_curves
from salviewer.training.recipe import Recipe, load_recipe, with_epochs
from salviewer.training.run_folder import RunFolder
from salviewer.training.splits import choose_split
from salviewer.training.teaching import teach
from salviewer.training.trainer import Held, Stopped, Trainer, curves

SHOWN_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What ``salviewer train`` was asked for.

    Attributes:
        data: the data set's folder.
        model: a name in ``ARCHITECTURES``.
        run: the run's folder.
        recipe: name or path; empty for the architecture's default.
        epochs: instead of the recipe's.
        device: as ``choose_device``.
        seed: of initial weights, order and augmentation, and of a fresh split.
        resume: continue the run in ``run``.
        split: a split's file; the data set's own, or a fresh one, when None.
        start: a model to start from instead of the recipe's initial weights; empty for none.
        with_val: also fit to the split's val part, once choices are settled.
        teacher, photos: instead of the recipe's.
        checkpoint_every: seconds.
    """

    data: Path
    model: str
    run: Path
    recipe: str = ""
    epochs: int | None = None
    device: str = "auto"
    seed: int = 0
    resume: bool = False
    split: Path | None = None
    start: str = ""
    with_val: bool = False
    teacher: str = ""
    photos: str = ""
    checkpoint_every: float = 120.0

    def chosen_recipe(self) -> Recipe:
        """The recipe with what the order changes in it.

        Raises:
            SalviewerError: it does not exist or its values do not fit together.
        """
        recipe = load_recipe(self.recipe or ARCHITECTURES[self.model].recipe, self.model)
        try:
            if self.teacher or self.photos:
                recipe = replace(
                    recipe, teacher=self.teacher or recipe.teacher, photos=self.photos or recipe.photos
                )
            return with_epochs(recipe, self.epochs)
        except ValueError as error:
            raise SalviewerError(f"the recipe cannot be used: {error}") from error


def train(order: Order, watcher_for: Callable[[RunFolder], Watcher]) -> Path:
    """Run an order.

    Args:
        order: what to do.
        watcher_for: makes the watcher once the run's folder stands.

    Returns:
        the finished model's folder.

    Raises:
        Stopped: an interrupt ended the run early; its checkpoint lies in the folder.
        SalviewerError: anything else that ends it; one sentence.
    """
    if order.model not in ARCHITECTURES:
        raise SalviewerError(f"there is no network {order.model!r}; there is {', '.join(ARCHITECTURES)}")
    recipe = order.chosen_recipe()
    with joined() as group:
        if recipe.train_batch % group.world:
            raise SalviewerError(
                f"{group.world} processes cannot share a batch of {recipe.train_batch}; choose a multiple"
            )
        folder = RunFolder(order.run)
        watcher = watcher_for(folder) if group.leads else _Silent()
        try:
            return _run(order, recipe, folder, group, watcher)
        except Stopped:
            watcher.tell(
                "stopped", message=f"stopped; --resume continues from the checkpoint in {folder.root}"
            )
            raise
        except SalviewerError as error:
            watcher.tell("failed", message=str(error))
            raise


def _run(order: Order, recipe: Recipe, folder: RunFolder, group: Group, watcher: Watcher) -> Path:
    if folder.checkpoint.exists() and not order.resume:
        raise DataError(
            folder.root, "there is a run in it already; add --resume to continue it, or name another folder"
        )
    state = folder.load_checkpoint() if order.resume else None
    device = choose_device(
        f"cuda:{group.local}" if group.world > 1 and order.device == "cuda" else order.device
    )
    dataset = open_dataset(order.data)
    # A resumed run keeps the split it was started with, whatever has become of the data set's own since.
    own = folder.root / "split.json"
    split = choose_split(
        dataset, recipe.test_share, order.seed, own if order.resume and own.is_file() else order.split
    )
    watched = "val" if split.val and not order.with_val else "test"
    fitted = split.train + (split.val if order.with_val else ())
    if not fitted or not getattr(split, watched):
        raise DataError(dataset.root, f"the split leaves nothing to train on or no {watched} part")
    pack = _packed(dataset.samples, recipe, group, watcher)
    problems = [*map(str, dataset.problems), *map(str, pack.problems)]
    _report(problems, watcher)
    rows = {name: row for row, name in enumerate(pack.names)}
    held = Held(pack, _rows(getattr(split, watched), rows), watched)
    teacher = load_model(recipe.teacher, device.name, "torch") if recipe.teacher else None
    sources, lessons = _sources(recipe, pack, _rows(fitted, rows), teacher, group, watcher)
    hinter = None
    if teacher and recipe.hint_weight:
        assert isinstance(teacher.engine, TorchEngine)
        hinter = Hinter(teacher.engine.network, recipe.input_size)

    torch.manual_seed(order.seed)
    network, origin = _initial(order, recipe)
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
    )
    if state is not None:
        trainer.restore(state)
    elif group.leads:
        folder.write_json("recipe.json", recipe.to_dict())
        folder.write_json("split.json", split.to_dict())
        folder.write_json("problems.json", problems)
    watcher.tell(
        "started", architecture=order.model, recipe=recipe.name, device=device.title, seed=order.seed,
        train=len(sources[0].rows), photos=sum(len(source.rows) for source in sources[1:]), watched=watched,
        held=len(held.rows), skipped=len(problems), total=trainer.total, step=trainer.step,
        epochs=recipe.epochs,
        folder=str(folder.root), pid=os.getpid(),
    )  # fmt: skip
    with _interrupts(trainer):
        trainer.run()
    if group.leads:
        data = {
            "root": dataset.root.name,
            "layout": dataset.layout,
            "categories": list(dataset.categories),
            "fitted": len(sources[0].rows),
            "with_val": order.with_val,
            "val": len(split.val),
            "test": len(split.test),
            "split": split.origin,
        }
        card = _card(trainer, data, f"{origin}{lessons}", _where(device, recipe))
        _finish(trainer, card, folder, watcher)
    group.wait()
    return folder.model


def _progress(watcher: Watcher) -> Callable[[int, int], None]:
    return lambda done, total: watcher.tell("packing", step=done, total=total)


def _packed(samples: Sequence[Sample], recipe: Recipe, group: Group, watcher: Watcher) -> Pack:
    """The pack of the samples, which the leading process makes where there is none."""
    if group.leads:
        open_pack(samples, recipe.input_size, _progress(watcher))
    group.wait()
    return open_pack(samples, recipe.input_size)


def _rows(names: Sequence[str], rows: dict[str, int]) -> Any:
    found = [rows[name] for name in names if name in rows]
    if not found:
        raise SalviewerError("not one picture of the split can be used")
    return np.array(found, np.int64)


def _sources(
    recipe: Recipe, pack: Pack, fitted: Any, teacher: Predictor | None, group: Group, watcher: Watcher
) -> tuple[list[Source], str]:
    """What to train on, and a clause for the card on who taught it."""
    if teacher is None:
        return [Source(pack, fitted)], ""
    lessons = f"; taught by {teacher.card.title} (sha256 {teacher.card.sha256[:12]})"
    if recipe.hint_weight:
        lessons += " with hints from its encoder"

    sources = [Source(pack, fitted, teach(teacher, pack, fitted, _progress(watcher)))]
    if recipe.photos:
        pictures = find_pictures([Path(recipe.photos)])
        samples = [Sample(path.name, "", path, path) for path in pictures]
        photos = _packed(samples, recipe, group, watcher)
        rows = np.arange(len(photos.names))
        maps = teach(teacher, photos, rows, _progress(watcher))
        sources.append(Source(photos, rows, maps, labelled=False))
        lessons += f", also on {len(photos.names)} unlabelled photographs"
    return sources, lessons


def _initial(order: Order, recipe: Recipe) -> tuple[nn.Module, str]:
    network = ARCHITECTURES[order.model].build()
    if order.start:
        card, weights = read_model(find_model(order.start))
        if card.architecture != order.model:
            raise SalviewerError(
                f"{order.start} holds a {card.architecture}, which a {order.model} cannot start from"
            )
        network.load_state_dict(weights)
        before = f", itself from: {card.started_from}" if card.started_from else ""
        return network, f"{card.title} in {Path(order.start).name}{before}"
    if recipe.init == "imagenet":
        from salviewer.models.imagenet import LITE0_SOURCE, load_lite0

        encoder = getattr(network, "encoder", None)
        if encoder is None:
            raise SalviewerError(f"{order.model} has no encoder that could start from ImageNet weights")
        load_lite0(encoder)
        return network, LITE0_SOURCE
    if recipe.init == "log_density":
        from salviewer.models.deep_convnet import DeepConvNet, bilinear_upsampling_

        if isinstance(network, DeepConvNet):
            bilinear_upsampling_(network)
            return network, "random weights (He; the transposed convolution interpolates bilinearly)"
    return network, "random weights (He; N(0, 1e-4) for the transposed convolution)"


def _report(problems: Sequence[str], watcher: Watcher) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        watcher.tell("note", message=f"skipped {problem}")
    if len(problems) > SHOWN_PROBLEMS:
        watcher.tell("note", message=f"skipped {len(problems)} in all; they are listed in problems.json")


@contextmanager
def _interrupts(trainer: Trainer) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the run after the step under way, with a checkpoint; a second one at once."""

    def ask(number: int, _: object) -> None:
        if trainer.stop_requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        trainer.stop_requested = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _where(device: Device, recipe: Recipe) -> str:
    title = device.title if recipe.precision == "auto" else f"{device.title.rpartition(', ')[0]}, float32"
    return f"{title}, {torch.get_num_threads()} threads"


def _card(trainer: Trainer, data: dict[str, Any], origin: str, where: str) -> ModelCard:
    return ModelCard(
        architecture=trainer.architecture,
        title=ARCHITECTURES[trainer.architecture].title,
        output=trainer.output,
        data=data,
        recipe=trainer.recipe.to_dict(),
        seed=trainer.seed,
        epochs=trainer.recipe.epochs,
        curves=curves(trainer.history),
        started_from=origin,
        trained_on=f"{where}, {trainer.seconds / 60:.0f} minutes",
    )


def _finish(trainer: Trainer, card: ModelCard, folder: RunFolder, watcher: Watcher) -> None:
    with trainer.kept_weights() as network:
        write_model(folder.model, card, network)
    draw_curves(card.curves, folder.root / "curves.png", f"{card.title}, recipe {trainer.recipe.name}")
    last = trainer.history[-1]
    shutil.copyfile(folder.samples / f"epoch-{last['epoch']:03d}.png", folder.root / "samples.png")
    folder.write_json("metrics.json", {"last": last, "curves": card.curves})
    watcher.tell("finished", model=str(folder.model), minutes=round(trainer.seconds / 60, 2))


class _Silent:
    def tell(self, kind: str, **details: Any) -> None:
        """Only the leading process speaks."""
