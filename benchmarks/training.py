"""Measure how long the network waits for pictures, and compare our loop with a plain one.

    python benchmarks/training.py [--data DIR] [--precision auto] [--rounds 5] [--steps 8]

The plain loop is what one would write first: each picture, map and fixation matrix is decoded at its full
size in each epoch and then resized, one after another, between the steps; float32, torch's defaults. Ours
reads the pack, prepares the next batches in a thread, and computes as `salviewer train` does. Both train
live_net with the recipe `modern` and the same batch size, each in a process, in turns. The table has the
medians of the rounds and the ratio within each round. Without --data, 24 pictures of CAT2000's size are
generated.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import checkout  # noqa: F401
import cv2
import numpy as np

SIZE = (1080, 1920)
PICTURES = 24


def main() -> int:
    """Run both loops in turns and print a table; or run as one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="a data set as `salviewer train` takes it")
    parser.add_argument("--precision", choices=["float32", "auto"], default="float32", help="of our loop")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=8, help="in each round")
    parser.add_argument("--loop", choices=["plain", "ours"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        serve(plain(options) if options.loop == "plain" else ours(options), options)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SALVIEWER_CACHE"] = folder
        if options.data is None:
            options.data = Path(folder) / "data"
            make_data(options.data)
        compare(options)
    return 0


def compare(options: argparse.Namespace) -> None:
    """Run rounds of both, in turns."""
    loops = {name: Loop(name, options) for name in ("plain", "ours")}
    rounds: list[dict[str, dict[str, float]]] = []
    try:
        for _ in range(options.rounds + 1):
            rounds.append({name: loop.go() for name, loop in loops.items()})
    finally:
        for loop in loops.values():
            loop.end()
    rounds = rounds[1:]  # the first one warms up
    speeds = {name: statistics.median(one[name]["speed"] for one in rounds) for name in loops}
    ratios = [one["ours"]["speed"] / one["plain"]["speed"] for one in rounds]
    waits = [one["ours"]["waiting"] for one in rounds]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, our precision {options.precision}")
    print(f"plain loop   {speeds['plain']:6.2f} pictures/s")
    print(f"salviewer    {speeds['ours']:6.2f} pictures/s")
    print(f"ratio        {statistics.median(ratios):6.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")
    print(
        f"waiting      {statistics.median(waits):6.1%}  of the time for pictures (at most {max(waits):.1%})"
    )


class Loop:
    """One of the two loops, in its own process, which runs a round on request."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        words = [f"--loop={name}", f"--data={options.data}", f"--steps={options.steps}"]
        passive = {"OMP_WAIT_POLICY": "PASSIVE"} if name == "ours" else {}
        self._process = subprocess.Popen(
            [sys.executable, __file__, *words, f"--precision={options.precision}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"} | passive,
        )

    def go(self) -> dict[str, float]:
        """Run a round; return pictures per second and the share of the time that the network waited."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        said: dict[str, float] = json.loads(self._process.stdout.readline())
        return said

    def end(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)


def serve(step: Iterator[tuple[float, float]], options: argparse.Namespace) -> None:
    """Run a round of steps for each input line; `step` returns the seconds waited and worked."""
    for _ in sys.stdin:
        times = [next(step) for _ in range(options.steps)]
        waited, worked = (sum(column) for column in zip(*times, strict=True))
        whole = waited + worked
        print(json.dumps({"speed": options.steps * BATCH / whole, "waiting": waited / whole}), flush=True)


BATCH = 8


def ours(options: argparse.Namespace) -> Iterator[tuple[float, float]]:
    """Train with the trainer's own parts, as `salviewer train` does."""
    from salviewer.cli.train import keep_freed_memory

    keep_freed_memory()
    from salviewer.models.devices import choose_device
    from salviewer.training.batches import Source, made_early
    from salviewer.training.datasets import open_dataset
    from salviewer.training.distributed import Group
    from salviewer.training.initial_weights import initial_network
    from salviewer.training.order import Order
    from salviewer.training.pack import open_pack
    from salviewer.training.recipe import load_recipe
    from salviewer.training.run_folder import RunFolder
    from salviewer.training.trainer import Trainer
    from salviewer.training.validation import Held

    recipe = replace(load_recipe("modern", "live_net"), train_batch=BATCH, precision=options.precision)
    with tempfile.TemporaryDirectory() as folder:
        order = Order(options.data, "live_net", Path(folder))
        pack = open_pack(open_dataset(options.data).samples, recipe.input_size)
        rows = np.arange(len(pack.names))
        trainer = Trainer(
            "live_net", initial_network(order, recipe)[0], recipe, 0, [Source(pack, rows)],
            Held(pack, rows, "test"), RunFolder(Path(folder)), choose_device("cpu", training=True),
            Group(), Silent(),
        )  # fmt: skip
        trainer.network.train()
        steps = trainer.batches.steps_per_epoch
        plan = [(n // steps, n % steps, recipe.input_size, recipe.output_size) for n in range(10_000)]
        batches = made_early(trainer.batches, plan)
        while True:
            began = time.perf_counter()
            batch = next(batches)
            got = time.perf_counter()
            trainer.take_step(batch)
            trainer.step += 1
            yield got - began, time.perf_counter() - got


class Silent:
    """A watcher that ignores everything."""

    def tell(self, kind: str, **details: Any) -> None:
        """Ignore an event."""


def plain(options: argparse.Namespace) -> Iterator[tuple[float, float]]:
    """Train with the loop one would write first."""
    import torch
    from PIL import Image

    from salviewer.media.fixation_files import read_fixation_file
    from salviewer.media.ground_truth import read_fixation_map
    from salviewer.training.batches import fixation_counts
    from salviewer.training.datasets import Sample, open_dataset
    from salviewer.training.initial_weights import initial_network
    from salviewer.training.losses import loss_of
    from salviewer.training.order import Order
    from salviewer.training.recipe import load_recipe

    recipe = replace(load_recipe("modern", "live_net"), train_batch=BATCH)
    samples = open_dataset(options.data).samples
    network = initial_network(Order(options.data, "live_net", Path()), recipe)[0].train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    random = np.random.default_rng(0)
    across = recipe.input_size[::-1]

    def read(sample: Sample) -> tuple[Any, Any, Any]:
        with Image.open(sample.stimulus) as image:
            size = image.size
            picture = cv2.resize(np.asarray(image.convert("RGB")), across, interpolation=cv2.INTER_AREA)
        density = cv2.resize(read_fixation_map(sample.fixation_map), across, interpolation=cv2.INTER_AREA)
        points = np.zeros((0, 2))
        if sample.locations:
            points = read_fixation_file(sample.locations, size).points
        if random.random() < 0.5:
            picture, density, points = picture[:, ::-1], density[:, ::-1], points * (1, -1) + (0, 1)
        stimulus = (picture.astype(np.float32) / 255 - 0.5) / 0.5
        counts = fixation_counts(points.astype(np.float32), recipe.output_size)
        return stimulus, density / density.sum(), counts

    while True:
        began = time.perf_counter()
        chosen = [read(samples[row]) for row in random.permutation(len(samples))[:BATCH]]
        parts = [torch.from_numpy(np.stack(column)) for column in zip(*chosen, strict=True)]
        got = time.perf_counter()
        raw = network(parts[0].permute(0, 3, 1, 2).contiguous())
        loss = loss_of(raw, parts[1], parts[2], recipe)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.clip_gradient)
        optimiser.step()
        loss.item()
        yield got - began, time.perf_counter() - got


def make_data(root: Path) -> None:
    """Make photograph-like pictures with maps and fixation matrices, in CAT2000's size and layout."""
    from PIL import Image
    from scipy.io import savemat

    random = np.random.default_rng(0)
    for folder in ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS"):
        (root / "trainSet" / folder / "Made").mkdir(parents=True)
    for number in range(PICTURES):
        coarse = Image.fromarray(random.integers(0, 255, (54, 96, 3), dtype=np.uint8))
        pixels = np.asarray(coarse.resize(SIZE[::-1], Image.Resampling.BICUBIC), np.int16)
        pixels = (pixels + random.integers(-12, 12, (*SIZE, 3))).clip(0, 255).astype(np.uint8)
        places = random.integers(0, SIZE, (250, 2))
        locations = np.zeros(SIZE, np.uint8)
        locations[places[:, 0], places[:, 1]] = 1
        few = cv2.resize(locations.astype(np.float32), None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
        density = cv2.resize(cv2.GaussianBlur(few, (0, 0), 5), SIZE[::-1])
        base, stem = root / "trainSet", f"{number:03d}"
        Image.fromarray(pixels).save(base / "Stimuli/Made" / f"{stem}.jpg", quality=90)
        Image.fromarray((255 * density / density.max()).astype(np.uint8)).save(
            base / "FIXATIONMAPS/Made" / f"{stem}.jpg", quality=95
        )
        savemat(base / "FIXATIONLOCS/Made" / f"{stem}.mat", {"fixLocs": locations})


if __name__ == "__main__":
    raise SystemExit(main())
