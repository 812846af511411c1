"""Measure cheaper networks on this processor: int8 of both, factorised kernels of the Deep ConvNet.

    python benchmarks/cheaper.py [--seconds 60] [--data DIR [--every 1]] [--json FILE] [--quick]

Times in turns with the shipped engine. int8 needs the package `nncf`, which salviewer does not need; without
it that row is left out. With --data (CAT2000's layout), int8 is calibrated with training pictures and every
network is scored on the split's val part. Without, the sample pictures calibrate it, and only correlations
are printed.

- "rank 1/2" and "rank 1/4": each 5x5 to 11x11 kernel as a column of k x 1 and a row of 1 x k with that share
  of the layer's outputs between them, the best such split of the trained weights (a singular value
  decomposition), not fine-tuned.
- "depthwise": k x k per channel, then 1x1, random weights: for its time only.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from common import about, heading, least_cc, options, real_stimuli, shipped, write
from numpy.typing import NDArray
from plain_graph import Run, compiled, graph_of, plain_deep_convnet

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.engines.graph import Graph, Value, Weights
from salviewer.models.engines.openvino_engine import OpenVinoEngine
from salviewer.models.reading import read_arrays
from salviewer.models.timing import in_turns

SIZE = (240, 320)
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Way:
    """A network to time; `scored` says whether to score it too."""

    name: str
    densities: Run
    scored: bool = True


def main() -> int:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each network")
    parser.add_argument("--data", type=Path, help="eye-tracking data to calibrate with and to score on")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="score one of N val pictures")
    parser.add_argument("--calibration", type=int, default=60, help="pictures to calibrate int8 with")
    chosen = parser.parse_args()
    known = about()
    print(heading(known))
    if importlib.util.find_spec("nncf") is None:
        print("int8: not measured, because the package nncf is not installed")
    shown = real_stimuli(SIZE)[: 1 if chosen.quick else None]
    data = Data(chosen.data) if chosen.data and not chosen.quick else None
    pictures = data.training(chosen.calibration) if data else shown
    found = {name: table(name, ways(name, pictures, chosen.quick), shown, data, chosen) for name in shipped()}
    write(chosen.json, known, {"networks": found, "pictures": len(shown)})
    return 0


def ways(name: str, pictures: NDArray[np.uint8], quick: bool) -> list[Way]:
    """List the networks, the shipped one first; `pictures` calibrate int8."""
    card, weights = read_arrays(find_model(name))
    found = [Way("shipped", OpenVinoEngine(ARCHITECTURES[name], weights, card.output).densities)]
    if name == "deep_convnet":
        found.append(Way("plain float32", compiled(plain_deep_convnet(Weights(weights))), False))
        model = plain_deep_convnet(Weights(weights))
    else:
        model = ARCHITECTURES[name].graph_builder(Weights(weights), SIZE, card.output, "f32")
    if importlib.util.find_spec("nncf") is not None:
        found.append(Way("int8", compiled(quantised(model, pictures))))
    if name == "deep_convnet":
        for share in (2,) if quick else (2, 4):
            found.append(Way(f"rank 1/{share}", compiled(split_kernels(weights, share))))
        found.append(Way("depthwise", compiled(depthwise(weights)), False))
    return found


def table(
    name: str,
    found: list[Way],
    shown: NDArray[np.uint8],
    data: Data | None,
    chosen: argparse.Namespace,
) -> list[dict[str, Any]]:
    """Print one network's rows."""
    rounds, seconds = (3, 0.0) if chosen.quick else (200, chosen.seconds)
    times = in_turns([partial(way.densities, shown[:1]) for way in found], rounds, seconds)
    exact = found[0].densities(shown)
    rows = []
    print(f"{name:30} {'best ms':>9} {'median':>9} {'x shipped':>9}   least cc    NSS on val")
    for way, time in zip(found, times, strict=True):
        row: dict[str, Any] = {
            "way": way.name, "ms": time.best, "median_ms": time.median, "speedup": times[0].best / time.best,
        }  # fmt: skip
        if way.scored:
            row["cc"] = least_cc(way.densities(shown), exact)
            if data:
                row["nss_on_val"] = data.nss(way, chosen.every)
        rows.append(row)
        correlation = f"{row['cc']:10.5f}" if "cc" in row else ""
        nss = f"{row['nss_on_val']:14.3f}" if "nss_on_val" in row else ""
        timed = f"{time.best:9.1f} {time.median:9.1f} {row['speedup']:9.2f}"
        print(f"{way.name:30} {timed} {correlation}{nss}", flush=True)
    return rows


