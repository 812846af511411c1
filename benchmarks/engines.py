"""How fast each engine computes both networks, against the processor's limit and what else one could pick.

    python benchmarks/engines.py [--seconds 60] [--data DIR]

Everything is timed in turns in one process, best and median of many rounds: ratios are fair though the
machine has other things to do. "Limit" is a large matrix product by torch in float32 with the same threads.
GFLOP/s counts the network's arithmetic as published, so that an engine which needs less can pass the limit.
With --data (CAT2000's layout), the NSS of the spectral residual and of live_net on the split's val part.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from common import gigaflops, heading, real_stimuli
from numpy.typing import NDArray
from spectral_residual import SpectralResidual

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.engines import runtime
from salviewer.models.engines.base import Engine
from salviewer.models.engines.choice import torch_engine
from salviewer.models.engines.graph import Graph, Weights
from salviewer.models.engines.openvino_engine import OpenVinoEngine
from salviewer.models.loading import load_model
from salviewer.models.reading import read_arrays
from salviewer.models.tables import LAYERS
from salviewer.models.timing import Times, eager_engine, in_turns

Run = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for each network")
    parser.add_argument("--data", type=Path, help="eye-tracking data for the NSS")
    options = parser.parse_args()
    print(heading())
    for name in ("live_net", "deep_convnet"):
        network(name, options.seconds)
    alternative(options.data)
    return 0


def network(name: str, seconds: float) -> None:
    """One network's table."""
    card, weights = read_arrays(find_model(name))
    stimuli = real_stimuli(ARCHITECTURES[name].input_size)
    engines: dict[str, Run] = {
        "torch, eager, as published": eager_engine(name).densities,
        "torch engine, channels last": torch_engine(card, weights, "cpu").densities,
    }
    if name == "deep_convnet":
        engines["OpenVINO, plain convolutions"] = plain_deep_convnet(Weights(weights), card.output)
    shipped: Engine = OpenVinoEngine(name, weights, card.output)
    engines["OpenVINO engine"] = shipped.densities
    maps = {title: np.concatenate([run(one[None]) for one in stimuli]) for title, run in engines.items()}
    side = 2048
    a, b = torch.rand(side, side), torch.rand(side, side)
    with torch.inference_mode():
        a @ b
        actions = [lambda: a @ b, *(lambda run=run: run(stimuli[:1]) for run in engines.values())]
        product, *times = in_turns(actions, 400, seconds)
    limit = 2 * side**3 / 1e6 / product.best
    work = gigaflops(name)
    print(
        f"\n{name}: {work:.1f} GFLOP a picture; limit {limit:.0f} GFLOP/s; {len(stimuli)} pictures compared"
    )
    print(f"{'':30} {'best ms':>9} {'median':>9} {'x eager':>8} {'GFLOP/s':>8} {'of limit':>8}  least cc")
    reference = next(iter(maps.values()))
    for (title, found), time in zip(maps.items(), times, strict=True):
        print(row(title, time, times[0], work, limit) + f"  {least_cc(found, reference):.7f}")


def row(title: str, time: Times, eager: Times, work: float, limit: float) -> str:
    """One engine's line."""
    rate = work / time.best * 1000
    return (
        f"{title:30} {time.best:9.1f} {time.median:9.1f} {eager.best / time.best:8.2f}"
        f" {rate:8.0f} {rate / limit:8.0%}"
    )


def least_cc(maps: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """The least correlation of two maps of one picture."""
    return min(float(np.corrcoef(a.ravel(), b.ravel())[0, 1]) for a, b in zip(maps, others, strict=True))


def plain_deep_convnet(weights: Weights, output: str) -> Run:
    """OpenVINO with its own convolutions, to show what minimal filtering is worth."""
    graph = Graph(ARCHITECTURES["deep_convnet"].input_size)
    ops, x, place = graph.ops, graph.stimulus, 0
    for index, (_, _, pooled) in enumerate(LAYERS):
        x = graph.convolution(x, weights[f"features.{place}.weight"], weights[f"features.{place}.bias"])
        x = ops.relu(x) if index < len(LAYERS) - 1 else x
        if index == 0:
            x = ops.lrn(x, graph.constant(np.array([1])), alpha=1e-4, beta=0.75, bias=1.0, size=5)
        x = graph.pooled(x) if pooled else x
        place += 2 + (index == 0) + pooled
    kernel = graph.constant(weights["upsample.weight"])
    raw = ops.convolution_backprop_data(x, kernel, [4, 4], None, [2, 2], [2, 2], [1, 1])
    model = graph.finish(raw, output)  # type: ignore[arg-type]
    request = runtime.core().compile_model(model, "CPU", runtime.settings("f32")).create_infer_request()
    return lambda stimuli: np.stack([request.infer([one[None]])[0][0].copy() for one in stimuli])


def alternative(data: Path | None) -> None:
    """Spectral residual: its time, and its NSS beside ours."""
    stimuli = real_stimuli((240, 320))
    simple = SpectralResidual()
    simple.densities(stimuli[:1])
    (time,) = in_turns([lambda: simple.densities(stimuli[:1])], 200, 5)
    print(f"\nspectral residual in numpy: {time.best:.2f} ms a picture, median {time.median:.2f}")
    if data is None:
        print("its NSS: not measured, because no --data was given")
        return
    from salviewer.training.datasets import open_dataset
    from salviewer.training.evaluation import SIZE, evaluate
    from salviewer.training.pack import open_pack
    from salviewer.training.splits import read_split

    dataset = open_dataset(data)
    if dataset.split_file is None:
        print("its NSS: not measured, because the data has no split")
        return
    split = read_split(dataset.split_file, dataset)
    pack = open_pack(dataset.samples, SIZE, lambda done, total: None)
    print(f"NSS on {len(split.val)} val pictures:")
    for predictor in (simple, load_model("live_net", "cpu")):
        found = evaluate(predictor, pack, split.val, split.train)  # type: ignore[arg-type]
        for line in found.rows:
            if line.category == found.rows[-1].category:
                print(f"  {line.predictor:20} {line.scores['NSS']:.2f}")


if __name__ == "__main__":
    raise SystemExit(main())
