"""The networks that teach: their maps of whatever pictures the student is shown, made at that moment.

Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", CVPR 2022: teacher and
student see the same picture, however altered. Each step asks some of the teachers, drawn by chance; what the
student learns tends to the mean of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from card_data import SIZE, autocast, resized, shown, summing_to_1
from dino import WIDTH
from networks import NAMES, build, load, on
from torch import Tensor

from salviewer.models.engines.torch_engine import density
from salviewer.models.live_net import LiveNet
from salviewer.training.hints import hint_channels, hints_of, standardised


class Teacher:
    """One network, without gradients; recorded as a CUDA graph where there is a card.

    Args:
        path: ARCHITECTURE[@HEIGHTxWIDTH][+NOTE].safetensors.
        batch: how many pictures it is always asked about.
        device: where.
        stored: (height, width) of the pictures it is shown; it resizes them itself.
        hints: whether it is asked for features too; it must be a live_net or ``dino`` then, of which the
            encoder's weights alone will do.

    Attributes:
        channels: of the two features that `features` gives.
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
        """(n, 240, 320) of normalised pictures of the stored size; valid until it is asked again."""
        return self._ask(x)[0]

    def features(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What two layers of a student predict, each channel standardised over the batch.

        Of a live_net: its encoder's features at stride 8, and the 64 channels before its head. Of the
        transformer: its patches after the ninth layer and the last.
        """
        _, *features, top = self._ask(x)
        if not self._lite:
            return standardised(features[-1].float()), standardised(top.float())
        eighth = features[1].shape[-2:]
        return standardised(hints_of(features, eighth)), standardised(top.float())


class School:
    """All teachers in a folder.

    Where they are named ...+foldKofN each was fitted to train without the pictures of fold K, and is asked
    about those and about photographs: of a picture that it knows it would repeat what it was told.

    Args:
        folder: of their weights.
        batch, device, stored: as `Teacher` takes them.
        seed: of who is asked.
        asked: how many are, each step, of those who may be.

    Attributes:
        folds: N, or 1.
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
        self.look()

    @property
    def names(self) -> list[str]:
        """Of who teaches."""
        return sorted(self._teachers)

    def look(self) -> None:
        """Take in what is new in the folder."""
        for path in sorted(self._folder.glob("*.safetensors")):
            if path.name not in self._teachers:
                self._teachers[path.name] = Teacher(path, *self._given)

    def density(self, x: Tensor, folds: np.ndarray) -> Tensor:
        """(n, 240, 320): what some of them say of normalised pictures, each perhaps of the mirrored ones.

        Args:
            x: (n, 3, h, w), of the stored size.
            folds: (n,), the fold of each, whose teachers are asked; as many of one as of the next.
        """
        if self.folds == 1:
            return self._said(x, self.names)
        whole = x.new_empty(len(x), *SIZE)
        for fold in range(self.folds):
            index = torch.from_numpy(np.flatnonzero(folds == fold)).to(x.device)
            names = [name for name in self.names if fold_of(name.partition(".")[0])[0] == fold]
            whole[index] = self._said(x[index], names)
        return whole

    def _said(self, x: Tensor, names: list[str]) -> Tensor:
        chosen = self._random.choice(len(names), min(self._asked, len(names)), replace=False)
        said = []
        for row in chosen:
            teacher = self._teachers[names[row]]
            mirrored = self._random.random() < 0.5
            maps = teacher.density(x.flip(-1) if mirrored else x)
            said.append(maps.flip(-1) if mirrored else maps.clone())
        return torch.stack(said).mean(0)


def fold_of(name: str) -> tuple[int, int]:
    """(K, N) of a name ending in +foldKofN, else (0, 1)."""
    parts = re.search(r"\+fold(\d+)of(\d+)$", name)
    return (int(parts[1]), int(parts[2])) if parts else (0, 1)
