"""Find what kind of picture it is.

A linear classifier on the mean features of live_net's encoder; ``research/domains/kinds.py`` fits it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer import paths as locations
from salviewer.errors import ModelError
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.models.engines.encoder_pool import CHANNELS, Pool, make_pool
from salviewer.models.kind_scores import KINDS, FoundKind
from salviewer.models.preprocess import resize
from salviewer.models.reading import read_arrays

FILE_NAME = "kinds.json"
"""In the folder of the shipped models."""


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A linear classifier on pooled features.

    Attributes:
        size: (height, width) in pixels of the pictures that the encoder is shown.
        weights: float32 (3, ``CHANNELS``), a row for each of ``KINDS``.
        bias: float32 (3,).
        encoder: sha256 of the live_net weights whose encoder it was fitted on.
        accuracy: by kind, the share of val pictures that it names rightly.
    """

    size: tuple[int, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    encoder: str
    accuracy: Mapping[str, float]

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities of kinds, (3,) summing to 1, for features (``CHANNELS``,)."""
        logits = self.weights.astype(np.float64) @ features + self.bias
        shares = np.exp(logits - logits.max())
        likely: NDArray[np.float64] = shares / shares.sum()
        return likely


def read_classifier(path: Path | None = None) -> Classifier:
    """Read the classifier that ships, or another.

    Raises:
        ModelError: the file is missing or is not one.
    """
    path = path or locations.model_weights() / FILE_NAME
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if tuple(values["kinds"]) != KINDS:
            raise ValueError
        height, width = values["size"]
        weights = np.array(values["weights"], np.float32)
        bias = np.array(values["bias"], np.float32)
        if weights.shape != (len(KINDS), CHANNELS) or bias.shape != (len(KINDS),):
            raise ValueError
        return Classifier(
            (int(height), int(width)), weights, bias, str(values["encoder"]), dict(values["accuracy"])
        )
    except OSError as error:
        raise ModelError(path, f"it cannot be read ({error.strerror or error})") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(path, "it does not tell kinds of pictures apart") from error


class KindFinder:
    """Finds the kind of a picture. Thread-safe: calls take turns. The first call loads the encoder."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._classifier: Classifier | None = None
        self._pool: Pool | None = None

    def find(self, pixels: NDArray[np.uint8]) -> FoundKind:
        """Find the kind of one picture, in some 5 ms of a processor.

        Args:
            pixels: uint8 (H, W, 3) sRGB, upright, any size from 1x1.

        Raises:
            ModelError: the classifier or live_net's weights cannot be used, or do not belong together.
        """
        with self._turn:
            classifier, pool = self._ready()
            small = np.ascontiguousarray(resize(pixels, classifier.size), np.uint8)
            likely = classifier.probabilities(pool(small))
        best = int(likely.argmax())
        return FoundKind(KINDS[best], float(likely[best]))

    def _ready(self) -> tuple[Classifier, Pool]:
        if self._classifier is None or self._pool is None:
            classifier = read_classifier()
            card, weights = read_arrays(locations.model_weights() / DEFAULT_MODEL)
            if card.sha256 != classifier.encoder:
                raise ModelError(
                    locations.model_weights() / FILE_NAME,
                    f"it was fitted to other weights of {DEFAULT_MODEL}",
                )
            self._classifier, self._pool = classifier, make_pool(weights, classifier.size)
        return self._classifier, self._pool


def find_kind(pixels: NDArray[np.uint8]) -> FoundKind:
    """Find the kind of one picture: photograph, advertisement, or page (web pages, newsletters, charts).

    Args:
        pixels: uint8 (H, W, 3) sRGB, upright, any size from 1x1.

    Raises:
        ModelError: as for `KindFinder.find`.
    """
    return _FINDER.find(pixels)


def kind_name(pixels: NDArray[np.uint8]) -> str:
    """Return the kind as `find_kind` finds it, for tables; "" where it cannot be found."""
    try:
        return find_kind(pixels).kind
    except ModelError:
        return ""


_FINDER = KindFinder()
