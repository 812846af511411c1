"""Fit a network for a given time on one graphics card, taught by others as it goes.

    python research/distil/train.py --student deep_convnet --teachers FOLDER --hints FILE --lr 4e-4
        --data ../shared/data/eyetracking --photos ../shared/data/photos --seconds 400 --out FILE

Everything lies on the card and is altered there. Part of each batch has fixations: its target mixes the
ground truth and a teacher's map, and NSS is taken at the fixations. The rest, photographs among them, is cut
and mixed more, and a teacher's map is all there is. Learning rate and stages follow the clock, so that a run
ends when its time, or its number of steps, is up.

FOLDER holds ARCHITECTURE[@HEIGHTxWIDTH][+NOTE].safetensors, where a note foldKofN has a meaning (`School`);
what is put there meanwhile teaches too.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from alterer import Alterer
from card_data import SIZE, Data, autocast, counted, normalised, resized, shown, summing_to_1
from networks import NAMES, Student, on, write
from record import Record
from teachers import School, Teacher
from torch import Tensor, nn

from salviewer.training.losses import loss_of
from salviewer.training.optimisation import average, make_optimiser, set_rate
from salviewer.training.recipe import load_recipe
from salviewer.training.run_setup import write as write_json


def height_width(text: str) -> tuple[int, int]:
    """Of HEIGHTxWIDTH."""
    height, width = map(int, text.split("x"))
    return height, width


def fold_of_folds(text: str) -> tuple[int, int]:
    """Of K/N."""
    fold, of = map(int, text.split("/"))
    return fold, of


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--student", choices=NAMES, required=True)
    add("--init", default="", help="weights to begin with: the whole network's or its encoder's")
    add("--teachers", type=Path)
    add("--recorded", type=Path, help="what teachers said, by record.py, in place of them")
    add(
        "--hints",
        type=Path,
        help="weights of a live_net or a dino, named like a teacher's, whose features the student predicts",
    )
    add("--data", type=Path, required=True)
    add("--photos", type=Path, nargs="*", default=[], help="folders of pictures without fixations")
    add("--fold", type=fold_of_folds, default=(0, 1), help="K/N: leave this fold of train out")
    add("--seconds", type=float, required=True)
    add("--steps", type=int, default=0, help="end after so many, should that come first")
    add("--out", type=Path, required=True, help="a .safetensors file; a .json with the curves lies beside it")
    add("--device", default="cuda:0")
    add("--seed", type=int, default=1)
    add("--batch", type=int, default=32)
    add("--parts", type=int, default=1, help="steps made of each batch, which processors like smaller")
    add("--labelled", type=float, default=0.5, help="share of each batch")
    add("--truth", type=float, default=0.5, help="share of the ground truth in a labelled picture's target")
    add("--asked", type=int, default=1, help="teachers asked each step")
    add("--lr", type=float, required=True)
    add("--encoder-lr", type=float, default=0)
    add("--decay", type=float, default=0.01)
    add("--ema", type=float, default=0.998)
    add("--clip", type=float, default=1.0)
    add("--crop", type=float, default=0.5)
    add("--mix", type=float, default=0.3)
    add("--stretch", type=float, default=0.2)
    add("--degrade", type=float, default=0.2)
    add("--colour", type=float, default=0.2)
    add("--loss", choices=["probabilistic", "mse"], default="probabilistic")
    add("--nss", type=float, default=0.1, help="weight of NSS in the loss")
    add("--smoothed", action="store_true", help="take NSS at the target, not at the fixations")
    add("--hint-weight", type=float, default=1.0)
    add("--size", type=height_width, nargs="+", default=[SIZE], help="each step is at one of these")
    add("--stored", type=height_width, default=SIZE, help="of the pictures on the card; teachers see it all")
    add("--small", type=float, default=0, help="share of the time at 7/10 of the size")
    add("--watch", type=float, default=15, help="seconds between scores on val")
    return parser.parse_args()


@dataclass
class Lesson:
    """One batch.

    Attributes:
        x: (n, 3, h, w), what the student sees.
        clear: the same as stored, before it was degraded; what the teachers see.
        target: (n, 240, 320), densities.
        points: (m, most, 2), the fixations of the first m, in -1..1.
    """

    x: Tensor
    clear: Tensor
    target: Tensor
    points: Tensor

    def parts(self, count: int) -> Iterator[Lesson]:
        """So many smaller ones, alike in how many of their pictures have fixations."""
        many = len(self.points)
        for part in range(count):
            known = torch.arange(part, many, count, device=self.x.device)
            rows = torch.cat([known, torch.arange(many + part, len(self.x), count, device=self.x.device)])
            x = self.x[rows].contiguous(memory_format=torch.channels_last)
            yield Lesson(x, self.clear[rows], self.target[rows], self.points[known])


class Lessons:
    """Draws pictures, alters them, asks the teachers."""

    def __init__(self, args: argparse.Namespace, data: Data, school: School | Record) -> None:
        self._args, self._data, self._school = args, data, school
        self._random, self._sizes = np.random.default_rng(args.seed), np.random.default_rng(args.seed)
        self._alterer = Alterer(args.seed, args.device, args.stored)
        fold, of = args.fold
        parts = data.folds(of)
        kept = np.flatnonzero(parts != fold) if of > 1 else np.arange(len(parts))
        self._known = np.intersect1d(np.arange(data.count), kept)
        self._others = np.intersect1d(data.others, kept)
        self._folds = data.folds(school.folds)

    def next(self, done: float) -> Lesson:
        """The batch after a share ``done`` of the time."""
        args, data, alterer = self._args, self._data, self._alterer
        size = args.size[self._sizes.integers(len(args.size))]
        if done < args.small:
            size = tuple(8 * round(0.7 * side / 8) for side in size)
        many = round(args.batch * args.labelled)
        known, asked = self._drawn(self._known, many)
        unknown, more = self._drawn(self._others, args.batch - many)
        rows, others, folds = self._rows(known), self._rows(unknown), np.concatenate([asked, more])
        x, truth, points = alterer.labelled(
            data.stimuli[rows], data.maps[rows], data.points[rows], args.stretch, 0.85
        )
        if len(others):
            x = torch.cat([x, alterer.unlabelled(data.stimuli[others], args.stretch, args.crop, args.mix)])
        x = alterer.recoloured(x, args.colour)
        clear = normalised(x)
        taught = self._school.density(clear, folds)
        mixed = args.truth * truth + (1 - args.truth) * taught[:many]
        target = torch.cat([mixed, taught[many:]])
        return Lesson(normalised(alterer.degraded(shown(x, size), args.degrade)), clear, target, points)

    def _drawn(self, pool: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """So many rows of a pool, and whose teachers are asked about each, fold by fold."""
        of = self._school.folds
        if count % of:
            raise SystemExit(f"{count} pictures cannot be shared among {of} folds")
        drawn = []
        for fold in range(of):
            mine = pool[(self._folds[pool] == fold) | (self._folds[pool] < 0)] if of > 1 else pool
            drawn.append(self._random.choice(mine, count // of, replace=False))
        return np.concatenate(drawn), np.repeat(np.arange(of), count // of)

    def _rows(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values).to(self._args.device, non_blocking=True)


class Pupil:
    """The student with its optimiser and averaged weights."""

    def __init__(self, args: argparse.Namespace, hinter: Teacher | None) -> None:
        self._args, self._hinter = args, hinter
        student = Student(args.student, hinter.channels if hinter else ())
        student.begin(args.init)
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

    def learn(self, lesson: Lesson, share: float, step: int) -> Tensor:
        """One step at a share of the highest rate; the loss before, without the hints'."""
        args = self._args
        set_rate(self.optimiser, share)
        with autocast(args.device):
            raw, hints = self.student(lesson.x)
        raw = raw.float()
        size = tuple(raw.shape[-2:])
        target = summing_to_1(resized(lesson.target[:, None], size)[:, 0])
        # Where nobody looked, the target stands in for the fixations: NSS at where they would fall.
        fixations = torch.cat([counted(lesson.points, size), target[len(lesson.points) :]])
        loss = loss_of(raw, target, target if args.smoothed else fixations, self._recipe)
        whole = loss
        if self._hinter is not None:
            features = self._hinter.features(lesson.clear)
            for said, wanted in zip(hints, features, strict=True):
                said = resized(said.float(), (wanted.shape[-2], wanted.shape[-1]))
                whole = whole + args.hint_weight * share * (said - wanted).square().mean()
        self.optimiser.zero_grad(set_to_none=True)
        whole.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters, args.clip)
        self.optimiser.step()
        average(self._averaged, self.student.network, args.ema, step)
        return loss.detach()


