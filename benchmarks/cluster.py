"""Measure what a cluster costs beside the batch of one machine, and what it would do on many.

    python benchmarks/cluster.py overhead [--count 2000] [--megapixels 2] [--rounds 3]
    python benchmarks/cluster.py memory [--count 20000]
    python benchmarks/cluster.py names [--count 1000000]
    python benchmarks/cluster.py model [--count 40] [--megapixels 2] [--hourly 0.714] [--cores 16]

- overhead: `salviewer predict` with ``--cluster local`` and without, in turns, on the same pictures: wall
  time of the whole command and from its first result on, and processor time of all processes, which a busy
  machine changes less.
- memory: that of the driver and of the largest worker, while many small pictures are done.
- names: memory of the driver and of the process that lists, and the time that takes, for lists of addresses
  of two lengths. Nothing is opened.
- model: the time of each step of a picture on one core, and from it pictures a second and the price of ten
  million by the number of nodes, until something shared is the limit.

Needs the extra ``cluster``. Let nothing else run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import psutil
from common import about, heading, options, photograph, write

from salviewer import api
from salviewer.cluster import ray_library, versions
from salviewer.cluster.job import Job, Model
from salviewer.cluster.ledger import Ledger
from salviewer.cluster.measured import row_of
from salviewer.cluster.run import run
from salviewer.cluster.stores import Place
from salviewer.core.hotspots import HotspotSettings
from salviewer.media.images import load_picture
from salviewer.results.naming import File
from salviewer.results.naming import Job as Naming
from salviewer.results.order import Order
from salviewer.results.source import Source
from salviewer.results.writing import write_files

MANY = 10_000_000
MIB = 2**20


def main() -> int:
    """Measure one thing and print it."""
    parser = options(__doc__)
    parser.add_argument("what", choices=["overhead", "memory", "names", "model"])
    parser.add_argument("--count", type=int, help="pictures or names")
    parser.add_argument("--megapixels", type=float, default=2.0)
    parser.add_argument("--shard", type=int, default=64, help="pictures of a shard, of names")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--hourly", type=float, default=0.714, help="price of a node's hour (default: %(default)s)"
    )
    parser.add_argument("--cores", type=int, default=16, help="of a node")
    parser.add_argument("--network", type=float, default=1.25e9, help="bytes a second of a node")
    parser.add_argument("--store", type=float, default=5e9, help="bytes a second of a store that all share")
    chosen = parser.parse_args()
    usual = {"overhead": 2000, "memory": 20_000, "names": 1_000_000, "model": 40}[chosen.what]
    chosen.count = chosen.count or (20 if chosen.quick else usual)
    known = about()
    print(heading(known))
    with tempfile.TemporaryDirectory() as folder:
        measure = {"overhead": overhead, "memory": memory, "names": names, "model": model}[chosen.what]
        write(chosen.json, known, {"rows": measure(chosen, Path(folder))})
    return 0


def pictures(folder: Path, count: int, megapixels: float) -> Path:
    """Return a folder with so many pictures, of which 24 differ."""
    made, given = folder / "made", folder / "given"
    made.mkdir()
    given.mkdir()
    kept = [photograph(made, megapixels, seed) for seed in range(min(count, 24))]
    for number in range(count):
        path = kept[number % len(kept)]
        os.link(path, given / f"{number:07d}{path.suffix}")
    return given


def overhead(chosen: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Run the two commands in turns."""
    given = pictures(folder, chosen.count, chosen.megapixels)
    rows: list[dict[str, Any]] = []
    for number in range(1 if chosen.quick else chosen.rounds):
        for where in ("alone", "cluster"):
            target = folder / where
            shutil.rmtree(target, ignore_errors=True)
            more = ["--cluster", "local"] if where == "cluster" else []
            command = [sys.executable, "-m", "salviewer", "predict", str(given), "-o", str(target), *more]
            wall, by_process, work = timed(command, target)
            processor = sum(by_process.values())
            row = {"round": number, "where": where, "wall": wall, "work": work, "processor": processor}
            rows.append({**row, "processes": by_process})
            print(
                f"round {number} {where:8} {wall:7.1f} s, without its start {work:7.1f} s,"
                f" processor {processor:7.1f} s",
                flush=True,
            )
            for name, seconds in sorted(by_process.items(), key=lambda each: -each[1]):
                print(f"    {seconds:7.1f} s {name}", flush=True)
    for what in ("wall", "work", "processor"):
        by = {where: [row[what] for row in rows if row["where"] == where] for where in ("alone", "cluster")}
        ratios = [b / a for a, b in zip(by["alone"], by["cluster"], strict=True)]
        print(
            f"{what}: cluster / alone {statistics.median(ratios):.3f} ({min(ratios):.3f}..{max(ratios):.3f})"
        )
    return rows


