"""Alter and mix pictures, and keep the mean of three teachers' maps of what comes out.

    PYTHONPATH=. python -m research.attention.mixtures --data ../shared/data --work WORK --count 8000

The teachers are `attention_net`, which counts half, and `live_net` at two sizes. Pictures are cropped,
mirrored where they are not screens, recoloured and degraded, and some are mixed with another: blended, one
pasted into the other, or side by side. Nobody has looked at such pictures, and no teacher has learned them by
heart. They are kept in files of 250. A call that is given again makes those that are missing;
`research.attention.train --mixtures WORK` trains on those that are there.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from research.attention.pictures import pack_at, summing_at_full_size, teacher_at
from research.distil.alterer import Alterer
from research.distil.card_data import SIZE, summing_to_1
from research.domains.sets import NOWHERE, part_of
from salviewer.media.saving import atomic_path
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.training.pack import Pack

SHOWN = (304, 400)
"""Height and width of the pictures that are kept."""
KEPT = (120, 160)
"""Height and width of their maps."""
CHUNK = 250
SHARES = {"designs": 0.62, "eyetracking": 0.2, "photos": 0.03, "screens": 0.15}
TEACHERS = (("attention_net", SHOWN, 0.5), ("live_net", SIZE, 0.25), ("live_net", SHOWN, 0.25))


@dataclass
class Source:
    """The pictures of one folder that may be drawn."""

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

    def draw(self) -> tuple[np.ndarray, float]:
        """Return a picture, uint8 (304, 400, 3), and its true width / height."""
        name = str(self._random.choice(list(SHARES), p=list(SHARES.values())))
        x, aspect = self._view(name, 0.75 if name == "screens" else 0.5)
        if name != "screens" and self._random.random() < 0.45:
            second = "designs" if self._random.random() < 0.75 else "eyetracking"
            x = self._mixed(x, self._view(second, 0.6)[0])
        x = self._alterer.degraded(self._alterer.recoloured(x, 0.3), 0.1)
        pixels = x[0].permute(1, 2, 0).clamp(0, 255).round().numpy().astype(np.uint8)
        return np.ascontiguousarray(pixels), aspect


Teachers = list[tuple[Predictor, tuple[int, int], float]]
"""Networks, the size at which each sees a picture, and its weight."""


def mean_map(teachers: Teachers, pixels: np.ndarray, aspect: float) -> np.ndarray:
    """Return float16 (120, 160), peak 1: the teachers' weighted mean."""
    total: np.ndarray = np.zeros(SIZE, np.float32)
    for teacher, size, weight in teachers:
        seen = pixels if size == SHOWN else np.asarray(resize(pixels, size), np.uint8)
        total += weight * summing_at_full_size(teacher.densities(seen[None], [aspect])[0])
    small = cv2.resize(total, KEPT[::-1], interpolation=cv2.INTER_AREA)
    halves: np.ndarray = (small / small.max()).astype(np.float16)
    return halves


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

    def added(
        self, drawn: tuple[Tensor, Tensor, Tensor, Tensor], count: int, seed: int, step: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return a batch of `research.attention.pictures.batch` with ``count`` more pictures at its end."""
        if step % 50 == 49:
            self._look()
        x, target, seen, aspects = drawn
        size = (x.shape[-2], x.shape[-1])
        random, chunks = np.random.default_rng([seed, step, 5]), list(self._chunks.values())
        looks, maps, shapes = [], [], []
        for _ in range(count):
            pictures, targets, true = chunks[random.integers(len(chunks))]
            row = random.integers(len(pictures))
            pixels = np.array(resize(pictures[row], size), np.uint8)
            looks.append(torch.from_numpy(pixels).permute(2, 0, 1).float())
            maps.append(torch.from_numpy(targets[row].astype(np.float32)))
            shapes.append(float(true[row]))
        full = F.interpolate(torch.stack(maps)[:, None], SIZE, mode="bilinear", align_corners=False)[:, 0]
        return (
            torch.cat([x, torch.stack(looks)]),
            torch.cat([target, summing_to_1(full)]),
            torch.cat([seen, torch.full((count, *seen.shape[1:]), NOWHERE)]),
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
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    drawn_from = sources(args.data)
    teachers = [(teacher_at(name, size), size, weight) for name, size, weight in TEACHERS]
    for chunk in range(-(-args.count // CHUNK)):
        file = args.work / f"mixtures-{args.seed}-{chunk}.npz"
        if file.is_file():
            continue
        begun, mixer = time.monotonic(), Mixer(drawn_from, args.seed, chunk)
        drawn = [mixer.draw() for _ in range(CHUNK)]
        maps = [mean_map(teachers, pixels, aspect) for pixels, aspect in drawn]
        with atomic_path(file) as scratch, scratch.open("wb") as stream:
            np.savez(
                stream,
                pictures=np.stack([pixels for pixels, _ in drawn]),
                maps=np.stack(maps),
                aspects=np.array([aspect for _, aspect in drawn], np.float32),
            )
        print(f"{file.name}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
