"""Clips on two nodes: short ones whole, long ones in segments that begin at key frames."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from skimage import data

from tests.cluster.conftest import Ended, rows_in

TOLERANCE = 1e-5
"""Of a map's peak: what another beginning of the smoothing leaves."""


def clip(path: Path, frames: int) -> Path:
    """A photograph that the camera pans over, at 25 frames a second, a key frame every 50."""
    picture = data.astronaut()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"g": "50", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(frames):
            x = 4 + (number * 2) % 300
            pixels = np.ascontiguousarray(picture[x : x + 120, x : x + 160])
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def test_segments_begin_at_key_frames_and_hold_every_frame(tmp_path: Path) -> None:
    from salviewer.cluster.segments import segments_of

    path = clip(tmp_path / "long.mp4", 470)
    found = segments_of(path, 120)
    assert [each.first for each in found] == [0, 150, 300]
    assert sum(each.count for each in found) == 470
    assert len(segments_of(clip(tmp_path / "short.mp4", 60), 120)) == 1


@pytest.mark.cluster
def test_a_long_clip_in_segments_is_the_clip_as_a_whole(
    salviewer: Callable[..., Ended], tmp_path: Path
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    clip(folder / "long.mp4", 950)
    clip(folder / "short.mp4", 40)
    (folder / "broken.mp4").write_bytes(b"no video")
    wanted = ("--save-map", "npy", "--motion", 0.5)
    good = (folder / "long.mp4", folder / "short.mp4")
    alone = salviewer("predict", *good, "-o", tmp_path / "alone", *wanted, cluster=False)
    assert alone.code == 0
    target = tmp_path / "out"
    ended = salviewer("predict", folder, "-o", target, "--videos", *wanted)
    assert ended.code == 1
    assert len(ended.complaints) == 1 and "broken.mp4" in ended.complaints[0]
    assert (target / "short.mp4").read_bytes() == (tmp_path / "alone" / "short.mp4").read_bytes()
    for name in ("long", "short"):
        expected = np.load(tmp_path / "alone" / f"{name}.npz")
        found = np.load(target / f"{name}.npz")
        assert np.array_equal(found["seconds"], expected["seconds"])
        worst = np.abs(found["maps"] - expected["maps"]).max(axis=(1, 2)) / expected["maps"].max(axis=(1, 2))
        assert worst.max() <= TOLERANCE
    rows = {Path(row["picture"]).name: row for row in rows_in(target)}
    assert {name: row["status"] for name, row in rows.items()} == {
        "long.mp4": "done",
        "short.mp4": "done",
        "broken.mp4": "failed",
    }
    assert rows["long.mp4"]["note"].startswith("950 frames")
    assert list((target / "salviewer-segments").iterdir()) == []
    again = salviewer("predict", folder, "-o", target, "--videos", *wanted)
    assert (again.code, again.out.split(" in ")[0]) == (0, "0 pictures done, 3 done before")
