"""Score Deep ConvNets that differ in their last layers on all val sets, and write one.

    PYTHONPATH=. python -m research.domains.choose_last_layers
        --old model_weights/deep_convnet/weights.safetensors --new WORK/NAME.safetensors
        --data ../shared/data --work WORK [--shares 0 0.5 1] [--factors 1 1.1]
        [--write OUT.safetensors SHARE FACTOR]

A share is of the way from the old weights to the new; a factor multiplies the logits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from research.distil.card_data import SIZE, resized
from research.distil.networks import write_to_ship
from research.domains.adapt_last_layers import FirstLayers, LastLayers
from research.domains.choose import Val, between, line, options
from salviewer.models.deep_convnet import DeepConvNet


def sharpened(weights: dict[str, Tensor], factor: float) -> dict[str, Tensor]:
    """Return weights with scaled logits."""
    return {key: value * factor if key == "upsample.weight" else value for key, value in weights.items()}


@torch.inference_mode()
def logits_of(weights: dict[str, Tensor], first: FirstLayers, still: int, stimuli: Tensor) -> Tensor:
    """Return (n, 240, 320) of pictures, uint8 (n, 3, 240, 320)."""
    network = DeepConvNet()
    network.load_state_dict(weights)
    last = LastLayers(network, still)
    parts = []
    for start in range(0, len(stimuli), 4):
        rows = range(start, min(start + 4, len(stimuli)))
        looks = [first.of(row, np.ascontiguousarray(stimuli[row].permute(1, 2, 0).numpy())) for row in rows]
        parts.append(resized(last(torch.stack(looks)), SIZE)[:, 0])
    return torch.cat(parts)


def main() -> None:
    """Score all combinations, or write one."""
    parser = options(__doc__, shares=[0, 0.5, 0.75, 1], factors=[0.9, 1, 1.1, 1.15])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--still", type=int, default=5, help="as in the training")
    parser.add_argument("--write", nargs=3, metavar=("OUT", "SHARE", "FACTOR"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    old, new = (
        {key: value.float() for key, value in load_file(path).items()} for path in (args.old, args.new)
    )
    if args.write:
        out, (share, factor) = Path(args.write[0]), map(float, args.write[1:])
        write_to_ship(sharpened(between(old, new, share), factor), out)
        return
    val = Val(args.data)
    first = FirstLayers(old, args.still, args.work / f"first-val-{args.still}.npy", len(val.stimuli))
    print("share factor:", " | ".join([*val.domains, "mean"]), "(NSS IG CC KL)", flush=True)
    for share in args.shares:
        logits = logits_of(between(old, new, share), first, args.still, val.stimuli)
        for factor in args.factors:
            print(f"{share:4g} {factor:4g}: {line(val.scores(factor * logits))}", flush=True)


if __name__ == "__main__":
    main()
