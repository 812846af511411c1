"""Write a video file: every frame at its own time, with the sound of its source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.core.planes import Planes
from salviewer.errors import ExportError
from salviewer.media.saving import atomic_path, disk_reason, remove_leftovers
from salviewer.media.video.codecs import QUALITY, Codec, Encoder, choose_encoder
from salviewer.media.video.frames import SourceInfo
from salviewer.media.video.libav import load_av, reason
from salviewer.media.video.pixels import frame_of
from salviewer.media.video.reserved_file import ReservedFile
from salviewer.media.video.sound import Sound
from salviewer.media.written import note_written

_LEAD = 0.5  # seconds by which sound is written before its picture
_FINEST = 1_000_000  # most ticks per second in a container
_BT709, _LIMITED = 1, 1
_INDEX = 1 << 16  # bytes of header and index without packets
_INDEXED = 80  # bytes that the index has for a packet, at most


class VideoWriter:
    """Writes frames in order; made by `video_writer`.

    Attributes:
        encoder: the encoder.
        note: a remark after the end: that the sound was damaged, for example.
        sound_ends: the time, in seconds, after which the source's sound is left out.
        keeps: whether a disk that is full only when all frames were given leaves a file without the last.
    """

    keeps = False

    def __init__(
        self, target: Path, file: ReservedFile, encoder: Encoder, info: SourceInfo, size: tuple[int, int]
    ) -> None:
        self._av = load_av()
        self._target = target
        self._file = file
        self._container = self._av.open(file, "w")
        self._bytes = self._packets = 0
        self._full = False
        self.encoder = encoder
        self.note = ""
        self.sound_ends = float("inf")
        self._size = size
        rate = Fraction(info.rate).limit_denominator(1001) if info.rate > 0 else Fraction(25)
        self._tick = info.tick if info.tick.denominator <= _FINEST else Fraction(1, 90_000)
        self._scale = info.tick / self._tick
        self._step = max(1, round(1 / (rate * self._tick)))
        self._last: int | None = None
        self._stream = self._container.add_stream(encoder.name, rate=rate, options=encoder.options)
        context = self._stream.codec_context
        context.width, context.height, context.pix_fmt = *size, "yuv420p"
        context.time_base = self._stream.time_base = self._tick
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED
        if info.pixel_aspect != 1:
            context.sample_aspect_ratio = info.pixel_aspect
        context.thread_count = 0
        self._sound: Sound | None = None

    def add_sound(self, source: Path, suffix: str, origin: Fraction) -> bool:
        """Add the sound of a file; call it before the first frame.

        Returns:
            whether frames can be written: a container that refuses the sound accepts no pictures either, and
            another is needed.
        """
        try:
            self._sound = Sound(source, self._container, suffix, origin)
        except (self._av.error.FFmpegError, OSError, ValueError) as error:
            self.note = _untaken(error)
            return True
        try:
            self._container.start_encoding()  # its header lists all streams
        except self._av.error.FFmpegError as error:
            if isinstance(error, OSError):
                raise  # an error of the disk
            self.note = _untaken(error)
            return False
        return True

    def write(self, drawn: NDArray[np.uint8] | Planes, ticks: int) -> None:
        """Write the next frame.

        Args:
            drawn: uint8, (H, W, 3) sRGB, of the size of the first; or its planes.
            ticks: its time in units of the source's tick; later than the previous one.

        Raises:
            ValueError: another size.
            ExportError: the disk does not take it. What came before is a whole file if the block ends well.
        """
        height, width = drawn.shape[:2]
        if (width, height) != self._size:
            raise ValueError(f"frames are {self._size[0]} x {self._size[1]}, not {width} x {height}")
        at = round(ticks * self._scale)
        if self._last is not None:
            at = max(at, self._last + 1)
        self._last = at
        frame = frame_of(drawn)
        frame.pts, frame.time_base, frame.duration = at, self._tick, self._step
        self._put(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder and the sound still hold, unless the disk is full."""
        if self._full:
            return
        try:
            self._put(self._stream.encode(None))
            if self._sound is not None:
                self._put_sound(self.sound_ends)
                self.note = self.note or self._sound.note
        except ExportError:
            if not (self._full and self.keeps):
                raise
            self.note = "; ".join(filter(None, (self.note, "the disk is full: the last frames are left out")))

    def close(self) -> None:
        """Write the index, close the file and the sound's."""
        try:
            if self._sound is not None:
                self._sound.close()
            self._container.close()
        finally:
            self._file.close()

    def _put(self, packets: Any) -> None:
        for packet in packets:
            if self._sound is not None and packet.dts is not None:
                self._put_sound(float(packet.dts * packet.time_base) + _LEAD)
            self._mux(packet)

    def _mux(self, packet: Any) -> None:
        """Write a packet, if there is room for it and for the index of all so far."""
        self._bytes += packet.size
        self._packets += 1
        try:
            self._file.reserve(self._bytes + _INDEX + _INDEXED * self._packets)
        except OSError as error:
            self._full = True
            raise ExportError(self._target, f"it could not be written: {disk_reason(error)}") from error
        self._container.mux(packet)

    def _put_sound(self, seconds: float) -> None:
        """Write the sound before this time. If the container refuses a packet, only its track ends."""
        assert self._sound is not None
        for packet in self._sound.until(seconds):
            try:
                self._mux(packet)
            except self._av.error.FFmpegError as error:
                if isinstance(error, OSError):
                    raise  # an error of the disk
                self._sound.refuse(packet, error)


def _untaken(error: BaseException) -> str:
    return f"its sound could not be taken over: {reason(error)}"


@contextmanager
def video_writer(
    path: str | PathLike[str],
    info: SourceInfo,
    size: tuple[int, int],
    *,
    codec: Codec = "auto",
    quality: int = QUALITY,
    sound: Path | None = None,
    keeps: bool = False,
) -> Iterator[VideoWriter]:
    """Yield a writer whose file gets its name after the block, and is removed after an error.

    Room for the index is always kept, so that a recording that a full disk ends can be played.

    The file is recorded as a result of this program.

    Args:
        path: the file, with one of `codecs.VIDEO_EXPORT_SUFFIXES`; an existing one is replaced.
        info: the source whose times are kept.
        size: (width, height) of the frames.
        codec, quality: see `codecs.choose_encoder`.
        sound: the file whose sound is taken over; None for silence.
        keeps: of a recording, which cannot be repeated: see `VideoWriter.keeps`.

    Raises:
        ExportError: it cannot be written, or not in this format.
    """
    target = Path(path)
    encoder = choose_encoder(target, codec, size, quality)
    av = load_av()
    remove_leftovers(target.absolute().parent)
    with atomic_path(target) as temporary:
        try:
            writer = VideoWriter(target, ReservedFile(temporary), encoder, info, size)
            try:
                if sound is not None and not writer.add_sound(sound, target.suffix.lower(), info.origin):
                    note = writer.note
                    with suppress(av.error.FFmpegError):
                        writer.close()
                    writer = VideoWriter(target, ReservedFile(temporary), encoder, info, size)
                    writer.note = note
                writer.keeps = keeps
                yield writer
                writer.finish()
            finally:
                writer.close()
        except av.error.FFmpegError as error:
            if isinstance(error, OSError):
                raise  # atomic_path gives the disk's own reason
            raise ExportError(path, f"it could not be encoded: {reason(error)}") from error
    note_written(target)
