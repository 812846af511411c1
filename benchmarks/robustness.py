"""Measure how maps change when the stimulus is corrupted, or far from the network's 4:3.

    python benchmarks/robustness.py [--model NAME_OR_FOLDER] [--data DIR] [--part val] [--every N]
                                    [--json FILE] [--quick]

Prints the tables of docs/robustness.md. In both parts the fixations are those on the original picture.

- Corruptions, after the idea of Hendrycks and Dietterich ("Benchmarking neural network robustness to common
  corruptions and perturbations", ICLR 2019): the 240x320 stimulus is corrupted; the rest is
  `salviewer evaluate`.
- Aspect ratios: the largest window of a ratio that keeps the most fixations of a picture is predicted
  stretched (as the program does) and letterboxed, and scored in its own pixels on the fixations inside. For
  comparison: the whole picture's map there, which saw the surroundings, and the centre bias.

Intervals are paired bootstraps over pictures.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from altered import CORRUPTIONS, Fill, best_window, letterboxed, unboxed, unchanged
from checkout import ROOT
from common import about, heading, options, write
from numpy.typing import NDArray

from salviewer.core.agreement import centre_bias, fixated_cells, score
from salviewer.media.images import load_picture
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.training.datasets import Dataset, open_dataset
from salviewer.training.evaluation import ALL, CENTRE_BIAS, SIZE, Evaluation, evaluate
from salviewer.training.pack import Pack, open_pack
from salviewer.training.splits import read_split

RATIOS = {"9:16": (9, 16), "3:4": (3, 4), "1:1": (1, 1), "3:2": (3, 2), "16:9": (16, 9), "21:9": (21, 9)}
CLEAN = "clean"
STRETCHED, GREY, EDGES = "stretched", "letterboxed, grey", "letterboxed, edges"
WHOLE = "whole picture, cropped"
FILLS: dict[str, Fill] = {GREY: "grey", EDGES: "edges"}
WAYS = (STRETCHED, GREY, EDGES, WHOLE, CENTRE_BIAS)
FEWEST = 5
"""Fixations that a window must keep to be scored."""
RESAMPLES = 10_000

Scores = dict[str, Any]
Array = NDArray[np.float64]


class Spoilt:
    """A predictor that sees corrupted stimuli, for use with `evaluate`."""

    def __init__(
        self, name: str, predictor: Predictor, corrupt: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
    ) -> None:
        self.name = name
        self._predictor = predictor
        self._corrupt = corrupt

    def densities(
        self, stimuli: NDArray[np.uint8], aspects: Sequence[float] | None = None
    ) -> NDArray[np.float32]:
        """Predict (n, h, w, 3) to (n, h', w')."""
        return self._predictor.densities(np.stack([self._corrupt(one) for one in stimuli]), aspects)


def main() -> int:
    """Print the tables."""
    parser = options(__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a shipped model, a folder or a checkpoint")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "eyetracking")
    parser.add_argument("--part", choices=["val", "test", "train"], default="val", help="of the data's split")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="one of N pictures of each category"
    )
    chosen = parser.parse_args()
    every = max(chosen.every, 24) if chosen.quick else chosen.every
    known = about()
    predictor = load_model(chosen.model)
    dataset = open_dataset(chosen.data)
    if dataset.split_file is None:
        raise SystemExit(f"{chosen.data} has no split")
    split = read_split(dataset.split_file, dataset)
    held = getattr(split, chosen.part)
    pack = open_pack(dataset.samples, SIZE)
    evaluations = {}
    for title, corrupt in {CLEAN: unchanged, **CORRUPTIONS}.items():
        print(f"scoring: {title}", file=sys.stderr)
        spoilt = Spoilt(title, predictor, corrupt)
        evaluations[title] = evaluate(spoilt, pack, held, split.train, every=every)  # type: ignore[arg-type]
    names = [item["name"] for item in own_scores(evaluations[CLEAN])]
    if any("NSS" not in item for item in own_scores(evaluations[CLEAN])):
        raise SystemExit(f"{chosen.data} has pictures without fixations")
    print("scoring: windows", file=sys.stderr)
    windows = [row for name in names for row in window_scores(predictor, dataset, pack, name)]

    print(f"{heading(known)}; {predictor.device_title}")
    print(f"{chosen.model} (sha256 {predictor.card.sha256[:12]}), {len(names)} pictures of {chosen.part}")
    corrupted = (overall(evaluations), by_category(evaluations))
    for table in (*corrupted, by_ratio(windows, len(names)), differences(windows)):
        print("", *table, sep="\n")
    found = {
        "model": chosen.model, "sha256": predictor.card.sha256, "device": predictor.device_title,
        "data": str(chosen.data), "part": chosen.part, "every": every, "windows": windows,
        "corruptions": {title: evaluation.to_dict() for title, evaluation in evaluations.items()},
    }  # fmt: skip
    write(chosen.json, known, found)
    return 0


def window_scores(predictor: Predictor, dataset: Dataset, pack: Pack, name: str) -> list[Scores]:
    """Score each ratio's window of one picture by each of `WAYS`; skips windows with too few fixations."""
    sample = next(sample for sample in dataset.samples if sample.name == name)
    pixels = load_picture(sample.stimulus, max_pixels=16 * SIZE[0] * SIZE[1]).pixels
    size = pixels.shape[:2]
    row = pack.names.index(name)
    cells = fixated_cells(pack.fixations_of(row), size)
    truth = resize(pack.maps[row], size)
    whole = resize(predictor.predict(pixels).density, size)
    rows = []
    for title, ratio in RATIOS.items():
        window = best_window(size, ratio, cells)
        inside = window.within(cells)
        if len(inside) < FEWEST:
            continue
        maps = window_maps(predictor, np.ascontiguousarray(window.of(pixels))) | {WHOLE: window.of(whole)}
        for way in WAYS:
            scores = score(maps[way], window.of(truth), inside, inside[:0], np.ones(window.size))
            kept = len(inside) / len(cells)
            rows.append({"name": name, "ratio": title, "kept": kept, "way": way, **scores})
    return rows


