"""Fine-tune a network on several domains at once, on processors, for a given time; runs can be resumed.

    PYTHONPATH=. python -m research.domains.adapt
        --init model_weights/live_net/weights.safetensors --data ../shared/data
        --work FOLDER --name NAME --seconds 1200

Every batch has fixed shares of each domain. Targets of photographs with fixations mix the ground truth with
the maps of the shipped model, so that nothing is lost there; photographs without fixations have only those
maps; advertisements have the ground truth; screens the pseudo-labels of `pseudo_labels.py`. Batch
normalisation keeps its statistics. A stopped run continues from its last checkpoint, including its clock.
`--sizes` starts with small pictures, which cost less; `--ads-teacher` mixes a network's maps into the targets
of advertisements.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from research.distil.alterer import Alterer
from research.distil.card_data import SIZE, mean_loss, normalised, shown, summing_to_1
from research.distil.networks import BandNormalisation, build, load, on
from research.domains.sets import Domain, drawn, labelled, maps_of, pack_of, plain, unlabelled
from research.domains.timed_run import TimedRun
from salviewer.models.deep_convnet import DeepConvNet
from salviewer.models.live_net import LiveNet
from salviewer.models.loading import load_model
from salviewer.training.optimisation import make_optimiser
from salviewer.training.recipe import Recipe, load_recipe


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--network", default="live_net", choices=("live_net", "deep_convnet"))
    add("--init", type=Path, required=True)
    add("--data", type=Path, required=True, help="folder with eyetracking, designs, photos and screens")
    add("--work", type=Path, required=True, help="folder for teachers' maps, checkpoints and results")
    add("--name", required=True)
    add("--teacher", default="live_net", help="model whose maps of photographs to keep")
    add("--seconds", type=float, required=True)
    add(
        "--counts",
        type=int,
        nargs=4,
        default=[6, 5, 2, 3],
        help="pictures per batch: photographs, ads, photos, screens",
    )
    add("--plain", type=int, default=0, help="empty pictures per batch, whose target is the centre bias")
    add("--truth", type=float, default=0.4, help="share of the ground truth in a photograph's target")
    add("--ads-teacher", default="", help="model whose maps to mix into the targets of advertisements")
    add("--mirror-ads", action="store_true", help="mirror advertisements too, including text")
    add("--ads-truth", type=float, default=0.5, help="share of the ground truth there, with a teacher")
    add("--pseudo", type=Path, help="pseudo-labels of the screens")
    add("--without", default="", help="leave this category out")
    add("--lr", type=float, default=7e-4)
    add("--encoder-lr", type=float, default=1e-4)
    add("--nss", type=float, default=0.15)
    add("--ema", type=float, default=0.99)
    add("--stretch", type=float, default=0.15)
    add("--degrade", type=float, default=0.2)
    add("--crop", type=float, default=0.9)
    add("--seed", type=int, default=51)
    add("--every", type=float, default=120, help="seconds between checkpoints")
    add("--still", type=int, default=0, help="keep the encoder's stem and this many stages unchanged")
    add(
        "--sizes", nargs="+", default=["240x320"],
        help="HEIGHTxWIDTH:SHARE, the pictures' size until that share of the time is over; the last without",
    )  # fmt: skip
    add("--at-once", type=int, default=0, help="pictures per pass; a step adds their gradients; 0: all")
    add("--bf16", action="store_true", help="compute in bfloat16 where autocast does")
    return parser.parse_args()


def domains_of(args: argparse.Namespace) -> list[tuple[Domain, int]]:
    """Return each domain with its number of pictures per batch."""
    teacher = load_model(args.teacher)
    many, ads, photos, screens = args.counts
    found: list[tuple[Domain, int]] = []
    whole = args.data / "eyetracking"
    taught = maps_of(teacher, pack_of(whole), args.work / "taught-eyetracking.npy", mirror=True)
    found.append((labelled(whole, "photographs", taught, args.truth, True, args.without), many))
    if ads and args.without != "Ads":
        folder, share, known = args.data / "designs", 1.0, None
        if args.ads_teacher:
            other, share = load_model(args.ads_teacher), args.ads_truth
            known = maps_of(other, pack_of(folder), args.work / "taught-designs.npy", mirror=False)
        found.append((labelled(folder, "ads", known, share, args.mirror_ads), ads))
    if photos:
        folder = args.data / "photos"
        taught = maps_of(teacher, pack_of(folder), args.work / "taught-photos.npy", mirror=True)
        found.append((unlabelled(folder, "photos", taught, None, True), photos))
    if screens and args.pseudo:
        stored = np.load(args.pseudo)
        found.append(
            (unlabelled(args.data / "screens", "screens", stored["maps"], stored["rows"], False), screens)
        )
    if args.plain:
        found.append((plain([domain for domain, _ in found]), args.plain))
    return found


def prepared(
    args: argparse.Namespace, domains: list[tuple[Domain, int]], step: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return a batch at full size, its targets, and its fixations in -1..1."""
    stimuli, target, points, mirrored = drawn(domains, args.seed, step)
    alterer = Alterer(args.seed * 1_000_003 + step, "cpu", SIZE)
    windows = alterer.windows(len(stimuli), args.stretch, args.crop)
    windows[:, 1] = torch.where(mirrored, windows[:, 1], windows[:, 1].abs())
    size = (target.shape[-2], target.shape[-1])
    through = alterer.seen_through(windows, target[:, None], size)
    kept = (
        through.mean((1, 2, 3)) * windows[:, 0] * windows[:, 1].abs() / target.mean((1, 2)).clamp_min(1e-12)
    )
    one, zero = torch.ones(len(windows)), torch.zeros(len(windows))
    uncut = torch.stack([one, windows[:, 1].sign(), zero, zero], 1)
    windows = torch.where((kept < 0.6)[:, None], uncut, windows)
    target = summing_to_1(alterer.seen_through(windows, target[:, None], size)[:, 0])
    seen = (points - windows[:, None, 2:]) / windows[:, None, :2]
    x = alterer.seen_through(windows, stimuli.float(), size)
    x = alterer.degraded(alterer.recoloured(x, 0.15), args.degrade)
    return x, target, seen


