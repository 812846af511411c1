"""Score weights on all val sets, at several input sizes, factors on the logits and centre weights.

    PYTHONPATH=. python -m research.attention.choose WEIGHTS.safetensors ... --data ../shared/data
        [--sizes 240x320 304x400] [--factors 0.9 1 1.1] [--centres 0 0.1]

WEIGHTS may also be a model's name, for comparison. `--write OUT.safetensors FACTOR CENTRE` writes the first
weights so, in float16.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from research.attention.pictures import TEACHER_SIZES, pack_at, summing_at_full_size, teacher_at
from research.distil.card_data import SIZE
from research.distil.networks import write_to_ship
from research.distil.options import height_width
from research.domains.choose import Val, centre, line
from research.domains.sets import part_of
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.models.tables import PRIOR_SIZE


def shown(data: Path, size: tuple[int, int]) -> list[tuple[np.ndarray, float]]:
    """Return pixels and true width / height of the val pictures, in the order of `choose.Val`."""
    stored = next((each for each in TEACHER_SIZES if each[0] >= size[0]), TEACHER_SIZES[-1])
    found = []
    for name in ("eyetracking", "designs", "pages"):
        pack = pack_at(data / name, stored)
        place = {each: row for row, each in enumerate(pack.names)}
        for each in part_of(data / name, "val"):
            row = place[each]
            pixels = np.asarray(resize(np.asarray(pack.stimuli[row]), size), np.uint8)
            found.append((pixels, float(pack.aspects[row])))
    return found


def log_densities(predictor: Predictor, pictures: list[tuple[np.ndarray, float]]) -> Tensor:
    """Return (n, 240, 320), logarithms of the predicted densities."""
    logs = []
    for pixels, aspect in pictures:
        density = summing_at_full_size(predictor.densities(pixels[None], [aspect])[0])
        logs.append(np.log(np.maximum(density, 1e-20)))
    return torch.from_numpy(np.stack(logs))


def adjusted(weights: dict[str, Tensor], factor: float, power: float) -> dict[str, Tensor]:
    """Return attention_net's weights with scaled logits and an added centre."""
    made = {key: value.clone() for key, value in weights.items()}
    for key in ("head.weight", "head.bias", "priors"):
        made[key] = factor * weights[key]
    made["priors"] = made["priors"] + power * centre(PRIOR_SIZE)
    return made


def main() -> None:
    """Score all combinations, or write one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("weights", nargs="+")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sizes", type=height_width, nargs="+", default=[SIZE])
    parser.add_argument("--factors", type=float, nargs="+", default=[1])
    parser.add_argument("--centres", type=float, nargs="+", default=[0])
    parser.add_argument("--write", nargs=3, metavar=("OUT", "FACTOR", "CENTRE"))
    args = parser.parse_args()
    if args.write:
        made = adjusted(load_file(args.weights[0]), float(args.write[1]), float(args.write[2]))
        write_to_ship(made, Path(args.write[0]))
        return
    val = Val(args.data)
    print("size factor centre:", " | ".join([*val.domains, "mean"]), "(NSS IG CC KL)", flush=True)
    for size in args.sizes:
        pictures = shown(args.data, size)
        for weights in args.weights:
            logs = log_densities(teacher_at(weights, size), pictures)
            for power in args.centres:
                for factor in args.factors:
                    scores = val.scores(factor * logs + power * centre(SIZE)[0])
                    text = f"{Path(weights).stem} {size[0]}x{size[1]} {factor:g} {power:g}"
                    print(f"{text}: {line(scores)}", flush=True)


if __name__ == "__main__":
    main()
