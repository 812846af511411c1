"""Both networks on a CUDA card: latency of one picture, throughput of 32, against the card's own limit.

    python benchmarks/gpu.py

"Limit" is a large 3x3 convolution, channels last, in the same precision, on the same card. Without a card it
says so and measures nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from common import gigaflops, heading

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.devices import Device
from salviewer.models.engines.choice import torch_engine
from salviewer.models.engines.torch_engine import TorchEngine, autocast
from salviewer.models.reading import read_arrays

WIDTHS = (14, 10, 14, 14, 12, 10, 10)


def main() -> int:
    """Print the table."""
    print(heading())
    if not torch.cuda.is_available():
        print("There is no CUDA card here; nothing was measured.")
        return 0
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}")
    titles = ("", "", "limit TFLOP/s", "1 picture ms", "32 a second", "TFLOP/s", "of limit")
    print("".join(f"{title:>{width}}" for title, width in zip(titles, WIDTHS, strict=True)))
    for name in ARCHITECTURES:
        card, weights = read_arrays(find_model(name))
        work = gigaflops(name)
        for precision in (torch.float32, torch.float16):
            device = Device("cuda:0", "", precision)
            base = torch_engine(card, weights, "cuda:0")
            assert isinstance(base, TorchEngine)
            engine = TorchEngine(base.network, card.output, device)
            stimulus = np.zeros((1, *ARCHITECTURES[name].input_size, 3), np.uint8)
            single = milliseconds(lambda: engine.densities(stimulus))  # noqa: B023
            batch = torch.rand(32, 3, *ARCHITECTURES[name].input_size, device="cuda")
            batch = batch.to(memory_format=torch.channels_last)

            def many() -> None:
                with torch.inference_mode(), autocast(device):  # noqa: B023
                    engine.network(batch)  # noqa: B023

            rate = 32_000 / milliseconds(many)
            limit, flops = convolution_limit(precision), rate * work / 1000
            title = str(precision).removeprefix("torch.")
            cells = (name, title, f"{limit:.1f}", f"{single:.2f}", f"{rate:.0f}", f"{flops:.1f}")
            cells += (f"{flops / limit:.0%}",)
            print("".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)))
    return 0


def convolution_limit(precision: torch.dtype) -> float:
    """TFLOP/s of 512 to 512 channels, 3x3, 32 pictures of 64x64."""
    convolution = torch.nn.Conv2d(512, 512, 3, padding=1, bias=False).to("cuda", precision)
    convolution = convolution.to(memory_format=torch.channels_last)
    x = torch.rand(32, 512, 64, 64, device="cuda", dtype=precision).to(memory_format=torch.channels_last)

    def run() -> None:
        with torch.inference_mode():
            convolution(x)

    return 2 * 32 * 64 * 64 * 512 * 512 * 9 / 1e9 / milliseconds(run)


def milliseconds(action: Callable[[], object], rounds: int = 20) -> float:
    """The median, the card's queue emptied each time."""
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