def window_maps(predictor: Predictor, pixels: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Return a picture's map by each method that sees only the picture, at its size."""
    size = pixels.shape[:2]
    frame = predictor.input_size
    maps = {
        STRETCHED: resize(predictor.predict(pixels).density, size),
        CENTRE_BIAS: resize(centre_bias(size[::-1]).density, size),
    }
    for way, fill in FILLS.items():
        density = predictor.densities(letterboxed(pixels, frame, fill)[None])[0]
        maps[way] = unboxed(density, size, frame)
    return maps


def own_scores(evaluation: Evaluation, of_bias: bool = False) -> list[Scores]:
    """Return each picture's scores, of the model or of the centre bias."""
    predictor = CENTRE_BIAS if of_bias else evaluation.model
    return [dict(item) for item in evaluation.pictures if item["predictor"] == predictor]


def overall(evaluations: Mapping[str, Evaluation]) -> list[str]:
    """Make the table of all pictures: one row per corruption, and the centre bias."""
    rows = {title: own_scores(evaluation) for title, evaluation in evaluations.items()}
    rows[CENTRE_BIAS] = own_scores(evaluations[CLEAN], of_bias=True)
    clean = each(rows[CLEAN], "NSS")
    lines = head("stimulus", "NSS", "of clean", "95 %", "CC", "KL")
    for title, items in rows.items():
        low, high = interval(each(items, "NSS"), clean, np.divide)
        nss, cc, kl = means(items, "NSS", "CC", "KL")
        span = "" if title == CLEAN else f"{low:.3f} to {high:.3f}"
        lines.append(line(title, f"{nss:.3f}", f"{nss / clean.mean():.3f}", span, f"{cc:.3f}", f"{kl:.3f}"))
    return lines


def by_category(evaluations: Mapping[str, Evaluation]) -> list[str]:
    """Make the table by category: NSS with its ratio to clean, then CC, then KL."""
    found = {
        title: {row.category: row.scores for row in evaluation.rows if row.predictor == title}
        for title, evaluation in {**evaluations, CENTRE_BIAS: evaluations[CLEAN]}.items()
    }
    categories = [category for category in found[CLEAN] if category != ALL]
    lines = head("stimulus", *(f"{metric} {name}" for metric in ("NSS", "CC", "KL") for name in categories))
    for title, scores in found.items():
        cells = [
            f"{scores[name]['NSS']:.3f} ({scores[name]['NSS'] / found[CLEAN][name]['NSS']:.2f})"
            for name in categories
        ]
        cells += [f"{scores[name][metric]:.3f}" for metric in ("CC", "KL") for name in categories]
        lines.append(line(title, *cells))
    return lines


def by_ratio(windows: list[Scores], total: int) -> list[str]:
    """Make the table by aspect ratio and method, with numbers of pictures and shares of fixations kept."""
    lines = head("ratio", "pictures", "kept", "method", "NSS", "AUC-Judd", "CC", "KL")
    for ratio, rows in of_ratios(windows).items():
        kept = f"{each(rows[STRETCHED], 'kept').mean():.0%}"
        start = [ratio, f"{len(rows[STRETCHED])} of {total}", kept]
        for way, items in rows.items():
            cells = [f"{mean:.3f}" for mean in means(items, "NSS", "AUC-Judd", "CC", "KL")]
            lines.append(line(*start, way, *cells))
            start = ["", "", ""]
    return lines


def differences(windows: list[Scores]) -> list[str]:
    """Make the table of what each method gains over stretching, with intervals."""
    lines = head("ratio", "method", "NSS gained", "95 %", "CC gained", "95 %")
    for ratio, rows in of_ratios(windows).items():
        for way in (GREY, EDGES, WHOLE):
            cells = []
            for metric in ("NSS", "CC"):
                other, stretched = each(rows[way], metric), each(rows[STRETCHED], metric)
                low, high = interval(other, stretched, np.subtract)
                cells += [f"{(other - stretched).mean():+.3f}", f"{low:+.3f} to {high:+.3f}"]
            lines.append(line(ratio if way == GREY else "", way, *cells))
    return lines


def of_ratios(windows: list[Scores]) -> dict[str, dict[str, list[Scores]]]:
    """Group scores by ratio and method; ratios without a scored window are missing."""
    found: dict[str, dict[str, list[Scores]]] = {}
    for ratio in RATIOS:
        rows = {way: [w for w in windows if (w["ratio"], w["way"]) == (ratio, way)] for way in WAYS}
        if rows[STRETCHED]:
            found[ratio] = rows
    return found


def each(items: Iterable[Mapping[str, Any]], metric: str) -> Array:
    """Return one number per picture."""
    return np.array([item[metric] for item in items], np.float64)


def means(items: list[Scores], *metrics: str) -> list[float]:
    """Return means over pictures."""
    return [float(each(items, metric).mean()) for metric in metrics]


def interval(after: Array, before: Array, compare: Callable[[Array, Array], Array]) -> tuple[float, float]:
    """Return the 95 % interval of `compare(mean of after, mean of before)`: paired bootstrap, seed 0."""
    drawn = np.random.default_rng(0).integers(0, len(after), (RESAMPLES, len(after)))
    low, high = np.percentile(compare(after[drawn].mean(axis=1), before[drawn].mean(axis=1)), [2.5, 97.5])
    return float(low), float(high)


def head(*titles: str) -> list[str]:
    """Make the first two lines of a Markdown table: words left, numbers right."""
    words = ("stimulus", "ratio", "way")
    return [line(*titles), line(*("---" if title in words else "---:" for title in titles))]


def line(*cells: str) -> str:
    """Make a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main())
