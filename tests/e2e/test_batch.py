"""A batch in the real window, cancelled, and continued at the next start."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.e2e

Drive = Callable[..., dict[str, Any]]
MANY = 40


def crops(astronaut: Path, folder: Path, count: int) -> Path:
    """So many parts of a photograph."""
    folder.mkdir()
    with Image.open(astronaut) as photograph:
        for number in range(count):
            x, y = 8 * (number % 20), 60 * (number // 20)
            photograph.crop((x, y, x + 300, y + 220)).save(folder / f"crop{number + 1}.jpg", quality=90)
    return folder


def test_a_folder_with_a_broken_picture(drive: Drive, astronaut: Path, tmp_path: Path) -> None:
    folder = crops(astronaut, tmp_path / "crops", 4)
    (folder / "crop3.jpg").write_bytes((folder / "crop3.jpg").read_bytes()[:300])
    notes = drive("batch_scenarios.run", folder)
    assert notes["said"] == "4 pictures. Files of the first picture: crop1-overlay.png."
    assert notes["title"] == "3 of 4 pictures are done" and notes["reveals"]
    assert notes["failures"] == ["crop3.jpg"] and "ends before the picture does" in notes["reasons"][0]
    results = folder / "attention"
    for stem in ("crop1", "crop2", "crop4"):
        with Image.open(results / f"{stem}-overlay.png") as overlay:
            assert overlay.size == (300, 220)
        assert len((results / f"{stem}_hotspots.csv").read_text().splitlines()) > 1
    assert not list(results.glob("crop3*"))
    with (results / "salviewer-summary.csv").open(encoding="utf-8-sig") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["done", "done", "failed", "done"]
    assert notes["again"].startswith("4 pictures, 3 done before.")


def test_cancelled_closed_and_gone_on_with_at_the_next_start(
    drive: Drive, astronaut: Path, tmp_path: Path
) -> None:
    folder = crops(astronaut, tmp_path / "crops", MANY)
    notes = drive("batch_scenarios.cancel_and_go_on", folder)
    assert notes["ran beside"] and notes["stopped"].startswith("Stopped after")
    assert 2 <= notes["done"] == notes["skipped"] < MANY
    assert notes["asked"].startswith("A batch is running:")
    written = {path.name: path.stat().st_mtime_ns for path in (folder / "attention").glob("*-overlay.png")}
    assert notes["done"] < len(written) < MANY
    later = drive("batch_scenarios.finish", folder)
    assert later["skipped"] == len(written) and later["title"] == "All pictures are done"
    now = {path.name: path.stat().st_mtime_ns for path in (folder / "attention").glob("*-overlay.png")}
    assert len(now) == MANY and now.items() >= written.items()
