"""Split a data set into samples to train on, to choose by and to test on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from salviewer.core.strict_json import loads
from salviewer.errors import DataError
from salviewer.training.datasets import Dataset


@dataclass(frozen=True, slots=True)
class Split:
    """Names of samples, each in one part only.

    Attributes:
        train: samples that the weights are fitted to.
        test: held-out samples.
        val: samples for making choices; may be empty.
        origin: origin of the split, for the card.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]
    val: tuple[str, ...] = ()
    origin: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can store."""
        return {
            "train": list(self.train), "val": list(self.val), "test": list(self.test), "origin": self.origin
        }  # fmt: skip


def make_split(dataset: Dataset, test_share: float, seed: int) -> Split:
    """Hold out ``test_share`` of each category, drawn with ``seed``; at least one sample trains.

    Frames of one video stay together.

    Raises:
        DataError: there are too few samples to hold any out.
    """
    generator = np.random.default_rng(seed)
    train: list[str] = []
    test: list[str] = []
    for category in dataset.categories:
        members = [sample for sample in dataset.samples if sample.category == category]
        groups = list(dict.fromkeys(sample.group or sample.name for sample in members))
        held = round(test_share * len(groups))
        if held == 0 and len(groups) > 1:
            held = 1
        chosen = {groups[index] for index in generator.permutation(len(groups))[:held].tolist()}
        for sample in members:
            (test if (sample.group or sample.name) in chosen else train).append(sample.name)
    if not train or not test:
        raise DataError(dataset.root, f"{len(dataset.samples)} samples are too few to train and test on")
    return Split(tuple(train), tuple(test), origin=f"{test_share:.0%} of each category, seed {seed}")


def read_split(path: Path, dataset: Dataset) -> Split:
    """Read a split from a JSON file: ``train`` and ``test``, optionally ``val``, each a list of names.

    Names that the data set does not have (any more) are left out.

    Raises:
        DataError: the file is not a split, has a name in two parts, or leaves nothing to train or test on.
    """
    try:
        values = loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(path, f"the split cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise DataError(path, "the split is not valid JSON") from error
    parts_given: dict[str, Any] = values if isinstance(values, dict) and "test" in values else {"test": None}
    if not all(isinstance(parts_given.get(part, []), list) for part in ("train", "val", "test")):
        raise DataError(path, "a split is a JSON object with the lists train, test and optionally val")
    known = {sample.name for sample in dataset.samples}
    parts: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for part in ("train", "val", "test"):
        names = [str(name) for name in parts_given.get(part, [])]
        if twice := seen & set(names):
            raise DataError(path, f"{min(twice)} stands in two parts of the split")
        seen |= set(names)
        parts[part] = tuple(name for name in names if name in known)
    if not parts["test"] and not parts["val"] and not parts["train"]:
        raise DataError(path, f"it names no sample of {dataset.root}")
    return Split(parts["train"], parts["test"], parts["val"], str(parts_given.get("origin") or path.name))


def choose_split(dataset: Dataset, test_share: float, seed: int, file: Path | None = None) -> Split:
    """Return the split in ``file``, else the data set's own, else a newly drawn one.

    Raises:
        DataError: as ``read_split`` and ``make_split``.
    """
    return own_split(dataset, file) or make_split(dataset, test_share, seed)


def own_split(dataset: Dataset, file: Path | None = None) -> Split | None:
    """Return the split in ``file``, else the one in the data set's file, else the one its folders make.

    Raises:
        DataError: as ``read_split``.
    """
    source = file or dataset.split_file
    if source:
        return read_split(source, dataset)
    if not dataset.parts:
        return None
    train, val, test = (dataset.parts.get(part, ()) for part in ("train", "val", "test"))
    return Split(train, test, val, "the data set's own folders")
