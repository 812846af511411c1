"""Cameras, with a device that is faked at the capture call alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import pytest

from salviewer.errors import SourceError
from salviewer.media.video import cameras
from salviewer.media.video.cameras import Camera, camera_number, list_cameras
from salviewer.media.video.opening import SourceChoice
from tests.video.videos import number_of, numbered


class FakeDevice:
    """What `cv2.VideoCapture` is to the program: a device that is there or not, and can be unplugged."""

    plugged = True

    def __init__(self, number: int, backend: int, asked: list[int]) -> None:
        self.asked = dict(zip(asked[::2], asked[1::2], strict=True))
        self.released = False
        self._index = 0

    def isOpened(self) -> bool:  # noqa: N802
        return FakeDevice.plugged

    def get(self, what: int) -> float:
        return {cv2.CAP_PROP_FRAME_WIDTH: 96.0, cv2.CAP_PROP_FRAME_HEIGHT: 64.0, cv2.CAP_PROP_FPS: 30.0}[what]

    def read(self) -> tuple[bool, Any]:
        assert not self.released
        if not FakeDevice.plugged:
            return False, None
        self._index += 1
        return True, numbered(self._index - 1)[..., ::-1]

    def release(self) -> None:
        self.released = True


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> type[FakeDevice]:
    monkeypatch.setattr(FakeDevice, "plugged", True)
    monkeypatch.setattr(cv2, "VideoCapture", FakeDevice)
    return FakeDevice


def test_frames_in_rgb_with_times(device: type[FakeDevice]) -> None:
    with closing(SourceChoice("0").open()) as source:
        frames = [source.read() for _ in range(3)]
        assert source.info.live
        assert (source.info.size, source.info.rate) == ((96, 64), 30)
        assert [number_of(frame.pixels) for frame in frames if frame] == [0, 1, 2]
        assert frames[0] is not None
        assert (frames[0].pixels == numbered(0)).all()


def test_size_and_rate_are_asked_for(device: type[FakeDevice], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[FakeDevice] = []
    monkeypatch.setattr(cv2, "VideoCapture", lambda *given: made.append(device(*given)) or made[-1])
    with closing(SourceChoice("camera:1", size=(1280, 720), rate=60).open()):
        asked = made[0].asked
    assert asked[cv2.CAP_PROP_FRAME_WIDTH] == 1280
    assert asked[cv2.CAP_PROP_FRAME_HEIGHT] == 720
    assert asked[cv2.CAP_PROP_FPS] == 60
    assert asked[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter_fourcc(*"MJPG")  # raw video of that size is slow
    assert made[0].released


def test_unplugged_and_plugged_in_again(device: type[FakeDevice]) -> None:
    choice = SourceChoice("0")
    with closing(choice.open()) as source:
        source.read()
        device.plugged = False
        with pytest.raises(SourceError, match="was it unplugged"):
            source.read()
    with pytest.raises(SourceError):
        choice.open()
    device.plugged = True
    with closing(choice.open()) as source:
        assert source.read() is not None


def test_no_camera_is_a_sentence_with_the_other_choices(capfd: pytest.CaptureFixture[str]) -> None:
    """The real capture call; no computer that runs tests has a camera 97."""
    with pytest.raises(SourceError) as refused:
        Camera(97)
    assert "there is no camera 97" in str(refused.value)
    assert capfd.readouterr().err == ""


def test_listed_with_the_names_that_linux_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name, index in [(0, "Webcam: Front", 0), (1, "Webcam: Front", 1), (2, "Microscope", 0)]:
        folder = tmp_path / f"video{number}"
        folder.mkdir()
        (folder / "name").write_text(name + "\n")
        (folder / "index").write_text(f"{index}\n")
    monkeypatch.setattr(cameras, "_DEVICES", tmp_path)
    monkeypatch.setattr(cameras.sys, "platform", "linux")
    assert [(camera.number, camera.name) for camera in list_cameras()] == [
        (0, "Webcam: Front"),
        (2, "Microscope"),
    ]
    with pytest.raises(SourceError, match=r"there is no camera 97; there are 0 \(Webcam: Front\), 2"):
        Camera(97)


@pytest.mark.parametrize(
    ("ref", "number"),
    [("0", 0), ("camera:3", 3), ("/dev/video2", 2), ("clip.mp4", None), ("rtsp://x", None), ("1234", None)],
)
def test_what_names_a_camera(ref: str, number: int | None) -> None:
    assert camera_number(ref) == number
