"""What each shipped network costs: time of a picture and of a video's frame, and memory.

    python benchmarks/models.py [--rounds 40] [--turns 3] [--only NAME ...] [--engine torch] [--json FILE]

Each network runs in a process of its own, several times in turns with the others, so that a machine that
changes speed affects all alike. Of each number the least is kept. "Processor" is the process's time on all
cores, which other programs disturb least; "clock" is what a user waits. A picture is 800x600 pixels, from
pixels to density; a frame is 1280x720 of a moving view, with the network's memory where it has one. Memory
is resident, above that of the engine's library alone: with the network loaded, after its first map, and at
the peak of loading and the first map. Compiled networks come from their cache, as in every start but the
first.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

COLUMNS = {
    "picture_processor_ms": "picture: processor, ms",
    "picture_clock_ms": "clock, ms",
    "frame_processor_ms": "frame: processor, ms",
    "frame_clock_ms": "clock, ms",
    "loaded_mb": "loaded, MB",
    "first_map_mb": "first map, MB",
    "peak_mb": "peak, MB",
}


def main() -> int:
    """Run the children in turns and print the table; or run as a child."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(child(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
        return 0
    from common import about, heading, options, shipped, write

    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="pictures and frames in each process")
    parser.add_argument("--turns", type=int, default=3, help="processes of each network")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these networks alone")
    parser.add_argument("--engine", default="openvino", choices=("openvino", "torch"))
    chosen: argparse.Namespace = parser.parse_args()
    names = chosen.only or shipped()
    rounds, turns = (2, 1) if chosen.quick else (chosen.rounds, chosen.turns)
    known = about()
    print(heading(known))
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for turn in range(turns + 1):
        for name in names:
            values = start(name, chosen.engine, rounds if turn else 1)
            if turn:  # the first fills the cache
                found[name].append(values)
    best = {name: {key: min(run[key] for run in runs) for key in COLUMNS} for name, runs in found.items()}
    print(f"{chosen.engine}, the least of {turns} processes of {rounds} rounds")
    print(f"{'':20}" + "".join(f"{title:>24}" for title in COLUMNS.values()))
    for name, row in best.items():
        print(f"{name:20}" + "".join(f"{row[key]:24.1f}" for key in COLUMNS))
    write(chosen.json, known, {"engine": chosen.engine, "rounds": rounds, "turns": turns, "networks": best})
    return 0


def start(name: str, engine: str, rounds: int) -> dict[str, float]:
    """Measure a network in a process of its own."""
    command = [sys.executable, __file__, "--child", name, engine, str(rounds)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}: {done.stderr}")
    numbers: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return numbers


def child(name: str, engine: str, rounds: int) -> dict[str, float]:
    """Return the numbers of one network, as `COLUMNS` names them."""
    import checkout  # noqa: F401
    import numpy as np

    from salviewer.models.loading import load_model
    from salviewer.streaming.frame_memory import FrameMemory

    if engine == "torch":
        import torch

        torch.zeros(1)
    else:
        import openvino

        openvino.Core().available_devices  # noqa: B018
    alone = resident("VmRSS")
    model = load_model(name, "cpu", engine)  # type: ignore[arg-type]
    loaded = resident("VmRSS")
    noise = np.random.default_rng(0).integers(0, 255, (90, 200, 3), dtype=np.uint8)
    wide = noise.repeat(8, 0).repeat(8, 1)
    picture = np.ascontiguousarray(wide[:600, :800])
    model.predict(picture)
    first, peak = resident("VmRSS"), resident("VmHWM")
    processor, clock = least(lambda _: model.predict(picture), rounds)
    memory = FrameMemory(model)

    def follow(number: int) -> object:
        left = 2 * number % 300
        return memory.predict(np.ascontiguousarray(wide[:, left : left + 1280]), number / 25)

    frame_processor, frame_clock = least(follow, rounds)
    return {
        "picture_processor_ms": processor,
        "picture_clock_ms": clock,
        "frame_processor_ms": frame_processor,
        "frame_clock_ms": frame_clock,
        "loaded_mb": loaded - alone,
        "first_map_mb": first - alone,
        "peak_mb": peak - alone,
    }


def least(action: Callable[[int], object], rounds: int) -> tuple[float, float]:
    """Return the least processor time and clock time of an action, in milliseconds; once is not timed."""
    action(0)
    used, taken = [], []
    for number in range(1, rounds + 1):
        begun, spent = time.perf_counter(), time.process_time()
        action(number)
        used.append(1000 * (time.process_time() - spent))
        taken.append(1000 * (time.perf_counter() - begun))
    return min(used), min(taken)


def resident(what: str) -> float:
    """Return resident memory in MB, now ("VmRSS") or at most so far ("VmHWM"); 0 without /proc."""
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return next(float(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith(what))


if __name__ == "__main__":
    raise SystemExit(main())
