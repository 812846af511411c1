"""A real X server of our own, and the real program in a process of its own, driven from inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.x_server import x_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of an X display that nobody else uses."""
    with x_server("2600x1700x24") as (name, _):
        yield name


@pytest.fixture
def environment(display: str, tmp_path: Path) -> dict[str, str]:
    """For a process that shows a window: our display, settings of its own."""
    unwanted = {"QT_SCALE_FACTOR", "WAYLAND_DISPLAY", "QT_QPA_PLATFORMTHEME"}
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return kept | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "SALVIEWER_CONFIG_DIR": str(tmp_path / "config"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH")])),
    }


@pytest.fixture
def drive(environment: dict[str, str], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run `salviewer ARGUMENTS` and a scenario of `scenarios.py` in it; returns what the scenario noted."""

    def run(scenario: str, *arguments: str | Path, scale: str = "1") -> dict[str, Any]:
        out = tmp_path / scenario
        out.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.e2e.driver", scenario, str(out), *map(str, arguments)]
        result = subprocess.run(
            command,
            env=environment | {"QT_SCALE_FACTOR": scale},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=150,
        )
        assert result.returncode == 0, f"exit code {result.returncode}\n{result.stdout}\n{result.stderr}"
        assert "Traceback" not in result.stderr
        notes: dict[str, Any] = json.loads((out / "notes.json").read_text())
        return notes | {"out": out}

    return run


@pytest.fixture(scope="session")
def astronaut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph with one face, from scikit-image."""
    data = pytest.importorskip("skimage.data")
    path = tmp_path_factory.mktemp("photographs") / "astronaut.png"
    Image.fromarray(data.astronaut()).save(path)
    return path
