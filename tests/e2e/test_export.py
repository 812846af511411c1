"""A first-time user goes from a dropped picture to an exported report."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from salviewer.cli import main
from tests.folders import files_in

pytestmark = pytest.mark.e2e


def test_from_a_dropped_picture_to_its_report(
    drive: Callable[..., dict[str, Any]], astronaut: Path, tmp_path: Path
) -> None:
    shutil.copy(astronaut, tmp_path / "photo.png")
    notes = drive("export_scenarios.export", "--device", "cpu")
    results = notes["out"] / "results"
    assert notes["suggested"] == str(tmp_path / "attention")
    assert notes["names"] == ["photo-overlay.png", "photo.npy", "photo-report.pdf"]
    assert notes["said"] == f"Saved 3 files in {results}"
    assert sorted(path.name for path in files_in(results)) == sorted(notes["names"])
    line = ("--view", "overlay", "--view", "focus", "--save-map", "npy")
    assert main(["predict", str(tmp_path / "photo.png"), "-o", str(tmp_path / "line"), *line]) == 0
    for name in ("photo-overlay.png", "photo.npy"):
        assert (results / name).read_bytes() == (tmp_path / "line" / name).read_bytes()
    density = np.load(results / "photo.npy")
    assert density.sum() == pytest.approx(1, abs=1e-3) and density.max() > 5 / density.size
    pdf = (results / "photo-report.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1 and len(pdf) > 50_000
