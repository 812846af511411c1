"""Read the small JSON files in which users keep presets."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

from salviewer.errors import ProjectError

_LARGEST = 1_000_000


def read_preset(path: str | PathLike[str], too_large: str) -> Any:
    """Read the JSON of a preset's file.

    Args:
        path: the file.
        too_large: a clause that refuses a file of more than a megabyte, which is none.

    Raises:
        ProjectError: it cannot be read, is too large or is no JSON.
    """
    try:
        if Path(path).stat().st_size > _LARGEST:
            raise ProjectError(path, too_large)
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProjectError(path, f"it cannot be read ({(error.strerror or str(error)).lower()})") from error
    except (ValueError, RecursionError) as error:
        raise ProjectError(path, "it is damaged: it is not valid JSON") from error
