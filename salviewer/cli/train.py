"""``salviewer train``: train a network on eye-tracking data."""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.cli.data import add_blur_arguments, blur_of
from salviewer.cli.options import UsageError, device, number, quoted, ranged, whole
from salviewer.cli.report import remark
from salviewer.models.architectures import ARCHITECTURES

if TYPE_CHECKING:
    from salviewer.training.order import Order

INTERRUPTED = 130
MOST_SEED = 10**18 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "--data",
        type=Path,
        help="data set in one of the layouts of `salviewer data --layouts`, or a .zip of it; with --resume"
        " the run's own",
    )
    parser.add_argument("--model", choices=list(ARCHITECTURES), help="the network to train")
    parser.add_argument("--run", type=Path, required=True, help="folder for everything the run writes")
    recipes = dict.fromkeys(name for row in ARCHITECTURES.values() for name, _ in row.recipes)
    parser.add_argument(
        "--recipe",
        default="",
        help=f"{', '.join(recipes)}, of those that the network has, or a JSON file (default: its own)",
    )
    parser.add_argument(
        "--epochs",
        type=ranged(whole(1, 10_000, "the number of epochs")),
        help="replaces the recipe's; with --resume more or fewer",
    )
    parser.add_argument("--device", type=device, default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument("--seed", type=ranged(whole(0, MOST_SEED, "a seed")), default=0)
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue the run in --run exactly where it stopped; its folder has all other options",
    )
    parser.add_argument(
        "--events",
        choices=["jsonl", "none"],
        help="progress as JSON lines on standard output, or only in the run's folder",
    )
    parser.add_argument(
        "--split", type=Path, help="JSON file with train, val and test (default: the data set's own)"
    )
    parser.add_argument("--start", default="", metavar="MODEL", help="start from this model's weights")
    parser.add_argument(
        "--with-val", action="store_true", help="also train on the val part, once all choices are made"
    )
    parser.add_argument(
        "--teacher", default="", metavar="MODEL", help="mix this model's maps into the targets"
    )
    add_blur_arguments(parser)
    parser.add_argument(
        "--photos", default="", metavar="DIR", help="pictures without fixations, labelled by the teacher"
    )
    parser.add_argument(
        "--checkpoint-every", type=ranged(_seconds), default=120.0, metavar="SECONDS", help="0 to 86400"
    )
    parser.add_argument(
        "--estimate",
        metavar="PICTURES",
        type=ranged(whole(1, 10**9, "the number of pictures")),
        help="do not train: time a few steps, and print as JSON what a run on this many pictures would take",
    )
    parser.add_argument(
        "--threads",
        type=ranged(whole(1, 1024, "the number of threads")),
        help="CPU threads (default: one per core)",
    )


def run(options: argparse.Namespace) -> int:
    """Train; return 0 on success, 130 when interrupted (the checkpoint is kept)."""
    keep_freed_memory()
    import torch

    from salviewer.training.events import JsonLines, Several, Terminal, Watcher
    from salviewer.training.run import train
    from salviewer.training.run_folder import RunFolder
    from salviewer.training.trainer import Stopped

    if options.threads:
        torch.set_num_threads(options.threads)

    def watcher_for(folder: RunFolder) -> Watcher:
        kept = JsonLines(folder.open_events())
        if options.events == "none":
            return kept
        shown: Watcher = JsonLines() if options.events == "jsonl" else Terminal()
        return Several(shown, kept)

    order = _order(options)
    if options.estimate is not None:
        from salviewer.training.probe import estimate

        share = options.estimate
        print(json.dumps(estimate(order, share, max(1, share // 8)).to_dict()), flush=True)
        return 0
    try:
        train(order, watcher_for)
    except Stopped:
        return INTERRUPTED
    return 0


def _seconds(text: str) -> float:
    value = number(text)
    if not 0 <= value <= 86_400:
        raise ValueError(f"the time between checkpoints is 0 to 86400 seconds, not {quoted(text)}")
    return value


def _order(options: argparse.Namespace) -> Order:
    """Build the order from the options; with ``--resume``, missing options come from the run's folder.

    Raises:
        UsageError: ``--data`` or ``--model`` is missing.
        DataError: there is no run in the folder.
    """
    from salviewer.training.order import Order, to_resume

    chosen = {name: getattr(options, name) for name in Order.__dataclass_fields__} | {
        "blur": blur_of(options)
    }
    missing = [f"--{name}" for name in ("data", "model") if chosen[name] is None]
    if not missing:
        return Order(**chosen)
    if not options.resume:
        raise UsageError(f"{' and '.join(missing)} must be given; --resume alone needs only --run")
    unset = argparse.ArgumentParser()
    add_arguments(unset)
    given = {name: value for name, value in chosen.items() if value != unset.get_default(name)}
    del given["resume"]  # a run that ended before its first checkpoint starts again
    return replace(to_resume(options.run, remark), **given)


def keep_freed_memory() -> None:
    """Let glibc reuse big blocks instead of returning them to the kernel after every step.

    Measured on two Intel cores with AMX: a live_net step takes 0.75 s instead of 0.91 s.
    """
    if not sys.platform.startswith("linux"):
        return
    mmap_max, trim_threshold, arena_max = -4, -1, -8
    try:
        libc = ctypes.CDLL("libc.so.6")
        for option, value in ((mmap_max, 0), (trim_threshold, 2**31 - 1), (arena_max, 1)):
            libc.mallopt(option, value)
    except (OSError, AttributeError):
        return
