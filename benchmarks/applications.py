"""Compare uses of a map with what people use otherwise.

    python benchmarks/applications.py QUESTION [--data DIR ...] [--every N] [--cache FILE] [--json FILE]

Prints the tables of docs/applications.md.

- regions: the share of people's fixations in the first boxes of `find_salient_regions`, against boxes of
  the same areas: centred, at random, and of OpenCV's selective search (`--contrib PYTHON`, one that has
  opencv-contrib-python-headless).
- cutouts: intersection over union on composites of `--photographs` with known masks, against the map cut at
  twice its mean, and OpenCV's GrabCut from a box in the middle and from the box of that threshold.
- masks: the same on the pictures of `--folder` with published masks: labelme files (NAME.json) or masks
  (NAME-mask.png) beside them. Nothing of the kind comes with the project.
- tracks: the distance of `Tracker`'s box from the centre of a thing that glides over a photograph, against
  OpenCV's MIL tracker from the same box; and how calm the path of a 9:16 window is.
- crops: the share of people's fixations that a crop of each aspect keeps: `best_crop` on the network's map,
  the centre, and the package smartcrop (`pip install smartcrop`), whose window is held to the same size.

Pictures are those that the data sets keep for tests (`pages`, which has none, all of them). Intervals are
95 % bootstraps over pictures, those of differences paired.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from applications_crops import crop_shares
from applications_cutouts import cutout_ious
from applications_masks import mask_ious
from applications_regions import region_shares
from applications_tracks import track_errors
from checkout import ROOT
from common import about, heading, options, write
from numpy.typing import NDArray
from seen_pictures import seen_pictures

from salviewer.core.bootstrap import intervals
from salviewer.models.catalog import DEFAULT_MODEL

DATA = [ROOT.parent / "shared" / "data" / name for name in ("eyetracking", "designs", "pages")]
Shares = dict[str, dict[str, dict[str, list[float]]]]
"""By row (such as an aspect), category and method: one number per picture."""


def main() -> int:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("question", choices=["crops", "regions", "cutouts", "masks", "tracks"])
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one of N pictures of each set")
    cache = Path(tempfile.gettempdir()) / "salviewer-applications-maps.npz"
    parser.add_argument("--cache", type=Path, default=cache, help="keeps the maps (default: %(default)s)")
    photographs = ROOT.parent / "shared" / "data" / "photos"
    parser.add_argument("--photographs", type=Path, default=photographs, help="of cutouts")
    parser.add_argument("--composites", type=int, default=60, metavar="N", help="of cutouts")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="of masks: pictures with their masks")
    parser.add_argument("--clips", type=int, default=30, metavar="N", help="of tracks")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of cutouts and tracks")
    parser.add_argument("--contrib", type=Path, metavar="PYTHON", help="for selective search")
    chosen = parser.parse_args()
    known = about()
    if chosen.question == "masks" and chosen.folder is None:
        parser.error("masks are of the pictures in --folder DIR")
    if chosen.question in ("cutouts", "masks"):
        if chosen.question == "masks":
            found = mask_ious(chosen.folder, chosen.model)
        else:
            count = 4 if chosen.quick else chosen.composites
            found = cutout_ious(chosen.photographs, chosen.model, count, chosen.seed)
        print(f"{heading(known)}; {chosen.model}", *table(found), sep="\n")
        write(chosen.json, known, {"model": chosen.model, "ious": found})
        return 0
    if chosen.question == "tracks":
        count = 2 if chosen.quick else chosen.clips
        found = track_errors(chosen.photographs, chosen.model, count, chosen.seed)
        print(f"{heading(known)}; {chosen.model}")
        for row, values in found.items():
            print("", *table({row: values}), sep="\n")
        write(chosen.json, known, {"model": chosen.model, "errors": found})
        return 0
    pictures = seen_pictures(
        chosen.data, chosen.model, chosen.cache, max(chosen.every, 40) if chosen.quick else chosen.every
    )
    if chosen.question == "crops":
        found = crop_shares(pictures)
    else:
        found = region_shares(pictures, chosen.contrib)
    print(f"{heading(known)}; {chosen.model}, {len(pictures)} pictures")
    print(*table(found), sep="\n")
    write(chosen.json, known, {"model": chosen.model, "pictures": len(pictures), "shares": found})
    return 0


def table(found: Shares) -> list[str]:
    """Make a Markdown table: rows by category, the methods' means, and the first one's gain on the others."""
    methods = list(next(iter(next(iter(found.values())).values())))
    first, *others = methods
    titles = ["", "pictures", "of", *methods, *(f"{first} − {other}" for other in others)]
    lines = [line(titles), line(["---", "---", "---:"] + ["---:"] * (len(titles) - 3))]
    for row, categories in found.items():
        shown = row
        for category, values in categories.items():
            columns = {name: np.array(each) for name, each in values.items()}
            cells = [shown, category or "all", str(len(columns[first]))]
            cells += [f"{each.mean():.3f}" for each in columns.values()]
            cells += [gain(columns[first] - columns[other]) for other in others]
            lines.append(line(cells))
            shown = ""
    return lines


def gain(difference: NDArray[np.float64]) -> str:
    """Format a mean difference with its interval."""
    low, high = intervals(difference[:, None])[0]
    return f"{difference.mean():+.3f} ({low:+.3f} to {high:+.3f})"


def line(cells: list[Any]) -> str:
    """Make a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main())
