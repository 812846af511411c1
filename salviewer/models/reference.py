"""The tables that scores are percentiles of, beside the weights that made them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from salviewer import paths
from salviewer.core.scores import STEPS, Reference
from salviewer.errors import ModelError
from salviewer.models.catalog import DEFAULT_MODEL

REFERENCE_NAME = "reference.json"

CLASSES = ("pages", "advertisements", "photographs")
"""The classes that the shipped tables have, the default first."""


def reference_for(sha256: str) -> Reference | None:
    """Return the shipped tables if they were made with these weights, else None.

    Args:
        sha256: of the weights, from the model's card.
    """
    try:
        found = read_reference(paths.model_weights() / DEFAULT_MODEL / REFERENCE_NAME)
    except ModelError:
        return None
    return found if sha256 and found.weights == sha256 else None


@lru_cache(maxsize=2)
def read_reference(path: Path) -> Reference:
    """Read tables.

    Raises:
        ModelError: the file is not there or is no such file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        classes = {
            str(kind): {str(name): np.array(table, np.float64) for name, table in values.items()}
            for kind, values in content["classes"].items()
        }
        if any(table.shape != (STEPS,) for values in classes.values() for table in values.values()):
            raise ValueError
        counts = {str(kind): int(count) for kind, count in content["pictures"].items()}
        return Reference(str(content["weights"]), classes, counts)
    except OSError as error:
        raise ModelError(path, f"it cannot be read ({(error.strerror or str(error)).lower()})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(path, "it is no file of reference tables") from error
