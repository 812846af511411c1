"""The version that Windows shows in a program's properties."""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The salviewer authors"),
      StringStruct("FileDescription", "Shows where people will look"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "{name}"),
      StringStruct("LegalCopyright", "MIT licence; see THIRD-PARTY.txt for what it is made of"),
      StringStruct("OriginalFilename", "{name}.exe"),
      StringStruct("ProductName", "salviewer"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 0x04B0])]),
  ],
)
"""


def version(root: Path) -> str:
    """Return the program's version."""
    found = re.search(r'__version__ = "(.+?)"', (root / "salviewer" / "version.py").read_text("utf-8"))
    assert found is not None
    return found[1]


def text(release: str, name: str) -> str:
    """Return the resource for ``name``.exe in PyInstaller's notation."""
    numbers = [int(number) for number in re.findall(r"\d+", release)[:4]]
    padded = tuple(numbers + [0] * (4 - len(numbers)))
    return _TEXT.format(numbers=padded, version=release, name=name)


def write(release: str, name: str, folder: Path) -> str:
    """Write the resource into ``folder``; return its path."""
    path = folder / f"{name}-version.txt"
    path.write_text(text(release, name), encoding="utf-8")
    return str(path)
