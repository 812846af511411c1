"""A data set decoded once, at training size, in files that are memory-mapped from then on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from salviewer.core.agreement import levels
from salviewer.errors import DataError, ImageError
from salviewer.media.ground_truth import read_fixation_map, read_fixations
from salviewer.media.images import load_picture
from salviewer.models.preprocess import resize
from salviewer.training.datasets import Problem, Sample

Progress = Callable[[int, int], None]
_VERSION = 3
_FLOATS = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Stimuli and ground truth at one size.

    Attributes:
        names: of the samples, in order.
        stimuli: uint8 (n, h, w, 3), memory-mapped.
        maps: uint8 (n, h, w), each with peak 255; all zero where there is no ground truth.
        fixations: float32 (k, 2), (row, column) in 0..1 of the picture's height and width, of all samples in
        order.
        bounds: int64 (n + 1,): sample i has ``fixations[bounds[i]:bounds[i + 1]]``.
        problems: samples that could not be decoded.
    """

    names: tuple[str, ...]
    stimuli: NDArray[np.uint8]
    maps: NDArray[np.uint8]
    fixations: _FLOATS
    bounds: NDArray[np.int64]
    problems: tuple[Problem, ...]

    def fixations_of(self, index: int) -> _FLOATS:
        """float32 (k, 2) in 0..1; empty if the data set has none."""
        return self.fixations[self.bounds[index] : self.bounds[index + 1]]


def cache_folder() -> Path:
    """Where packs are kept; ``SALVIEWER_CACHE`` overrides the platform's cache folder."""
    return Path(os.environ.get("SALVIEWER_CACHE") or platformdirs.user_cache_dir("salviewer")) / "packs"


def open_pack(
    samples: Sequence[Sample],
    size: tuple[int, int],
    progress: Progress | None = None,
    folder: Path | None = None,
) -> Pack:
    """Open the pack of these samples, making it first where there is none.

    Args:
        samples: a sample whose ``fixation_map`` equals its ``stimulus`` has no ground truth.
        size: (height, width) in pixels.
        progress: told (done, total) while a pack is made.
        folder: where packs lie; default ``cache_folder()``.

    Raises:
        DataError: not one sample can be decoded, or the pack cannot be written.
    """
    root = folder or cache_folder()
    place = root / _fingerprint(samples, size)
    if not (place / "index.json").is_file():
        try:
            _make(place, samples, size, progress or (lambda done, total: None))
        except OSError as error:
            raise DataError(
                place, f"the decoded pictures cannot be kept there ({error.strerror or error})"
            ) from error
    index = json.loads((place / "index.json").read_text(encoding="utf-8"))
    problems = tuple(Problem(name, reason) for name, reason in index["problems"])
    if not index["names"]:
        detail = f"; the first: {problems[0]}" if problems else ""
        raise DataError(
            samples[0].stimulus.parent if samples else place, f"not one picture can be used{detail}"
        )
    return Pack(
        tuple(index["names"]),
        np.load(place / "stimuli.npy", mmap_mode="r"),
        np.load(place / "maps.npy", mmap_mode="r"),
        np.load(place / "fixations.npy"),
        np.load(place / "bounds.npy"),
        problems,
    )


def _fingerprint(samples: Sequence[Sample], size: tuple[int, int]) -> str:
    digest = hashlib.sha256(f"{_VERSION} {size}".encode())
    for sample in samples:
        for path in (sample.stimulus, sample.fixation_map, sample.locations):
            if path is not None:
                try:
                    status = path.stat()
                except OSError:
                    continue
                digest.update(f"{path.resolve()} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


_Decoded = tuple[NDArray[np.uint8], NDArray[np.uint8], _FLOATS]


def _make(place: Path, samples: Sequence[Sample], size: tuple[int, int], progress: Progress) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=place.parent, prefix=".making-"))
    try:
        shape = (len(samples), *size)
        stimuli = np.lib.format.open_memmap(scratch / "all.npy", "w+", np.uint8, (*shape, 3))
        maps = np.lib.format.open_memmap(scratch / "maps.npy", "w+", np.uint8, shape)
        names: list[str] = []
        problems: list[Problem] = []
        fixations: list[_FLOATS] = []
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for done, result in enumerate(pool.map(lambda sample: _decoded(sample, size), samples), 1):
                if isinstance(result, str):
                    problems.append(Problem(samples[done - 1].name, result))
                else:
                    stimuli[len(names)], maps[len(names)] = result[0], result[1]
                    fixations.append(result[2])
                    names.append(samples[done - 1].name)
                progress(done, len(samples))
        kept = len(names)
        # The samples that failed leave unused rows at the end; a view on the same files would still map them.
        np.save(scratch / "stimuli.npy", stimuli[:kept])
        kept_maps = np.array(maps[:kept])
        del stimuli, maps
        (scratch / "all.npy").unlink()
        np.save(scratch / "maps.npy", kept_maps)
        np.save(scratch / "fixations.npy", np.concatenate([np.zeros((0, 2), np.float32), *fixations]))
        np.save(
            scratch / "bounds.npy", np.cumsum([0, *(len(points) for points in fixations)], dtype=np.int64)
        )
        index = {"names": names, "problems": [[item.name, item.reason] for item in problems]}
        (scratch / "index.json").write_text(json.dumps(index), encoding="utf-8")
        if not (place / "index.json").is_file():
            shutil.rmtree(place, ignore_errors=True)
            scratch.rename(place)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _decoded(sample: Sample, size: tuple[int, int]) -> _Decoded | str:
    try:
        pixels = load_picture(sample.stimulus, max_pixels=16 * size[0] * size[1]).pixels
        stimulus = np.asarray(resize(pixels, size), np.uint8)
        if sample.fixation_map == sample.stimulus:
            return stimulus, np.zeros(size, np.uint8), np.zeros((0, 2), np.float32)
        density = read_fixation_map(sample.fixation_map)
        points = read_fixations(sample.locations) if sample.locations else np.zeros((0, 2), np.float32)
    except (ImageError, DataError) as error:
        return f"{Path(error.path).name}: {error.reason}"
    stretch = (density.shape[1] / density.shape[0]) / (pixels.shape[1] / pixels.shape[0])
    if not 0.95 < stretch < 1.05:
        return f"its map has the size {density.shape[1]}x{density.shape[0]}, of another aspect ratio"
    return stimulus, levels(density, size), points
