"""Pictures of all kinds at a size of one's choice, with targets at 240x320 and their true aspect ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from research.attention.alterations import altered
from research.distil.card_data import NOWHERE, SIZE
from research.domains.sets import Domain, labelled, plain, unlabelled
from salviewer.media.saving import atomic_path
from salviewer.models.catalog import find_model
from salviewer.models.engines.choice import candidates
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.models.reading import read_arrays
from salviewer.training.datasets import open_dataset
from salviewer.training.pack import Pack, open_pack

TEACHER_SIZES = ((240, 320), (360, 480))
"""The sizes at which the teacher sees each picture; the mean of its maps is the target."""


@dataclass
class Pictures:
    """The pictures of one kind to train on.

    Attributes:
        domain: their names, targets and fixations, from `research.domains.sets`.
        pack: their pixels, at any size.
        rows: of the pack, one for each name of ``domain``.
        share: of each batch, in pictures.
    """

    domain: Domain
    pack: Pack | None
    rows: np.ndarray
    share: int

    def shown(self, row: int) -> tuple[np.ndarray, float]:
        """Return a picture, uint8 (h, w, 3), and its true width / height."""
        if self.pack is None:
            return self.domain.stimuli[row], 4 / 3
        at = int(self.rows[row])
        return self.pack.stimuli[at], float(self.pack.aspects[at])


def pack_at(folder: Path, size: tuple[int, int]) -> Pack:
    """Return all pictures of a data set, or of a folder without fixations, at a size."""
    has_fixations = (folder / "trainSet").is_dir()
    return open_pack(open_dataset(folder, photographs=not has_fixations).samples, size)


def teacher_at(name: str, size: tuple[int, int]) -> Predictor:
    """Load a model that sees pictures at another size than its own."""
    card, weights = read_arrays(find_model(name))
    card = replace(card, input_size=size)
    return Predictor(name, card, candidates(card, weights, "cpu"))


def summing_at_full_size(density: np.ndarray) -> np.ndarray:
    """Return float32 (240, 320) summing to 1: a network's map, resized."""
    full = np.asarray(resize(density, SIZE), np.float32)
    whole: np.ndarray = full / full.sum()
    return whole


def taught(
    name: str,
    folder: Path,
    file: Path,
    mirror: bool,
    sizes: Sequence[tuple[int, int]] = TEACHER_SIZES,
    other: np.ndarray | None = None,
) -> np.ndarray:
    """Return float16 (n, 240, 320), peak 1: the teacher's mean map over some sizes; kept in ``file``.

    Args:
        name: of the teacher.
        folder: of the pictures.
        file: where the maps are kept.
        mirror: whether the mirrored picture's map counts too.
        sizes: (height, width) at which the teacher sees a picture.
        other: another teacher's maps of the same pictures, which count as much as all of these.
    """
    if file.is_file():
        kept: np.ndarray = np.load(file, mmap_mode="r")
        return kept
    total: np.ndarray = np.zeros((), np.float32)
    for size in sizes:
        pack, teacher = pack_at(folder, size), teacher_at(name, size)
        found = np.zeros((len(pack.names), *SIZE), np.float32)
        for row, stimulus in enumerate(pack.stimuli):
            pixels = np.asarray(stimulus)
            aspect = [float(pack.aspects[row])]
            density = teacher.densities(pixels[None], aspect)[0]
            if mirror:
                turned = np.ascontiguousarray(pixels[None, :, ::-1])
                density = density + teacher.densities(turned, aspect)[0, :, ::-1]
            found[row] = summing_at_full_size(density)
        total = total + found
    if other is not None:
        known = other.astype(np.float32)
        total = total / len(sizes) + known / known.sum((1, 2), keepdims=True)
    maps: np.ndarray = (total / total.max((1, 2), keepdims=True)).astype(np.float16)
    with atomic_path(file) as scratch, scratch.open("wb") as stream:
        np.save(stream, maps)
    return maps


