"""``salviewer scanpaths``: people's paths are read in order, drawn, played and scored."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.cli import main
from salviewer.training.datasets import open_dataset
from salviewer.training.scanpaths import PEOPLE, paths_of
from tests.training.layouts import COUNT, SCENES, VIEWERS, mit1003, osie, plain_table, tobii


@pytest.mark.parametrize("make", [plain_table, osie, tobii])
def test_paths_keep_their_order(make, tmp_path: Path) -> None:
    make(tmp_path)
    for number, sample in enumerate(open_dataset(tmp_path).samples):
        viewers = paths_of(sample)
        assert viewers is not None and len(viewers.paths) == VIEWERS and viewers.size == (80, 60)
        for path, cells in zip(viewers.paths, SCENES[number].cells, strict=True):
            np.testing.assert_array_equal((path * (60, 80) + 1e-9).astype(int), cells)
        assert viewers.durations is not None and viewers.durations[0][0] == pytest.approx(0.25)


def test_they_are_scored_beside_people_and_chance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain_table(tmp_path / "data")
    words = ["scanpaths", str(tmp_path / "data"), "--device=cpu", f"--json={tmp_path / 's.json'}"]
    assert main(words) == 0
    assert "ScanMatch" in capsys.readouterr().out
    rows = json.loads((tmp_path / "s.json").read_text())["rows"]
    assert set(rows) == {"live_net", PEOPLE, "chance"}
    for row in rows.values():
        assert row["pictures"] == COUNT and 0 <= row["sequence score"] <= 1
    assert rows[PEOPLE]["ScanMatch"] > rows["chance"]["ScanMatch"]


def test_they_are_drawn_and_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain_table(tmp_path / "data")
    drawn, played = tmp_path / "drawn", tmp_path / "played"
    assert main(["scanpaths", str(tmp_path / "data"), "--draw", str(drawn), "--play", str(played)]) == 0
    assert f"{COUNT} pictures with the paths" in capsys.readouterr().out
    first = np.asarray(Image.open(drawn / "p0.png"))
    assert first.shape == SCENES[0].pixels.shape and not np.array_equal(first, SCENES[0].pixels)
    with Image.open(played / "p0.webp") as animation:
        assert 2 < animation.n_frames <= 8 and animation.size == (80, 60)  # equal frames are one
        seconds = 0.0
        for number in range(animation.n_frames):
            animation.seek(number)
            animation.load()
            seconds += animation.info["duration"] / 1000
        assert seconds == pytest.approx(8 * 0.25 + 1, abs=0.01)


def test_without_viewers_there_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mit1003(tmp_path)
    assert main(["scanpaths", str(tmp_path), "--device=cpu"]) == 1
    assert "it does not say who looked in what order" in capsys.readouterr().err
