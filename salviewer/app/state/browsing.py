"""Settings for lists of pictures, thumbnails and prefetching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from salviewer.app.state.kept_values import read_group
from salviewer.app.workers.prefetch import Preparing
from salviewer.media.openers.options import DEFAULT_DPI

Thumbnail = Literal["picture", "overlay"]

RECENT = 12
"""Most recent files and folders that are kept."""

SIZES = (96, 144, 208)
"""Possible longest sides of thumbnails, in logical pixels."""

_OLD_KEYS = {"ahead": "prefetch"}
"""Keys in settings files of older versions, with their current names."""

LEAST_MEMORY, MOST_MEMORY = 50, 16_000
"""Limits of the memory for decoded pictures, in megabytes."""

LEAST_PAGE, MOST_PAGE = 36, 600
"""Limits of the resolution of pages, in pixels per inch."""


@dataclass(frozen=True, slots=True)
class Browsing:
    """Settings that are kept from one run to the next.

    Attributes:
        panel: whether the folder panel is visible.
        thumbnails: the picture or its overlay.
        size: the longest side of a thumbnail, one of `SIZES`.
        siblings: whether opening one file lists the pictures of its folder.
        prefetch: what to prepare for the neighbours of the picture on screen: nothing, the pictures, or their
            maps too.
        memory: megabytes for decoded pictures, `LEAST_MEMORY` to `MOST_MEMORY`.
        dpi: pixels per inch of pages of documents, `LEAST_PAGE` to `MOST_PAGE`.
        recent: absolute paths of recent files and folders, newest first, at most `RECENT`.
        watch: whether the picture on screen is read again when another program saves it.
    """

    panel: bool = True
    thumbnails: Thumbnail = "picture"
    size: int = 96
    siblings: bool = True
    prefetch: Preparing = "maps"
    memory: int = 400
    dpi: int = round(DEFAULT_DPI)
    recent: tuple[str, ...] = ()
    watch: bool = True

    def __post_init__(self) -> None:
        if self.thumbnails not in get_args(Thumbnail):
            raise ValueError(f"a thumbnail shows picture or overlay, not {self.thumbnails!r}")
        if self.size not in SIZES:
            raise ValueError(f"a thumbnail's size is one of {SIZES}, not {self.size!r}")
        if self.prefetch not in get_args(Preparing):
            raise ValueError(f"prefetch is one of {', '.join(get_args(Preparing))}, not {self.prefetch!r}")
        if not LEAST_PAGE <= self.dpi <= MOST_PAGE:
            raise ValueError(f"a page has {LEAST_PAGE} to {MOST_PAGE} pixels per inch, not {self.dpi!r}")
        if not LEAST_MEMORY <= self.memory <= MOST_MEMORY:
            raise ValueError(f"memory is {LEAST_MEMORY} to {MOST_MEMORY} megabytes, not {self.memory!r}")

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file."""
        return asdict(self) | {"recent": list(self.recent)}


def browsing_from(content: Mapping[str, Any], refused: list[str]) -> Browsing:
    """Return settings from a file; add the names of unusable entries, which get defaults, to `refused`."""
    named = {_OLD_KEYS.get(key, key): value for key, value in content.items()}
    return read_group(Browsing(), named, "browsing", refused, {"recent": RECENT})


def with_recent(
    recent: tuple[str, ...], opened: Iterable[Path], gone: Iterable[Path] = ()
) -> tuple[str, ...]:
    """Return the list with `opened` on top, the first one first, and without `gone`."""
    missing = {str(path.absolute()) for path in gone}
    names = dict.fromkeys([*(str(path.absolute()) for path in opened), *recent])
    return tuple(name for name in names if name not in missing)[:RECENT]


def place_name(path: Path) -> str:
    """Return name, then folder, with the home folder as ~."""
    folder = path.parent
    if folder.is_relative_to(Path.home()):
        folder = Path("~") / folder.relative_to(Path.home())
    return f"{path.name or path}  –  {folder}"
