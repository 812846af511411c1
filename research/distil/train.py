"""Train a network for a given time on one graphics card, with other networks as teachers.

    python -m research.distil.train --student deep_convnet --teachers FOLDER --hints FILE --lr 4e-4
        --data ../shared/data/eyetracking --photos ../shared/data/photos --seconds 400 --out FILE

The whole data set is kept in the card's memory and altered there. Part of each batch has fixations: its
target mixes the ground truth with a teacher's map, and NSS is taken at the fixations. The rest, photographs
among it, is cropped and mixed more heavily, and its target is a teacher's map alone. Learning rate and stages
follow the clock, so that a run ends when its time, or its number of steps, is up.

FOLDER holds ARCHITECTURE[@HEIGHTxWIDTH][+NOTE].safetensors; a note foldKofN has a meaning (`TeacherPool`).
A file that appears there during the run becomes a teacher too.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from research.distil.card_data import Data, autocast, counted, resized, summing_to_1
from research.distil.networks import Student, on, write
from research.distil.options import arguments
from research.distil.recorded import RecordedTeachers
from research.distil.targets import Batch, Batches
from research.distil.teachers import Teacher, TeacherPool
from salviewer.training.losses import loss_of
from salviewer.training.optimisation import average, make_optimiser, set_rate
from salviewer.training.recipe import load_recipe
from salviewer.training.run_setup import write as write_json


class StudentTrainer:
    """Train the student, and keep an average of its weights."""

    def __init__(self, args: argparse.Namespace, hinter: Teacher | None) -> None:
        self._args, self._hinter = args, hinter
        student = Student(args.student, hinter.channels if hinter else ())
        student.initialise(args.init)
        self.student = student.train()
        on(student, args.device)
        self.kept = copy.deepcopy(student.network).eval().requires_grad_(False)
        self._recipe = replace(
            load_recipe("modern", "live_net"),
            lr=args.lr, encoder_lr=args.encoder_lr, weight_decay=args.decay,
            loss=args.loss, nss_weight=args.nss,
        )  # fmt: skip
        self.optimiser = make_optimiser(student.network, self._recipe)
        extra = [*student.adapters.parameters()]
        if extra:
            self.optimiser.add_param_group(
                {"params": extra, "weight_decay": 0.0, "lr": args.lr, "peak": args.lr}
            )
        self._parameters = [value for group in self.optimiser.param_groups for value in group["params"]]
        self._averaged = self.kept.state_dict()

    def step(self, batch: Batch, share: float, step: int) -> Tensor:
        """Take one step at a share of the peak learning rate; return the loss before it, without hints."""
        args = self._args
        set_rate(self.optimiser, share)
        with autocast(args.device):
            raw, hints = self.student(batch.x)
        raw = raw.float()
        size = tuple(raw.shape[-2:])
        target = summing_to_1(resized(batch.target[:, None], size)[:, 0])
        # Where nobody looked, the target stands in for the fixations: NSS at where they would fall.
        fixations = torch.cat([counted(batch.points, size), target[len(batch.points) :]])
        loss = loss_of(raw, target, target if args.smoothed else fixations, self._recipe)
        whole = loss
        if self._hinter is not None:
            features = self._hinter.features(batch.clear)
            for predicted, wanted in zip(hints, features, strict=True):
                predicted = resized(predicted.float(), (wanted.shape[-2], wanted.shape[-1]))
                whole = whole + args.hint_weight * share * (predicted - wanted).square().mean()
        self.optimiser.zero_grad(set_to_none=True)
        whole.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters, args.clip)
        self.optimiser.step()
        average(self._averaged, self.student.network, args.ema, step)
        return loss.detach()


def share_of(done: float, warm: float = 0.04) -> float:
    """Share of the peak learning rate after a share of the time: a short warm-up, then a cosine."""
    if done < warm:
        return max(done / warm, 0.01)
    return max(0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm))), 0.002)


def main() -> int:
    """Train, score and write."""
    args = arguments(__doc__)
    torch.manual_seed(args.seed)
    data = Data(args.data, args.photos, args.device, args.stored)
    given = args.batch, args.device, args.stored
    teachers: TeacherPool | RecordedTeachers = (
        RecordedTeachers(args.recorded, args)
        if args.recorded
        else TeacherPool(args.teachers, *given, args.seed, args.asked)
    )
    one = args.batch // args.parts, *given[1:]
    trainer = StudentTrainer(args, Teacher(args.hints, *one, hints=True) if args.hints else None)
    batches = Batches(args, data, teachers)
    history: list[dict[str, Any]] = []
    losses: list[Tensor] = []
    step = 0
    print(f"{args.student}: taught by {', '.join(teachers.names)}", flush=True)
    started = watched = time.monotonic()

    def entry() -> dict[str, Any]:
        first, *more = [data.scores(trainer.kept, size, args.loss) for size in args.size]
        return {
            "seconds": round(time.monotonic() - started, 1), "step": step, "pictures": step * args.batch,
            "teachers": len(teachers.names), **first, "other sizes": more,
        }  # fmt: skip

    def progress() -> float:
        stepped = step / args.steps if args.steps else 0.0
        timed: float = (time.monotonic() - started) / args.seconds
        return max(timed, stepped)

    while (done := progress()) < 1:
        if step and isinstance(teachers, RecordedTeachers) and step % teachers.steps == 0:
            batches = Batches(args, data, teachers)
        for part in batches.next(done).parts(args.parts):
            losses.append(trainer.step(part, share_of(done), step * args.parts))
        step += 1
        if time.monotonic() - watched > args.watch:
            watched = time.monotonic()
            history.append({"train_loss": round(float(torch.stack(losses).mean()), 4), **entry()})
            losses.clear()
            print(f"{args.out.stem} {json.dumps(history[-1])}", flush=True)
            if not math.isfinite(history[-1]["train_loss"]):
                raise SystemExit("the loss is no longer a number")
            teachers.refresh()
    write(trainer.kept, args.out)
    final = entry()
    print(f"{args.out.stem} done {json.dumps(final)}", flush=True)
    settings = {key: str(value) for key, value in vars(args).items()}
    record = {"arguments": settings, "teachers": teachers.names, "history": history, "final": final}
    write_json(args.out.with_suffix(".json"), record)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
