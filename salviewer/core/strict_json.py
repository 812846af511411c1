"""Write standard JSON: infinite and undefined numbers become ``null``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def dumps(values: Any, indent: int | None = None) -> str:
    """Serialise values as `json.dumps` does, with ``null`` for numbers that JSON cannot represent."""
    try:
        return json.dumps(values, indent=indent, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(values), indent=indent, allow_nan=False)


def loads(text: str | bytes) -> Any:
    """Read JSON as `json.loads` does.

    Raises:
        ValueError: it is not JSON, not text, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
