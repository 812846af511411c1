"""List and read this computer's cameras. Only `cv2.VideoCapture` touches the device."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from salviewer.errors import SourceError
from salviewer.first_use import cv2
from salviewer.media.video.frames import Frame, FrameSource, SourceInfo

os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")  # longest silence in seconds; default 10

_DEVICES = Path("/sys/class/video4linux")
_ASKED = 4  # cameras that are offered by number if the system gives no names
_FOURCC = int.from_bytes(b"MJPG", "little")
_PLAIN_WIDTH = 640  # wider pictures are requested compressed, since USB carries only a few plain ones


@dataclass(frozen=True, slots=True)
class CameraEntry:
    """A camera that can be opened.

    Attributes:
        number: opens it.
        name: the system's name; "Camera 0" if there is none.
    """

    number: int
    name: str


def list_cameras() -> tuple[CameraEntry, ...]:
    """List the cameras by number. On Linux, those that are plugged in, with names; none is opened.

    Elsewhere, names are not available without opening every camera, so numbers are offered.
    """
    if not sys.platform.startswith("linux"):
        return tuple(CameraEntry(number, f"Camera {number}") for number in range(_ASKED))
    found = []
    for device in _DEVICES.glob("video*") if _DEVICES.is_dir() else ():
        try:
            first = int((device / "index").read_text()) == 0  # a camera's other devices give no pictures
            name = (device / "name").read_text().strip()
        except (OSError, ValueError):
            continue
        if first:
            found.append(CameraEntry(int(device.name.removeprefix("video")), name or device.name))
    return tuple(sorted(found, key=lambda camera: camera.number))


def camera_number(ref: str) -> int | None:
    """Return the camera that ``"0"``, ``"camera:0"`` or ``"/dev/video0"`` names; None if it names none."""
    match = re.fullmatch(r"(?:camera:|/dev/video)?(\d{1,3})", ref.strip())
    return int(match[1]) if match else None


class Camera(FrameSource):
    """A camera.

    Args:
        number: of `CameraEntry`.
        size: requested (width, height); the camera uses its nearest one. None for its default.
        rate: requested frames per second; None for its default.

        Raises:
            SourceError: there is no such camera, or another program uses it.
    """

    def __init__(
        self, number: int = 0, size: tuple[int, int] | None = None, rate: float | None = None
    ) -> None:
        names = {camera.number: camera.name for camera in list_cameras()}
        self.name = names.get(number, f"Camera {number}")
        asked: list[int] = []
        if size is not None:
            if size[0] > _PLAIN_WIDTH:
                asked += [cv2.CAP_PROP_FOURCC, _FOURCC]
            asked += [cv2.CAP_PROP_FRAME_WIDTH, size[0], cv2.CAP_PROP_FRAME_HEIGHT, size[1]]
        if rate is not None:
            asked += [cv2.CAP_PROP_FPS, round(rate)]
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # the error is raised below
        self._capture = cv2.VideoCapture(number, cv2.CAP_ANY, asked)
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceError(self.name, _why_not(number, names))
        self._begun = time.monotonic()
        self._index = 0
        self.info = SourceInfo(
            name=self.name,
            kind="camera",
            size=(
                round(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
                round(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            ),
            rate=float(self._capture.get(cv2.CAP_PROP_FPS)),
        )

    def read(self) -> Frame:
        """Return the next frame. Only a failing read shows that it was unplugged: `isOpened` stays True."""
        done, pixels = self._capture.read()
        if not done or pixels is None:
            raise SourceError(self.name, "the camera gives no pictures any more; was it unplugged?")
        milliseconds = round(1000 * (time.monotonic() - self._begun))
        index, self._index = self._index, self._index + 1
        rgb = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)
        return Frame(rgb, index, milliseconds, milliseconds / 1000)

    def close(self) -> None:
        """Release the camera."""
        self._capture.release()


def _why_not(number: int, names: dict[int, str]) -> str:
    if number in names and sys.platform.startswith("linux"):
        return "it cannot be opened; another program may be using it, or you may not be allowed to"
    others = "; there are " + ", ".join(f"{n} ({name})" for n, name in names.items() if n != number)
    if sys.platform.startswith("linux") and names:
        return f"there is no camera {number}{others}"
    return (
        f"there is no camera {number}; connect one, or open a video file, a folder of frames or a stream"
        " (rtsp://..., http://...)"
    )
