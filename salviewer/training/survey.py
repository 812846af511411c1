"""Survey a folder before a training: categories, counts, sizes and faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.first_use import cv2
from salviewer.media.data.readers import READERS
from salviewer.training.datasets import Problem, open_dataset
from salviewer.training.decoding import decoded_all
from salviewer.training.original_grid import upright_size
from salviewer.training.sheets import fitted_size, spread
from salviewer.training.splits import choose_split

_SIZE = (120, 160)

LAYOUTS = {reader.name: reader.title for reader in READERS.values()}


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A sample in its own aspect ratio: stimulus uint8 (h, w, 3), map uint8 (h, w), zero if there is none."""

    name: str
    stimulus: NDArray[np.uint8]
    density: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The content of a folder.

    Attributes:
        root: the folder.
        layout: a key of ``LAYOUTS``.
        categories: (name, usable pictures) in natural order; one empty name if there are no categories.
        sizes: (width, height) of the smallest and the largest picture, by area.
        fixations: on all usable pictures; 0 if there are only maps.
        viewers: the most that looked at one picture; 0 where the data do not say who looked.
        taken: what was taken for what, as pairs such as ``("pictures", "Stimuli")``.
        problems: samples that are skipped or doubtful, with reasons.
        split: numbers of pictures to (train on, choose by, test on).
        own_split: whether the data set has its own split.
        samples: a few, of each category.
    """

    root: Path
    layout: str
    categories: tuple[tuple[str, int], ...]
    sizes: tuple[tuple[int, int], tuple[int, int]]
    fixations: int
    viewers: int
    taken: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    split: tuple[int, int, int]
    own_split: bool
    samples: tuple[Shown, ...]

    @property
    def pictures(self) -> int:
        """The number of usable pictures."""
        return sum(count for _, count in self.categories)

    @property
    def labelled(self) -> bool:
        """Whether there is ground truth."""
        return self.layout != "photographs"


def survey(
    root: Path,
    test_share: float = 0.15,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    blur: float = 0.0,
) -> Survey:
    """Decode everything in a folder once, at a small size, and summarise it.

    Args:
        root: the folder.
        test_share, seed: of the split that is drawn if the data set has none.
        progress: called with (done, total); an exception from it stops the survey.
        blur: as for `open_dataset`.

    Raises:
        DataError: nothing usable was found; the message says what was looked for and what is there.
    """
    dataset = open_dataset(root, photographs=True, blur=blur)
    categories = [sample.category for sample in dataset.samples]
    wanted = Counter(categories[number] for number in spread(categories))  # a damaged one is replaced
    rows = wanted.total()
    samples: list[Shown] = []
    problems = list(dataset.problems)
    counts: Counter[str] = Counter(dict.fromkeys(dataset.categories, 0))
    sizes: set[tuple[int, int]] = set()
    broken: set[str] = set()
    fixations = viewers = 0
    results = decoded_all(dataset.samples, _SIZE)
    try:
        for number, (sample, result) in enumerate(zip(dataset.samples, results, strict=True)):
            if isinstance(result, str):
                problems.append(Problem(sample.name, result))
                broken.add(sample.name)
            else:
                if result.doubt:
                    problems.append(Problem(sample.name, result.doubt, kept=True))
                counts[sample.category] += 1
                fixations += len(result.fixations.points)
                viewers = max(
                    viewers, len(set(result.fixations.viewers[result.fixations.viewers >= 0].tolist()))
                )
                sizes.add(upright_size(sample.stimulus))
                if wanted[sample.category] > 0:
                    wanted[sample.category] -= 1
                    size = fitted_size(result.aspect, rows)
                    small = [
                        np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
                        for pixels in (result.stimulus, result.density)
                    ]
                    samples.append(Shown(sample.name, small[0], small[1]))
            if progress is not None:
                progress(number + 1, len(dataset.samples))
    finally:
        results.close()
    split = choose_split(dataset, test_share, seed)
    parts = [sum(name not in broken for name in part) for part in (split.train, split.val, split.test)]
    areas = sorted(sizes or {(0, 0)}, key=lambda size: size[0] * size[1])
    return Survey(
        dataset.root,
        dataset.layout,
        tuple(counts.items()),
        (areas[0], areas[-1]),
        fixations,
        viewers,
        tuple(dataset.taken),
        tuple(problems),
        (parts[0], parts[1], parts[2]),
        dataset.own_split,
        tuple(samples),
    )
