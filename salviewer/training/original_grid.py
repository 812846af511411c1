"""Ground truth at each picture's own pixels, for scores on the grid on which most tables are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from salviewer.errors import DataError
from salviewer.media.data.records import SIGMA, density_of
from salviewer.media.ground_truth import read_fixation_map
from salviewer.models.preprocess import resize
from salviewer.training.datasets import Sample
from salviewer.training.pack import Pack


@dataclass(frozen=True, slots=True, eq=False)
class OriginalGrid:
    """Sizes and densities of samples at their pictures' own pixels.

    Attributes:
        samples: whose they are.
    """

    samples: Sequence[Sample]
    _by_name: dict[str, Sample] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({sample.name: sample for sample in self.samples})

    def size(self, name: str) -> tuple[int, int]:
        """Return (height, width) of a sample's upright picture."""
        width, height = upright_size(self._by_name[name].stimulus)
        return height, width

    def truth(self, name: str, points: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return a sample's fixation density at its picture's size.

        Args:
            name: of the sample.
            points: its fixations, of which the density is made where there is no map.

        Raises:
            DataError: its map cannot be read.
        """
        sample, size = self._by_name[name], self.size(name)
        if not sample.mapped:
            return density_of(points, size, sample.blur / size[1] if sample.blur else SIGMA)
        return np.asarray(resize(read_fixation_map(sample.fixation_map), size), np.float32)


def upright_size(path: Path) -> tuple[int, int]:
    """Return (width, height) of the upright picture, from the file's header alone."""
    with Image.open(path) as image:
        width, height = image.size
        turned = image.getexif().get(0x0112, 1) >= 5
    return (height, width) if turned else (width, height)


def without_first(pack: Pack, root: Path) -> Pack:
    """Return a pack without each viewer's first fixation, which lies where they looked before the picture.

    Args:
        pack: its fixations stand in the order in which they were made, viewer by viewer.
        root: the data set, for the error.

    Raises:
        DataError: the data do not say who made which fixation.
    """
    if not (pack.viewers >= 0).any():
        raise DataError(root, "it does not say who made which fixation, so nobody's first one is known")
    kept = np.ones(len(pack.fixations), bool)
    for row in range(len(pack.names)):
        start, end = int(pack.bounds[row]), int(pack.bounds[row + 1])
        _, first = np.unique(pack.viewers[start:end], return_index=True)
        kept[start + first] = False
    bounds = np.concatenate([[0], np.cumsum(kept)])[pack.bounds]
    return replace(pack, fixations=pack.fixations[kept], viewers=pack.viewers[kept], bounds=bounds)