def size_at(sizes: list[str], done: float) -> tuple[int, int]:
    """Return the pictures' height and width after a share of the time."""
    for each in sizes:
        size, _, until = each.partition(":")
        if not until or done < float(until):
            height, width = size.split("x")
            return int(height), int(width)
    raise SystemExit("the last of --sizes has no share")


def loss_on(
    network: nn.Module,
    batch: tuple[Tensor, Tensor, Tensor],
    size: tuple[int, int],
    recipe: Recipe,
    bf16: bool,
) -> Tensor:
    """Return the mean loss of pictures at a size."""
    x, target, seen = batch
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        raw = network(normalised(shown(x, size)))
    return mean_loss(raw, target, seen, recipe)


def held(network: nn.Module, still: int) -> None:
    """Freeze the first parts: an encoder's stem and stages, or layers."""
    parts: list[nn.Module] = []
    if isinstance(network, LiveNet):
        parts = [network.encoder.stem, *network.encoder.stages[:still]] if still else []
    elif isinstance(network, DeepConvNet):
        parts = list(network.features)[:still]
    for part in parts:
        part.requires_grad_(False)


def frozen(network: nn.Module) -> nn.Module:
    """Return the network in training mode with fixed statistics of batch normalisation."""
    network.train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    return network


def share_of(done: float) -> float:
    """Return the share of the highest learning rate after a share of the time: a rise, then a cosine."""
    return (
        min(done / 0.04, 1.0, 0.5 * (1 + math.cos(math.pi * (done - 0.04) / 0.96)) + 0.005) if done else 0.01
    )


def main() -> int:
    """Train until the time is up."""
    args = arguments()
    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    domains = domains_of(args)
    print({domain.name: (len(domain.names), count) for domain, count in domains}, flush=True)
    network = build(args.network)
    load(network, args.init)
    if isinstance(network, DeepConvNet):
        network.features[2] = BandNormalisation(96, 5, 1e-4, 0.75)
    on(network, "cpu")
    recipe = replace(
        load_recipe("modern", args.network),
        lr=args.lr, encoder_lr=args.encoder_lr, weight_decay=0.01, loss="probabilistic", nss_weight=args.nss,
    )  # fmt: skip
    optimiser = make_optimiser(network, recipe)
    run = TimedRun(
        network, optimiser, lambda: build(args.network), args.work, args.name,
        seconds=args.seconds, every=args.every, ema=args.ema, early=(5, 20),
    )  # fmt: skip
    frozen(network)
    held(network, args.still)

    def losses_at(step: int) -> Iterator[Tensor]:
        batch, size = prepared(args, domains, step), size_at(args.sizes, run.done)
        count = len(batch[0])
        for start in range(0, count, args.at_once or count):
            some = [part[start : start + (args.at_once or count)] for part in batch]
            part = (some[0], some[1], some[2])
            yield loss_on(network, part, size, recipe, args.bf16) * (len(some[0]) / count)

    run.train(losses_at, rate=share_of)
    run.finish()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
