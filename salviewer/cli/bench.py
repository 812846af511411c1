"""``salviewer bench``: measure the speed of the shipped models, compared with their networks as published."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer import paths as locations
from salviewer.cli.options import add_device_arguments
from salviewer.cli.report import remark

if TYPE_CHECKING:
    from salviewer.models.timing import Comparison


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PICTURE",
        help="pictures for comparing maps (default: the bundled samples)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file")
    parser.add_argument("--quick", action="store_true", help="one round: seconds instead of minutes")
    add_device_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Measure; return 0 on success."""
    import numpy as np

    from salviewer.media.images import find_pictures, load_picture
    from salviewer.media.saving import atomic_path, check_target, remove_leftovers
    from salviewer.models.architectures import ARCHITECTURES
    from salviewer.models.loading import load_model
    from salviewer.models.machine import load_average, this_machine
    from salviewer.models.preprocess import resize
    from salviewer.models.timing import compare_with_eager, eager_engine

    if options.json:
        check_target(options.json)
        remove_leftovers(options.json.absolute().parent)
    paths = find_pictures(
        options.paths or [locations.resources() / "samples"], complain=lambda error: remark(str(error))
    )
    pictures = [load_picture(path).pixels for path in paths]
    machine, load = this_machine(), load_average()
    print(f"{machine.processor}, {machine.cores} cores, {machine.system}")
    found: dict[str, Comparison] = {}
    rows = [row for row in ARCHITECTURES.values() if row.bench_rounds]
    for row in sorted(rows, key=lambda row: row.bench_rounds):
        name, rounds = row.name, 1 if options.quick else row.bench_rounds
        predictor = load_model(name, options.device, options.engine)
        shown = [np.asarray(resize(pixels, predictor.input_size), np.uint8) for pixels in pictures]
        stimuli = np.stack(shown)
        found[name] = compare_with_eager(predictor, eager_engine(name), stimuli, rounds)
        remark(predictor.note)
        print(_line(name, found[name]))
    if options.json:
        values = {name: comparison.to_dict() for name, comparison in found.items()}
        about = {"machine": asdict(machine), "load_before": load}
        with atomic_path(options.json) as scratch:
            scratch.write_text(json.dumps(values | about, indent=1) + "\n", encoding="utf-8")
    return 0


def _line(name: str, found: Comparison) -> str:
    return (
        f"{name}: {found.ours.best:.1f} ms a picture with {found.engine}, {found.eager.best:.1f} ms in eager"
        f" float32: {found.speedup:.1f} times as fast, correlation of the maps {found.cc:.6f}"
    )
