"""Train live_net_recurrent's memory on one core, for a given time, without labels; runs can be resumed.

    PYTHONPATH=. python -m research.recurrent.train --data ../shared/data --work FOLDER --seconds 4200
        --out model_weights/live_net_recurrent

Encoder, decoder, prior and head are live_net's and stay as they are, so that a still's map stays as it is.
Each step draws sequences made from stills (`sequences.py`, `damage.py`). The loss of a frame is the KL
divergence from the target (`batches.py`), and a share of the total variation between how the map changed
since the frame before and how the target did. Gradients go back through ``--back`` frames (truncated
back-propagation through time); the state goes on. A stopped run continues from its last checkpoint, including
its clock.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from research.recurrent.batches import Batch, batch
from research.recurrent.finish import write
from research.recurrent.network import start
from research.recurrent.stills import stills
from research.recurrent.teacher import Teacher
from salviewer.media.saving import atomic_path
from salviewer.models.catalog import find_model
from salviewer.models.live_net_recurrent import LiveNetRecurrent
from salviewer.models.reading import read_arrays
from salviewer.models.tables import MEMORY_WIDTH
from salviewer.training.optimisation import set_rate


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder with eyetracking, designs, photos and screens")
    add("--work", type=Path, required=True, help="folder for maps, checkpoint and result")
    add("--name", default="memory")
    add("--out", type=Path, help="folder for the model when the time is up")
    add("--init", help="a live_net_recurrent whose memory to begin with")
    add("--seconds", type=float, required=True)
    add("--count", type=int, default=4, help="sequences per step")
    add("--length", type=int, default=12, help="frames per sequence")
    add("--back", type=int, default=6, help="frames that gradients go back through")
    add("--change", type=float, default=1.0, help="weight of the change from frame to frame")
    add("--lr", type=float, default=2e-3)
    add("--ema", type=float, default=0.99)
    add("--seed", type=int, default=19)
    add("--every", type=float, default=120, help="seconds between checkpoints")
    return parser.parse_args()


def moved(state: Tensor, field: Tensor) -> Tensor:
    """Do what `salviewer.core.video_state.moved` does, for (n, c, h, w) and (n, h, w, 2)."""
    height, width = state.shape[-2:]
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    at = torch.stack([x, y], -1) + field
    scaled = (2 * at + 1) / torch.tensor([width, height]) - 1
    return F.grid_sample(state, scaled, mode="bilinear", padding_mode="border", align_corners=False)


def run(
    network: LiveNetRecurrent, some: Batch, state: Tensor, before: Tensor | None, frames: range
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the mean KL and change of some frames, the last state, and the last map."""
    kls, changes = [], []
    for frame in frames:
        seconds = some.seconds[frame]
        features, state = network.memory(some.features[frame], moved(state, some.flows[frame]), seconds)
        log_p = network.low_logits(features).flatten(1).log_softmax(1)
        q = some.targets[frame].flatten(1)
        kls.append((q * (q.clamp_min(1e-12).log() - log_p)).sum(1).mean())
        p = log_p.exp()
        if before is not None:
            wanted = q - some.targets[frame - 1].flatten(1)
            off = (p - before - wanted).abs().sum(1) / 2
            changes.append((off * (seconds >= 0)).mean())
        before = p
    assert before is not None
    change = torch.stack(changes).mean() if changes else torch.zeros(())
    return torch.stack(kls).mean(), change, state, before


def share_of(done: float) -> float:
    """Return the share of the highest learning rate after a share of the time: a rise, then a cosine."""
    return min(done / 0.03 + 0.02, 1.0, 0.5 * (1 + math.cos(math.pi * done)) + 0.003)


def main() -> int:
    """Train until the time is up."""
    args = arguments()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    teacher = Teacher()
    pictures = stills(args.data, args.work, teacher, held=False)
    network = start(teacher)
    memory: nn.Module = network.memory
    began = ""
    if args.init:
        card, weights = read_arrays(find_model(args.init))
        began = f"; its memory began as that of live_net_recurrent sha256 {card.sha256[:12]}"
        given = {name: np.array(weights[f"memory.{name}"], np.float32) for name in memory.state_dict()}
        memory.load_state_dict({name: torch.from_numpy(each) for name, each in given.items()})
    kept = {name: value.clone() for name, value in memory.state_dict().items()}
    optimiser = torch.optim.AdamW(memory.parameters(), lr=args.lr, weight_decay=0.0)
    for group in optimiser.param_groups:
        group["peak"] = args.lr
    place = args.work / f"{args.name}.checkpoint"
    step, spent = 0, 0.0
    curve: list[dict[str, float]] = []
    if place.is_file():
        found = torch.load(place, weights_only=True)
        memory.load_state_dict(found["memory"])
        optimiser.load_state_dict(found["optimiser"])
        kept, step, spent, curve = found["kept"], found["step"], found["spent"], found["curve"]
        print(f"taken up at step {step}, {spent:.0f} s", flush=True)
    begun = time.monotonic() - spent
    saved = time.monotonic()
    sums = np.zeros(3)
    print(f"{len(pictures.pictures)} stills, process {os.getpid()}", flush=True)

    def save() -> None:
        state = {
            "memory": memory.state_dict(), "optimiser": optimiser.state_dict(), "kept": kept, "curve": curve,
            "step": step, "seed": args.seed, "spent": time.monotonic() - begun,
            "passes": round(step * args.count / len(pictures.pictures), 2),
        }  # fmt: skip
        with atomic_path(place) as scratch:
            torch.save(state, scratch)

    while (done := (time.monotonic() - begun) / args.seconds) < 1:
        some = batch(pictures, teacher, args.seed, step, args.count, args.length)
        set_rate(optimiser, share_of(done))
        state, before = torch.zeros(args.count, MEMORY_WIDTH, *some.flows.shape[2:4]), None
        for first in range(0, args.length, args.back):
            frames = range(first, min(first + args.back, args.length))
            optimiser.zero_grad(set_to_none=True)
            kl, change, state, before = run(network, some, state, before, frames)
            (kl + args.change * change).backward()
            nn.utils.clip_grad_norm_(memory.parameters(), 1.0)
            optimiser.step()
            state, before = state.detach(), before.detach()
            sums += [kl.item(), change.item(), 1]
        for name, value in memory.state_dict().items():
            kept[name].lerp_(value, 1 - min(args.ema, (1 + step) / (10 + step)))
        if not math.isfinite(sums[0]):
            raise SystemExit("the loss is no longer a number")
        step += 1
        if time.monotonic() - saved > args.every or step in (5, 20):
            saved = time.monotonic()
            curve.append(
                {"seconds": round(saved - begun), "step": step,
                 "kl": round(float(sums[0] / sums[2]), 4), "change": round(float(sums[1] / sums[2]), 4)}
            )  # fmt: skip
            print(json.dumps(curve[-1]), flush=True)
            sums[:] = 0
            save()
    save()
    print(f"done: {step} steps", flush=True)
    if args.out:
        write(place, args.out, began)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
