"""Print the size of a bundle's parts in megabytes: python -m scripts.bundling.sizes FOLDER [ARCHIVE ...]"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

_INNER = "_internal"
MB = 2**20


def weigh(folder: Path) -> Counter[str]:
    """Return bytes by part: packages with their libraries, the program itself, the rest."""
    parts: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts[_part(path.relative_to(folder))] += path.stat().st_size
    return parts


def _part(place: Path) -> str:
    names = [name for name in place.parts if name != _INNER]
    first = names[0]
    if len(names) == 1:
        return "the program and Python's modules" if ".so" not in first else "libraries of the system"
    for package, prefixes in {
        "torch": ("torch",),
        "OpenCV": ("cv2", "opencv"),
        "PyAV": ("av",),
        "Pillow": ("PIL", "pillow"),
        "Python": ("python3", "lib-dynload"),
    }.items():
        if first.removesuffix(".libs").startswith(prefixes):
            return package
    return first.split("-")[0].removesuffix(".libs")


def main(arguments: list[str]) -> int:
    """Print the table."""
    parts = weigh(Path(arguments[0]))
    for name, size in parts.most_common():
        if size > 0.5 * MB:
            print(f"{size / MB:8.1f}  {name}")
    print(f"{parts.total() / MB:8.1f}  unpacked ({parts.total() / 1e6:.0f} million bytes)")
    for archive in map(Path, arguments[1:]):
        print(f"{archive.stat().st_size / MB:8.1f}  {archive.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
