"""Open a data set together with the part of it to score."""

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
    """A data set and the part of it to score.

    Attributes:
        folder: the data set as the user named it.
        dataset: its samples.
        pack: all samples at `evaluation.SIZE`.
        chosen: the samples to score.
    """

    folder: Path
    dataset: Dataset
    pack: Pack
    chosen: ScoredPart

    @property
    def title(self) -> str:
        """The name of the data set's folder."""
        return self.folder.resolve().name

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Faults of samples, both skipped and kept."""
        return (*self.dataset.problems, *self.pack.problems)


def open_held_out(
    folder: Path,
    split: Path | None,
    part: str,
    card: ModelCard | None,
    progress: Callable[[int, int], None] | None = None,
    blur: float = 0.0,
) -> HeldOut:
    """Open a data set and choose what to score.

    Args:
        folder: the data set.
        split: a split file; None for the model's own split or the data set's.
        part: ``test``, ``val`` or ``train``.
        card: the model's card; None for no model.
        progress: called with (done, total) while pictures are read.
        blur: as for `open_dataset`.

    Raises:
        DataError: the data set cannot be used, or has no such part.
    """
    dataset = open_dataset(folder, blur=blur)
    if split is not None:
        read_split(split, dataset)  # fail early: reading the pictures may take long
    pack = open_pack(dataset.samples, SIZE, progress)
    return HeldOut(folder, dataset, pack, scored_part(dataset, pack, card, split, part))
