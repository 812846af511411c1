"""Write down what teachers say of a number of batches, for a student that learns where they cannot run.

    python -m research.distil.record --steps 1000 --out record.safetensors OPTIONS
    python -m research.distil.train --recorded record.safetensors --device cpu OPTIONS

Both take the same options and must be given the same seed, batch, pictures and alterations: the file has maps
in the order of the batches and no pictures, which are altered again in the same way.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from research.distil.card_data import Data
from research.distil.options import arguments
from research.distil.recorded import SAME, coded
from research.distil.targets import Batches
from research.distil.teachers import TeacherPool


class RecordingPool(TeacherPool):
    """Teachers whose maps are kept, encoded.

    Attributes:
        kept: uint8 (n, 60, 80) per batch, in the order of the batches.
    """

    kept: list[Tensor]

    def density(self, x: Tensor, folds: np.ndarray) -> Tensor:
        maps = super().density(x, folds)
        self.kept.append(coded(maps).cpu())
        return maps


def main() -> int:
    """Ask the teachers and write the file."""
    args = arguments(__doc__)
    torch.manual_seed(args.seed)
    data = Data(args.data, args.photos, args.device, args.stored)
    teachers = RecordingPool(args.teachers, args.batch, args.device, args.stored, args.seed, args.asked)
    teachers.kept = []
    batches = Batches(args, data, teachers)
    for _ in range(args.steps):
        batches.next(0)
    metadata: dict[str, Any] = {name: str(getattr(args, name)) for name in SAME}
    metadata |= {"names": teachers.names, "folds": teachers.folds}
    save_file({"maps": torch.stack(teachers.kept)}, args.out, metadata={"told": json.dumps(metadata)})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
