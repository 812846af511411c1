"""Read network streams: RTSP, MJPEG over HTTP, MPEG-TS and whatever else libavformat opens by address."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from salviewer.addresses import fit_to_show
from salviewer.errors import SourceError
from salviewer.media.video.diagnosis import why_not_opened
from salviewer.media.video.frames import Frame, FrameSource, SourceInfo
from salviewer.media.video.libav import load_av, reason
from salviewer.media.video.pixels import remarks_on, to_rgb
from salviewer.media.video.rates import guesses_rate

OPEN_SECONDS = 5.0
READ_SECONDS = 3.0
"""Seconds of silence after which a stream counts as lost."""

_BUFFER = "524288"
_RTP = {"rtsp", "rtp", "sdp"}
_UNTIMED = {"mpjpeg", "mjpeg", "mjpeg_2000", "image2pipe", "jpeg_pipe", "png_pipe"}
"""Demuxers of formats without times or a rate; libavformat invents them (25 per second)."""
_KEPT = 64  # times of packets whose frames are still in the decoder


class NetworkStream(FrameSource):
    """A live stream; each frame's time is that of its arrival.

    Args:
        url: its address.
        open_seconds, read_seconds: time limits for opening, and between two frames.

        Raises:
            SourceError: it does not open in time, or has no video.
    """

    def __init__(
        self, url: str, open_seconds: float = OPEN_SECONDS, read_seconds: float = READ_SECONDS
    ) -> None:
        self._av = load_av()
        self.name = fit_to_show(url)
        self._read_seconds = read_seconds
        options = {"fflags": "nobuffer", "probesize": _BUFFER, "analyzeduration": "1000000"}
        if url.lower().startswith("rtsp"):
            options |= {"rtsp_transport": "tcp"}
        self._container: Any = None
        begun = time.monotonic()
        try:
            self._container = self._av.open(url, options=options, timeout=(open_seconds, read_seconds))
            self._stream = self._container.streams.video[0]
        except IndexError:
            self.close()
            raise SourceError(self.name, "there is no video in this stream") from None
        except (self._av.error.FFmpegError, OSError, ValueError) as error:
            self.close()
            late = time.monotonic() - begun >= 0.9 * open_seconds
            why = f"nothing came within {open_seconds:g} s"
            if not late:
                why = why_not_opened(url, error) or reason(error)
            raise SourceError(self.name, why) from None  # the error's text has the whole address
        self._stream.thread_type = "SLICE"  # frame threads would delay frames
        self._stream.codec_context.flags |= self._av.codec.context.Flags.low_delay
        self._pictures = self._decoded()
        self._begun = time.monotonic()
        self._index = 0
        self._utc: dict[int, float] = {}
        context = self._stream.codec_context
        demuxer = set(self._container.format.name.split(","))
        clock: Literal["", "container", "rtp"] = "rtp" if demuxer & _RTP else "container"
        if demuxer & _UNTIMED:
            clock = ""
        known = clock and not guesses_rate(self._container)
        rate = float(self._stream.average_rate or 0) if known else 0.0
        self.info = SourceInfo(
            name=self.name,
            kind="stream",
            size=(context.width, context.height),
            rate=rate if rate < 1000 else 0.0,
            clock=clock,
        )

    def read(self) -> Frame:
        """Return the next frame, within about `read_seconds`."""
        if self._container is None:
            raise SourceError(self.name, "the stream is closed")
        waiting = time.monotonic()
        try:
            picture = next(self._pictures)
        except StopIteration:
            raise SourceError(self.name, "the stream has ended") from None
        except (self._av.error.FFmpegError, OSError) as error:
            late = time.monotonic() - waiting >= 0.9 * self._read_seconds
            why = (
                f"no frame came for {self._read_seconds:g} s"
                if late
                else f"the stream broke: {reason(error)}"
            )
            raise SourceError(self.name, why) from None  # the error's text has the whole address
        if new := set(remarks_on(picture)) - set(self.info.remarks):
            self.info = replace(self.info, remarks=(*self.info.remarks, *sorted(new)))
        milliseconds = round(1000 * (time.monotonic() - self._begun))
        index, self._index = self._index, self._index + 1
        own = picture.time if self.info.clock and picture.pts is not None else None
        utc = self._utc.pop(picture.pts, None)
        return Frame(to_rgb(picture), index, milliseconds, milliseconds / 1000, own, utc)

    def close(self) -> None:
        """Disconnect."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def _note_utc(self, packet: Any) -> None:
        """Keep the sender's wall clock of a packet, if RTCP gives it."""
        if packet.pts is None or not packet.has_sidedata("prft"):
            return
        (microseconds,) = struct.unpack_from("=q", bytes(packet.get_sidedata("prft")))
        self._utc[packet.pts] = microseconds / 1e6
        while len(self._utc) > _KEPT:
            self._utc.pop(next(iter(self._utc)))

    def _decoded(self) -> Iterator[Any]:
        """Yield frames; skip damaged ones for at most `read_seconds`."""
        good = time.monotonic()
        for packet in self._container.demux(self._stream):
            self._note_utc(packet)
            try:
                for picture in packet.decode():
                    good = time.monotonic()
                    yield picture
            except self._av.error.EOFError:
                return
            except self._av.error.InvalidDataError:
                if time.monotonic() - good > self._read_seconds:
                    raise
