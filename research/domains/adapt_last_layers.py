"""Fit the Deep ConvNet's last layers to all kinds of pictures, on the processor, for a given time.

    PYTHONPATH=. python -m research.domains.adapt_last_layers
        --init model_weights/deep_convnet/weights.safetensors --data ../shared/data
        --taught MAPS --work WORK --name NAME --seconds 4800

The first layers (`--still`) stay as they are: OpenVINO computes what they make of a picture, once, and it is
kept on disk in float16, in one file for each number of pictures, because a picture's row depends on the sets
before its own. The others are convolved through the Fourier transform. MAPS has the teachers'
``taught-*.npy`` of `research.attention.prepare`, those of screens too. A stopped run continues when the
command is given again; batches depend on seed and step alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from research.attention.mixtures import Mixtures
from research.distil.card_data import NOWHERE, SIZE, mean_loss
from research.domains.quick_convolution import QuickConvolution
from research.domains.sets import Domain, labelled, plain, unlabelled
from research.domains.timed_run import TimedRun
from salviewer.models.deep_convnet import DeepConvNet
from salviewer.models.engines.deep_convnet_graph import convolved
from salviewer.models.engines.graph import Graph, Weights, shape_of
from salviewer.models.engines.runtime import openvino
from salviewer.training.optimisation import make_optimiser
from salviewer.training.recipe import load_recipe

TILES = {5: 16, 7: 16, 11: 20}
"""Side of the tiles for each kernel: the quickest of some that were timed."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--init", type=Path, required=True)
    add("--data", type=Path, required=True, help="folder with eyetracking, designs, photos and screens")
    add("--taught", type=Path, required=True, help="folder with the teachers' maps")
    add("--work", type=Path, required=True, help="folder for what is kept of pictures, and for results")
    add("--name", required=True)
    add("--seconds", type=float, required=True)
    add("--still", type=int, default=5, help="keep this many convolutions as they are, 2 to 7")
    add("--counts", type=int, nargs=5, default=[6, 5, 1, 3, 1],
        help="pictures per batch: photographs, ads, photos without fixations, screens, empty")  # fmt: skip
    add("--mixtures", type=Path, help="folder of research.attention.mixtures")
    add("--mixed", type=int, default=3, help="pictures per batch from there")
    add("--parts", type=int, default=4, help="compute a batch in this many parts: less memory")
    add("--truth", type=float, default=0.5, help="share of the fixations in a photograph's target")
    add("--ads-truth", type=float, default=0.8, help="share of the fixations in an advertisement's target")
    add("--lr", type=float, default=3e-4)
    add("--early-lr", type=float, default=1e-4, help="of the first five convolutions, where they are fitted")
    add("--nss", type=float, default=0.2)
    add("--ema", type=float, default=0.98)
    add("--seed", type=int, default=101)
    add("--threads", type=int, default=1, help="for a machine on which nothing else runs")
    add("--every", type=float, default=300, help="seconds between checkpoints")
    return parser.parse_args(given)


class FirstLayers:
    """What the first convolutions make of pictures, kept in a file of float16."""

    def __init__(self, weights: dict[str, Tensor], still: int, file: Path, count: int) -> None:
        graph = Graph(SIZE)
        arrays = Weights({key: value.numpy() for key, value in weights.items()})
        x = convolved(graph, arrays, "f32", still)
        self.shape = shape_of(x)[1:]
        library = openvino()
        model = library.Model([x], [graph.input], "first")
        self._network = library.Core().compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": 1})
        mode = "r+" if file.is_file() else "w+"
        self._kept = np.lib.format.open_memmap(file, mode, np.float16, (count, *self.shape))
        self._known = np.lib.format.open_memmap(file.with_suffix(".known.npy"), mode, np.uint8, (count,))

    def of(self, row: int, pixels: np.ndarray) -> Tensor:
        """Return (channels, h, w) of a picture, uint8 (240, 320, 3), that has this row in the file."""
        if not self._known[row]:
            self._kept[row] = self.made(pixels)
            self._known[row] = 1
        return torch.from_numpy(np.array(self._kept[row])).float()

    def made(self, pixels: np.ndarray) -> np.ndarray:
        """Return float32 (channels, h, w) of a picture, uint8 (240, 320, 3), which is not kept."""
        return np.array(self._network(np.ascontiguousarray(pixels)[None])[0][0])


class LastLayers(nn.Module):
    """The rest of the network, sharing its parameters."""

    def __init__(self, network: DeepConvNet, still: int) -> None:
        super().__init__()
        rest = list(network.features)[first_of(network, still) :]
        self.layers = nn.ModuleList(
            QuickConvolution(layer, TILES[layer.kernel_size[0]])
            if isinstance(layer, nn.Conv2d) and layer is not rest[-1]
            else layer
            for layer in rest
        )
        self._upsampled = network.upsampled

    def quick(self) -> list[QuickConvolution]:
        """Return the convolutions that are computed in tiles."""
        return [layer for layer in self.layers if isinstance(layer, QuickConvolution)]

    def forward(self, x: Tensor) -> Tensor:
        """Map (n, channels, h, w) to (n, 1, 236, 316)."""
        for layer in self.layers:
            x = layer(x)
        return self._upsampled(x)


