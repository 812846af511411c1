"""Keep a copy of an unreadable file before another file replaces it."""

from __future__ import annotations

import filecmp
import shutil
from contextlib import suppress
from pathlib import Path

_MOST = 99


def keep_damaged(path: Path) -> Path | None:
    """Copy a file to `NAME.damaged` beside it, or to `NAME.damaged-2` and so on if that is another file.

    A file without read permission is renamed instead.

    Returns:
        the path of the copy; None if that is impossible.
    """
    for number in range(1, _MOST + 1):
        kept = path.with_name(f"{path.name}.damaged{'' if number == 1 else f'-{number}'}")
        try:
            if kept.exists():
                if filecmp.cmp(path, kept, shallow=False):
                    return kept
                continue
            shutil.copy2(path, kept)
            return kept
        except PermissionError:
            with suppress(OSError):
                return path.rename(kept)
            return None
        except OSError:
            with suppress(OSError):
                kept.unlink(missing_ok=True)
            return None
    return None
