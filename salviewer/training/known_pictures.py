"""Digests in a model's card: the pictures it was fitted to, chosen on and tested on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salviewer.models.card import ModelCard
from salviewer.training.pack import Pack
from salviewer.training.splits import Split

_SHARE = 0.5
"""Share of a data set's pictures that a model must know for the data set to be its own."""

PICTURES = "pictures"
"""Key of ``ModelCard.data``: by ``train``, ``val`` and ``test``, digests separated by spaces."""


def known_pictures(pack: Pack, parts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the digests of each part's pictures, for a card.

    Args:
        pack: the run's pack; samples that it lacks are left out.
        parts: names by ``train``, ``val`` and ``test``; a picture of ``train`` is left out of the others.
    """
    digests = dict(zip(pack.names, pack.pictures, strict=False))
    fitted = set(parts["train"])
    return {
        part: " ".join(
            digests[name] for name in names if name in digests and (part == "train" or name not in fitted)
        )
        for part, names in parts.items()
    }


def fitted_among(card: ModelCard, pack: Pack, names: Sequence[str]) -> int | None:
    """Count the named pictures of a pack that a model was fitted to, by the content of their files.

    Returns:
        None if the card does not say.
    """
    parts = _parts(card)
    if "train" not in parts:
        return None
    digests = dict(zip(pack.names, pack.pictures, strict=False))
    return sum(digests.get(name) in parts["train"] for name in names)


def split_of(card: ModelCard, pack: Pack) -> Split | None:
    """Return the split of the run that made a model, limited to pictures of a pack.

    Returns:
        None where the card has none, or where it knows less than half of the pack's pictures.
    """
    known = _parts(card)
    parts = {
        part: tuple(
            name
            for name, digest in zip(pack.names, pack.pictures, strict=False)
            if digest in known.get(part, ())
        )
        for part in ("train", "val", "test")
    }
    if sum(map(len, parts.values())) < _SHARE * len(pack.names):
        return None
    return Split(parts["train"], parts["test"], parts["val"], "the model's own split")


def _parts(card: ModelCard) -> dict[str, set[str]]:
    found = card.data.get(PICTURES)
    if not isinstance(found, Mapping):
        return {}
    return {part: set(digests.split()) for part, digests in found.items() if isinstance(digests, str)}
