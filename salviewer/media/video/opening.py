"""Open the source that a user names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from salviewer.addresses import fit_to_show, is_address, is_screen
from salviewer.errors import SourceError
from salviewer.media.video.cameras import Camera, camera_number
from salviewer.media.video.files import VideoFile
from salviewer.media.video.folders import RATE, FrameFolder
from salviewer.media.video.frames import FrameSource
from salviewer.media.video.screens import Screen
from salviewer.media.video.streams import OPEN_SECONDS, READ_SECONDS, NetworkStream


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source and its options.

    Attributes:
        ref: a camera (``"0"``, ``"camera:0"``, ``"/dev/video0"``), the address of a stream, a part of the
            screen (``"screen:X,Y,W,H"``), a video file or a folder of frames. An existing file or folder has
            priority over a camera of that number.
        size, rate: requested from a camera; rate is also that of a folder's frames and the most of a screen.
        open_seconds, read_seconds: time limits of a stream.
    """

    ref: str
    size: tuple[int, int] | None = None
    rate: float | None = None
    open_seconds: float = OPEN_SECONDS
    read_seconds: float = READ_SECONDS

    @property
    def live(self) -> bool:
        """Whether it is a camera, a stream or a part of the screen."""
        return self._camera is not None or is_address(self.ref) or is_screen(self.ref)

    @property
    def is_camera(self) -> bool:
        """Whether it is a camera of this computer."""
        return self._camera is not None

    @property
    def shown(self) -> str:
        """`ref` for display, without passwords and tokens."""
        return fit_to_show(self.ref)

    @property
    def _camera(self) -> int | None:
        if self.ref.isdigit() and Path(self.ref).exists():
            return None
        return camera_number(self.ref)

    def open(self) -> FrameSource:
        """Open the source, within its time limits; the same thread must read and close it.

        Raises:
            SourceError: it cannot be opened; the message is one sentence.
        """
        if (number := self._camera) is not None:
            return Camera(number, self.size, self.rate)
        if is_address(self.ref):
            return NetworkStream(self.ref, self.open_seconds, self.read_seconds)
        if is_screen(self.ref):
            return Screen(self.ref, self.rate)
        path = Path(self.ref)
        if path.is_dir():
            return FrameFolder(path, self.rate or RATE)
        if not path.exists():
            raise SourceError(self.ref, "there is no such file, folder or camera")
        if path.is_file() and not path.stat().st_size:
            raise SourceError(path, "it is empty")
        return VideoFile(path)
