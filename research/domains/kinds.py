"""Train the shipped classifier of kinds, photograph, advertisement or page, on live_net's features.

    PYTHONPATH=. python -m research.domains.kinds --data ../shared/data --work FOLDER [--write]

A linear classifier on the encoder's features at strides 16 and 32, averaged over a picture of 120x160.
Photographs come from eyetracking/ and photos/, advertisements from designs/, pages from screens/. It is
trained on the train parts, and on seven of eight pictures of sets without a split; the penalty is chosen on
the val parts and every eighth picture. The web pages of pages/ are only reported. Run it again when the
weights of live_net change; --write saves it in ``model_weights``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from research.domains.sets import pack_of, part_of
from salviewer import paths as locations
from salviewer.media.saving import atomic_path
from salviewer.models.card import CARD_NAME, read_card
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.models.engines.encoder_pool import make_pool
from salviewer.models.kind_scores import KINDS
from salviewer.models.kinds import FILE_NAME
from salviewer.models.preprocess import resize
from salviewer.models.reading import read_arrays

SIZE = (120, 160)
PENALTIES = (1e-5, 1e-4, 1e-3, 1e-2)


def gathered(data: Path, work: Path) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return, by set: features, indices in ``KINDS``, and use: training (1), choosing (0), report (below)."""
    folder = locations.model_weights() / DEFAULT_MODEL
    known = read_card(folder / CARD_NAME).sha256[:12]
    pool = make_pool(read_arrays(folder)[1], SIZE)
    found = {}
    for name, kind in (("eyetracking", 0), ("photos", 0), ("designs", 1), ("screens", 2), ("pages", 2)):
        pack = pack_of(data / name)
        file = work / f"kinds-{name}-{known}.npy"
        if not file.is_file():
            np.save(file, np.stack([pool(np.asarray(resize(one, SIZE), np.uint8)) for one in pack.stimuli]))
            print(f"{len(pack.names)} pictures of {name}", flush=True)
        if name in ("eyetracking", "designs"):
            train, val = set(part_of(data / name, "train")), set(part_of(data / name, "val"))
            part = np.array([1 if each in train else 0 if each in val else -2 for each in pack.names])
        elif name == "pages":
            part = np.array([-1 if each.startswith("Pages/") else -3 for each in pack.names])
        else:
            part = np.where(np.arange(len(pack.names)) % 8 == 0, 0, 1)
        found[name] = (np.load(file), np.full(len(part), kind), part)
    return found


def fitted(x: Tensor, y: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
    """Return weights and bias of a logistic regression in which all kinds have equal weight."""
    mean, spread = x.mean(0), x.std(0).clamp_min(1e-4)
    z = (x - mean) / spread
    weight = torch.zeros(len(KINDS), x.shape[1], dtype=x.dtype, requires_grad=True)
    bias = torch.zeros(len(KINDS), dtype=x.dtype, requires_grad=True)
    balance = len(y) / (len(KINDS) * torch.bincount(y, minlength=len(KINDS)).to(x.dtype))
    search = torch.optim.LBFGS([weight, bias], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> float:
        search.zero_grad()
        loss = cross_entropy(z @ weight.T + bias, y, weight=balance) + penalty * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    search.step(closure)  # type: ignore[no-untyped-call]
    unscaled = weight.detach() / spread
    return unscaled, bias.detach() - unscaled @ mean


def main() -> None:
    """Train, print the accuracy, and save on request."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="features of all pictures, kept there")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    sets = gathered(args.data, args.work)
    x, y, part = (np.concatenate([some[place] for some in sets.values()]) for place in range(3))
    features, kinds = torch.from_numpy(x).double(), torch.from_numpy(y)
    train, val, pages, test, posters = (torch.from_numpy(part == code) for code in (1, 0, -1, -2, -3))

    def right(found: tuple[Tensor, Tensor], rows: Tensor, kind: int) -> float:
        chosen = rows & (kinds == kind)
        named = (features[chosen] @ found[0].T + found[1]).argmax(1)
        return float((named == kind).double().mean())

    tried = []
    for penalty in PENALTIES:
        found = fitted(features[train], kinds[train], penalty)
        shares = [right(found, val, kind) for kind in range(len(KINDS))]
        tried.append((float(np.mean(shares)), penalty, found, shares))
        print(f"penalty {penalty:g}: val", [round(share, 4) for share in shares], flush=True)
    mean, penalty, found, shares = max(tried, key=lambda row: row[:2])
    print(f"chosen: {penalty:g}, mean of val {mean:.4f}; web pages {right(found, pages, 2):.4f}")
    print("test:", [round(right(found, test, kind), 4) for kind in (0, 1)])
    named = (features[posters] @ found[0].T + found[1]).argmax(1)
    print("posters are called", KINDS, torch.bincount(named, minlength=3).tolist())
    if args.write:
        card = read_card(locations.model_weights() / DEFAULT_MODEL / CARD_NAME)
        accuracy: dict[str, float] = {
            kind: round(share, 4) for kind, share in zip(KINDS, shares, strict=True)
        }
        values = {
            "kinds": KINDS, "size": SIZE, "encoder": card.sha256,
            "accuracy": {**accuracy, "web pages": round(right(found, pages, 2), 4)},
            "bias": [round(value, 5) for value in found[1].tolist()],
            "weights": [[float(f"{value:.4g}") for value in row] for row in found[0].tolist()],
        }  # fmt: skip
        with atomic_path(locations.model_weights() / FILE_NAME) as scratch:
            scratch.write_text(json.dumps(values), encoding="utf-8")


if __name__ == "__main__":
    main()
