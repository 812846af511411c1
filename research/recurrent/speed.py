"""Time a frame of a video with live_net and with live_net_recurrent, in turns.

PYTHONPATH=. python -m research.recurrent.speed --model live_net_recurrent
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from salviewer.models.loading import load_model
from salviewer.streaming.frame_memory import FrameMemory


def main() -> int:
    """Print the median milliseconds of a frame of 1280x720, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="live_net_recurrent")
    parser.add_argument("--rounds", type=int, default=150)
    args = parser.parse_args()
    wide = np.random.default_rng(0).integers(0, 255, (90, 200, 3), dtype=np.uint8)
    wide = wide.repeat(8, 0).repeat(8, 1)
    names = ("live_net", args.model)
    networks = [FrameMemory(load_model(name, "cpu")) for name in names]
    taken: list[list[float]] = [[], []]
    spent: list[list[float]] = [[], []]
    for number in range(args.rounds):
        frame = np.ascontiguousarray(wide[:, 2 * number % 300 :][:, :1280])
        for place, network in enumerate(networks):
            begun, used = time.perf_counter(), time.process_time()
            network.predict(frame, number / 25)
            taken[place].append(1000 * (time.perf_counter() - begun))
            spent[place].append(1000 * (time.process_time() - used))
    for what, values in (("clock", taken), ("processor", spent)):
        first, second = (statistics.median(some[5:]) for some in values)
        print(f"{what}: {first:.2f} ms, {second:.2f} ms, {second / first:.3f} times")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
