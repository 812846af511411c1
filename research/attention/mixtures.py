"""Alter and mix pictures, and keep the mean of some teachers' maps of what comes out.

    PYTHONPATH=. python -m research.attention.mixtures --data ../shared/data --work WORK --count 8000

The teachers are `attention_net` and `live_net` at several sizes; `TEACHERS` has the weight of each, which
depends on the kind of picture. `--attention` is for weights that do not ship yet. Pictures are cropped,
mirrored where they are not screens, recoloured and degraded, and some are mixed with another: blended, one
pasted into the other, or side by side. Nobody has looked at such pictures, and no teacher has learned them by
heart. They are kept in files of 250. A call that is given again makes those that are missing;
`research.attention.train --mixtures WORK` trains on those that are there.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from research.attention.pictures import pack_at, summing_at_full_size, teacher_at
from research.distil.alterer import Alterer
from research.distil.card_data import NOWHERE, SIZE, summing_to_1
from research.domains.sets import part_of
from salviewer.media.saving import atomic_path
from salviewer.models.preprocess import resize
from salviewer.training.pack import Pack

SHOWN = (304, 400)
"""Height and width of the pictures that are kept."""
KEPT = (120, 160)
"""Height and width of their maps."""
CHUNK = 250
LARGE = (360, 480)
"""Height and width at which the teachers see screens."""
SHARES = {"designs": 0.5, "eyetracking": 0.25, "photos": 0.05, "screens": 0.2}
_PHOTOGRAPHS = {("attention_net", SHOWN): 0.35, ("live_net", SIZE): 0.25, ("live_net", SHOWN): 0.4}
TEACHERS = {
    "designs": {("attention_net", SHOWN): 0.5, ("live_net", SIZE): 0.35, ("live_net", SHOWN): 0.15},
    "eyetracking": _PHOTOGRAPHS,
    "photos": _PHOTOGRAPHS,
    "screens": {("attention_net", LARGE): 0.5, ("live_net", SIZE): 0.25, ("live_net", LARGE): 0.25},
}
"""For each kind of picture the networks, the size at which each sees it, and its weight."""
Labelled = tuple[np.ndarray, np.ndarray, float]
"""A picture, uint8 (304, 400, 3); its map, float16 (120, 160) with peak 1; its true width / height."""


@dataclass(frozen=True)
class Source:
    """Pictures of one folder that may be drawn: a pack and its rows."""

    pack: Pack
    rows: list[int]


def sources(data: Path) -> dict[str, Source]:
    """Open every folder; of those with fixations, the train part alone."""
    found = {}
    for name in SHARES:
        pack = pack_at(data / name, SHOWN)
        rows = list(range(len(pack.names)))
        if (data / name / "trainSet").is_dir():
            train = set(part_of(data / name, "train"))
            rows = [row for row in rows if pack.names[row] in train]
        found[name] = Source(pack, rows)
    return found


class Mixer:
    """Draw altered and mixed pictures; what a chunk has depends on seed and number alone."""

    def __init__(self, drawn_from: dict[str, Source], seed: int, chunk: int) -> None:
        self._from = drawn_from
        self._random = np.random.default_rng([seed, chunk])
        self._alterer = Alterer(seed * 1000 + chunk, "cpu", SHOWN)

    def _view(self, name: str, crop: float) -> tuple[Tensor, float]:
        """Return a part of a picture, (1, 3, h, w) in 0..255, and its true width / height."""
        some = self._from[name]
        row = some.rows[self._random.integers(len(some.rows))]
        x = torch.from_numpy(np.array(some.pack.stimuli[row])).permute(2, 0, 1)[None].float()
        window = self._alterer.windows(1, 0.2, crop)
        if name == "screens":
            window[:, 1] = window[:, 1].abs()
        aspect = float(some.pack.aspects[row] * window[0, 1].abs() / window[0, 0])
        return self._alterer.seen_through(window, x, SHOWN), aspect

    def _mixed(self, x: Tensor, other: Tensor) -> Tensor:
        random, (height, width) = self._random, SHOWN
        how = random.random()
        if how < 0.35:
            share = random.uniform(0.55, 0.9)
            return share * x + (1 - share) * other
        x = x.clone()
        if how < 0.7:
            high = int(height * random.uniform(0.35, 0.75))
            wide = int(width * np.clip(high / height * random.uniform(0.8, 1.25), 0.3, 0.8))
            top, left = random.integers(height - high + 1), random.integers(width - wide + 1)
            small = F.interpolate(other, (high, wide), mode="bilinear", antialias=True)
            x[..., top : top + high, left : left + wide] = small
        elif random.random() < 0.5:
            column = int(width * random.uniform(0.35, 0.65))
            x[..., column:] = other[..., column:]
        else:
            row = int(height * random.uniform(0.35, 0.65))
            x[..., row:, :] = other[..., row:, :]
        return x

    def draw(self) -> tuple[np.ndarray, float, str]:
        """Return a picture, uint8 (304, 400, 3), its true width / height, and its kind, of `SHARES`."""
        name = str(self._random.choice(list(SHARES), p=list(SHARES.values())))
        x, aspect = self._view(name, 0.75 if name == "screens" else 0.5)
        if name != "screens" and self._random.random() < 0.45:
            second = "designs" if self._random.random() < 0.75 else "eyetracking"
            x = self._mixed(x, self._view(second, 0.6)[0])
        x = self._alterer.degraded(self._alterer.recoloured(x, 0.3), 0.1)
        pixels = x[0].permute(1, 2, 0).clamp(0, 255).round().numpy().astype(np.uint8)
        return np.ascontiguousarray(pixels), aspect, name


class Teachers:
    """The networks of `TEACHERS`.

    Args:
        attention: weights to take for `attention_net`, where the shipped ones are not meant.
    """

    def __init__(self, attention: Path | None) -> None:
        other = {"attention_net": str(attention)} if attention else {}
        asked = {each for weights in TEACHERS.values() for each in weights}
        self._networks = {(name, size): teacher_at(other.get(name, name), size) for name, size in asked}

    def mean_map(self, pixels: np.ndarray, aspect: float, kind: str) -> np.ndarray:
        """Return float32 (240, 320) summing to 1: the mean map of a picture, uint8 (h, w, 3)."""
        total: np.ndarray = np.zeros(SIZE, np.float32)
        for teacher, weight in TEACHERS[kind].items():
            size = teacher[1]
            seen = pixels if pixels.shape[:2] == size else np.asarray(resize(pixels, size), np.uint8)
            total += weight * summing_at_full_size(self._networks[teacher].densities(seen[None], [aspect])[0])
        return total


def to_keep(full: np.ndarray) -> np.ndarray:
    """Return float16 (120, 160), peak 1: a map as it is kept."""
    small = cv2.resize(full, KEPT[::-1], interpolation=cv2.INTER_AREA)
    halves: np.ndarray = (small / small.max()).astype(np.float16)
    return halves


def make_chunks(work: Path, label: str, count: int, make: Callable[[int], list[Labelled]]) -> None:
    """Write the chunks that are missing, for as many pictures; ``make`` gets a chunk's number."""
    work.mkdir(parents=True, exist_ok=True)
    for chunk in range(-(-count // CHUNK)):
        file = work / f"mixtures-{label}-{chunk}.npz"
        if file.is_file():
            continue
        begun = time.monotonic()
        pictures, maps, aspects = zip(*make(chunk), strict=True)
        with atomic_path(file) as scratch, scratch.open("wb") as stream:
            np.savez(
                stream,
                pictures=np.stack(pictures),
                maps=np.stack(maps),
                aspects=np.array(aspects, np.float32),
            )
        print(f"{file.name}: {time.monotonic() - begun:.0f} s", flush=True)


class Mixtures:
    """What is kept in a folder; files that come later are found too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chunks: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self._look()

    def _look(self) -> None:
        for file in sorted(self._folder.glob("mixtures-*.npz")):
            if file.name not in self._chunks:
                kept = np.load(file)
                self._chunks[file.name] = (kept["pictures"], kept["maps"], kept["aspects"])
        if not self._chunks:
            raise SystemExit(f"{self._folder} has no mixtures: see research.attention.mixtures")

    def drawn(
        self, count: int, size: tuple[int, int], seed: int, step: int
    ) -> tuple[list[np.ndarray], Tensor, list[float]]:
        """Return pictures, uint8 (h, w, 3); targets (count, 240, 320), each summing to 1; width / height."""
        if step % 50 == 49:
            self._look()
        random, chunks = np.random.default_rng([seed, step, 5]), list(self._chunks.values())
        looks, maps, shapes = [], [], []
        for _ in range(count):
            pictures, targets, true = chunks[random.integers(len(chunks))]
            row = random.integers(len(pictures))
            looks.append(np.array(resize(pictures[row], size), np.uint8))
            maps.append(torch.from_numpy(targets[row].astype(np.float32)))
            shapes.append(float(true[row]))
        full = F.interpolate(torch.stack(maps)[:, None], SIZE, mode="bilinear", align_corners=False)[:, 0]
        return looks, summing_to_1(full), shapes

    def added(
        self, drawn: tuple[Tensor, Tensor, Tensor, Tensor], count: int, seed: int, step: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return a batch of `research.attention.pictures.batch` with ``count`` more pictures at its end."""
        x, target, seen, aspects = drawn
        looks, maps, shapes = self.drawn(count, (x.shape[-2], x.shape[-1]), seed, step)
        pictures = torch.from_numpy(np.stack(looks)).permute(0, 3, 1, 2).float()
        return (
            torch.cat([x, pictures]),
            torch.cat([target, maps]),
            F.pad(seen, (0, 0, 0, 0, 0, count), value=NOWHERE),
            torch.cat([aspects, torch.tensor(shapes)]),
        )


def main() -> None:
    """Make the chunks that are missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--count", type=int, default=8000)
    parser.add_argument("--attention", type=Path, help="weights of attention_net to take")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    drawn_from = sources(args.data)
    teachers = Teachers(args.attention)

    def make(chunk: int) -> list[Labelled]:
        mixer = Mixer(drawn_from, args.seed, chunk)
        drawn = [mixer.draw() for _ in range(CHUNK)]
        return [(each[0], to_keep(teachers.mean_map(*each)), each[1]) for each in drawn]

    make_chunks(args.work, str(args.seed), args.count, make)


if __name__ == "__main__":
    main()
