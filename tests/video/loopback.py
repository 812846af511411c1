"""Streams on loopback, served from frames: MJPEG over HTTP, and RTSP with H.264."""

from __future__ import annotations

import http.server
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.video.videos import numbered

Picture = Callable[[int], NDArray[np.uint8]]


@dataclass
class Served:
    """A stream that is being served, and how to disturb it.

    Attributes:
        url: where.
        stop: frames no longer come, while the connection stays.
        cut: the connection ends in the middle of a frame.
        refuse: new connections are hung up on.
        asked: how often somebody connected.
        sent: frames sent in all.
    """

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    cut: threading.Event = field(default_factory=threading.Event)
    refuse: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    sent: int = 0
    ended: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve_file(path: Path) -> Iterator[str]:
    """The address of a file over HTTP, for as many connections as ask for it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 5

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(path.read_bytes())

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{path.name}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mjpeg(rate: float = 30, picture: Picture = numbered, last: int | None = None) -> Iterator[Served]:
    """An MJPEG stream over HTTP; it ends in good order after frame `last`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 5  # of a write to somebody who does not read

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            served.asked += 1
            if served.refuse.is_set():
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            index, begun = 0, time.monotonic()
            while not served.ended.is_set() and (last is None or index <= last):
                if served.stop.is_set():
                    served.ended.wait()
                    return
                part = _jpeg(picture(index))
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(part)}\r\n\r\n".encode()
                try:
                    if served.cut.is_set():
                        self.wfile.write(head + part[: len(part) // 2])
                        return
                    self.wfile.write(head + part + b"\r\n")
                except OSError:
                    return
                served.sent += 1
                index += 1
                served.ended.wait(max(0.0, begun + index / rate - time.monotonic()))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # closing waits for them
    served = Served(f"http://127.0.0.1:{server.server_address[1]}/live.mjpg")
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def rtsp(rate: float = 25, picture: Picture = numbered, codec: str = "libx264") -> Iterator[Served]:
    """An RTSP server with one H.264 stream, interleaved in the connection (RFC 2326, 10.12)."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.1)
    served = Served(f"rtsp://127.0.0.1:{listening.getsockname()[1]}/live")

    def accept() -> None:
        while not served.ended.is_set():
            try:
                connection = listening.accept()[0]
            except TimeoutError:
                continue
            served.asked += 1
            with connection:
                if not served.refuse.is_set():
                    with suppress(OSError):  # the viewer hung up
                        _converse(connection, served, rate, picture, codec)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.ended.set()
        thread.join()
        listening.close()


def _converse(connection: socket.socket, served: Served, rate: float, picture: Picture, codec: str) -> None:
    connection.settimeout(5)
    asked = connection.makefile("rb")
    while not served.ended.is_set():
        lines = list(iter(lambda: asked.readline().decode().strip(), ""))
        if not lines:
            return
        method = lines[0].split()[0]
        sequence = next(line for line in lines if line.lower().startswith("cseq"))
        head, body = "", ""
        if method == "OPTIONS":
            head = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = (
                "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track\r\n"
            )
            head = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            head = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"
        elif method == "PLAY":
            head = "Session: 1\r\n"
        connection.sendall(f"RTSP/1.0 200 OK\r\n{sequence}\r\n{head}\r\n{body}".encode())
        if method == "PLAY":
            _play(connection, served, rate, picture, codec)
            return


def _play(connection: socket.socket, served: Served, rate: float, picture: Picture, codec: str) -> None:
    """libavformat's RTP packets and its RTCP sender reports are caught on two UDP ports and sent on."""
    with ExitStack() as stack:
        packets, reports = _ports(stack)
        address = f"rtp://127.0.0.1:{packets.getsockname()[1]}"
        with av.open(address, "w", format="rtp") as container:
            stream = container.add_stream(codec, rate=round(rate))
            height, width = picture(0).shape[:2]
            stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, height, "yuv420p", 10
            stream.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "12"}
            begun = time.monotonic()
            for index in range(1 << 30):
                frame = av.VideoFrame.from_ndarray(picture(index), "rgb24")
                container.mux(stream.encode(frame))
                for report in _caught(reports):  # one at the start, then every five seconds
                    connection.sendall(b"$\x01" + len(report).to_bytes(2, "big") + report)
                for packet in _caught(packets):
                    framed = b"$\x00" + len(packet).to_bytes(2, "big") + packet
                    if served.cut.is_set():
                        connection.sendall(framed[: len(framed) // 2])
                        return
                    connection.sendall(framed)
                served.sent += 1
                if served.stop.is_set():
                    served.ended.wait()
                if served.ended.wait(max(0.0, begun + (index + 1) / rate - time.monotonic())):
                    return


def _caught(packets: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            packet = packets.recv(65536)
        except BlockingIOError:
            return
        yield packet


def _ports(stack: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Two UDP ports next to each other, the first with an even number: for RTP and for RTCP."""
    while True:
        pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        try:
            pair[0].bind(("127.0.0.1", 0))
            number = pair[0].getsockname()[1]
            if number % 2:
                raise OSError("odd")
            pair[1].bind(("127.0.0.1", number + 1))
        except OSError:
            for each in pair:
                each.close()
            continue
        for each in pair:
            each.setblocking(False)
            stack.enter_context(each)
        return pair[0], pair[1]


def _jpeg(pixels: NDArray[np.uint8]) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "JPEG", quality=90)
    return encoded.getvalue()
