"""Shared by the benchmarks: options, description of the machine, arithmetic, pictures."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import checkout  # noqa: F401
import numpy as np
from numpy.typing import NDArray

from salviewer import __version__
from salviewer import paths as locations
from salviewer.media.images import load_picture
from salviewer.media.saving import atomic_path
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import list_models
from salviewer.models.machine import installed, load_average, this_machine
from salviewer.models.preprocess import resize

PACKAGES = ("numpy", "opencv-python-headless", "openvino", "pillow", "PySide6-Essentials", "torch")


def options(doc: str | None) -> argparse.ArgumentParser:
    """Make a parser with the options of every benchmark."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file too")
    parser.add_argument("--quick", action="store_true", help="as little as shows that it runs")
    return parser


def about() -> dict[str, Any]:
    """Describe machine, versions and load. Call it before anything is measured."""
    versions = {name: version for name in PACKAGES if (version := installed(name))}
    machine = asdict(this_machine())
    threads = os.environ.get("OMP_NUM_THREADS", "")
    return {
        "machine": machine, "salviewer": __version__, "versions": versions, "load_before": load_average(),
        **({"OMP_NUM_THREADS": threads} if threads else {}),
    }  # fmt: skip


def heading(known: dict[str, Any]) -> str:
    """Format `about` as one line, for the top of every table."""
    machine, load = known["machine"], known["load_before"]
    words = [
        machine["processor"],
        f"{machine['cores']} cores",
        machine["system"],
        f"Python {machine['python']}",
    ]
    if load is not None:
        words.append(f"load {load:.1f}")
    if "OMP_NUM_THREADS" in known:
        words.append(f"torch limited to {known['OMP_NUM_THREADS']} threads by OMP_NUM_THREADS")
    return ", ".join(words)


def shipped() -> list[str]:
    """List the networks whose weights ship; each is named after its architecture."""
    return [entry.name for entry in list_models(locations.model_weights())]


def about_a_card(file: Path | None) -> dict[str, Any] | None:
    """Print and return `about`; without a CUDA card, say and write that, and return None."""
    import torch

    known = about()
    print(heading(known))
    if torch.cuda.is_available():
        return known
    print("There is no CUDA card here; nothing was measured.")
    write(file, known, {"card": "", "networks": []})
    return None


def write(file: Path | None, known: dict[str, Any], values: dict[str, Any]) -> None:
    """Write both as JSON, if a file was requested."""
    if file is not None:
        with atomic_path(file) as scratch:
            scratch.write_text(json.dumps(known | values, indent=1) + "\n", encoding="utf-8")


def real_stimuli(size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the bundled samples and, if installed, scikit-image's photographs: (n, *size, 3)."""
    pictures = [
        load_picture(path).pixels for path in sorted((locations.resources() / "samples").glob("*.png"))
    ]
    try:
        from skimage import data
    except ImportError:
        pass
    else:
        pictures += [getattr(data, name)() for name in ("astronaut", "coffee", "chelsea", "rocket")]
    return np.stack([np.asarray(resize(picture, size), np.uint8) for picture in pictures])


def gigaflops(architecture: str) -> float:
    """Count multiplications and additions of a network's convolutions for one picture, in 10^9."""
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


def least_cc(maps: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """Return the lowest correlation of two maps of one picture."""
    return min(float(np.corrcoef(a.ravel(), b.ravel())[0, 1]) for a, b in zip(maps, others, strict=True))


def photograph(folder: Path, megapixels: float = 12.0, seed: int = 0) -> Path:
    """Make a JPEG with large shapes and fine grain."""
    from PIL import Image

    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (20, 30, 3), dtype=np.uint8))
    large = np.asarray(coarse.resize((width, round(width / 1.5)), Image.Resampling.BICUBIC), np.int16)
    grain = rng.integers(-8, 9, large.shape[:2], dtype=np.int16)[..., None]
    path = folder / f"photograph{seed}.jpg"
    Image.fromarray((large + grain).clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return path
