"""Decode samples at training size, several at once, with digests of their files."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.core.agreement import levels
from salviewer.errors import DataError, ImageError
from salviewer.media.data.records import SIGMA, density_of, fixations_within
from salviewer.media.fixation_files import ASPECT_TOLERANCE, NOTHING, Fixations, read_fixation_file
from salviewer.media.ground_truth import read_fixation_map
from salviewer.media.images import load_picture
from salviewer.models.preprocess import resize
from salviewer.training.datasets import Sample
from salviewer.training.plausibility import doubt_of

DIGEST = 12
"""Hexadecimal digits of a digest: 48 bits; any of 100,000 pictures collide with a probability of 1:50,000."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A sample, decoded at the pack's size.

    Attributes:
        stimulus: uint8 (h, w, 3).
        density: uint8 (h, w) with peak 255; zero without ground truth.
        fixations: in 0..1.
        aspect: width / height of the picture.
        picture: digest of the picture's file.
        truth: digest of its map and fixations; empty without ground truth.
        doubt: why its ground truth may be wrong, as a clause; "" if nothing seems wrong.
    """

    stimulus: NDArray[np.uint8]
    density: NDArray[np.uint8]
    fixations: Fixations
    aspect: float
    picture: str
    truth: str
    doubt: str = ""


def decoded_all(samples: Sequence[Sample], size: tuple[int, int]) -> Generator[Decoded | str]:
    """Yield every sample in order at ``size``, (height, width), or the reason why it cannot be used.

    Several are decoded at once. Closing the generator cancels those that wait.
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
        own = digest_of(sample.stimulus)
        if not sample.labelled:
            return Decoded(stimulus, np.zeros(size, np.uint8), NOTHING, aspect, own, "")
        if not sample.mapped:
            seen = recorded_fixations(sample, picture.full_size)
            sigma = sample.blur / picture.full_size[0] if sample.blur else SIGMA
            smooth = np.rint(255 * density_of(seen.points, size, sigma)).astype(np.uint8)
            truth = hashlib.sha256(seen.points.tobytes()).hexdigest()[:DIGEST]
            return Decoded(stimulus, smooth, seen, aspect, own, truth)
        density = read_fixation_map(sample.fixation_map)
        files = [sample.locations] if sample.locations and not sample.record else []
        truth = digest_of(sample.fixation_map, *files)
    except (ImageError, DataError) as error:
        return f"{Path(error.path).name}: {error.reason}"
    except OSError as error:  # the file was removed after it was listed
        return f"{sample.stimulus.name}: it cannot be read ({error.strerror or error})"
    stretch = (density.shape[1] / density.shape[0]) / (pixels.shape[1] / pixels.shape[0])
    if not abs(stretch - 1) < ASPECT_TOLERANCE:
        return f"its map has the size {density.shape[1]}x{density.shape[0]}, of another aspect ratio"
    small, seen = levels(density, size), NOTHING
    try:
        seen = recorded_fixations(sample, picture.full_size)
        doubt = doubt_of(small, seen.points)
    except DataError as error:
        doubt = f"its fixations are left out: {Path(error.path).name}: {error.reason}"
    return Decoded(stimulus, small, seen, aspect, own, truth, doubt)


def recorded_fixations(sample: Sample, full_size: tuple[int, int]) -> Fixations:
    """Read the fixations of a sample, in their order where the data have one.

    Args:
        sample: what to read; without a file of fixations there are none.
        full_size: (width, height) of its picture.

    Returns:
        (row, column) in 0..1.

    Raises:
        DataError: the file cannot be read or does not fit the picture, or it is all there is and is empty.
    """
    if sample.record:
        record = sample.locations or sample.fixation_map
        return fixations_within(record, sample.record, full_size[::-1])
    if sample.locations is None:
        return NOTHING
    seen = read_fixation_file(sample.locations, full_size)
    if not len(seen.points) and not sample.mapped:
        raise DataError(sample.locations, "it holds not one fixation")
    return seen


def digest_of(*paths: Path) -> str:
    """Return a digest of the concatenated bytes of files, as `DIGEST` hexadecimal digits.

    Raises:
        OSError: a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:DIGEST]
