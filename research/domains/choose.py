"""Choose how far to move from shipped to fine-tuned weights, and sharpness and centre, on all val sets.

    PYTHONPATH=. python -m research.domains.choose --old model_weights/live_net/weights.safetensors
        --new FITTED.safetensors --data ../shared/data [--shares 0.5 0.75 1] [--write OUT.safetensors S F B]

Every combination of a share S of the way from the old weights to the new, a factor F on the logits and a
centre weight B (the map times a Gaussian, s.d. 0.23 of each side, to the power of B) is scored on the val
part of each domain, at 240x320. `--write` writes the weights of one combination.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from research.distil.card_data import SIZE, normalised
from research.distil.networks import write_to_ship
from research.domains.sets import pack_of, part_of
from salviewer.models.live_net import LiveNet
from salviewer.models.tables import PRIOR_SIZE
from salviewer.training.batches import fixation_counts
from salviewer.training.losses import quick_scores

SPREAD = 0.23


def centre(size: tuple[int, int]) -> Tensor:
    """Return (1, 1, height, width): the logarithm of the Gaussian, 0 at its peak."""
    down, across = ((torch.arange(side) + 0.5) / side - 0.5 for side in size)
    squares = down[:, None].square() + across[None].square()
    return (-0.5 * squares / SPREAD**2)[None, None]


def between(old: dict[str, Tensor], new: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return weights at a share of the way between two others."""
    return {
        key: value + share * (new[key].float() - value) if value.is_floating_point() else value
        for key, value in (
            (key, value.float() if value.is_floating_point() else value) for key, value in old.items()
        )
    }


def sharpened(weights: dict[str, Tensor], factor: float, power: float) -> dict[str, Tensor]:
    """Return weights with scaled logits and an added centre."""
    made = dict(weights)
    for key in ("head.weight", "head.bias", "prior"):
        made[key] = factor * weights[key]
    made["prior"] = made["prior"] + power * centre(PRIOR_SIZE)
    return made


class Val:
    """The val parts of all domains."""

    def __init__(self, data: Path) -> None:
        stimuli, maps, counts, self.kinds, biases = [], [], [], [], {}
        for name in ("eyetracking", "designs", "pages"):
            pack, held = pack_of(data / name), part_of(data / name, "val")
            fitted = part_of(data / name, "train")
            place = {each: row for row, each in enumerate(pack.names)}
            for each in held:
                row, kind = place[each], each.split("/")[0]
                stimuli.append(pack.stimuli[row])
                maps.append(pack.maps[row].astype(np.float32))
                counts.append(fixation_counts(pack.fixations_of(row), SIZE))
                self.kinds.append(kind)
                if kind not in biases:
                    own = [n for n in fitted if n.startswith(f"{kind}/")]
                    own = own or [n for n in held if n.startswith(f"{kind}/")]
                    some = pack.maps[[place[n] for n in own]].astype(np.float32)
                    bias = (some / some.sum((1, 2), keepdims=True)).mean(0)
                    biases[kind] = torch.from_numpy(bias / bias.sum())
        self.stimuli = torch.from_numpy(np.stack(stimuli)).permute(0, 3, 1, 2)
        self.maps = torch.from_numpy(np.stack(maps))
        self.maps = self.maps / self.maps.sum((1, 2), keepdim=True)
        self.counts = torch.from_numpy(np.stack(counts))
        self.biases = torch.stack([biases[kind] for kind in self.kinds])
        self.domains = list(dict.fromkeys(self.kinds))

    @torch.inference_mode()
    def logits(self, weights: dict[str, Tensor]) -> Tensor:
        """Return (n, 240, 320)."""
        network = LiveNet()
        network.load_state_dict(weights)
        network.eval()
        starts = range(0, len(self.stimuli), 8)
        parts = [self.stimuli[start : start + 8].float() for start in starts]
        return torch.cat([network(normalised(part))[:, 0] for part in parts])

    def scores(self, logits: Tensor) -> dict[str, dict[str, float]]:
        """Return NSS, IG, CC and KL by domain, and the mean over domains."""
        p = logits.flatten(1).softmax(1).view_as(logits)
        found = quick_scores(p, self.maps, self.counts)
        gain = ((p + 1e-16).log2() - (self.biases + 1e-16).log2()) * self.counts
        found["IG"] = gain.sum((1, 2)) / self.counts.sum((1, 2))
        kinds = np.array(self.kinds)
        table = {
            domain: {
                key: float(found[key].numpy()[kinds == domain].mean()) for key in ("NSS", "IG", "CC", "KL")
            }
            for domain in self.domains
        }
        table["mean"] = {
            key: float(np.mean([table[domain][key] for domain in self.domains]))
            for key in ("NSS", "IG", "CC", "KL")
        }
        return table


def line(table: dict[str, dict[str, float]]) -> str:
    """Format the scores as a row."""
    return " | ".join(" ".join(f"{value:.3f}" for value in row.values()) for row in table.values())


def options(text: str | None, shares: list[float], factors: list[float]) -> argparse.ArgumentParser:
    """Return the options of every choice between old and new weights, with these defaults."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", type=Path, required=True)
    parser.add_argument("--new", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shares", type=float, nargs="+", default=shares)
    parser.add_argument("--factors", type=float, nargs="+", default=factors)
    return parser


def main() -> None:
    """Score all combinations, or write one."""
    parser = options(__doc__, shares=[0, 0.5, 0.75, 1], factors=[0.9, 1, 1.05, 1.1, 1.15])
    parser.add_argument("--centres", type=float, nargs="+", default=[0, 0.1, 0.2])
    parser.add_argument("--write", nargs=4, metavar=("OUT", "SHARE", "FACTOR", "CENTRE"))
    args = parser.parse_args()
    old, new = load_file(args.old), load_file(args.new)
    if args.write:
        out, (share, factor, power) = Path(args.write[0]), map(float, args.write[1:])
        write_to_ship(sharpened(between(old, new, share), factor, power), out)
        return
    val = Val(args.data)
    print("share factor centre:", " | ".join([*val.domains, "mean"]), "(NSS IG CC KL)", flush=True)
    for share in args.shares:
        logits = val.logits(between(old, new, share))
        for power in args.centres:
            for factor in args.factors:
                made = factor * logits + power * centre(SIZE)[0]
                print(f"{share:4g} {factor:4g} {power:4g}: {line(val.scores(made))}", flush=True)


if __name__ == "__main__":
    main()
