"""A data set decoded once, at training size, in files that are memory-mapped from then on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from salviewer.core.agreement import levels
from salviewer.errors import DataError, ImageError
from salviewer.media.fixation_files import ASPECT_TOLERANCE, NOTHING, Fixations, read_fixation_file
from salviewer.media.ground_truth import read_fixation_map
from salviewer.media.images import load_picture
from salviewer.models.preprocess import resize
from salviewer.training.datasets import Problem, Sample
from salviewer.training.plausibility import doubt_of
from salviewer.training.records import density_of, fixations_within

Progress = Callable[[int, int], None]
_VERSION = 5
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
        viewers: int64 (k,): who made each fixation, counted from 0 in each sample; -1 where the data set does
            not tell.
        bounds: int64 (n + 1,): sample i has ``fixations[bounds[i]:bounds[i + 1]]``.
        aspects: float64 (n,): width / height of each picture before it was stretched to this size.
        problems: samples that could not be decoded, or only in part.
    """

    names: tuple[str, ...]
    stimuli: NDArray[np.uint8]
    maps: NDArray[np.uint8]
    fixations: _FLOATS
    viewers: NDArray[np.int64]
    bounds: NDArray[np.int64]
    aspects: NDArray[np.float64]
    problems: tuple[Problem, ...]

    def fixations_of(self, index: int) -> _FLOATS:
        """float32 (k, 2) in 0..1; empty if the data set has none."""
        return self.fixations[self.bounds[index] : self.bounds[index + 1]]

    def viewers_of(self, index: int) -> NDArray[np.int64]:
        """int64 (k,): who made the fixations of a sample."""
        return self.viewers[self.bounds[index] : self.bounds[index + 1]]


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
        samples: those that are not ``labelled`` get maps of zeros.
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
    problems = tuple(Problem(*entry) for entry in index["problems"])
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
        np.load(place / "viewers.npy"),
        np.load(place / "bounds.npy"),
        np.load(place / "aspects.npy"),
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


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A sample at the pack's size.

    Attributes:
        stimulus: uint8 (h, w, 3).
        density: uint8 (h, w) with peak 255; zero without ground truth.
        fixations: in 0..1.
        aspect: width / height of the picture.
        doubt: what may be wrong with its ground truth, a clause; empty for nothing.
    """

    stimulus: NDArray[np.uint8]
    density: NDArray[np.uint8]
    fixations: Fixations
    aspect: float
    doubt: str = ""


def _make(place: Path, samples: Sequence[Sample], size: tuple[int, int], progress: Progress) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=place.parent, prefix=".making-"))
    try:
        shape = (len(samples), *size)
        stimuli = np.lib.format.open_memmap(scratch / "all.npy", "w+", np.uint8, (*shape, 3))
        maps = np.lib.format.open_memmap(scratch / "maps.npy", "w+", np.uint8, shape)
        names: list[str] = []
        problems: list[Problem] = []
        seen: list[Fixations] = []
        aspects: list[float] = []
        for done, result in enumerate(decoded_all(samples, size), 1):
            if isinstance(result, str):
                problems.append(Problem(samples[done - 1].name, result))
            else:
                stimuli[len(names)], maps[len(names)] = result.stimulus, result.density
                seen.append(result.fixations)
                aspects.append(result.aspect)
                names.append(samples[done - 1].name)
                if result.doubt:
                    problems.append(Problem(names[-1], result.doubt, kept=True))
            progress(done, len(samples))
        kept = len(names)
        # The samples that failed leave unused rows at the end; a view on the same files would still map them.
        np.save(scratch / "stimuli.npy", stimuli[:kept])
        kept_maps = np.array(maps[:kept])
        del stimuli, maps
        (scratch / "all.npy").unlink()
        np.save(scratch / "maps.npy", kept_maps)
        everything = [NOTHING, *seen]
        np.save(scratch / "fixations.npy", np.concatenate([each.points for each in everything]))
        np.save(scratch / "viewers.npy", np.concatenate([each.viewers for each in everything]))
        np.save(scratch / "bounds.npy", np.cumsum([len(each.points) for each in everything], dtype=np.int64))
        np.save(scratch / "aspects.npy", np.array(aspects, np.float64))
        index = {"names": names, "problems": [[item.name, item.reason, item.kept] for item in problems]}
        (scratch / "index.json").write_text(json.dumps(index), encoding="utf-8")
        if not (place / "index.json").is_file():
            shutil.rmtree(place, ignore_errors=True)
            scratch.rename(place)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def decoded_all(samples: Sequence[Sample], size: tuple[int, int]) -> Generator[Decoded | str]:
    """Every sample at ``size``, in order, or why it cannot be used; a few are decoded at once.

    Whoever stops asking for more has those that wait called off.
    """
    workers = os.cpu_count() or 1
    pool = ThreadPoolExecutor(workers, thread_name_prefix="decoding")
    waiting: deque[Future[Decoded | str]] = deque()
    try:
        for sample in samples:
            waiting.append(pool.submit(_decoded, sample, size))
            if len(waiting) > 4 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _decoded(sample: Sample, size: tuple[int, int]) -> Decoded | str:
    try:
        picture = load_picture(sample.stimulus, max_pixels=16 * size[0] * size[1])
        pixels = picture.pixels
        stimulus = np.asarray(resize(pixels, size), np.uint8)
        aspect = picture.full_size[0] / picture.full_size[1]
        if not sample.labelled:
            return Decoded(stimulus, np.zeros(size, np.uint8), NOTHING, aspect)
        if sample.record:
            seen = fixations_within(sample.fixation_map, sample.record, picture.full_size[::-1])
            smooth = np.rint(255 * density_of(seen.points, size)).astype(np.uint8)
            return Decoded(stimulus, smooth, seen, aspect)
        density = read_fixation_map(sample.fixation_map)
    except (ImageError, DataError) as error:
        return f"{Path(error.path).name}: {error.reason}"
    stretch = (density.shape[1] / density.shape[0]) / (pixels.shape[1] / pixels.shape[0])
    if not abs(stretch - 1) < ASPECT_TOLERANCE:
        return f"its map has the size {density.shape[1]}x{density.shape[0]}, of another aspect ratio"
    small, seen = levels(density, size), NOTHING
    try:
        if sample.locations:
            seen = read_fixation_file(sample.locations, picture.full_size)
    except DataError as error:
        doubt = f"its fixations are left out: {Path(error.path).name}: {error.reason}"
        return Decoded(stimulus, small, NOTHING, aspect, doubt)
    return Decoded(stimulus, small, seen, aspect, doubt_of(small, seen.points))
