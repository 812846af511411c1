"""research/recurrent: one command trains the memory, a stopped run is taken up, and the model is written."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from salviewer.models.loading import load_model
from salviewer.models.reading import read_arrays

ROOT = Path(__file__).parents[2]
if not (ROOT / "research" / "recurrent").is_dir():
    pytest.skip("research is not packed with the tests", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from research.recurrent import train  # noqa: E402
from research.recurrent.stills import Stills  # noqa: E402

sys.path.remove(str(ROOT))


def spots() -> Stills:
    """Two dark pictures with a bright spot each, which is looked at."""
    pictures, maps = np.full((2, 240, 320, 3), 30, np.uint8), np.zeros((2, 60, 80), np.float16)
    for number in range(2):
        pictures[number, 80 : 120 + 40 * number, 100:140] = 250
        maps[number, 20 : 30 + 10 * number, 25:35] = 1
    return Stills(pictures, maps, np.array([True, False]))


def test_one_command_trains_and_writes_and_a_stopped_run_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "stills", lambda *_, **__: spots())
    threads = torch.get_num_threads(), cv2.getNumThreads()
    try:
        _train_twice(tmp_path, monkeypatch, capsys)
    finally:
        torch.set_num_threads(threads[0])
        cv2.setNumThreads(threads[1])


def _train_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "model"
    order = ["train", "--data", str(tmp_path), "--work", str(tmp_path), "--count", "1", "--length", "4"]
    order += ["--back", "2"]
    monkeypatch.setattr(sys, "argv", [*order, "--seconds", "2"])
    assert train.main() == 0
    assert not out.exists() and "taken up" not in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", [*order, "--seconds", "4", "--out", str(out)])
    assert train.main() == 0
    said = capsys.readouterr().out
    assert "taken up at step" in said and "done:" in said
    shipped, trained = (read_arrays(Path(name))[1] for name in ("model_weights/live_net_recurrent", out))
    assert set(trained) == set(shipped)
    assert all(np.array_equal(trained[name], shipped[name]) for name in ("head.weight", "prior"))
    density = load_model(out, "cpu").predict(spots().pictures[0]).density
    assert density.sum() == pytest.approx(1, abs=1e-4)