def timed(command: list[str], target: Path) -> tuple[float, dict[str, float], float]:
    """Run a command; return seconds: all of it, of processors by process, and from its first result on."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used: dict[int, float] = {}
    names = {process.pid: "the command"}
    first = 0.0
    while process.poll() is None:
        with suppress(psutil.Error):
            parent = psutil.Process(process.pid)
            for each in (parent, *parent.children(recursive=True)):
                with suppress(psutil.Error):
                    times = each.cpu_times()
                    used[each.pid] = times.user + times.system
                    if each.pid != process.pid and (name := short_name(each.cmdline())) != "ray::IDLE":
                        names[each.pid] = name
        if not first and target.is_dir() and any(target.glob("*.png")):
            first = time.perf_counter()
        time.sleep(0.25)
    ended = time.perf_counter()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    by_process: dict[str, float] = {}
    for number, seconds in used.items():
        name = names.get(number, "other")
        by_process[name] = by_process.get(name, 0.0) + seconds
    return ended - begun, by_process, ended - (first or begun)


def short_name(command: list[str]) -> str:
    """Return what one of Ray's processes is, without its options: ``ray::Ledger``, ``log_monitor.py``."""
    words = " ".join(command).split()
    if words and words[0].startswith("ray::"):
        return words[0].partition(".")[0]
    found = [word for word in words if not word.startswith("-")]
    scripts = [word for word in found if word.endswith(".py")]
    return Path((scripts or found or ["other"])[0]).name


@contextmanager
def watched(every: float = 0.5) -> Iterator[list[dict[str, float]]]:
    """In the block, note the memory in MiB of this process and of Ray's workers now and then."""
    found: list[dict[str, float]] = []
    over = threading.Event()

    def watch() -> None:
        me = psutil.Process()
        begun = time.monotonic()
        while not over.wait(every):
            now = {"seconds": time.monotonic() - begun, "driver": me.memory_info().rss / MIB}
            for each in me.children(recursive=True):
                with suppress(psutil.Error):
                    name = " ".join(each.cmdline())
                    kind = (
                        "worker"
                        if name.startswith("ray::Worker")
                        else "lister"
                        if name.startswith("ray::Ledger")
                        else ""
                    )
                    if kind:
                        now[kind] = max(now.get(kind, 0.0), each.memory_info().rss / MIB)
            found.append(now)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def job_of(sources: list[Path], target: Path, shard: int = 64) -> Job:
    """Return a job with the shipped network."""
    network = Model("live_net", versions.identity("live_net").weights)
    order = Order(plain=True, picture_format="jpg")
    return Job(tuple(map(str, sources)), Place.of(str(target)), order, network, shard=shard)


