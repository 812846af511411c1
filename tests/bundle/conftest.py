"""The built program in a clean environment: another home, no Python, a read-only folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = os.environ.get("SALVIEWER_BUNDLE_FOLDER", "")
"""Environment variable that names the bundle; without it nothing here is tested."""

PATIENCE = 400
"""Seconds that one command may take on a busy machine."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it is slow, and needs a bundle."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(2 * PATIENCE))
            if not FOLDER:
                item.add_marker(pytest.mark.skip(reason="SALVIEWER_BUNDLE_FOLDER names no bundle"))


@pytest.fixture(scope="session")
def program() -> Iterator[Path]:
    """The executable that has a console; its folder is as it was when all tests have run."""
    folder = Path(FOLDER).resolve()
    name = "salviewer-console.exe" if sys.platform == "win32" else "salviewer"
    before = _stamps(folder)
    writable = [path for path in (folder, *folder.rglob("*")) if path.is_dir() and not path.is_symlink()]
    for path in writable:
        path.chmod(0o555)
    yield folder / name
    for path in writable:
        path.chmod(0o755)
    assert _stamps(folder) == before


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
        if not path.is_dir()
    }


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """As good as empty: no PATH that leads to a Python, no settings."""
    home = tmp_path_factory.mktemp("home")
    if sys.platform == "win32":
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP")}
        return kept | dict.fromkeys(("USERPROFILE", "LOCALAPPDATA", "APPDATA"), str(home))
    return {"HOME": str(home), "PATH": "/nowhere", "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"}


@pytest.fixture(scope="session")
def run(program: Path, environment: dict[str, str]) -> Run:
    """Run the built program to its end."""

    def go(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(program), *map(str, arguments)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        assert "Traceback" not in result.stderr, result.stderr
        assert result.returncode == 0, f"{result.returncode}\n{result.stdout}\n{result.stderr}"
        return result

    return go


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the source tree likewise."""
    cache = tmp_path_factory.mktemp("cache")
    values = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "SALVIEWER_CACHE": str(cache)}

    def go(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "salviewer", *map(str, arguments)]
        result = subprocess.run(
            command, env=os.environ | values, capture_output=True, text=True, timeout=PATIENCE
        )
        assert result.returncode == 0, result.stderr
        return result

    return go


@pytest.fixture(scope="session")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with a face, from scikit-image."""
    from PIL import Image

    data = pytest.importorskip("skimage.data")
    path = tmp_path_factory.mktemp("photographs") / "astronaut.jpg"
    Image.fromarray(data.astronaut()).save(path, quality=95)
    return path
