"""Where the time of a network goes in OpenVINO: a table by kind of layer, in one thread.

    python benchmarks/layers.py [--model live_net] [--rounds 240] [--each] [--json FILE]

The network is compiled as the program does while it paints and captures, with OpenVINO's own clock of each
layer. Of each layer the fifth percentile of all rounds counts, which other programs disturb little; their sum
is less than a picture takes, because it leaves out what lies between the layers. "Moved" is the size of what
a kind of layer reads and writes, weights included.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import checkout  # noqa: F401
import numpy as np
from common import about, heading, options, write

from salviewer.models.catalog import find_model
from salviewer.models.engines import runtime
from salviewer.models.engines.graph import Weights, shape_of
from salviewer.models.engines.trial import picture
from salviewer.models.reading import read_arrays

_RUNS = 12  # of a compiled network: OpenVINO rounds the mean to microseconds


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it runs: its kind, how it is computed, its output, milliseconds, and megabytes moved."""

    kind: str
    way: str
    shape: tuple[int, ...]
    spent: float
    moved: float


def profiled(model: str, rounds: int) -> list[Layer]:
    """Run a network and return its layers in order."""
    card, weights = read_arrays(find_model(model))
    form = card.form
    graph = form.graph_builder(Weights(weights), form.input_size, card.output, "f32")
    settings = {**runtime.settings("f32", shared=True), "INFERENCE_NUM_THREADS": 1, "PERF_COUNT": True}
    compiled = runtime.core().compile_model(graph, "CPU", settings)
    content = compiled.export_model()
    given: list[Any] = [picture(form.input_size), np.array([1.3], np.float32)][: len(compiled.inputs)]
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(-(-rounds // _RUNS)):
        fresh = runtime.core().import_model(content, "CPU", settings)
        request = fresh.create_infer_request()
        before: dict[str, float] = defaultdict(float)
        for number in range(1, _RUNS + 2):
            request.infer(given)
            for entry in request.get_profiling_info():  # the mean of all runs so far
                total = number * entry.real_time.total_seconds() * 1e3
                if number > 1:  # the first is slower
                    times[entry.node_name].append(total - before[entry.node_name])
                before[entry.node_name] = total
    least = {name: max(0.0, float(np.percentile(taken, 5))) for name, taken in times.items()}
    found = []
    for node in compiled.get_runtime_model().get_ordered_ops():
        said = {key: str(node.get_rt_info()[key].value) for key in ("layerType", "primitiveType")}
        if node.get_friendly_name() not in least or said["layerType"] in ("Const", "Input", "Output"):
            continue
        kernel = 0
        given_to = [shape_of(value) for value in node.input_values()]
        if said["layerType"] == "Convolution":
            kernel = 1 if "1x1" in said["primitiveType"] else 3
        sizes = [int(np.prod(shape)) for shape in [*given_to, shape_of(node)]]
        depthwise = "dw" in said["primitiveType"]
        names = {0: said["layerType"], 1: "1x1 convolution", 3: "other convolution"}
        kind = "depthwise convolution" if depthwise else names[kernel]
        found.append(
            Layer(
                kind,
                said["primitiveType"],
                shape_of(node),
                least[node.get_friendly_name()],
                4e-6 * sum(sizes),
            )
        )
    return found


def main() -> int:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--model", default="live_net")
    parser.add_argument("--rounds", type=int, default=240)
    parser.add_argument("--each", action="store_true", help="also print every layer")
    chosen = parser.parse_args()
    known = about()
    print(heading(known))
    layers = profiled(chosen.model, 2 if chosen.quick else chosen.rounds)
    total = sum(layer.spent for layer in layers)
    if chosen.each:
        for layer in layers:
            print(f"{layer.spent:7.3f} ms  {layer.kind:22} {layer.way:28} {layer.shape}")
    kinds = {layer.kind: [other for other in layers if other.kind == layer.kind] for layer in layers}
    print(f"{chosen.model}, one thread: {len(layers)} layers, {total:.1f} ms")
    print("| | layers | ms | share | MB moved |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, same in sorted(kinds.items(), key=lambda item: -sum(layer.spent for layer in item[1])):
        spent, moved = sum(layer.spent for layer in same), sum(layer.moved for layer in same)
        print(f"| {kind} | {len(same)} | {spent:.2f} | {100 * spent / total:.0f} % | {moved:.1f} |")
    values = [[layer.kind, layer.way, list(layer.shape), layer.spent, layer.moved] for layer in layers]
    write(chosen.json, known, {"model": chosen.model, "layers": values})
    return 0


if __name__ == "__main__":
    sys.exit(main())
