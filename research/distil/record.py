"""What teachers say of so many batches, written down: a student can learn from it where they cannot run.

    python research/distil/record.py --steps 1000 --out record.safetensors OPTIONS
    python research/distil/train.py --recorded record.safetensors --device cpu OPTIONS

Both take `train.py`'s options and must be given the same seed, batch, pictures and alterations: what is
recorded are maps in the order of the batches, not the pictures, which are altered once more.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from card_data import SIZE, Data, resized, summing_to_1
from safetensors import safe_open
from safetensors.torch import save_file
from teachers import School
from torch import Tensor

GRID = (60, 80)
NATS = 1 / 12
"""A step of the logarithm, which has 256 of them below a map's peak."""
SAME = ("seed", "batch", "labelled", "crop", "mix", "stretch", "degrade", "colour", "stored", "fold")


def coded(maps: Tensor) -> Tensor:
    """Densities (n, 240, 320) as uint8 (n, 60, 80): how far below the peak each cell is."""
    logs = resized(maps[:, None], GRID, antialias=True)[:, 0].clamp_min(1e-12).log()
    return ((logs.amax((1, 2), keepdim=True) - logs) / NATS).round().clamp(0, 255).byte()


def decoded(codes: Tensor) -> Tensor:
    """The densities again, smoothly between the cells."""
    return summing_to_1(resized(-NATS * codes.float()[:, None], SIZE)[:, 0].exp())


class Recorder(School):
    """A school whose words are kept."""

    def density(self, x: Tensor, folds: np.ndarray) -> Tensor:
        said = super().density(x, folds)
        self.kept.append(coded(said).cpu())
        return said

    kept: list[Tensor]


class Record:
    """A school that repeats what was recorded, from the beginning once it has come to the end.

    Attributes:
        steps: how many batches were; the same ones must then be drawn again (`train.Lessons` anew).
    """

    def __init__(self, path: Path, args: argparse.Namespace) -> None:
        with safe_open(path, "pt") as file:
            told = json.loads(file.metadata()["told"])
            self._maps = file.get_tensor("maps")
        self.steps = len(self._maps)
        self.names, self.folds = told["names"], told["folds"]
        for name in SAME:
            if told[name] != str(getattr(args, name)):
                raise SystemExit(f"{path} was recorded with {name} {told[name]}, not {getattr(args, name)}")
        self._step = 0

    def look(self) -> None:
        """Nothing is put there meanwhile."""

    def density(self, x: Tensor, folds: np.ndarray) -> Tensor:
        """(n, 240, 320), whatever it is shown."""
        self._step += 1
        return decoded(self._maps[(self._step - 1) % self.steps].to(x.device))


def main() -> int:
    """Ask and write."""
    from train import Lessons, arguments

    args = arguments()
    torch.manual_seed(args.seed)
    data = Data(args.data, args.photos, args.device, args.stored)
    school = Recorder(args.teachers, args.batch, args.device, args.stored, args.seed, args.asked)
    school.kept = []
    lessons = Lessons(args, data, school)
    for _ in range(args.steps):
        lessons.next(0)
    told: dict[str, Any] = {name: str(getattr(args, name)) for name in SAME}
    told |= {"names": school.names, "folds": school.folds}
    save_file({"maps": torch.stack(school.kept)}, args.out, metadata={"told": json.dumps(told)})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
