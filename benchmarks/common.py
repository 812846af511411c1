"""What the benchmarks share: where they run, arithmetic, pictures."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer import locations
from salviewer.media.images import load_picture
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.machine import load_average, this_machine
from salviewer.models.preprocess import resize

os.environ.setdefault(
    "OMP_WAIT_POLICY", "PASSIVE"
)  # as the program has it; kinder to torch on a busy machine


def heading() -> str:
    """Machine and load, for the first line of every table."""
    machine, load = this_machine(), load_average()
    busy = "" if load is None else f", load {load:.1f}"
    return f"{machine.processor}, {machine.cores} cores, {machine.system}, Python {machine.python}{busy}"


def real_stimuli(size: tuple[int, int]) -> NDArray[np.uint8]:
    """The samples that ship and, where scikit-image is installed, its photographs: (n, *size, 3)."""
    pictures = [
        load_picture(path).pixels for path in sorted((locations.resources() / "samples").glob("*.png"))
    ]
    try:
        from skimage import data
    except ImportError:
        pass
    else:
        pictures += [data.astronaut(), data.coffee(), data.chelsea(), data.rocket()]
    return np.stack([np.asarray(resize(picture, size), np.uint8) for picture in pictures])


def gigaflops(architecture: str) -> float:
    """Multiplications and additions of its convolutions for one picture, in thousands of millions."""
    import torch

    row, total = ARCHITECTURES[architecture], 0

    def count(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        nonlocal total
        if isinstance(module, torch.nn.ConvTranspose2d):
            total += 2 * inputs[0].numel() * module.weight[0].numel()
        elif isinstance(module, torch.nn.Conv2d):
            total += 2 * output.numel() * module.weight[0].numel()

    with torch.device("meta"):
        network = row.build().eval()
        for module in network.modules():
            module.register_forward_hook(count)
        network(torch.zeros(1, 3, *row.input_size))
    return total / 1e9


def photograph(folder: Path, megapixels: float = 12.0, seed: int = 0) -> Path:
    """A JPEG with large shapes and fine grain."""
    from PIL import Image

    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (20, 30, 3), dtype=np.uint8))
    large = np.asarray(coarse.resize((width, round(width / 1.5)), Image.Resampling.BICUBIC), np.int16)
    grain = rng.integers(-8, 9, large.shape[:2], dtype=np.int16)[..., None]
    path = folder / f"photograph{seed}.jpg"
    Image.fromarray((large + grain).clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return path
