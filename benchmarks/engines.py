"""Time both networks on each engine, compared with the processor's limit and a cheap alternative.

    python benchmarks/engines.py [--seconds 60] [--data DIR] [--json FILE] [--quick]

Everything is timed in turns in one process, best and median of many rounds, so that ratios are fair on a busy
machine. "Limit" is a large matrix product by torch in the same precision with its threads. GFLOP/s counts the
network's arithmetic as published, so an engine that needs less can exceed the limit. With --data (CAT2000's
layout), also prints the NSS of the spectral residual and of live_net on the split's val part.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from common import about, gigaflops, heading, least_cc, options, real_stimuli, write
from plain_graph import Run, compiled, plain_deep_convnet
from spectral_residual import SpectralResidual

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.devices import Device, cpu_has_bfloat16
from salviewer.models.engines import runtime
from salviewer.models.engines.choice import torch_engine
from salviewer.models.engines.graph import Weights
from salviewer.models.engines.openvino_engine import OpenVinoEngine
from salviewer.models.engines.torch_engine import TorchEngine
from salviewer.models.loading import load_model
from salviewer.models.reading import read_arrays
from salviewer.models.timing import eager_engine, in_turns

FLOAT32, BFLOAT16 = "float32", "bfloat16"


@dataclass(frozen=True)
class Way:
    """One way to compute a network."""

    title: str
    precision: str
    run: Run


def main() -> int:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each network")
    parser.add_argument("--data", type=Path, help="eye-tracking data for the NSS")
    chosen = parser.parse_args()
    known = about()
    print(heading(known))
    values: dict[str, Any] = {"torch_threads": torch.get_num_threads(), "openvino_threads": runtime.threads()}
    for name in ("live_net", "deep_convnet"):
        values[name] = network(name, chosen)
    values["spectral_residual"] = alternative(chosen)
    write(chosen.json, known, values)
    return 0


def ways(name: str) -> list[Way]:
    """List the ways to compute it, the published network first."""
    card, weights = read_arrays(find_model(name))
    channels_last = torch_engine(card, weights, "cpu")
    assert isinstance(channels_last, TorchEngine)
    single = TorchEngine(channels_last.network, card.output, Device("cpu", "", torch.float32))
    found = [
        Way("torch, eager, as published", FLOAT32, eager_engine(name).densities),
        Way("torch, channels last", FLOAT32, single.densities),
    ]
    if cpu_has_bfloat16():
        found.append(Way("torch engine, bfloat16", BFLOAT16, channels_last.densities))
    if name == "deep_convnet":
        model = plain_deep_convnet(Weights(weights))
        found.append(Way("OpenVINO, plain convolutions", FLOAT32, compiled(model)))
        if "BF16" in runtime.capabilities():
            found.append(Way("OpenVINO, plain, bfloat16", BFLOAT16, compiled(model, "bf16")))
    ours = OpenVinoEngine(ARCHITECTURES[name], weights, card.output)
    return [*found, Way("OpenVINO engine", FLOAT32, ours.densities)]


def network(name: str, chosen: argparse.Namespace) -> dict[str, Any]:
    """Print one network's table."""
    stimuli = real_stimuli(ARCHITECTURES[name].input_size)[: 2 if chosen.quick else None]
    found = ways(name)
    maps = [np.concatenate([way.run(one[None]) for one in stimuli]) for way in found]
    products = {kind: product(kind) for kind in dict.fromkeys(way.precision for way in found)}
    actions = [*products.values(), *(lambda run=way.run: run(stimuli[:1]) for way in found)]
    rounds, seconds = (3, 0.0) if chosen.quick else (400, chosen.seconds)
    times = in_turns(actions, rounds, seconds)
    limits = {kind: 2 * SIDE**3 / 1e6 / time.best for kind, time in zip(products, times, strict=False)}
    work = gigaflops(name)
    said = ", ".join(f"{limit:.0f} GFLOP/s in {kind}" for kind, limit in limits.items())
    print(f"\n{name}: {work:.1f} GFLOP a picture; limit {said}; {len(stimuli)} pictures compared")
    print(f"{'':30} {'best ms':>9} {'median':>9} {'x eager':>8} {'GFLOP/s':>8} {'of limit':>8}  least cc")
    rows, eager = [], times[len(products)]
    for way, its, time in zip(found, maps, times[len(products) :], strict=True):
        rate = work / time.best * 1000
        row = {
            "title": way.title, "precision": way.precision, "ms": time.best, "median_ms": time.median,
            "speedup": eager.best / time.best, "gflops": rate, "of_limit": rate / limits[way.precision],
            "cc": least_cc(its, maps[0]),
        }  # fmt: skip
        rows.append(row)
        print(
            f"{way.title:30} {time.best:9.1f} {time.median:9.1f} {row['speedup']:8.2f} {rate:8.0f}"
            f" {row['of_limit']:8.0%}  {row['cc']:.7f}"
        )
    return {"gflop": work, "limit_gflops": limits, "pictures": len(stimuli), "engines": rows}


SIDE = 2048


def product(precision: str) -> Callable[[], object]:
    """Multiply two large matrices once."""
    kind = getattr(torch, precision)
    a, b = (torch.rand(SIDE, SIDE).to(kind) for _ in range(2))

    def multiply() -> object:
        with torch.inference_mode():
            return a @ b

    multiply()
    return multiply


def alternative(chosen: argparse.Namespace) -> dict[str, Any]:
    """Print the spectral residual's time, and its NSS next to ours."""
    stimuli = real_stimuli((240, 320))
    simple = SpectralResidual()
    simple.densities(stimuli[:1])
    (time,) = in_turns([lambda: simple.densities(stimuli[:1])], 3 if chosen.quick else 200, 5)
    values: dict[str, Any] = {"ms": time.best, "median_ms": time.median}
    print(f"\nspectral residual in numpy: {time.best:.2f} ms a picture, median {time.median:.2f}")
    if chosen.data is None:
        print("its NSS: not measured, because no --data was given")
        return values
    from salviewer.training.datasets import open_dataset
    from salviewer.training.evaluation import SIZE, evaluate
    from salviewer.training.pack import open_pack
    from salviewer.training.splits import read_split

    dataset = open_dataset(chosen.data)
    if dataset.split_file is None:
        print("its NSS: not measured, because the data has no split")
        return values
    split = read_split(dataset.split_file, dataset)
    pack = open_pack(dataset.samples, SIZE)
    nss: dict[str, float] = {}
    for predictor in (simple, load_model("live_net", "cpu")):
        found = evaluate(predictor, pack, split.val, split.train)  # type: ignore[arg-type]
        nss |= {row.predictor: row.scores["NSS"] for row in found.rows if row.category == "all"}
    print(f"NSS on {len(split.val)} val pictures:")
    for title, score in nss.items():
        print(f"  {title:20} {score:.2f}")
    return values | {"nss_on_val": nss}


if __name__ == "__main__":
    raise SystemExit(main())