def first_of(network: DeepConvNet, still: int) -> int:
    """Return the place, in the network's features, of the convolution after the first ``still``."""
    places = [place for place, layer in enumerate(network.features) if isinstance(layer, nn.Conv2d)]
    return places[still]


def slow_down(optimiser: torch.optim.Optimizer, layers: list[nn.Module], rate: float) -> None:
    """Give the weights of some layers a highest learning rate of their own."""
    slow = {id(value) for layer in layers for value in layer.parameters()}
    for group in list(optimiser.param_groups):
        taken = [value for value in group["params"] if id(value) in slow]
        if taken:
            group["params"] = [value for value in group["params"] if id(value) not in slow]
            optimiser.add_param_group({**group, "params": taken, "lr": rate, "peak": rate})


def domains_of(args: argparse.Namespace) -> list[tuple[Domain, int]]:
    """Return each domain with its number of pictures per batch."""
    many, ads, photos, screens, empty = args.counts
    data = args.data

    def maps(name: str) -> np.ndarray:
        kept: np.ndarray = np.load(args.taught / f"taught-{name}.npy", mmap_mode="r")
        return kept

    found = [
        (labelled(data / "eyetracking", "photographs", maps("eyetracking"), args.truth, True), many),
        (labelled(data / "designs", "ads", maps("designs"), args.ads_truth, False), ads),
    ]
    if photos:
        found.append((unlabelled(data / "photos", "photos", maps("photos"), None, True), photos))
    found.append((unlabelled(data / "screens", "screens", maps("screens"), None, False), screens))
    found.append((plain([domain for domain, _ in found]), empty))
    return found


def batch(
    domains: list[tuple[Domain, int]], first: FirstLayers, seed: int, step: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return features of a batch, its targets (n, 240, 320), and its fixations in -1..1."""
    random = np.random.default_rng([seed, step])
    most = max(domain.points.shape[1] for domain, _ in domains)
    looks, targets, seen, start = [], [], [], 0
    for domain, count in domains:
        for row in random.choice(len(domain.names), count, replace=False):
            turned = domain.mirrored and random.random() < 0.5
            pixels, target = domain.stimuli[row], domain.target(int(row))
            own = np.full((most, 2), NOWHERE, np.float32)
            own[: domain.points.shape[1]] = domain.points[row]
            if turned:
                pixels, target = pixels[:, ::-1], target[:, ::-1]
                own[:, 1] *= -1
            looks.append(first.of(start + 2 * int(row) + turned, pixels))
            targets.append(torch.from_numpy(np.ascontiguousarray(target)))
            seen.append(torch.from_numpy(own))
        start += 2 * len(domain.names)
    return torch.stack(looks), torch.stack(targets), torch.stack(seen)


def main(given: list[str] | None = None) -> int:
    """Train until the time is up."""
    args = arguments(given)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    domains = domains_of(args)
    print({domain.name: (len(domain.names), count) for domain, count in domains}, flush=True)
    weights = {key: value.float() for key, value in load_file(args.init).items()}
    network = DeepConvNet()
    network.load_state_dict(weights)
    count = 2 * sum(len(domain.names) for domain, _ in domains)
    first = FirstLayers(weights, args.still, args.work / f"first-{args.still}-{count}.npy", count)
    for layer in list(network.features)[: first_of(network, args.still)]:
        layer.requires_grad_(False)
    last = LastLayers(network, args.still)
    recipe = replace(
        load_recipe("modern", "deep_convnet"), lr=args.lr, nss_weight=args.nss, weight_decay=0.01, stages=()
    )
    optimiser = make_optimiser(network, recipe)
    slow_down(optimiser, list(network.features)[: first_of(network, 5)], args.early_lr)
    run = TimedRun(
        network, optimiser, DeepConvNet, args.work, args.name,
        seconds=args.seconds, every=args.every, ema=args.ema, early=(5,),
    )  # fmt: skip

    mixtures = Mixtures(args.mixtures) if args.mixtures else None

    def losses_at(step: int) -> Iterator[Tensor]:
        looks, target, seen = batch(domains, first, args.seed, step)
        if mixtures is not None:
            pictures, maps, _ = mixtures.drawn(args.mixed, SIZE, args.seed, step)
            made = torch.from_numpy(np.stack([first.made(picture) for picture in pictures]))
            looks, target = torch.cat([looks, made]), torch.cat([target, maps])
            seen = F.pad(seen, (0, 0, 0, 0, 0, args.mixed), value=NOWHERE)
        for layer in last.quick():
            layer.hold()
        parts = min(args.parts, len(looks))
        for start in range(parts):
            part = slice(start, None, parts)
            loss = mean_loss(last(looks[part]), target[part], seen[part], recipe)
            yield loss * (len(looks[part]) / len(looks))
        for layer in last.quick():
            layer.release()

    run.train(losses_at)
    run.finish()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
