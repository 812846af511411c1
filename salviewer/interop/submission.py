"""Files for the MIT/Tuebingen saliency benchmark: log densities of all pictures of MIT300 or CAT2000 in HDF5.

The benchmark (saliency.tuebingen.ai) takes an HDF5 file with a data set for each picture, named as its file:
the natural logarithm of the fixation density at the picture's own size, whose exponentials sum to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from salviewer.errors import DataError, ImageError
from salviewer.media.images import load_picture
from salviewer.media.saving import atomic_path
from salviewer.models.predictor import Predictor
from salviewer.training.datasets import open_dataset


def write_submission(
    predictor: Predictor, folder: Path, target: Path, progress: Callable[[int, int], None] | None = None
) -> int:
    """Predict all pictures of a data set and write their log densities.

    Args:
        predictor: the network.
        folder: the pictures, in any layout; ground truth is not looked at.
        target: the HDF5 file; an existing one is replaced once the new one is complete.
        progress: called with (done, total); an exception from it ends the writing.

    Returns:
        how many pictures there are in it.

    Raises:
        DataError: the pictures cannot be found, or one cannot be decoded: a benchmark takes all or none.
        ModelError: the network cannot run.
        ExportError: the file cannot be written.
    """
    import h5py

    samples = open_dataset(folder, photographs=True).samples
    names = unique_names([sample.stimulus for sample in samples])
    with atomic_path(target) as scratch, h5py.File(scratch, "w") as file:
        for number, (sample, name) in enumerate(zip(samples, names, strict=True)):
            try:
                picture = load_picture(sample.stimulus)
            except ImageError as error:
                raise DataError(sample.stimulus, error.reason) from error
            if (picture.pixels.shape[1], picture.pixels.shape[0]) != picture.full_size:
                raise DataError(sample.stimulus, "it is too large to be predicted at its own size")
            logs = predictor.predict(picture.pixels).resize().log_density().astype(np.float32)
            file.create_dataset(name, data=logs, compression="gzip", compression_opts=4, shuffle=True)
            if progress is not None:
                progress(number + 1, len(samples))
    return len(samples)


def unique_names(paths: Sequence[Path]) -> list[str]:
    """Return the paths without the folders that all have in common, as pysaliency names predictions."""
    parts = [path.absolute().parts for path in paths]
    if len(parts) == 1:
        return [parts[0][-1]]
    while len({each[0] for each in parts}) == 1:
        parts = [each[1:] for each in parts]
    return ["/".join(each) for each in parts]
