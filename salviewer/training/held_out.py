"""A data set with the part of it that is scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from salviewer.models.card import ModelCard
from salviewer.training.datasets import Dataset, Problem, open_dataset
from salviewer.training.evaluation import SIZE
from salviewer.training.pack import Pack, open_pack
from salviewer.training.scored_part import ScoredPart, scored_part
from salviewer.training.splits import read_split


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What of a data set is scored.

    Attributes:
        folder: the data set, as it was named.
        dataset: what is in it.
        pack: all samples at `evaluation.SIZE`.
        chosen: which of them are scored.
    """

    folder: Path
    dataset: Dataset
    pack: Pack
    chosen: ScoredPart

    @property
    def title(self) -> str:
        """The folder's own name."""
        return self.folder.resolve().name

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with samples, whether they are left out or kept."""
        return (*self.dataset.problems, *self.pack.problems)


def open_held_out(
    folder: Path,
    split: Path | None,
    part: str,
    card: ModelCard | None,
    progress: Callable[[int, int], None] | None = None,
) -> HeldOut:
    """Open a data set.

    Args:
        folder: where it lies.
        split: a file that divides it; None for the model's own split, or the data set's.
        part: ``test``, ``val`` or ``train``.
        card: of the model; None for no model.
        progress: told (done, total) while pictures are read.

    Raises:
        DataError: it cannot be used, or has no such part.
    """
    dataset = open_dataset(folder)
    if split is not None:
        read_split(split, dataset)  # before the pictures are read, which may take long
    pack = open_pack(dataset.samples, SIZE, progress)
    return HeldOut(folder, dataset, pack, scored_part(dataset, pack, card, split, part))
