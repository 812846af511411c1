"""``salviewer scanpaths``: draw and play people's fixations in order, and score the predicted gaze path."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salviewer.cli.options import UsageError, add_engine_arguments
from salviewer.cli.report import counted, remark
from salviewer.models.catalog import DEFAULT_MODEL

if TYPE_CHECKING:
    from salviewer.training.datasets import Dataset


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "data", type=Path, metavar="DIR", help="data whose fixations have viewers and an order"
    )
    parser.add_argument("--draw", type=Path, metavar="DIR", help="write each picture with its viewers' paths")
    parser.add_argument("--play", type=Path, metavar="DIR", help="write them as animated WebP, in real time")
    parser.add_argument(
        "--part", choices=["test", "val", "train", "all"], default="test", help="of the split"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores")
    add_engine_arguments(parser, DEFAULT_MODEL)


def run(options: argparse.Namespace) -> int:
    """Draw, or score; return 0 on success."""
    from rich.console import Console
    from rich.progress import Progress

    from salviewer.training.datasets import open_dataset

    dataset = open_dataset(options.data)
    names = _names(dataset, options.part)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading pictures")

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if options.draw or options.play:
            return _draw(options, dataset, names, progress)
        return _score(options, dataset, names, progress)


def _names(dataset: Dataset, part: str) -> list[str]:
    from salviewer.training.splits import own_split

    split = own_split(dataset) if part != "all" else None
    if split is None:
        return [sample.name for sample in dataset.samples]
    names = list(getattr(split, part))
    if not names:
        raise UsageError(f"the data have no {part} part; choose --part all")
    return names


def _score(options: argparse.Namespace, dataset: Dataset, names: list[str], progress: Any) -> int:
    from importlib.util import find_spec

    from salviewer.core.strict_json import dumps
    from salviewer.media.saving import atomic_path
    from salviewer.models.loading import load_model
    from salviewer.training.scanpaths import scored_paths

    predictor = load_model(options.model, options.device, options.engine)
    rows = scored_paths(predictor, dataset, names, progress)
    remark(predictor.note)
    if find_spec("multimatch_gaze") is None:
        remark("without MultiMatch: pip install 'salviewer[scanpaths]'")
    metrics = list(dict.fromkeys(name for row in rows.values() for name in row if name != "pictures"))
    wide = max(map(len, metrics))
    print(" " * wide + "".join(f"  {name:>22}" for name in rows))
    for metric in metrics:
        cells = [f"{row[metric]:.3f}" if metric in row else "" for row in rows.values()]
        print(f"{metric:{wide}}" + "".join(f"  {cell:>22}" for cell in cells))
    print(f"{'pictures':{wide}}" + "".join(f"  {row['pictures']:>22}" for row in rows.values()))
    if options.json:
        with atomic_path(options.json) as scratch:
            values = {"data": str(options.data), "rows": rows}
            scratch.write_text(dumps(values, indent=1) + "\n", encoding="utf-8")
    return 0


def _draw(options: argparse.Namespace, dataset: Dataset, names: list[str], progress: Any) -> int:
    from salviewer.core.scanpath_drawing import draw_scanpath
    from salviewer.errors import DataError
    from salviewer.media.animation import save_animation
    from salviewer.media.images import load_picture
    from salviewer.media.saving import save_picture
    from salviewer.training.scanpaths import paths_of

    wanted, count = set(names), 0
    samples = [sample for sample in dataset.samples if sample.name in wanted]
    for number, sample in enumerate(samples):
        viewers = paths_of(sample)
        if viewers is not None:
            pixels = load_picture(sample.stimulus).pixels
            for folder, suffix in ((options.draw, "png"), (options.play, "webp")):
                if folder is None:
                    continue
                target = folder / f"{sample.name}.{suffix}"
                target.parent.mkdir(parents=True, exist_ok=True)
                if suffix == "webp":
                    save_animation(target, *played(pixels, viewers))
                    continue
                drawn = pixels
                for viewer, path in enumerate(viewers.paths):
                    durations = viewers.durations[viewer] if viewers.durations else None
                    alone = len(viewers.paths) == 1
                    drawn = draw_scanpath(drawn, path, durations, colour=viewer, numbers=alone)
                save_picture(target, drawn)
            count += 1
        progress(number + 1, len(samples))
    if not count:
        raise DataError(dataset.root, "it does not say who looked in what order, so there are no scanpaths")
    print(f"{counted(count, 'picture')} with the paths of their viewers")
    return 0


def played(pixels: Any, viewers: Any) -> tuple[list[Any], list[float]]:
    """Return the frames of the first viewer's path as it grows, and how long each is shown, in seconds."""
    from salviewer.core.scanpath_drawing import draw_scanpath

    path = viewers.paths[0]
    if viewers.durations:
        durations = viewers.durations[0]
        ends = range(1, len(path) + 1)
        frames = [draw_scanpath(pixels, path[:end], durations[:end]) for end in ends]
        return frames, durations.tolist()
    return [draw_scanpath(pixels, path[:end]) for end in range(1, len(path) + 1)], [0.25] * len(path)
