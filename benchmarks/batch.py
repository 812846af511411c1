"""Compare a batch with a plain loop over the same predictor that writes the same files.

    python benchmarks/batch.py [--count 500] [--data DIR | --megapixels 12] [--model live_net] [--rounds 5]

The plain loop is what one would write first with `salviewer.api`: open, predict, draw, save, one picture
after another. Ours is `salviewer.results.run`, as in `salviewer predict --skip-done` and the window's
dialog; it also keeps the record, with each picture's hottest spot. Both share one loaded predictor in one
process and take turns: in each round both process the same photographs. The table has the medians and the
ratio within each round; the files of both are compared byte for byte.

Without --data, the photographs beside the checkout (../shared/data/photos) are read in place.
"""

from __future__ import annotations

# First, as in the program, and for both loops: threads of OpenBLAS would wait in loops.
import salviewer.library_settings  # noqa: F401  # isort: skip

import argparse
import filecmp
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from common import about, heading, options, photograph, write

from salviewer import api
from salviewer.media.images import find_pictures, load_picture
from salviewer.media.saving import save_map_npy, save_picture
from salviewer.media.written import WRITTEN_NAME
from salviewer.models.predictor import Predictor
from salviewer.results.naming import make_folder
from salviewer.results.order import PICTURE_FORMATS, Order
from salviewer.results.record import RECORD_NAME
from salviewer.results.request import Batch
from salviewer.results.run import run

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"

Loop = Callable[[Sequence[Path], Path, Order, Predictor], None]


def main() -> int:
    """Run both in turns and print a table."""
    parser = options(__doc__)
    parser.add_argument("--count", type=int, default=500, help="photographs, all rounds together")
    parser.add_argument("--data", type=Path, default=PHOTOS, help="a folder of photographs")
    parser.add_argument("--megapixels", type=float, help="make photographs of this size instead")
    parser.add_argument("--format", choices=PICTURE_FORMATS, default="png", help="of the overlays")
    parser.add_argument("--map", choices=["npy"], help="write the maps, too", dest="maps")
    parser.add_argument("--model", default="live_net")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.count, chosen.rounds = 12, 1
    known = about()
    print(heading(known))
    with tempfile.TemporaryDirectory() as folder:
        pictures = found(chosen, Path(folder) / "made")
        predictor = api.load_model(chosen.model, chosen.device)
        order = Order(plain=True, picture_format=chosen.format, maps=("npy",) if chosen.maps else ())
        write(chosen.json, known, compare(pictures, order, predictor, chosen.rounds, Path(folder)))
    return 0


def found(chosen: argparse.Namespace, folder: Path) -> list[Path]:
    """Return the requested number of photographs; if there are fewer, some are used twice."""
    if chosen.megapixels:
        folder.mkdir()
        there = [photograph(folder, chosen.megapixels, seed) for seed in range(min(chosen.count, 8))]
    else:
        there = find_pictures([chosen.data])
    pictures = []
    for number in range(chosen.count):
        path = there[number % len(there)]
        if number >= len(there):  # under a name of its own: a batch does each file once
            folder.mkdir(exist_ok=True)
            copy = folder / f"again{number}{path.suffix}"
            copy.symlink_to(path)
            path = copy
        pictures.append(path)
    return pictures


def compare(
    pictures: Sequence[Path], order: Order, predictor: Predictor, rounds: int, folder: Path
) -> dict[str, Any]:
    """Run rounds of both, alternating which starts, after a few pictures to warm up."""
    loops: dict[str, Loop] = {"plain loop": plain, "salviewer": ours}
    speeds: dict[str, list[float]] = {name: [] for name in loops}
    parts = [pictures[number::rounds] for number in range(rounds)]
    print(f"{predictor.name} on {predictor.device_title}, {len(pictures)} photographs, {sizes(parts[0])}")
    for number, part in enumerate([pictures[:10], *parts]):
        turns = list(loops.items())
        for name, loop in turns if number % 2 else reversed(turns):
            began = time.perf_counter()
            loop(part, folder / name, order, predictor)
            speeds[name].append(len(part) / (time.perf_counter() - began))
        same(folder / "plain loop", folder / "salviewer")
        for name in loops:
            shutil.rmtree(folder / name)
    ratios = [b / a for a, b in zip(*(values[1:] for values in speeds.values()), strict=True)]
    for name, values in speeds.items():
        print(f"{name:12} {statistics.median(values[1:]):7.2f} pictures/s")
    print(f"{'ratio':12} {statistics.median(ratios):7.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")
    measured = {name: statistics.median(values[1:]) for name, values in speeds.items()}
    return {
        "model": predictor.name,
        "device": predictor.device_title,
        "pictures": len(pictures),
        "pictures_per_second": measured,
        "ratio": statistics.median(ratios),
    }


def ours(pictures: Sequence[Path], folder: Path, order: Order, predictor: Predictor) -> None:
    """Run the code behind the command line and the dialog."""
    batch = Batch(tuple(pictures), folder, order, policy="skip-done", model=predictor.name)
    plan = batch.plan()
    make_folder(folder)
    for outcome in run(batch, plan, lambda picture: predictor.predict(picture.pixels)):
        assert outcome.status == "done", outcome.sentence


def plain(pictures: Sequence[Path], folder: Path, order: Order, predictor: Predictor) -> None:
    """Run the loop one would write first."""
    folder.mkdir()
    for path in pictures:
        picture = load_picture(path)
        saliency = predictor.predict(picture.pixels)
        overlay = api.render(picture, saliency)
        save_picture(
            folder / f"{path.stem}.{order.picture_format}", overlay, quality=order.quality, icc=picture.icc
        )
        if order.maps:
            save_map_npy(folder / f"{path.stem}.npy", api.shown_density(saliency, order.scene.settings))


def same(one: Path, other: Path) -> None:
    """Check that both folders have the same files except for the records.

    Raises:
        AssertionError: one differs.
    """
    names = {path.name for path in one.iterdir()}
    assert names == {path.name for path in other.iterdir()} - {RECORD_NAME, WRITTEN_NAME}
    _, differing, failed = filecmp.cmpfiles(one, other, names, shallow=False)
    assert not differing and not failed, (differing, failed)


def sizes(pictures: Sequence[Path]) -> str:
    """Describe the size of the first picture, for the heading."""
    width, height = load_picture(pictures[0]).full_size
    return f"{width} x {height}"


if __name__ == "__main__":
    raise SystemExit(main())
