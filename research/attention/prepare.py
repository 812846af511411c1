"""Decode all pictures at the sizes of training, and make the teacher's maps. Later calls find them.

PYTHONPATH=. python -m research.attention.prepare --data ../shared/data --work WORK
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from research.attention.pictures import TEACHER_SIZES, pack_at, taught


def main() -> None:
    """Prepare everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--teacher", default="live_net")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    for name in ("designs", "eyetracking", "photos", "screens", "pages"):
        for size in TEACHER_SIZES:
            pack_at(args.data / name, size)
        if name not in ("screens", "pages"):
            taught(args.teacher, args.data / name, args.work / f"taught-{name}.npy", mirror=name != "designs")
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
