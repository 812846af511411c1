"""Frames as a screen shows them: high dynamic range as SDR, interlaced ones without combs, and told."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from salviewer.media.video import hdr, interlacing
from salviewer.media.video.files import VideoFile
from salviewer.media.video.pixels import frame_of, planes_of
from tests.video.videos import make_video, rotate

LIGHTS = (0.0, 1.0, 20.0, 100.0, 203.0, 500.0, 1000.0, 4000.0)
"""cd/m² of grey stripes."""


def pq(light: float) -> float:
    """SMPTE ST 2084, written down once more."""
    power = (light / 10000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


def hlg(light: float) -> float:
    """ITU-R BT.2100, for a display of 1,000 cd/m² and grey."""
    scene = (light / 1000) ** (1 / 1.2)
    if scene <= 1 / 12:
        return float(np.sqrt(3 * scene))
    return float(0.17883277 * np.log(12 * scene - 0.28466892) + 0.55991073)


def hdr_clip(path: Path, transfer: int) -> Path:
    """Grey stripes in 10 bits, BT.2020."""
    code = pq if transfer == hdr.PQ else hlg
    values = [min(code(light), 1.0) for light in LIGHTS]
    luma = np.repeat(np.round(64 + 876 * np.array(values)).astype(np.uint16), 32)
    planes = [np.tile(luma, (64, 1)), *[np.full((32, 128), 512, np.uint16)] * 2]
    frame = av.VideoFrame(256, 64, "yuv420p10le")
    for plane, content in zip(frame.planes, planes, strict=True):
        rows = np.zeros((plane.height, plane.line_size // 2), np.uint16)
        rows[:, : content.shape[1]] = content
        plane.update(rows.tobytes())
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 256, 64, "yuv420p10le"
        stream.options = {"qp": "0"}
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = (
            9,
            transfer,
            9,
            1,
        )
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("transfer", [hdr.PQ, hdr.HLG])
def test_high_dynamic_range_as_sdr(tmp_path: Path, transfer: int) -> None:
    with closing(VideoFile(hdr_clip(tmp_path / "hdr.mkv", transfer))) as video:
        frame = video.read()
        assert frame is not None
        assert video.info.remarks == (hdr.NOTE,)
    stripes = frame.pixels[32, 16::32].astype(int)
    assert np.abs(np.ptp(stripes, axis=1)).max() <= 2  # grey stays grey
    grey = stripes.mean(axis=1)
    assert (np.diff(grey[:7]) > 0).all()
    assert grey[0] <= 1
    expected = 255 * (1.055 * (20 / 203) ** (1 / 2.4) - 0.055)  # below the knee light stays as it is
    assert grey[2] == pytest.approx(expected, abs=3)
    assert grey[6] >= 250 and grey[7] >= 250
    assert grey[4] < 240  # white paper leaves room for lights


def interlaced_clip(path: Path) -> tuple[Path, NDArray[np.uint8], NDArray[np.uint8]]:
    """A bar that moves between the two fields of a frame; also the first field's moment, and both woven."""
    moments = []
    for left in (40, 90):
        pixels = np.full((96, 160, 3), 60, np.uint8)
        pixels[:, left : left + 20] = (200, 40, 40)
        moments.append(pixels)
    woven = moments[0].copy()
    woven[1::2] = moments[1][1::2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv422p"
        stream.options = {"flags": "+ildct+ilme", "qmin": "1", "qmax": "2", "alternate_scan": "1"}
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(woven, "rgb24")))
        container.mux(stream.encode(None))
    return path, moments[0], woven


def test_interlaced_frames_have_no_combs(tmp_path: Path) -> None:
    path, first, woven = interlaced_clip(tmp_path / "interlaced.mkv")
    with closing(VideoFile(path)) as video:
        frame = video.read()
        assert frame is not None
        assert video.info.remarks == (interlacing.NOTE,)
        assert video.info.size == (160, 96)
    shown = frame.pixels.astype(int)
    assert np.abs(shown - first).mean() < 4 < np.abs(woven.astype(int) - first).mean()
    assert np.abs(np.diff(shown, axis=0)).mean() < 2  # no line differs from the next


def test_progressive_sdr_is_not_remarked_on(tmp_path: Path) -> None:
    with closing(VideoFile(make_video(tmp_path / "plain.mp4", "mpeg4", 2))) as video:
        assert video.info.remarks == ()


def coded(size: tuple[int, int] = (160, 96), pixel_format: str = "yuv420p", **tags: int) -> av.VideoFrame:
    width, height = size
    ramp = np.linspace(30, 220, width).astype(np.uint8)
    pixels = np.broadcast_to(ramp[None, :, None], (height, width, 3)).copy()
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format=pixel_format)
    for name, value in tags.items():
        setattr(frame, name, value)
    return frame


def test_the_planes_of_high_definition_are_there_as_stored() -> None:
    for frame in (coded(colorspace=1, color_range=1), coded((320, 720), colorspace=2, color_range=0)):
        planes = planes_of(frame)
        assert planes is not None
        stored = np.concatenate([plane.ravel() for plane in (planes.luma, planes.blue, planes.red)])
        assert (stored == frame.to_ndarray().ravel()).all()
        again = frame_of(planes)
        assert (again.to_ndarray() == frame.to_ndarray()).all()
        assert (again.format.name, again.colorspace, again.color_range) == ("yuv420p", 1, 1)
        with pytest.raises(ValueError, match="read-only"):
            planes.luma[0, 0] = 0


@pytest.mark.parametrize(
    "frame",
    [
        coded(colorspace=5, color_range=1),
        coded(colorspace=2, color_range=0),
        coded(colorspace=1, color_range=2),
        coded((161, 96), colorspace=1, color_range=1),
        coded(pixel_format="yuv422p", colorspace=1, color_range=1),
    ],
    ids=["BT.601", "untagged and low", "full range", "odd", "4:2:2"],
)
def test_other_planes_are_not_taken_for_them(frame: av.VideoFrame) -> None:
    assert planes_of(frame) is None


def test_planes_are_those_of_an_upright_frame_in_a_screens_range(tmp_path: Path) -> None:
    high = make_video(tmp_path / "high.mp4", "mpeg4", 2, size=(96, 720))
    turned = rotate(make_video(tmp_path / "turned.mp4", "mpeg4", 2, size=(96, 720)), 1)
    there = []
    for path in (high, turned, interlaced_clip(tmp_path / "interlaced.mkv")[0]):
        with closing(VideoFile(path)) as video:
            frame = video.read()
            assert frame is not None
            there.append(frame.planes is not None)
    assert there == [True, False, False]
