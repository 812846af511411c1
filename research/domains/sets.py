"""Photographs, advertisements and pictures without fixations, drawn in fixed shares of each batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from research.distil.card_data import NOWHERE, SIZE
from salviewer.models.predictor import Predictor
from salviewer.training.datasets import open_dataset
from salviewer.training.distillation import teach
from salviewer.training.pack import Pack, open_pack
from salviewer.training.splits import read_split


@dataclass
class Domain:
    """The pictures of one kind to train on.

    Attributes:
        name: ``photographs``, ``ads``, ``photos`` or ``screens``.
        names: of its pictures.
        stimuli: uint8 (n, 240, 320, 3).
        truth: uint8 (n, 240, 320) with peak 255; None without fixations.
        taught: float16 (n, 240, 320), a teacher's maps; None if there are none.
        share: of the ground truth in the target, if there are both.
        points: float32 (n, most, 2), fixations in -1..1; far outside to fill up shorter lists.
        mirrored: whether pictures may be mirrored; not with text.
    """

    name: str
    names: list[str]
    stimuli: np.ndarray
    truth: np.ndarray | None
    taught: np.ndarray | None
    share: float
    points: np.ndarray
    mirrored: bool

    def target(self, row: int) -> np.ndarray:
        """Return float32 (240, 320) summing to 1."""
        parts: list[tuple[np.ndarray, float]] = []
        for some, share in ((self.truth, self.share), (self.taught, 1 - self.share)):
            if some is not None:
                full = some[row].astype(np.float32)
                parts.append((full / max(float(full.sum()), 1e-6), share))
        if len(parts) == 1:
            return parts[0][0]
        mixed: np.ndarray = parts[0][0] * parts[0][1] + parts[1][0] * parts[1][1]
        return mixed


def pack_of(folder: Path) -> Pack:
    """Return all pictures of a data set, or of a folder without fixations, at 240x320."""
    labelled = (folder / "trainSet").is_dir()
    return open_pack(open_dataset(folder, photographs=not labelled).samples, SIZE)


def part_of(folder: Path, part: str) -> list[str]:
    """Return the names in one part of a data set's own split."""
    dataset = open_dataset(folder)
    if dataset.split_file is None:
        raise SystemExit(f"{folder} brings no split.json")
    return list(getattr(read_split(dataset.split_file, dataset), part))


def maps_of(teacher: Predictor, pack: Pack, file: Path, mirror: bool) -> np.ndarray:
    """Return float16 (n, 240, 320): a teacher's maps of a pack, cached in ``file``.

    If ``mirror``, each is the mean with the mirrored picture's map.
    """
    if file.is_file():
        kept: np.ndarray = np.load(file, mmap_mode="r")
        return kept
    rows = np.arange(len(pack.names))
    if mirror:
        maps: np.ndarray = teach([teacher], pack, rows)[0]
    else:
        maps = np.zeros(pack.stimuli.shape[:3], np.float16)
        for row in rows:
            density = teacher.densities(np.asarray(pack.stimuli[row : row + 1]))[0]
            maps[row] = density / density.max()
    np.save(file, maps)
    return maps


def labelled(
    folder: Path, name: str, taught: np.ndarray | None, share: float, mirrored: bool, without: str = ""
) -> Domain:
    """Return the train part of a data set, without one category."""
    pack = pack_of(folder)
    place = {each: row for row, each in enumerate(pack.names)}
    train = [each for each in part_of(folder, "train") if each in place]
    train = [each for each in train if not without or not each.startswith(f"{without}/")]
    rows = [place[each] for each in train]
    seen = [pack.fixations_of(row) for row in rows]
    points = np.full((len(rows), max(map(len, seen)), 2), NOWHERE, np.float32)
    for into, some in zip(points, seen, strict=True):
        into[: len(some)] = 2 * some - 1
    chosen = None if taught is None else np.asarray(taught[rows])
    return Domain(name, train, pack.stimuli[rows], pack.maps[rows], chosen, share, points, mirrored)


def unlabelled(
    folder: Path, name: str, taught: np.ndarray, rows: np.ndarray | None, mirrored: bool
) -> Domain:
    """Return pictures without fixations, whose targets are a teacher's maps; ``rows`` selects them."""
    pack = pack_of(folder)
    rows = np.arange(len(pack.names)) if rows is None else rows
    points = np.full((len(rows), 1, 2), NOWHERE, np.float32)
    names = [pack.names[row] for row in rows]
    return Domain(name, names, pack.stimuli[rows], None, np.asarray(taught[rows]), 0.0, points, mirrored)


def plain(like: list[Domain], count: int = 240, seed: int = 3) -> Domain:
    """Return empty pictures: a colour, a gradient, or noise of any grain; their target is the centre bias.

    Args:
        like: domains whose mean map, with equal weights, is the centre bias.
        count: number of pictures.
        seed: of the generator.
    """
    random = np.random.default_rng(seed)
    biases = []
    for domain in like:
        if domain.truth is not None:
            maps = domain.truth.astype(np.float32)
            biases.append((maps / maps.sum((1, 2), keepdims=True)).mean(0))
    bias = cv2.GaussianBlur(np.mean(biases, axis=0), (0, 0), 6)
    both = 0.25 * (bias + bias[::-1] + bias[:, ::-1] + bias[::-1, ::-1])
    stimuli = np.empty((count, *SIZE, 3), np.uint8)
    for row in range(count):
        first, second = random.integers(0, 256, (2, 3))
        if row % 6 == 0:
            first = second = np.full(3, random.integers(256))
        share: np.ndarray = np.zeros(SIZE, np.float32)
        if row % 3 == 1:
            angle = random.uniform(0, 2 * np.pi)
            down, across = np.mgrid[0:1:240j, 0:1:320j]
            share = (np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5) + 0.7) / 1.4
        full: np.ndarray = (1 - share[..., None]) * first + share[..., None] * second
        if row % 3 == 2:
            grain = int(random.choice([1, 1, 2, 4]))
            shape = (SIZE[0] // grain, SIZE[1] // grain, int(random.choice([1, 3])))
            noise = random.normal(0, random.uniform(4, 90), shape).astype(np.float32)
            grown = cv2.resize(noise, SIZE[::-1], interpolation=cv2.INTER_LINEAR)
            full = full + grown.reshape(*SIZE, -1)
        stimuli[row] = np.clip(np.rint(full), 0, 255)
    taught = np.broadcast_to((both / both.max()).astype(np.float16), (count, *SIZE))
    points = np.full((count, 1, 2), NOWHERE, np.float32)
    return Domain("plain", [str(row) for row in range(count)], stimuli, None, taught, 0.0, points, True)


def drawn(domains: list[tuple[Domain, int]], seed: int, step: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return a batch: stimuli (n, 3, h, w), targets (n, h, w), points (n, most, 2), and mirrorable (n,).

    The draw depends on seed and step alone, so that a run can be resumed.
    """
    random = np.random.default_rng([seed, step])
    most = max(domain.points.shape[1] for domain, _ in domains)
    looks, targets, seen, mirrored = [], [], [], []
    for domain, count in domains:
        for row in random.choice(len(domain.names), count, replace=False):
            looks.append(domain.stimuli[row])
            targets.append(domain.target(int(row)))
            own = np.full((most, 2), NOWHERE, np.float32)
            own[: domain.points.shape[1]] = domain.points[row]
            seen.append(own)
            mirrored.append(domain.mirrored)
    x = torch.from_numpy(np.stack(looks)).permute(0, 3, 1, 2)
    return x, torch.from_numpy(np.stack(targets)), torch.from_numpy(np.stack(seen)), torch.tensor(mirrored)
