"""Network streams served on loopback: they open, keep order, and die with a sentence within their limits."""

from __future__ import annotations

import http.server
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from salviewer.addresses import fit_to_show, stem_of
from salviewer.errors import ImageError, SourceError
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.streams import NetworkStream
from tests.video.loopback import Served, mjpeg, rtsp
from tests.video.videos import number_of

KINDS = [mjpeg, rtsp]
LIMIT = 10.0
"""Seconds: far from any limit set here, and far from the 30 s that a silent stream blocks without one."""

Serve = Callable[[], AbstractContextManager[Served]]


@pytest.mark.parametrize("serve", KINDS)
def test_frames_come_in_order(serve: Serve) -> None:
    with serve() as served, closing(SourceChoice(served.url).open()) as source:
        frames = [source.read() for _ in range(8)]
        assert source.info.live
        assert source.info.size == (96, 64)
        numbers = [number_of(frame.pixels) for frame in frames if frame is not None]
        assert numbers == list(range(numbers[0], numbers[0] + 8))
        times = [frame.seconds for frame in frames if frame is not None]
        assert times == sorted(times)


@pytest.mark.parametrize("serve", KINDS)
def test_cut_in_the_middle_of_a_frame_it_ends_with_a_sentence_and_opens_anew(serve: Serve) -> None:
    with serve() as served:
        with closing(NetworkStream(served.url, read_seconds=1)) as source:
            source.read()
            served.cut.set()
            with pytest.raises(SourceError, match=f"{served.url}: the (stream|connection)"):
                while True:
                    source.read()
        served.cut.clear()
        with closing(NetworkStream(served.url)) as source:
            assert source.read() is not None


@pytest.mark.parametrize("serve", KINDS)
def test_silence_is_given_up(serve: Serve) -> None:
    with serve() as served, closing(NetworkStream(served.url, read_seconds=0.3)) as source:
        source.read()
        served.stop.set()
        begun = time.monotonic()
        with pytest.raises(SourceError, match=r"no frame came for 0\.3 s"):
            while True:
                source.read()
        assert time.monotonic() - begun < LIMIT


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_server_that_never_answers(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(SourceError, match=r"nothing came within 0\.3 s"):
            NetworkStream(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/", 0.3, 0.3)
        assert time.monotonic() - begun < LIMIT


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(SourceError, match="refused"):
        NetworkStream(f"http://127.0.0.1:{port}/")


@contextmanager
def answering(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[str]:
    """An HTTP server with these (status, headers, body) at these paths."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            status, headers, body = answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_each_way_of_being_no_stream_has_its_own_sentence() -> None:
    page = (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>" + b"a camera" * 400)
    answers = {
        "/page": page,
        "/moved": (302, {"Location": "/page"}, b""),
        "/circle": (302, {"Location": "/circle?token=secret"}, b""),
        "/circle?token=secret": (302, {"Location": "/circle"}, b""),
        "/json": (200, {"Content-Type": "application/json"}, b"{}" * 2000),
        "/broken": (500, {}, b""),
    }
    reasons = {}
    with answering(answers) as base:
        for path in ("/page", "/moved", "/circle", "/json", "/broken"):
            with pytest.raises(SourceError) as refused:
                NetworkStream(base + path)
            reasons[path] = refused.value.reason
    assert reasons["/page"] == reasons["/moved"]
    assert "web page" in reasons["/page"]
    assert "redirects in a circle" in reasons["/circle"] and "secret" not in reasons["/circle"]
    assert "application/json" in reasons["/json"]
    assert "500" in reasons["/broken"]


def test_a_host_that_nobody_knows() -> None:
    for scheme in ("http", "rtsp"):
        with pytest.raises(SourceError, match=r'the host "nowhere\.invalid" is not known'):
            NetworkStream(f"{scheme}://nowhere.invalid/live")


def test_a_server_that_refuses() -> None:
    with mjpeg() as served:
        served.refuse.set()
        with pytest.raises(SourceError, match=served.url):
            NetworkStream(served.url)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://user:secret@host/x", "rtsp://host/x"),
        ("rtsp://user:sec@ret@host:554/x", "rtsp://host:554/x"),
        ("rtsp://user:sec/ret@host/x", "rtsp://host/x"),
        ("rtsp://user:sec#ret@host/x?a=1", "rtsp://host/x?a=1"),
        ("http://[::1]:80/@x/live", "http://[::1]:80/@x/live"),
        ("http://host:80/@x/live", "http://host:80/@x/live"),
        ("http:/user:secret@host/x", "http:/host/x"),  # as a path has it
        ("http://host/x?token=secret&n=3", "http://host/x?token=***&n=3"),
        ("http://host/x?n=3&X-Amz-Signature=secret", "http://host/x?n=3&X-Amz-Signature=***"),
        ("http://host/x;jsessionid=secret?api_key=secret#access_token=secret",
         "http://host/x;jsessionid=***?api_key=***#access_token=***"),
        ("srt://host:9000?passphrase=secret&mode=caller", "srt://host:9000?passphrase=***&mode=caller"),
        ("rtmp://host/live/streamkey", "rtmp://host/live/***"),
        ("rtmps://user:secret@host:443/app/inst/streamkey?a=1", "rtmps://host:443/app/inst/***?a=1"),
        ("rtmp://host/live", "rtmp://host/live"),
        ("rtmp://host", "rtmp://host"),
        ("rtsp://host/live/channel", "rtsp://host/live/channel"),
        ("https://host/live;token=secret/x.m3u8", "https://host/live;token=***/x.m3u8"),
        ("https://host/token=secret/live/x.m3u8;a=1", "https://host/token=***/live/x.m3u8;a=1"),
        ("https://host/hdnts=exp=15~acl=/*~hmac=secret/x.m3u8", "https://host/hdnts=exp=15~acl=/*~hmac=***/x.m3u8"),
        ("https://host/token=c2VjcmV0==/x", "https://host/token=***/x"),
        ("srt://host:9000?streamid=publish:secret", "srt://host:9000?streamid=***"),
        ("photo.png", "photo.png"),
        ("C:/a@b/c?token=1.png", "C:/a@b/c?token=1.png"),
        ("file:///a@b/c", "file:///a@b/c"),
    ],
)  # fmt: skip
def test_what_of_an_address_is_shown(address: str, shown: str) -> None:
    assert fit_to_show(address) == shown


@pytest.mark.parametrize(
    ("address", "stem"),
    [
        ("http://host/cam/live.mjpg?token=secret", "live"),
        ("rtsp://user:secret@host", "host"),
        ("rtsp://host/stream1/", "stream1"),
        ("rtmp://host/live/streamkey", "live"),
        ("http://user:sec/ret@host/a:b.m3u8", "a_b"),
    ],
)
def test_what_files_of_a_stream_are_called(address: str, stem: str) -> None:
    assert stem_of(address) == stem


def test_passwords_are_not_shown() -> None:
    for address in ("http://user:secret@127.0.0.1:1/", "http://127.0.0.1:1/?token=secret"):
        with pytest.raises(SourceError) as refused:
            NetworkStream(address)
        assert "secret" not in "".join(traceback.format_exception(refused.value))
    assert "secret" not in str(ImageError(Path("rtsp://user:secret@host/x"), "there is no such file"))