def all_kinds(
    data: Path,
    work: Path,
    size: tuple[int, int],
    counts: Sequence[int],
    pseudo: Path,
    *,
    truth: float,
    ads_truth: float,
    teacher: str = "live_net",
    without: str = "",
) -> list[Pictures]:
    """Open the train part of every kind.

    Args:
        data: the folder with ``eyetracking``, ``designs``, ``photos`` and ``screens``.
        work: where the teacher's maps are kept.
        size: (height, width) of the pixels.
        counts: pictures in each batch: photographs, advertisements, photographs without fixations, screens,
            and empty pictures.
        pseudo: the screens' pseudo-labels.
        truth, ads_truth: share of the recorded fixations in the targets of photographs and advertisements;
            with 1, no teacher is asked.
        teacher: the model that makes the rest of those targets.
        without: a category to leave out.
    """
    many, ads, photos, screens, empty = counts
    kinds: list[Pictures] = []

    def add(domain: Domain, pack: Pack, count: int) -> None:
        place = {name: row for row, name in enumerate(pack.names)}
        domain.stimuli = domain.stimuli[:0]  # the pack has them, at the size asked for
        kinds.append(Pictures(domain, pack, np.array([place[name] for name in domain.names]), count))

    folder = data / "eyetracking"
    maps = taught(teacher, folder, work / "taught-eyetracking.npy", mirror=True) if truth < 1 else None
    add(labelled(folder, "photographs", maps, truth, True, without), pack_at(folder, size), many)
    if ads and without != "Ads":
        folder = data / "designs"
        maps = taught(teacher, folder, work / "taught-designs.npy", mirror=False) if ads_truth < 1 else None
        add(labelled(folder, "ads", maps, ads_truth, False), pack_at(folder, size), ads)
    if photos:
        folder = data / "photos"
        maps = taught(teacher, folder, work / "taught-photos.npy", mirror=True)
        add(unlabelled(folder, "photos", maps, None, True), pack_at(folder, size), photos)
    if screens:
        stored, folder = np.load(pseudo), data / "screens"
        add(
            unlabelled(folder, "screens", stored["maps"], stored["rows"], False),
            pack_at(folder, size),
            screens,
        )
    if empty:
        kinds.append(Pictures(plain([some.domain for some in kinds]), None, np.zeros(0, int), empty))
    return kinds


def batch(
    kinds: list[Pictures],
    size: tuple[int, int],
    seed: int,
    step: int,
    *,
    stretch: float,
    degrade: float,
    crop: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Draw a batch, which depends on seed and step alone, so that a run can be resumed.

    Returns:
        pictures (n, 3, h, w) in 0..255; targets (n, 240, 320), each summing to 1; fixations (n, m, 2) in
        -1..1; and the true width / height of what each picture shows, (n,).
    """
    random = np.random.default_rng([seed, step])
    most = max(kind.domain.points.shape[1] for kind in kinds)
    looks, targets, seen, mirrored, aspects = [], [], [], [], []
    for kind in kinds:
        for row in random.choice(len(kind.domain.names), kind.share, replace=False):
            pixels, aspect = kind.shown(int(row))
            if pixels.shape[:2] != size:
                pixels = np.asarray(resize(np.asarray(pixels), size), np.uint8)
            looks.append(torch.from_numpy(np.array(pixels)).permute(2, 0, 1))
            targets.append(torch.from_numpy(kind.domain.target(int(row))))
            own = np.full((most, 2), NOWHERE, np.float32)
            own[: kind.domain.points.shape[1]] = kind.domain.points[row]
            seen.append(torch.from_numpy(own))
            mirrored.append(kind.domain.mirrored)
            aspects.append(aspect)
    given = (torch.stack(looks), torch.stack(targets), torch.stack(seen), torch.tensor(aspects))
    return altered(*given, torch.tensor(mirrored), seed * 1_000_003 + step, stretch, degrade, crop)
