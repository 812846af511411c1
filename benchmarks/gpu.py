"""Time both networks on a CUDA card: latency of one picture, throughput of 32, share of the card's limit.

    python benchmarks/gpu.py [--json FILE] [--quick]

"Limit" is a large 3x3 convolution, channels last, in the same precision, on the same card. Without a card it
says so and measures nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from common import about_a_card, gigaflops, options, shipped, write

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.devices import Device
from salviewer.models.engines.choice import torch_engine
from salviewer.models.engines.torch_engine import TorchEngine, autocast
from salviewer.models.reading import read_arrays

HEAD = f"{'':24}{'limit TFLOP/s':>15}{'1 picture, ms':>15}{'32, a second':>14}{'TFLOP/s':>9}{'of limit':>10}"
PRECISIONS = (torch.float32, torch.float16)


def main() -> int:
    """Print the table."""
    chosen = options(__doc__).parse_args()
    known = about_a_card(chosen.json)
    if known is None:
        return 0
    rounds = 2 if chosen.quick else 20
    card = torch.cuda.get_device_name()
    print(f"{card}, torch {torch.__version__}")
    print(HEAD)
    limits = {precision: convolution_limit(precision, rounds) for precision in PRECISIONS}
    rows = []
    for name in shipped():
        for precision in PRECISIONS:
            row = measured(name, precision, limits[precision], rounds)
            rows.append(row)
            print(
                f"{name:14}{row['precision']:>10}{row['limit_tflops']:>15.1f}{row['latency_ms']:>15.2f}"
                f"{row['a_second']:>14.0f}{row['tflops']:>9.1f}{row['of_limit']:>10.0%}"
            )
    write(chosen.json, known, {"card": card, "networks": rows})
    return 0


def measured(name: str, precision: torch.dtype, limit: float, rounds: int) -> dict[str, Any]:
    """Time one network in one precision: from stimulus to density, and the network alone with 32 pictures."""
    card, weights = read_arrays(find_model(name))
    device = Device("cuda:0", "", precision)
    made = torch_engine(card, weights, "cuda:0")
    assert isinstance(made, TorchEngine)
    engine = TorchEngine(made.network, card.output, device)
    size = ARCHITECTURES[name].input_size
    stimulus = np.zeros((1, *size, 3), np.uint8)
    batch = torch.rand(32, 3, *size, device="cuda").to(memory_format=torch.channels_last)

    def many() -> None:
        with torch.inference_mode(), autocast(device):
            engine.network(batch)

    latency = milliseconds(lambda: engine.densities(stimulus), rounds)
    rate = 32_000 / milliseconds(many, rounds)
    flops = rate * gigaflops(name) / 1000
    return {
        "network": name, "precision": str(precision).removeprefix("torch."), "limit_tflops": limit,
        "latency_ms": latency, "a_second": rate, "tflops": flops, "of_limit": flops / limit,
    }  # fmt: skip


def convolution_limit(precision: torch.dtype, rounds: int) -> float:
    """Return TFLOP/s of a convolution, 512 to 512 channels, 3x3, 32 pictures of 64x64."""
    convolution = torch.nn.Conv2d(512, 512, 3, padding=1, bias=False).to("cuda", precision)
    convolution = convolution.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    x = torch.rand(32, 512, 64, 64, device="cuda", dtype=precision).to(memory_format=torch.channels_last)

    def run() -> None:
        with torch.inference_mode():
            convolution(x)

    return 2 * 32 * 64 * 64 * 512 * 512 * 9 / 1e9 / milliseconds(run, rounds)


def milliseconds(action: Callable[[], object], rounds: int) -> float:
    """Return the median time, synchronising the card each time."""
    for _ in range(3):
        action()
    taken = []
    for _ in range(rounds):
        torch.cuda.synchronize()
        start = time.perf_counter()
        action()
        torch.cuda.synchronize()
        taken.append(1000 * (time.perf_counter() - start))
    return float(np.median(taken))


if __name__ == "__main__":
    raise SystemExit(main())
