"""Predict in a pipeline of one's own: a dataset of Ray Data in, the same with maps and measurements out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from salviewer.cluster import versions
from salviewer.cluster.errors import ClusterError
from salviewer.cluster.job import Model
from salviewer.cluster.measured import failed_row, row_of
from salviewer.cluster.parts import FAILED, Row
from salviewer.cluster.pool import workers
from salviewer.cluster.ray_library import environment, ray
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.saliency_map import SaliencyMap
from salviewer.errors import SalviewerError
from salviewer.media.images import decode_picture
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.models.engines.base import EngineRequest
from salviewer.models.loading import load_model
from salviewer.models.preprocess import resize
from salviewer.results.summary import sentence

if TYPE_CHECKING:
    from ray.data import Dataset

BATCH = 8
"""Pictures that a network is given at once."""

COLUMNS = ("bytes", "image")
"""Where pictures are looked for: encoded files, or uint8 (H, W, 3) sRGB."""

_MEASURED = ("width", "height", "peak", "entropy", "hotspots", "error")


def predict(
    dataset: Dataset,
    model: str = DEFAULT_MODEL,
    *,
    column: str = "",
    device: str = "auto",
    engine: EngineRequest = "auto",
    batch_size: int = BATCH,
    keep: bool = False,
) -> Dataset:
    """Predict where people will look in every picture of a dataset. Lazy, as all of Ray Data.

    Args:
        dataset: rows with a picture each, such as of ``ray.data.read_binary_files(..., include_paths=True)``,
            ``read_images``, ``read_parquet`` or ``read_webdataset``.
        model: a catalogue name, or a path that is the same on all nodes.
        column: of the pictures; "" for the first of `COLUMNS` that is there.
        device, engine: as `salviewer.load_model` takes them. A node's GPUs are used, one for each worker.
        batch_size: pictures that the network is given at once.
        keep: whether the column with the pictures stays.

    Returns:
        the rows with ``map``, float32 (h, w), which sums to 1; ``width``, ``height`` in pixels; ``peak``,
        ``entropy`` and ``hotspots`` as in the table of measurements; and ``error``, "" or a sentence. A row
        whose picture cannot be opened has zeros and its error.

    Raises:
        ClusterError: Ray is missing, the nodes differ, or no column holds pictures.
    """
    library = ray()
    from ray.data import ActorPoolStrategy

    expected = versions.identity(model)
    if library.is_initialized():
        versions.check(library, expected)
    names = dataset.columns() or []
    found = column or next((name for name in COLUMNS if name in names), "")
    if found not in names:
        raise ClusterError(
            f"no column {column or ' or '.join(COLUMNS)} holds pictures; there is {', '.join(names)}"
        )
    alone = (1, {"num_cpus": 1, **environment()})
    size, options = workers(library, device) if library.is_initialized() else alone
    return dataset.map_batches(
        Predict,
        fn_constructor_args=(Model(model, expected.weights, device, engine), expected, found, keep),
        batch_size=batch_size,
        batch_format="numpy",
        compute=ActorPoolStrategy(min_size=1, max_size=size),
        **options,
    )


class Predict:
    """A step of a pipeline; loads the network once in each worker."""

    def __init__(self, model: Model, expected: versions.Identity, column: str, keep: bool) -> None:
        if (difference := expected.difference(versions.identity(model.ref))) != "":
            raise ClusterError(difference)
        self._predictor = load_model(model.ref, model.device, model.engine)
        self._column, self._keep = column, keep

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Add the columns to a batch."""
        given = batch[self._column]
        names = batch.get("path", [f"picture {at}" for at in range(len(given))])
        pixels = [self._opened(each, str(name)) for each, name in zip(given, names, strict=True)]
        good = [each for each in pixels if not isinstance(each, str)]
        size = self._predictor.input_size
        maps = iter(())
        if good:
            stimuli = np.stack([np.asarray(resize(each, size), np.uint8) for each in good])
            maps = iter(self._predictor.densities(stimuli, [each.shape[1] / each.shape[0] for each in good]))
        rows: list[Row] = []
        densities: list[NDArray[np.float32] | None] = []
        for each, name in zip(pixels, names, strict=True):
            if isinstance(each, str):
                rows.append(
                    failed_row(str(name), FAILED, each)
                    | {"width": 0, "height": 0, "peak": 0.0, "entropy": 0.0}
                )
                densities.append(None)
                continue
            shape = (each.shape[1], each.shape[0])
            saliency = SaliencyMap(next(maps), shape, self._predictor.name, self._predictor.device)
            rows.append(row_of(str(name), saliency, PostprocessSettings(), HotspotSettings()))
            densities.append(saliency.density)
        shape_of = next((each.shape for each in densities if each is not None), size)
        empty = np.zeros(shape_of, np.float32)
        result = {name: values for name, values in batch.items() if self._keep or name != self._column}
        result["map"] = np.stack([empty if each is None else each for each in densities])
        for name in _MEASURED:
            result[name] = [row[name] for row in rows]
        return result

    def _opened(self, given: Any, name: str) -> Any:
        """Return pixels, or the sentence that says why there are none."""
        try:
            if isinstance(given, dict):  # as Hugging Face writes pictures
                given = given["bytes"]
            if isinstance(given, bytes):
                return decode_picture(given, name).pixels
            pixels = np.asarray(given)
            if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
                return f"{name}: a picture is uint8 (H, W, 3), not {pixels.dtype} {pixels.shape}"
            return pixels
        except SalviewerError as error:
            return str(error)
        except Exception as error:
            return f"{name}: {sentence(error)}"