class Data:
    """Eye-tracking data with its own split."""

    def __init__(self, folder: Path) -> None:
        from salviewer.training.datasets import open_dataset
        from salviewer.training.evaluation import SIZE
        from salviewer.training.pack import open_pack
        from salviewer.training.splits import read_split

        dataset = open_dataset(folder)
        if dataset.split_file is None:
            raise SystemExit(f"{folder} has no split")
        self._split = read_split(dataset.split_file, dataset)
        self._pack = open_pack(dataset.samples, SIZE)

    def training(self, count: int) -> NDArray[np.uint8]:
        """Return a number of pictures of the training part, evenly spread."""
        names = self._split.train[:: max(len(self._split.train) // count, 1)][:count]
        place = {name: row for row, name in enumerate(self._pack.names)}
        return np.stack([self._pack.stimuli[place[name]] for name in names if name in place])

    def nss(self, way: Way, every: int) -> float:
        """Return the NSS over all categories of the val part."""
        from salviewer.training.evaluation import evaluate

        found = evaluate(way, self._pack, self._split.val, self._split.train, every=every)  # type: ignore[arg-type]
        return next(r.scores["NSS"] for r in found.rows if (r.category, r.predictor) == ("all", way.name))


def quantised(model: Any, pictures: NDArray[np.uint8]) -> Any:
    """Quantise a network with NNCF, calibrated on these pictures."""
    import nncf

    return nncf.quantize(model, nncf.Dataset([one[None] for one in pictures]), subset_size=len(pictures))


def split_kernels(weights: Mapping[str, NDArray[Any]], share: int) -> Any:
    """Split kernels of 5x5 and larger, except the first and last, into a column and a row."""

    def convolve(graph: Graph, x: Value, weight: Array, bias: Array) -> Value:
        outputs, inputs, kernel, _ = weight.shape
        if kernel < 5 or inputs == 3 or outputs == 1:
            return graph.convolution(x, weight, bias)
        rank = outputs // share
        matrix = weight.transpose(1, 2, 0, 3).reshape(inputs * kernel, outputs * kernel)
        left, values, right = np.linalg.svd(matrix, full_matrices=False)
        root = np.sqrt(values[:rank])
        column = (left[:, :rank] * root).reshape(inputs, kernel, rank).transpose(2, 0, 1)[..., None]
        row = (right[:rank] * root[:, None]).reshape(rank, outputs, kernel).transpose(1, 0, 2)[:, :, None]
        half, ops = kernel // 2, graph.ops
        x = ops.convolution(x, graph.constant(column), [1, 1], [half, 0], [half, 0], [1, 1])
        x = ops.convolution(x, graph.constant(row), [1, 1], [0, half], [0, half], [1, 1])
        return ops.add(x, graph.constant(bias.reshape(1, -1, 1, 1)))

    return graph_of(Weights(weights), convolve)


def depthwise(weights: Mapping[str, NDArray[Any]]) -> Any:
    """Replace all layers but the first and last by depthwise and 1x1 convolutions with random weights."""
    rng = np.random.default_rng(0)

    def convolve(graph: Graph, x: Value, weight: Array, bias: Array) -> Value:
        outputs, inputs, kernel, _ = weight.shape
        if inputs == 3 or outputs == 1:
            return graph.convolution(x, weight, bias)
        each = rng.normal(0, 1 / kernel, (inputs, 1, kernel, kernel)).astype(np.float32)
        mixing = rng.normal(0, inputs**-0.5, (outputs, inputs, 1, 1)).astype(np.float32)
        return graph.convolution(graph.convolution(x, each, None, groups=inputs), mixing, bias)

    return graph_of(Weights(weights), convolve)


if __name__ == "__main__":
    raise SystemExit(main())
