"""Scores of predicted gaze paths against people's, with people against people and chance as references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.core.scanpaths import multi_match, regions_of, scan_match, sequence_score
from salviewer.errors import DataError, ImageError
from salviewer.media.fixation_files import Fixations
from salviewer.media.images import load_picture
from salviewer.models.predictor import Predictor
from salviewer.training.datasets import Dataset, Sample
from salviewer.training.decoding import recorded_fixations

PEOPLE, CHANCE = "people against people", "chance"
_LEAST = 2


@dataclass(frozen=True, slots=True, eq=False)
class ViewersPaths:
    """The paths of one picture's viewers.

    Attributes:
        name: of the sample.
        size: (width, height) of the picture in pixels.
        paths: of each viewer, (n, 2) of (row, column) in 0..1, n >= 2.
        durations: of each viewer, (n,) in seconds; None where the data have none.
    """

    name: str
    size: tuple[int, int]
    paths: tuple[NDArray[np.float64], ...]
    durations: tuple[NDArray[np.float64], ...] | None


def paths_of(sample: Sample) -> ViewersPaths | None:
    """Read the paths of a sample's viewers; None where the data do not say who looked, or in what order.

    Raises:
        DataError, ImageError: a file cannot be read.
    """
    size = load_picture(sample.stimulus).full_size
    seen = recorded_fixations(sample, size)
    known = np.unique(seen.viewers[seen.viewers >= 0]).tolist()
    each = [seen.only(seen.viewers == viewer) for viewer in known]
    each = [one for one in each if len(one.points) >= _LEAST]
    if not each:
        return None
    durations = tuple(_durations(one) for one in each) if seen.durations is not None else None
    return ViewersPaths(sample.name, size, tuple(one.points for one in each), durations)


def scored_paths(
    predictor: Predictor,
    dataset: Dataset,
    names: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Mapping[str, Any]]:
    """Score a network's gaze path against each viewer's.

    The path is the order of hotspots (`core.hotspots`), as many as the viewer made fixations, without
    durations. Chance is viewers' paths on the next picture, which keep what is common to all pictures, the
    middle above all.

    Args:
        predictor: the network.
        dataset: whose fixations have viewers and an order.
        names: of the samples to score.
        progress: called with (done, total).

    Returns:
        by predictor, ``pictures`` and the mean over pictures of ``ScanMatch``, ``sequence score`` and, with
        ``multimatch-gaze`` installed, MultiMatch's measures.

    Raises:
        DataError: no picture has a viewer's path.
        ModelError: the network cannot run.
    """
    wanted = set(names)
    samples = [sample for sample in dataset.samples if sample.name in wanted]
    found: list[tuple[Sample, ViewersPaths]] = []
    for sample in samples:
        try:
            paths = paths_of(sample)
        except (DataError, ImageError):
            continue  # the survey and the evaluation name it
        if paths is not None:
            found.append((sample, paths))
    if not found:
        raise DataError(dataset.root, "it does not say who looked in what order, so there are no scanpaths")
    rows: dict[str, list[dict[str, float]]] = {predictor.name: [], PEOPLE: [], CHANCE: []}
    for number, (sample, viewers) in enumerate(found):
        aspect = viewers.size[0] / viewers.size[1]
        regions = regions_of(np.concatenate(viewers.paths), aspect)
        saliency = predictor.predict(load_picture(sample.stimulus).pixels)
        longest = max(map(len, viewers.paths))
        spots = find_hotspots(saliency, HotspotSettings(count=min(longest, 100)))
        guess = np.array([(spot.y / viewers.size[1], spot.x / viewers.size[0]) for spot in spots])
        strangers = found[(number + 1) % len(found)][1].paths if len(found) > 1 else ()
        ours, people, chance = [], [], []
        for at, path in enumerate(viewers.paths):
            ours.append(_compared(guess[: len(path)], path, regions, viewers.size))
            for other in range(at + 1, len(viewers.paths)):
                both = (viewers.durations[at], viewers.durations[other]) if viewers.durations else None
                people.append(_compared(path, viewers.paths[other], regions, viewers.size, both))
            chance += [_compared(other[: len(path)], path, regions, viewers.size) for other in strangers[:3]]
        for name, scores in ((predictor.name, ours), (PEOPLE, people), (CHANCE, chance)):
            if scores:
                rows[name].append(_mean(scores))
        if progress is not None:
            progress(number + 1, len(found))
    return {name: {"pictures": len(each), **_mean(each)} for name, each in rows.items() if each}


def _compared(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    regions: NDArray[np.float64],
    size: tuple[int, int],
    durations: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> dict[str, float]:
    aspect = size[0] / size[1]
    scores = {
        "ScanMatch": scan_match(first, second, aspect),
        "sequence score": sequence_score(first, second, regions, aspect),
    }
    if find_spec("multimatch_gaze") is not None:
        found = multi_match(first, second, size, durations)
        scores |= {f"MultiMatch {name}": value for name, value in found.items()}
    return scores


def _mean(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}


def _durations(seen: Fixations) -> NDArray[np.float64]:
    assert seen.durations is not None
    return seen.durations
