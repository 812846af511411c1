"""Choose the pictures that `salviewer evaluate` scores, and count those that a model was fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from salviewer.errors import DataError
from salviewer.models.card import ModelCard
from salviewer.training.datasets import Dataset
from salviewer.training.known_pictures import fitted_among, split_of
from salviewer.training.pack import Pack
from salviewer.training.splits import own_split, read_split

MODELS_OWN = "the model's own split"


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """The part of a data set to score.

    Attributes:
        held: names of the samples to score.
        fitted: names of the samples whose mean map is the centre bias; empty without a split.
        split: origin of the split: a file, `MODELS_OWN`, the data set's folders; "" without a split.
        instead: the part that is scored in place of the one asked for; "" if it is that one.
    """

    held: tuple[str, ...]
    fitted: tuple[str, ...]
    split: str
    instead: str = ""


def scored_part(
    dataset: Dataset, pack: Pack, card: ModelCard | None, file: Path | None, part: str
) -> ScoredPart:
    """Choose what to score: by ``file``, the model's own split, the data set's split, or else everything.

    Args:
        dataset: the data set.
        pack: its samples, with digests.
        card: the model's card, whose split counts if it knows pictures of the data set; None for no model.
        file: a split file.
        part: ``test``, ``val`` or ``train``.

    Raises:
        DataError: the split cannot be read or has no such part.
    """
    if file is not None:
        split, origin = read_split(file, dataset), str(file)
    elif card is not None and (known := split_of(card, pack)) is not None:
        split, origin = known, MODELS_OWN
    elif (own := own_split(dataset)) is not None:
        split, origin = own, str(dataset.split_file or own.origin)
    else:
        return ScoredPart(tuple(sample.name for sample in dataset.samples), (), "")
    held: tuple[str, ...] = getattr(split, part)
    if not held and part == "test" and split.val and file is None and dataset.parts and origin != MODELS_OWN:
        # SALICON's test part has no ground truth; its authors score val.
        return ScoredPart(split.val, split.train, origin, "val")
    if not held:
        there = [name for name in ("test", "val", "train") if getattr(split, name)]
        where = file or dataset.split_file if origin != MODELS_OWN else None
        raise DataError(
            where or dataset.root,
            f"{'it' if where else origin} has no {part} part here; choose --part {' or '.join(there)}",
        )
    return ScoredPart(held, split.train, origin)


def fitted_remark(name: str, card: ModelCard, pack: Pack, chosen: ScoredPart) -> str:
    """Return how many of the scored pictures a model was fitted to, a sentence; "" if it is known to be none.

    Args:
        name: the model's name.
        card: the model's card.
        pack: the data set.
        chosen: the part that is scored.
    """
    total = len(chosen.held)
    count = fitted_among(card, pack, chosen.held)
    if count:
        return f"{name} was fitted to {count} of the {total} scored pictures, which flatters it"
    if count is None and not chosen.split:
        return f"{name} does not say which pictures it was fitted to; some of the {total} may be among them"
    return ""
