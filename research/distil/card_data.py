"""Data set and photographs in the card's memory, and scores on val."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from salviewer.models.engines.torch_engine import density
from salviewer.training.batches import fixation_counts
from salviewer.training.datasets import open_dataset
from salviewer.training.losses import loss_of, quick_scores
from salviewer.training.pack import open_pack
from salviewer.training.recipe import Recipe
from salviewer.training.splits import read_split

SIZE = (240, 320)
NOWHERE = 9.0
"""Coordinates of fixations that fill up shorter lists: far outside of -1..1."""


class Data:
    """Train and val of a data set that brings a split, then photographs without fixations.

    Attributes:
        stimuli: uint8 (n, 3, h, w), h and w of ``stored``; the first ``count`` are train.
        maps: uint8 (m, 240, 320) of train and val.
        points: (count, most, 2), the fixations of train: row and column in -1..1, far outside where a picture
            has fewer.
        others: rows that need no fixations: train and photographs.
    """

    def folds(self, of: int) -> np.ndarray:
        """Return (n,): which of ``of`` folds of train each row belongs to, -1 where it is not train."""
        rows = np.arange(len(self.stimuli))
        return np.where(rows < self.count, rows % of, -1)

    def __init__(self, data: Path, photos: list[Path], device: str, stored: tuple[int, int] = SIZE) -> None:
        dataset = open_dataset(data)
        if dataset.split_file is None:
            raise SystemExit(f"{data} brings no split.json")
        split = read_split(dataset.split_file, dataset)
        pack = open_pack(dataset.samples, SIZE)
        place = {name: row for row, name in enumerate(pack.names)}
        train = [place[name] for name in split.train if name in place]
        val = [place[name] for name in split.val if name in place]
        sets = [dataset, *(open_dataset(folder, photographs=True) for folder in photos)]
        looks = [open_pack(some.samples, stored).stimuli for some in sets]
        kept = np.array(train + val)
        stimuli = np.concatenate([looks[0][kept], *looks[1:]])
        self.device = device
        self.stimuli = torch.from_numpy(stimuli).to(device).permute(0, 3, 1, 2).contiguous()
        self.maps = torch.from_numpy(np.asarray(pack.maps[kept])).to(device)
        self.count = len(train)
        self.points = torch.from_numpy(_side_by_side([pack.fixations_of(row) for row in train])).to(device)
        self.others = np.concatenate([np.arange(self.count), np.arange(len(kept), len(stimuli))])
        counts = np.stack([fixation_counts(pack.fixations_of(row), SIZE) for row in val])
        self._counts = torch.from_numpy(counts).to(device)

    @torch.inference_mode()
    def scores(self, network: nn.Module, size: tuple[int, int], loss: str) -> dict[str, float]:
        """Return mean NSS, CC and KL on val of a network trained with ``loss``, with input of ``size``."""
        parts: dict[str, list[Tensor]] = {}
        for start in range(self.count, len(self.maps), 16):
            rows = slice(start, min(start + 16, len(self.maps)))
            x = normalised(shown(self.stimuli[rows].float(), size))
            with autocast(self.device):
                raw = network(x)
            maps = density(raw, "intensity" if loss == "mse" else "logits")
            maps = summing_to_1(resized(maps[:, None], SIZE)[:, 0])
            truth = summing_to_1(self.maps[rows].float())
            seen = self._counts[rows.start - self.count : rows.stop - self.count]
            for name, values in quick_scores(maps, truth, seen).items():
                parts.setdefault(name, []).append(values)
        return {name: round(float(torch.cat(values).mean()), 4) for name, values in parts.items()}


def _side_by_side(points: list[np.ndarray]) -> np.ndarray:
    """Pad lists of points in 0..1 to one array (n, most, 2) in -1..1."""
    whole = np.full((len(points), max(map(len, points)), 2), NOWHERE, np.float32)
    for row, some in zip(whole, points, strict=True):
        row[: len(some)] = 2 * some - 1
    return whole


def counted(points: Tensor, size: tuple[int, int]) -> Tensor:
    """Count how many of points (n, m, 2), in -1..1, fall on each cell of (n, h, w); others count nowhere.

    Does what `salviewer.training.batches.fixation_counts` does, for a whole batch on the card.
    """
    inside = (points.abs() < 1).all(-1)
    cells = ((points + 1) / 2 * points.new_tensor(size)).long()
    flat = torch.where(inside, cells[..., 0] * size[1] + cells[..., 1], 0)
    counts = points.new_zeros(len(points), size[0] * size[1])
    return counts.scatter_add_(1, flat, inside.to(counts.dtype)).view(-1, *size)


def normalised(x: Tensor) -> Tensor:
    """Scale 0..255 to -1..1, channels last."""
    return (x / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def resized(x: Tensor, size: tuple[int, int], antialias: bool = False) -> Tensor:
    """Resize (n, c, h, w); returns ``x`` itself where it has that size."""
    if tuple(x.shape[-2:]) == size:
        return x
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False, antialias=antialias)


def shown(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Resize pictures (n, 3, h, w) to a network's input, without aliasing."""
    return resized(x, size, antialias=True)


def summing_to_1(density: Tensor) -> Tensor:
    """Divide each map of (n, h, w) by its sum."""
    return density / density.sum((1, 2), keepdim=True).clamp_min(1e-6)


def mean_loss(raw: Tensor, target: Tensor, points: Tensor, recipe: Recipe) -> Tensor:
    """Return the mean loss of a network's output.

    Args:
        raw: (n, 1, h, w).
        target: (n, H, W), densities.
        points: (n, m, 2), fixations in -1..1; where there are none, the target stands for them.
        recipe: says what the loss is.
    """
    size = (raw.shape[-2], raw.shape[-1])
    target = summing_to_1(resized(target[:, None], size, antialias=True)[:, 0])
    counts = counted(points, size)
    known = counts.sum((1, 2), keepdim=True) > 0
    return loss_of(raw.float(), target, torch.where(known, counts, target), recipe)


def autocast(device: str) -> torch.autocast:
    """Return the context for bfloat16 on a card, and for nothing elsewhere."""
    return torch.autocast(torch.device(device).type, torch.bfloat16, enabled=device.startswith("cuda"))
