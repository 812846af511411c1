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
from networks import NAMES, build
from safetensors.torch import load_file
from torch import Tensor

from salviewer.models.engines.torch_engine import density
from salviewer.training.hints import hint_channels, hints_of, standardised


class Teacher:
    """One network, without gradients; recorded as a CUDA graph where there is a card.

    Args:
        path: ARCHITECTURE[@HEIGHTxWIDTH][+NUMBER].safetensors.
        batch: how many pictures it is always asked about.
        device: where.
        stored: (height, width) of the pictures it is shown; it resizes them itself.
        hints: whether it is asked for features too; it must be a live_net then.

    Attributes:
        channels: of the encoder's features.
    """

    def __init__(
        self, path: Path, batch: int, device: str, stored: tuple[int, int] = SIZE, hints: bool = False
    ) -> None:
        parts = re.fullmatch(r"([a-z_]+)(?:@(\d+)x(\d+))?(?:\+.*)?", path.stem)
        if parts is None or parts[1] not in NAMES:
            raise SystemExit(f"{path.name} is not named after a network")
        self._size = (int(parts[2]), int(parts[3])) if parts[2] else SIZE
        network = build(parts[1])
        network.load_state_dict(load_file(path))
        self._network = network.to(device, memory_format=torch.channels_last).eval()
        self._kept: list[Tensor] = []
        self._stored = stored
        self.channels = 0
        if hints:
            self.channels = hint_channels(network.encoder)
            network.encoder.register_forward_hook(lambda module, given, got: self._kept.extend(got))
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
        side = torch.cuda.Stream()
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
        """(n, 64, 60, 80) before its head, and (n, ``channels``, 30, 40) of its encoder.

        Each channel is standardised over the batch.
        """
        _, *features, top = self._ask(x)
        eighth = features[1].shape[-2:]
        return standardised(top.float()), standardised(hints_of(features, eighth))


class School:
    """All teachers in a folder.

    Args:
        folder: of their weights.
        batch, device, stored: as `Teacher` takes them.
        seed: of who is asked.
        asked: how many are, each step.
    """

    def __init__(
        self, folder: Path, batch: int, device: str, stored: tuple[int, int], seed: int, asked: int
    ) -> None:
        self._folder = folder
        self._given = batch, device, stored
        self._random = np.random.default_rng(seed)
        self._teachers: dict[str, Teacher] = {}
        self._asked = asked
        self.look()
        if not self._teachers:
            raise SystemExit(f"there is no teacher in {folder}")

    @property
    def names(self) -> list[str]:
        """Of who teaches."""
        return sorted(self._teachers)

    def look(self) -> None:
        """Take in what is new in the folder."""
        for path in sorted(self._folder.glob("*.safetensors")):
            if path.name not in self._teachers:
                self._teachers[path.name] = Teacher(path, *self._given)

    def density(self, x: Tensor) -> Tensor:
        """(n, 240, 320): what some of them say of normalised pictures, each perhaps of the mirrored ones."""
        names = self.names
        chosen = self._random.choice(len(names), min(self._asked, len(names)), replace=False)
        said = []
        for row in chosen:
            teacher = self._teachers[names[row]]
            mirrored = self._random.random() < 0.5
            maps = teacher.density(x.flip(-1) if mirrored else x)
            said.append(maps.flip(-1) if mirrored else maps.clone())
        return torch.stack(said).mean(0)
