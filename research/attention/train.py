"""Train attention_net on all kinds of pictures, on processors, for a given time; a stopped run continues.

For comparison, `--network live_net` is trained in the same way, and `--steps` sets a number of steps instead
of a time. With `--truth 1 --ads-truth 1` and no photographs without fixations, nothing comes from a teacher.

    PYTHONPATH=. python -m research.attention.prepare --data ../shared/data --work WORK
    PYTHONPATH=. python -m research.attention.train --data ../shared/data --work WORK --name NAME
        --pseudo PSEUDO.npz --seconds 2400

PSEUDO is made by `research.domains.pseudo_labels`. `--mixtures` and `--mixed` add pictures of
`research.attention.mixtures` to each batch. The encoder starts from ImageNet weights; its stem and
first stages (`--still`) stay as they are, and so do the statistics of its batch normalisation. Every batch
has fixed shares of each kind of picture: photographs, advertisements, photographs without fixations, screens,
and empty pictures. docs/research/attention_net.md describes their targets. The checkpoint includes the clock.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from research.attention.mixtures import Mixtures
from research.attention.pictures import all_kinds, batch
from research.distil.card_data import mean_loss, normalised
from research.distil.networks import on
from research.domains.timed_run import TimedRun
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.attention_net import AttentionNet
from salviewer.models.imagenet import load_imagenet
from salviewer.models.live_net import LiveNet
from salviewer.training.optimisation import make_optimiser
from salviewer.training.recipe import Recipe, load_recipe


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder with eyetracking, designs, photos and screens")
    add("--work", type=Path, required=True, help="folder for the teacher's maps, checkpoints and results")
    add("--name", required=True)
    add("--network", default="attention_net", choices=("attention_net", "live_net"))
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--seconds", type=float)
    length.add_argument("--steps", type=int)
    add("--until", type=int, help="stop at this step; a later call continues")
    add("--pseudo", type=Path, required=True, help="pseudo-labels of the screens")
    add("--init", type=Path, help="weights to start from, instead of ImageNet's")
    add("--teacher", default="live_net")
    add("--size", type=int, nargs=2, default=(240, 320), metavar=("HEIGHT", "WIDTH"))
    add("--counts", type=int, nargs=5, default=[6, 4, 2, 3, 1],
        help="pictures per batch: photographs, ads, photos without fixations, screens, empty")  # fmt: skip
    add("--mixtures", type=Path, help="folder of research.attention.mixtures")
    add("--mixed", type=int, default=6, help="pictures per batch from there")
    add("--truth", type=float, default=0.4, help="share of the fixations in a photograph's target")
    add("--ads-truth", type=float, default=0.7, help="share of the fixations in an advertisement's target")
    add("--without", default="", help="leave this category out")
    add("--lr", type=float, default=2e-3)
    add("--encoder-lr", type=float, default=4e-4)
    add("--nss", type=float, default=0.15)
    add("--ema", type=float, default=0.99)
    add("--stretch", type=float, default=0.1)
    add("--degrade", type=float, default=0.1)
    add("--crop", type=float, default=0.9)
    add("--still", type=int, default=3, help="keep the encoder's stem and this many stages unchanged")
    add("--threads", type=int, default=1)
    add("--seed", type=int, default=81)
    add("--every", type=float, default=120, help="seconds between checkpoints")
    add("--bf16", action="store_true", help="compute in bfloat16 where autocast does")
    return parser.parse_args(given)


def prepared(network: AttentionNet | LiveNet, still: int) -> AttentionNet | LiveNet:
    """Return the network ready to learn: first stages frozen, the encoder's statistics kept."""
    network.train()
    for module in network.encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    for part in [network.encoder.stem, *network.encoder.stages[:still]]:
        part.requires_grad_(False)
    return network


def loss_on(
    network: AttentionNet | LiveNet, given: tuple[Tensor, Tensor, Tensor, Tensor], recipe: Recipe, bf16: bool
) -> Tensor:
    """Return the mean loss of a batch from `research.attention.pictures.batch`."""
    x, target, seen, aspects = given
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        seen_as = normalised(x)
        raw = network(seen_as, aspects) if isinstance(network, AttentionNet) else network(seen_as)
    return mean_loss(raw, target, seen, recipe)


def start(args: argparse.Namespace) -> AttentionNet | LiveNet:
    """Build the network that a run begins with."""
    from safetensors.torch import load_file

    row = ARCHITECTURES[args.network]
    network = AttentionNet() if args.network == "attention_net" else LiveNet()
    if args.init:
        network.load_state_dict({key: value.float() for key, value in load_file(args.init).items()})
    else:
        load_imagenet(network.encoder, row.imagenet)
    return network


def main(given: list[str] | None = None) -> int:
    """Train until the time is up."""
    args = arguments(given)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    size = (args.size[0], args.size[1])
    kinds = all_kinds(
        args.data, args.work, size, args.counts, args.pseudo,
        truth=args.truth, ads_truth=args.ads_truth, teacher=args.teacher, without=args.without,
    )  # fmt: skip
    print({kind.domain.name: (len(kind.domain.names), kind.share) for kind in kinds}, flush=True)
    network = prepared(start(args), args.still)
    on(network, "cpu")
    recipe = replace(
        load_recipe("modern", args.network),
        lr=args.lr,
        encoder_lr=args.encoder_lr,
        nss_weight=args.nss,
        stages=(),
    )
    optimiser = make_optimiser(network, recipe)
    run = TimedRun(
        network, optimiser, type(network), args.work, args.name,
        seconds=args.seconds, steps=args.steps, every=args.every, ema=args.ema, early=(3, 20),
    )  # fmt: skip

    mixtures = Mixtures(args.mixtures) if args.mixtures else None

    def losses_at(step: int) -> Iterator[Tensor]:
        drawn = batch(
            kinds, size, args.seed, step, stretch=args.stretch, degrade=args.degrade, crop=args.crop
        )
        if mixtures is not None:
            drawn = mixtures.added(drawn, args.mixed, args.seed, step)
        yield loss_on(network, drawn, recipe, args.bf16)

    run.train(losses_at, args.until)
    run.finish()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
