"""`salviewer.cluster.predict`: one step in a pipeline of Ray Data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.conftest import Nodes

pytestmark = pytest.mark.cluster

PIPELINE = """
import logging, sys
import numpy as np, ray
import salviewer, salviewer.cluster
from salviewer.media.images import load_picture
address, folder, model = sys.argv[1:]
ray.init(address, logging_level=logging.ERROR, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False
pictures = ray.data.read_binary_files(folder, include_paths=True, override_num_blocks=1)
rows = salviewer.cluster.predict(pictures, model=model).take_all()
predictor = salviewer.load_model(model)
assert len(rows) == 13, len(rows)
for row in rows:
    assert "bytes" not in row
    if row["path"].endswith("broken.jpg"):
        assert row["error"] and row["width"] == 0 and not row["map"].any(), row
        continue
    assert row["error"] == "", row
    alone = predictor.predict(load_picture(row["path"]).pixels)
    assert np.abs(row["map"] - alone.density).max() <= 1e-6 * alone.density.max(), row["path"]
    assert (row["width"], row["height"]) == alone.source_size
    assert row["hotspots"][0]["share"] > 0
good = [row["path"] for row in rows if not row["error"]]
images = ray.data.from_items([{"image": load_picture(path).pixels} for path in good], override_num_blocks=1)
again = salviewer.cluster.predict(images, model=model, keep=True).take_all()
assert len(again) == 12 and all(row["image"].shape == (120, 160, 3) for row in again)
try:
    salviewer.cluster.predict(images, model=model, column="nothing")
except salviewer.cluster.ClusterError as error:
    assert "no column nothing" in str(error)
print("well")
"""


def test_a_step_in_a_pipeline(nodes: Nodes, photos: Path, small: Path, tmp_path: Path) -> None:
    for path in sorted(photos.glob("*.jpg"))[:12]:
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8")
    command = [sys.executable, "-c", PIPELINE, nodes.address, str(tmp_path), str(small)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert (ended.returncode, ended.stdout.strip()) == (0, "well"), ended.stderr[-3000:]