def share_of(done: float, warm: float = 0.04) -> float:
    """Of the highest learning rate, after a share of the time: a short rise, then a cosine."""
    if done < warm:
        return max(done / warm, 0.01)
    return max(0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm))), 0.002)


def main() -> int:
    """Train, score, write."""
    args = arguments()
    torch.manual_seed(args.seed)
    data = Data(args.data, args.photos, args.device, args.stored)
    given = args.batch, args.device, args.stored
    school: School | Record = (
        Record(args.recorded, args) if args.recorded else School(args.teachers, *given, args.seed, args.asked)
    )
    one = args.batch // args.parts, *given[1:]
    pupil = Pupil(args, Teacher(args.hints, *one, hints=True) if args.hints else None)
    lessons = Lessons(args, data, school)
    history: list[dict[str, Any]] = []
    losses: list[Tensor] = []
    step = 0
    print(f"{args.student}: taught by {', '.join(school.names)}", flush=True)
    begun = watched = time.monotonic()

    def entry() -> dict[str, Any]:
        first, *more = [data.scores(pupil.kept, size, args.loss) for size in args.size]
        return {
            "seconds": round(time.monotonic() - begun, 1), "step": step, "pictures": step * args.batch,
            "teachers": len(school.names), **first, "other sizes": more,
        }  # fmt: skip

    def gone() -> float:
        stepped = step / args.steps if args.steps else 0.0
        timed: float = (time.monotonic() - begun) / args.seconds
        return max(timed, stepped)

    while (done := gone()) < 1:
        if step and isinstance(school, Record) and step % school.steps == 0:
            lessons = Lessons(args, data, school)
        for part in lessons.next(done).parts(args.parts):
            losses.append(pupil.learn(part, share_of(done), step * args.parts))
        step += 1
        if time.monotonic() - watched > args.watch:
            watched = time.monotonic()
            history.append({"train_loss": round(float(torch.stack(losses).mean()), 4), **entry()})
            losses.clear()
            print(f"{args.out.stem} {json.dumps(history[-1])}", flush=True)
            if not math.isfinite(history[-1]["train_loss"]):
                raise SystemExit("the loss is no longer a number")
            school.look()
    write(pupil.kept, args.out)
    final = entry()
    print(f"{args.out.stem} done {json.dumps(final)}", flush=True)
    told = {key: str(value) for key, value in vars(args).items()}
    record = {"arguments": told, "teachers": school.names, "history": history, "final": final}
    write_json(args.out.with_suffix(".json"), record)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
