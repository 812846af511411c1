"""Streams and videos in the real window, started by the real command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from salviewer.media.video.files import VideoFile
from tests.video.videos import make_video, number_of, numbered


def _shown(shot: Path, rect: list[float]) -> np.ndarray:
    """The picture as the X server shows it, at 96 x 64."""
    left, top, width, height = rect
    with Image.open(shot) as image:
        part = image.convert("RGB").crop((round(left), round(top), round(left + width), round(top + height)))
        return np.asarray(part.resize((96, 64), Image.Resampling.BOX))


def test_a_stream_is_shown_killed_and_reconnected(drive: Callable[..., dict[str, Any]]) -> None:
    notes = drive("live_scenarios.stream")
    assert any("frames/s in" in line for line in notes["hud"])
    assert "127.0.0.1" in notes["banner"] and not notes["again"]
    shown = _shown(notes["out"] / "live.png", notes["rect"])
    colourful = shown.max(axis=2).astype(int) - shown.min(axis=2)
    assert colourful.max() > 60  # the overlay: the stream itself is grey but for a small square


def test_a_clip_is_stepped_exported_and_survives_its_removal(
    drive: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    clip = make_video(tmp_path / "clip.mp4", count=60)
    notes = drive("live_scenarios.clip", clip)
    assert notes["steps"] == [21, 22, 21]
    assert "Exported 60 frames" in notes["banner"]
    assert "there is no such file" in notes["gone"] and notes["still"] > 22
    with closing(VideoFile(notes["out"] / "export.webm")) as source:
        frames = [frame.pixels for frame in iter(source.read, None)]
    assert len(frames) == 60 and frames[0].shape == (64, 96, 3)
    on_screen = _shown(notes["out"] / "clip.png", notes["rect"])
    written, bare = frames[notes["number"]].astype(int), numbered(notes["number"]).astype(int)
    assert number_of(bare.astype(np.uint8)) == notes["number"]
    # What the screen showed is nearer to the frame that was written than to the bare one.
    part = np.s_[20:, :]  # below what the rates cover
    assert np.abs(on_screen[part] - written[part]).mean() < np.abs(on_screen[part] - bare[part]).mean()
