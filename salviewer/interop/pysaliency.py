"""pysaliency (Kuemmerer, Wallis, Bethge): our networks as its models, and its models in our evaluation.

pysaliency is not installed with this program: ``pip install pysaliency``. Its version 0.2.22 also needs
``setuptools<81``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import SalviewerError
from salviewer.media.any_picture import to_picture
from salviewer.models.loading import load_model
from salviewer.training import calls
from salviewer.training.datasets import Sample
from salviewer.training.guesses import Guesser

if TYPE_CHECKING:
    from salviewer.models.predictor import Predictor
    from salviewer.training.evaluation import Evaluation
    from salviewer.training.held_out import HeldOut


def as_model(model: Predictor | str | Path, **options: Any) -> Any:
    """Return a network as a ``pysaliency.Model``: log densities at each stimulus' own size.

    Args:
        model: from `salviewer.load_model`, a name, or a model's folder or file.
        **options: for ``pysaliency.Model``, such as ``cache_location``.

    Raises:
        SalviewerError: pysaliency cannot be imported, or the model cannot be used.
    """
    pysaliency = _imported()
    predictor = load_model(model) if isinstance(model, str | Path) else model

    class SalviewerModel(pysaliency.Model):  # type: ignore[misc, name-defined]
        """Log densities by a network of salviewer."""

        def _log_density(self, stimulus: Any) -> NDArray[np.float64]:
            pixels = to_picture(np.asarray(stimulus)).pixels
            return predictor.predict(pixels).resize().log_density()

    return SalviewerModel(**options)


def as_guesser(model: Any, samples: Sequence[Sample], name: str = "") -> Guesser:
    """Return a pysaliency model as a source of maps for `salviewer.training.evaluation.evaluate`.

    Args:
        model: has ``log_density(stimulus)``, as ``pysaliency.Model`` does, or ``saliency_map(stimulus)``, as
            ``SaliencyMapModel``; the latter's maps are shifted so that none is negative, which CC, NSS and
            AUC do not see.
        samples: the pictures that will be asked for.
        name: in tables; default the name of its class.
    """
    by_name = {sample.name: sample for sample in samples}

    def maps(names: Sequence[str]) -> Sequence[NDArray[np.float64]]:
        return [_map(model, to_picture(by_name[each].stimulus).pixels) for each in names]

    return Guesser(name or type(model).__name__, maps)


def evaluate(
    model: Any,
    data: str | PathLike[str],
    *,
    name: str = "",
    part: str = "test",
    split: str | PathLike[str] | None = None,
    every: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Score a pysaliency model on a data set, as `salviewer.evaluate` scores a network.

    Args:
        model, name: as for `as_guesser`.
        data, part, split, every, progress: as for `salviewer.evaluate`.

    Raises:
        DataError: the data set cannot be used, or has no such part.
    """

    def guesser(held: HeldOut) -> Guesser:
        return as_guesser(model, held.dataset.samples, name)

    return calls.evaluate(guesser, data, part=part, split=split, every=every, progress=progress)


def _map(model: Any, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    if hasattr(model, "log_density"):
        return np.exp(np.asarray(model.log_density(pixels), np.float64))
    found = np.asarray(model.saliency_map(pixels), np.float64)
    return found - min(0.0, float(found.min()))


def _imported() -> Any:
    try:
        import pysaliency
    except ImportError as error:
        raise SalviewerError(f"pysaliency cannot be imported ({error}); pip install pysaliency") from error
    return pysaliency
