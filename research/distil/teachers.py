"""Teacher networks, which predict maps of the pictures that the student is shown, as they are altered.

Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", CVPR 2022: teacher and
student see the same altered picture. Each step uses some of the teachers, drawn at random, so that what the
student learns tends to the mean of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from research.distil.card_data import SIZE, autocast, resized, shown, summing_to_1
from research.distil.dino import WIDTH
from research.distil.networks import NAMES, build, load, on
from salviewer.models.engines.torch_engine import density
from salviewer.models.live_net import LiveNet
from salviewer.training.hints import hint_channels, hints_of, standardised


class Teacher:
    """One network, without gradients; recorded as a CUDA graph where there is a card.

    Args:
        path: ARCHITECTURE[@HEIGHTxWIDTH][+NOTE].safetensors.
        batch: number of pictures in each call.
        device: torch's name of the device.
        stored: (height, width) of the pictures it is shown; it resizes them itself.
        hints: whether `features` is wanted too. The network must then be a live_net or ``dino``; the weights
            of its encoder are enough.

    Attributes:
        channels: channel counts of the two features that `features` returns.
    """

    def __init__(
        self, path: Path, batch: int, device: str, stored: tuple[int, int] = SIZE, hints: bool = False
    ) -> None:
        parts = re.fullmatch(r"([a-z_]+)(?:@(\d+)x(\d+))?(?:\+.*)?", path.stem)
        if parts is None or parts[1] not in NAMES:
            raise SystemExit(f"{path.name} is not named after a network")
        self._size = (int(parts[2]), int(parts[3])) if parts[2] else SIZE
        network = build(parts[1])
        load(network, path)
        self._network = on(network, device).eval()
        self._kept: list[Tensor] = []
        self._stored = stored
        self._lite = isinstance(network, LiveNet)
        self.channels: tuple[int, ...] = (WIDTH, WIDTH)
        if hints:
            encoder = network.get_submodule("encoder")
            encoder.register_forward_hook(lambda module, given, got: self._kept.extend(got))
            if isinstance(network, LiveNet):
                self.channels = hint_channels(network.encoder), LiveNet.WIDTH
                network.refine.register_forward_hook(lambda module, given, got: self._kept.append(got))
        self._ask = self._recorded(batch, device) if device.startswith("cuda") else self._asked

    @torch.no_grad()
    def _asked(self, x: Tensor) -> tuple[Tensor, ...]:
        self._kept.clear()
        with autocast(str(x.device)):
            seen = shown(x, self._size).contiguous(memory_format=torch.channels_last)
            raw = self._network(seen)
        maps = resized(density(raw, "logits")[:, None], SIZE)[:, 0]
        return (summing_to_1(maps), *self._kept)

    def _recorded(self, batch: int, device: str) -> Callable[[Tensor], tuple[Tensor, ...]]:
        given = torch.zeros(batch, 3, *self._stored, device=device).to(memory_format=torch.channels_last)
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self._asked(given)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            results = self._asked(given)

        def ask(x: Tensor) -> tuple[Tensor, ...]:
            given.copy_(x)
            graph.replay()
            return results

        return ask

    def density(self, x: Tensor) -> Tensor:
        """Return maps (n, 240, 320) of normalised pictures at the stored size; valid until the next call."""
        return self._ask(x)[0]

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the two features that a student predicts, each channel standardised over the batch.

        Of a live_net: its encoder's features at stride 8, and the 64 channels before its head. Of the
        transformer: its patches after the ninth layer and the last.
        """
        _, *features, top = self._ask(x)
        if not self._lite:
            return standardised(features[-1].float()), standardised(top.float())
        eighth = features[1].shape[-2:]
        return standardised(hints_of(features, eighth)), standardised(top.float())


class TeacherPool:
    """All teachers in a folder.

    A teacher named ...+foldKofN was trained without fold K of train, and labels only that fold and
    photographs: of a picture that it was trained on it would repeat the ground truth.

    Args:
        folder: where their weights are.
        batch, device, stored: as for `Teacher`.
        seed: for the choice of teachers.
        asked: number of teachers per step.

    Attributes:
        folds: N, or 1 without folds.
    """

    def __init__(
        self, folder: Path, batch: int, device: str, stored: tuple[int, int], seed: int, asked: int
    ) -> None:
        self._folder = folder
        self._random = np.random.default_rng(seed)
        self._teachers: dict[str, Teacher] = {}
        self._asked = asked
        found = [fold_of(path.stem)[1] for path in folder.glob("*.safetensors")]
        if not found:
            raise SystemExit(f"there is no teacher in {folder}")
        self.folds = found[0]
        if set(found) != {self.folds} or batch % self.folds:
            raise SystemExit(f"{folder} mixes folds, or a batch of {batch} cannot be shared among them")
        self._given = batch // self.folds, device, stored
        self.refresh()

    @property
    def names(self) -> list[str]:
        """Sorted file names of the teachers."""
        return sorted(self._teachers)

    def refresh(self) -> None:
        """Load teachers that were added to the folder."""
        for path in sorted(self._folder.glob("*.safetensors")):
            if path.name not in self._teachers:
                self._teachers[path.name] = Teacher(path, *self._given)

    def density(self, x: Tensor, folds: np.ndarray) -> Tensor:
        """Return the mean map (n, 240, 320) of some teachers, each of which may be shown mirrored pictures.

        Args:
            x: (n, 3, h, w), normalised, at the stored size.
            folds: (n,), the fold whose teachers label each picture; equally many of each fold.
        """
        if self.folds == 1:
            return self._mean_map(x, self.names)
        whole = x.new_empty(len(x), *SIZE)
        for fold in range(self.folds):
            index = torch.from_numpy(np.flatnonzero(folds == fold)).to(x.device)
            names = [name for name in self.names if fold_of(name.partition(".")[0])[0] == fold]
            whole[index] = self._mean_map(x[index], names)
        return whole

    def _mean_map(self, x: Tensor, names: list[str]) -> Tensor:
        chosen = self._random.choice(len(names), min(self._asked, len(names)), replace=False)
        found = []
        for row in chosen:
            teacher = self._teachers[names[row]]
            mirrored = self._random.random() < 0.5
            maps = teacher.density(x.flip(-1) if mirrored else x)
            found.append(maps.flip(-1) if mirrored else maps.clone())
        return torch.stack(found).mean(0)


def fold_of(name: str) -> tuple[int, int]:
    """Return (K, N) for a name ending in +foldKofN, else (0, 1)."""
    parts = re.search(r"\+fold(\d+)of(\d+)$", name)
    return (int(parts[1]), int(parts[2])) if parts else (0, 1)
