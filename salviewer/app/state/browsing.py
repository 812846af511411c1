"""Settings for lists of pictures, thumbnails and prefetching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from salviewer.app.workers.prefetch import Preparing

Thumbnail = Literal["picture", "overlay"]

RECENT = 12
"""Files and folders remembered."""

SIZES = (96, 144, 208)
"""Longest sides of thumbnails, in logical pixels."""

_OLD_KEYS = {"ahead": "prefetch"}
"""Keys of settings files that older versions wrote, with their names today."""

LEAST_MEMORY, MOST_MEMORY = 50, 16_000
"""Megabytes that decoded pictures may take."""


@dataclass(frozen=True, slots=True)
class Browsing:
    """Remembered from one run to the next.

    Attributes:
        panel: whether the folder panel is wanted.
        thumbnails: what they show, the picture or its overlay.
        size: the longest side of a thumbnail, one of `SIZES`.
        siblings: whether opening one file lists the pictures of its folder.
        prefetch: what to prepare for the neighbours of the picture on screen: nothing, the pictures, or their
            maps too.
        memory: megabytes of decoded pictures kept, `LEAST_MEMORY` to `MOST_MEMORY`.
        recent: absolute paths of what was opened last, newest first, at most `RECENT`.
    """

    panel: bool = True
    thumbnails: Thumbnail = "picture"
    size: int = 144
    siblings: bool = True
    prefetch: Preparing = "maps"
    memory: int = 400
    recent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.thumbnails not in get_args(Thumbnail):
            raise ValueError(f"a thumbnail shows picture or overlay, not {self.thumbnails!r}")
        if self.size not in SIZES:
            raise ValueError(f"a thumbnail's size is one of {SIZES}, not {self.size!r}")
        if self.prefetch not in get_args(Preparing):
            raise ValueError(f"prefetch is one of {', '.join(get_args(Preparing))}, not {self.prefetch!r}")
        if not LEAST_MEMORY <= self.memory <= MOST_MEMORY:
            raise ValueError(f"memory is {LEAST_MEMORY} to {MOST_MEMORY} megabytes, not {self.memory!r}")

    def to_dict(self) -> dict[str, Any]:
        """The file's content."""
        return asdict(self) | {"recent": list(self.recent)}


def browsing_from(content: Mapping[str, Any], refused: list[str]) -> Browsing:
    """Settings from a file's content; names in `refused` what keeps its default because it cannot be used."""
    browsing = Browsing()
    for key, value in content.items():
        key = _OLD_KEYS.get(key, key)
        if key not in Browsing.__slots__:
            continue
        try:
            if key == "recent":
                if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
                    raise ValueError
                value = tuple(value[:RECENT])
            elif type(value) is not type(getattr(browsing, key)):
                raise ValueError
            browsing = replace(browsing, **{key: value})
        except (ValueError, OverflowError):
            refused.append(f"browsing.{key}")
    return browsing


def with_recent(
    recent: tuple[str, ...], opened: Iterable[Path], gone: Iterable[Path] = ()
) -> tuple[str, ...]:
    """The list after `opened` was opened, the first on top, and `gone` was not found."""
    missing = {str(path.absolute()) for path in gone}
    names = dict.fromkeys([*(str(path.absolute()) for path in opened), *recent])
    return tuple(name for name in names if name not in missing)[:RECENT]


def place_name(path: Path) -> str:
    """Name first, then where it lies, with the home folder as ~."""
    folder = path.parent
    if folder.is_relative_to(Path.home()):
        folder = Path("~") / folder.relative_to(Path.home())
    return f"{path.name or path}  –  {folder}"
