"""Collect the licences of everything in a bundle."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_RULE = "=" * 100
_LICENCES = ("licen", "copying", "notice", "authors", "third-party", "third_party", "thirdparty")
_NETWORKS = Path("model_weights") / "NOTICE.md"
_PYTHON = ("LICENSE.txt", "LICENSE", f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/LICENSE.txt")
_DEBIAN = Path("/usr/share/doc")


def write(analysis: Any, root: Path, path: Path) -> None:
    """Write the notices of what ``analysis`` collected to ``path``.

    Args:
        analysis: PyInstaller's, pruned.
        root: the source tree.

    Raises:
        SystemExit: a package in the bundle has no licence.
    """
    sources = [
        Path(source) for _, source, _ in (*analysis.binaries, *analysis.datas, *analysis.pure) if source
    ]
    parts = [_section("salviewer", (root / "LICENSE").read_text("utf-8"))]
    parts.append(_section("The networks' weights", (root / _NETWORKS).read_text("utf-8")))
    parts.append(_section(f"Python {sys.version.split()[0]}", _python()))
    packages = packages_of(sources)
    for package in packages:
        parts.append(_section(f"{package.metadata['Name']} {package.version}", licence(package)))
    parts += [_section(name, text) for name, text in _system(sources)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")
    print(f"notices: {len(parts)} parts, {path.stat().st_size / 1e6:.1f} MB in {path}")


def packages_of(sources: Iterable[Path]) -> list[importlib.metadata.Distribution]:
    """Return the installed packages that the files belong to, by name."""
    wanted = {os.path.realpath(source) for source in sources}
    found = {}
    for package in importlib.metadata.distributions():
        if package.metadata["Name"] == "salviewer":
            continue
        if any(os.path.realpath(str(file.locate())) in wanted for file in package.files or ()):
            found[package.metadata["Name"].lower()] = package
    return [found[name] for name in sorted(found)]


def licence(package: importlib.metadata.Distribution) -> str:
    """Return all licence texts of a package, or its licence metadata if it has none."""
    texts = {}
    for file in package.files or ():
        name = file.name.lower()
        if name.startswith(_LICENCES) or (".dist-info" in str(file) and "/licenses/" in str(file)):
            place = Path(str(file.locate()))
            if place.suffix not in {".py", ".pyc", ".pyi", ".so"} and place.is_file():
                texts[str(file)] = place.read_text("utf-8", errors="replace").strip()
    said = package.metadata["License-Expression"] or package.metadata["License"] or ""
    said = said or "; ".join(
        c for c in package.metadata.get_all("Classifier") or () if c.startswith("License")
    )
    home = package.metadata["Home-page"] or ", ".join(package.metadata.get_all("Project-URL") or ())
    said_so = said.splitlines()[0] if said else "see below"
    head = f"Licence: {said_so}\nFrom: {home or 'the Python Package Index'}"
    if not said and not texts:
        raise SystemExit(f"{package.metadata['Name']} says nothing of its licence")
    return "\n\n".join([head, *dict.fromkeys(texts.values())])


def _python() -> str:
    for name in _PYTHON:
        place = Path(sys.base_prefix) / name
        if place.is_file():
            return place.read_text("utf-8", errors="replace")
    from _sitebuiltins import _Printer

    return str(_Printer("license", "See https://docs.python.org/3/license.html", ["LICENSE.txt", "LICENSE"],
                        [str(Path(os.__file__).parent), str(Path(os.__file__).parents[1])]))  # fmt: skip


def _system(sources: Iterable[Path]) -> Iterable[tuple[str, str]]:
    """Return the system libraries among them (Debian, Ubuntu), with their licences as Debian has them."""
    import shutil
    import subprocess

    if shutil.which("dpkg-query") is None:
        return
    names = set()
    for source in sorted({source for source in sources if str(source).startswith(("/lib", "/usr/lib"))}):
        for place in (source, Path(os.path.realpath(source))):
            alternatives = [str(place), str(place).removeprefix("/usr")]
            found = subprocess.run(
                ["dpkg-query", "-S", *alternatives], capture_output=True, text=True, check=False
            )
            names |= {line.split(":")[0] for line in found.stdout.splitlines()}
    for name in sorted(names):
        text = _DEBIAN / name / "copyright"
        if text.is_file():
            yield (
                f"{name} (a library of the system it was built on)",
                text.read_text("utf-8", errors="replace"),
            )


def _section(title: str, text: str) -> str:
    return f"{_RULE}\n{title}\n{_RULE}\n\n{text.strip()}\n"
