"""The window and its dialogs on small and on scaled screens, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the offscreen platform")


def facts(model: Path, folder: Path, size: tuple[int, int], factor: str) -> dict[str, Any]:
    """What `small_screen` says of a screen of so many device pixels, each logical one `factor` of them."""
    folder.mkdir()
    screens = {"screens": [{"name": "small", "x": 0, "y": 0, "width": size[0], "height": size[1],
                            "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}  # fmt: skip
    (folder / "screens.json").write_text(json.dumps(screens))
    environment = os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={folder / 'screens.json'}",
        "QT_SCALE_FACTOR": factor,
        "SALVIEWER_CONFIG_DIR": str(folder),
        "SALVIEWER_DATA_DIR": str(folder / "data"),
    }
    command = [sys.executable, "-m", "tests.app.small_screen", str(model), str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=300, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("logical", "factor"),
    [((800, 500), "1"), ((910, 512), "1"), ((728, 410), "1"), ((800, 500), "1.5"), ((800, 500), "2")],
)
def test_everything_fits_on_a_small_screen(
    model_folder: Path, tmp_path: Path, logical: tuple[int, int], factor: str
) -> None:
    device = (round(logical[0] * float(factor)), round(logical[1] * float(factor)))
    found = facts(model_folder, tmp_path / "small", device, factor)
    wide, high = found["screen"]
    assert abs(wide - logical[0]) <= 1 and abs(high - logical[1]) <= 1 and found["ratio"] == float(factor)
    for name in ("first", "window", "least"):
        assert found[name][0] <= wide and found[name][1] <= high, (name, found[name])
    assert found["canvas"] and all(found["status"].values()), found["status"]
    assert found["more"] and set(found["tools_shown"]) | set(found["tools_in_menu"]) == set(found["tools"])
    assert not set(found["tools_shown"]) & set(found["tools_in_menu"])
    assert len({width for width, _ in found["panel"].values()}) == 1, found["panel"]
    assert not any(cut for _, cut in found["panel"].values()), found["panel"]
    for name, dialog in found["dialogs"].items():
        assert dialog["size"][0] <= wide and dialog["size"][1] <= high, (name, dialog)
        assert dialog["least"][0] <= wide and dialog["least"][1] <= high, (name, dialog)
        assert not dialog["cut"], (name, dialog)


def test_a_wide_screen_needs_no_menu_of_tools(model_folder: Path, tmp_path: Path) -> None:
    found = facts(model_folder, tmp_path / "wide", (1600, 1000), "1")
    assert found["window"] == [1180, 860] and not found["more"] and not found["tools_in_menu"]
    assert found["tools_shown"] == found["tools"]
