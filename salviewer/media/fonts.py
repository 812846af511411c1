"""Find a font for every character: the shipped font, then those of the system."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from salviewer import paths

SHIPPED = "DejaVuSans-Bold.ttf"
"""The font that is tried first: it comes with the program, so that most texts look the same everywhere.

It has Latin, Greek, Cyrillic, Arabic, Armenian, Georgian and many symbols.
"""

_PREFERRED = (
    # Linux
    *(
        "dejavusans-bold",
        "dejavusans.",
        "notosans-",
        "notosans",
        "freesans",
        "lohit",
        "garuda",
        "loma",
        "wqy",
    ),
    *("droidsansfallback", "notoemoji", "symbola", "notocoloremoji"),
    # Windows
    *("segoeui", "nirmala", "leelaw", "tahoma", "msyh", "yugoth", "malgun", "seguisym", "seguiemj", "arial"),
    # macOS
    *(
        "helveticaneue",
        "kohinoor",
        "thonburi",
        "geezapro",
        "pingfang",
        "hiragino",
        "applesdgothic",
        "apple symbols",
    ),
    *("apple color emoji",),
)
_SUFFIXES = (".ttf", ".otf", ".ttc")
_MOST_FILES = 5000


def shipped_font() -> Path:
    """Return the path of the font that ships with the program."""
    return paths.resources() / "fonts" / SHIPPED


@lru_cache(maxsize=1)
def system_fonts() -> Sequence[Path]:
    """List the system's fonts, preferred ones first. Reads the disk once."""
    found = [path for folder in _folders() for path in _fonts_in(folder)]
    return sorted(found[:_MOST_FILES], key=_rank)


def _folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        yield Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft" / "Windows" / "Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield from (home / ".local" / "share" / "fonts", home / ".fonts")


def _fonts_in(folder: Path) -> Iterator[Path]:
    for here, _, names in os.walk(folder):
        yield from (Path(here, name) for name in names if name.lower().endswith(_SUFFIXES))


def _rank(path: Path) -> tuple[int, bool, bool, str]:
    name = path.name.lower()
    place = next((i for i, start in enumerate(_PREFERRED) if name.startswith(start)), len(_PREFERRED))
    odd = any(word in name for word in ("italic", "oblique", "mono", "serif"))
    return place, odd, "bold" not in name, name


@lru_cache(maxsize=512)
def characters_of(path: Path) -> Sequence[range]:
    """Return the code points that a font has glyphs for, as ranges; none if it cannot be read."""
    with suppress(OSError, struct.error, ValueError), path.open("rb") as stream:
        return _read_cmap(stream)
    return ()


def has(path: Path, character: str) -> bool:
    """Return whether a font has a glyph for a character."""
    point = ord(character)
    return any(point in each for each in characters_of(path))


def _read_cmap(stream: IO[bytes]) -> Sequence[range]:
    """Read the best Unicode table of the font, or of the first in a collection (OpenType specification)."""
    start = 0
    if stream.read(4) == b"ttcf":
        stream.seek(12)
        (start,) = struct.unpack(">I", stream.read(4))
    stream.seek(start + 4)
    (tables,) = struct.unpack(">H6x", stream.read(8))
    entries = [struct.unpack(">4s4xII", stream.read(16)) for _ in range(tables)]
    offset, length = next(((at, long) for name, at, long in entries if name == b"cmap"), (0, 0))
    stream.seek(offset)
    table = stream.read(length)
    (count,) = struct.unpack_from(">2xH", table)
    best: tuple[int, int] = (0, 0)
    for number in range(count):
        platform, encoding, at = struct.unpack_from(">HHI", table, 4 + 8 * number)
        kind = struct.unpack_from(">H", table, at)[0]
        if kind in (4, 12) and (platform == 0 or (platform == 3 and encoding in (1, 10))):
            best = max(best, (kind, at))
    kind, at = best
    if kind == 12:
        (groups,) = struct.unpack_from(">I", table, at + 12)
        pairs = [struct.unpack_from(">II", table, at + 16 + 12 * i) for i in range(groups)]
        return tuple(range(first, last + 1) for first, last in pairs)
    if kind == 4:
        segments = struct.unpack_from(">H", table, at + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", table, at + 14)
        starts = struct.unpack_from(f">{segments}H", table, at + 16 + 2 * segments)
        return tuple(
            range(first, last + 1) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF
        )
    return ()
