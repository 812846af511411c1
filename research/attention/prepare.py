"""Decode all pictures at the sizes of training, and make the teacher's maps. Later calls find them.
`--taught` names the folders that get maps; those of screens are what `research.domains.pseudo_labels` starts
from.

    PYTHONPATH=. python -m research.attention.prepare --data ../shared/data --work WORK

A second teacher is added to the first by

    PYTHONPATH=. python -m research.attention.prepare --data ../shared/data --work WORK2
        --teacher WEIGHTS.safetensors --sizes 304x400 --single --beside WORK
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from research.attention.pictures import TEACHER_SIZES, pack_at, taught
from research.distil.options import height_width

FOLDERS = ("designs", "eyetracking", "photos", "screens", "pages")


def main() -> None:
    """Prepare everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teacher", default="live_net")
    parser.add_argument("--sizes", type=height_width, nargs="+", default=TEACHER_SIZES)
    parser.add_argument("--single", action="store_true", help="without maps of mirrored pictures")
    parser.add_argument("--beside", type=Path, help="a work folder whose maps count as much")
    parser.add_argument("--taught", nargs="+", choices=FOLDERS, default=FOLDERS[:3], help="that get maps")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    for name in FOLDERS:
        for size in {*TEACHER_SIZES, *args.sizes}:
            pack_at(args.data / name, size)
        if name in args.taught:
            file = f"taught-{name}.npy"
            other = np.load(args.beside / file, mmap_mode="r") if args.beside else None
            mirror = name in ("eyetracking", "photos") and not args.single
            taught(args.teacher, args.data / name, args.work / file, mirror, args.sizes, other)
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
