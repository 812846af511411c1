"""Replace Linux libraries that nothing in the bundle calls by stand-ins, or remove them.

OpenCV is linked to FFmpeg and OpenBLAS, PyAV's FFmpeg to x265, Qt to 32 MB of ICU's tables; the program uses
none of these, but a library with a missing dependency cannot be loaded. A stand-in has the same name and the
required symbols: functions that return 0, and tables of zeros, which ICU takes for no data.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

STAND_INS = (
    "opencv_python_headless.libs/libopenblas*",
    "opencv_python_headless.libs/libavif*",
    "opencv_python_headless.libs/libav[cfu]*",
    "opencv_python_headless.libs/libswscale*",
    "av.libs/libx265*",
    "PySide6/Qt/lib/libicudata*",
)
"""Patterns over places in the bundle."""

STRIPPED = ("torch/lib/libtorch_*.so", "libpython3*.so*", "av/**/*.so", "python3*/lib-dynload/*.so")
"""Libraries to strip of debugging symbols. Not all: stripping breaks numpy's own OpenBLAS."""

_ORPHANS = ("lib*.so*", "opencv_python_headless.libs/*", "PySide6/Qt/lib/*")
"""Libraries to remove if nothing needs them; others may be opened by name."""

_SYMBOL = re.compile(
    r"(?P<kind>FUNC|OBJECT|NOTYPE|IFUNC)\s+(?:GLOBAL|WEAK)\s+\S+\s+(?P<at>\S+)\s+(?P<name>[^@\s]+)(?:@+(?P<version>\S+))?"
)


def slim(folder: Path) -> None:
    """Remove what nothing calls from the finished bundle at ``folder``. Needs binutils and a C compiler."""
    for pattern in STRIPPED:
        for path in folder.glob(pattern):
            if not path.is_symlink():
                subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)
    needs = {path: needed(path) for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink()}
    for pattern in STAND_INS:
        for path in sorted(folder.glob(pattern)):
            stand_in(path, [user for user, names in needs.items() if path.name in names])
            needs[path] = needed(path)
    drop_orphans(folder, needs)


def needed(path: Path) -> set[str]:
    """List the names of the libraries that a library is linked to."""
    return set(re.findall(r"\(NEEDED\).*\[(.+?)\]", _readelf("-d", path)))


def stand_in(path: Path, users: list[Path]) -> None:
    """Replace a library by one with only the symbols that ``users`` need."""
    defined: dict[str, str] = {}
    for symbol in _symbols(path):
        if symbol["at"] != "UND":
            defined.setdefault(symbol["name"], symbol["version"] or "")
    data = {symbol["name"] for symbol in _symbols(path) if symbol["kind"] == "OBJECT"}
    asked = {symbol["name"] for user in users for symbol in _symbols(user) if symbol["at"] == "UND"}
    wanted = sorted(asked & set(defined))
    work = path.with_name(f"{path.name}.made")
    work.mkdir()
    code, script = work / "code.c", work / "versions"
    code.write_text(
        "".join(
            f"const long {name}[64] = {{0}};\n" if name in data else f"long {name}(void) {{ return 0; }}\n"
            for name in wanted
        )
    )
    versions: dict[str, list[str]] = {}
    for name in wanted:
        versions.setdefault(defined[name], []).append(name)
    blocks = [
        f"{version} {{ global: {'; '.join(names)}; }};" for version, names in versions.items() if version
    ]
    script.write_text("\n".join(blocks) + "\n")
    made = work / path.name
    command = ["cc", "-shared", "-fPIC", "-fno-builtin", "-w", "-s", "-nostdlib", str(code), "-o", str(made)]
    command += [f"-Wl,-soname,{path.name}", *([f"-Wl,--version-script={script}"] if blocks else [])]
    subprocess.run(command, check=True)
    path.unlink()
    shutil.move(made, path)
    shutil.rmtree(work)


def drop_orphans(folder: Path, needs: dict[Path, set[str]]) -> None:
    """Remove libraries that no other needs, repeatedly."""
    removable = {path for pattern in _ORPHANS for path in folder.glob(pattern)}
    opened = ("libpython", "libfribidi")  # by name, while the program runs
    removable = {path for path in removable if not path.name.startswith(opened)}
    while True:
        wanted = set().union(*needs.values())
        gone = [path for path in removable if path.name not in wanted]
        if not gone:
            return
        for path in gone:
            path.unlink()
            needs.pop(path, None)
            removable.discard(path)


def _symbols(path: Path) -> list[dict[str, str]]:
    lines = _readelf("--dyn-syms", path).splitlines()
    return [found.groupdict() for line in lines if (found := _SYMBOL.search(line)) is not None]


def _readelf(what: str, path: Path) -> str:
    command = ["readelf", "-W", what, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