def memory(chosen: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Do many small pictures and print the memory at each fifth of them."""
    given = pictures(folder, chosen.count, 0.02)
    rows: list[dict[str, Any]] = []
    with ray_library.connected(ray_library.LOCAL) as library, watched() as found:
        due = 0.0
        for progress in run(library, job_of([given], folder / "out")):
            if found and progress.done >= due:
                due += chosen.count / 10
                rows.append({"done": progress.done, "seconds": progress.seconds, **found[-1]})
                print(
                    f"{progress.done:6} done after {progress.seconds:6.0f} s: driver"
                    f" {found[-1]['driver']:5.0f} MiB, worker {found[-1].get('worker', 0):5.0f} MiB",
                    flush=True,
                )
    return rows


def names(chosen: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """List addresses as a run does, and drop the shards."""
    rows = []
    for count in (max(1, chosen.count // 10), chosen.count):
        listed = folder / f"{count}.txt"
        with listed.open("w") as stream:
            for number in range(count):
                stream.write(f"s3://shop/catalogue/{number % 1000:03d}/article-{number:09d}.jpg\n")
        job = job_of([listed], folder / "none", chosen.shard)
        with ray_library.connected(ray_library.LOCAL) as library:
            begun = time.perf_counter()
            ledger = library.remote(Ledger).options(num_cpus=0).remote()
            listing = ledger.list_shards.options(
                num_returns="streaming", _generator_backpressure_num_objects=4
            )
            first = shards = 0.0
            with watched(0.2) as found:
                for _ in listing.remote(job):
                    first = first or time.perf_counter() - begun
                    shards += 1
            seconds = time.perf_counter() - begun
        row = {
            "names": count,
            "shards": shards,
            "seconds": seconds,
            "first": first,
            "driver_start": found[0]["driver"],
            "driver_most": max(each["driver"] for each in found),
            "lister_most": max(each.get("lister", 0.0) for each in found),
        }
        rows.append(row)
        print(
            f"{count} names: first shard after {first:.1f} s, all {shards:.0f} rows after {seconds:.1f} s"
            f" ({count / seconds:.0f} a second); driver {row['driver_start']:.0f} to"
            f" {row['driver_most']:.0f} MiB, lister at most {row['lister_most']:.0f} MiB",
            flush=True,
        )
    return rows


def model(chosen: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Time the steps of a picture on one core, and calculate from them."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before the engine counts processors
    given = sorted(pictures(folder, chosen.count, chosen.megapixels).iterdir())
    predictor = api.load_model("live_net", "cpu")
    order = Order(plain=True)
    spent: dict[str, list[float]] = {}
    read = written = 0
    for path in given:
        before = time.process_time()
        content = path.read_bytes()
        read += len(content)
        marks = [("reading", time.process_time())]
        picture = load_picture(path)
        marks.append(("decoding", time.process_time()))
        saliency = predictor.predict(picture.pixels)
        marks.append(("network", time.process_time()))
        file = folder / "out.png"
        naming = Naming(path, (File("overlay", file),))
        list(write_files(naming, order, Source(picture, saliency, (), path.name, ""), when=date.today()))
        marks.append(("drawing and encoding", time.process_time()))
        row_of(str(path), saliency, order.scene.settings, HotspotSettings())
        marks.append(("measuring", time.process_time()))
        written += file.stat().st_size
        for name, at in marks:
            spent.setdefault(name, []).append(at - before)
            before = at
    steps = {name: statistics.median(values) for name, values in spent.items()}
    total = sum(steps.values())
    size = (read + written) / len(given)
    for name, seconds in steps.items():
        print(f"{name:22} {1000 * seconds:7.1f} ms {100 * seconds / total:5.1f} %")
    print(f"{'all':22} {1000 * total:7.1f} ms of one core; {size / 1e6:.2f} MB read and written a picture")
    node = min(chosen.cores / total, chosen.network / size)
    limit = chosen.store / size
    print(
        f"a node of {chosen.cores} cores: {chosen.cores / total:.0f} a second by its cores,"
        f" {chosen.network / size:.0f} by its network; a store of {chosen.store / 1e9:.1f} GB/s gives"
        f" {limit:.0f} a second to all nodes together: from {limit / node:.0f} nodes on it is the limit"
    )
    rows: list[dict[str, Any]] = [{"steps": steps, "bytes": size, "node": node, "limit": limit}]
    print(f"{'nodes':>6} {'a second':>9} {'hours for 10^7':>15} {'price':>9}")
    for count in (1, 2, 4, 8, 16, 32, 64, 128):
        rate = min(count * node, limit)
        hours = MANY / rate / 3600
        rows.append({"nodes": count, "rate": rate, "hours": hours, "price": hours * count * chosen.hourly})
        print(f"{count:6} {rate:9.0f} {hours:15.1f} {hours * count * chosen.hourly:9.2f}")
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
