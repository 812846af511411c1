"""Hostile documents cost one sentence, within the limits on time and memory that are stated."""

import gzip
import random
import struct
import threading
import time

import numpy as np
import psutil
import pytest

from salviewer.errors import ImageError
from salviewer.media.images import decode_picture, find_pictures, load_picture
from salviewer.media.openers import limits, process
from tests.documents import artboard_layers, encrypted_pdf, labelled_pdf, pdf_file, photoshop, slow_pdf

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'>{}</svg>"
PLAIN = SVG.format("<rect width='300' height='300'/>").encode()


def refusal(content: bytes, name: str = "name") -> str:
    with pytest.raises(ImageError) as caught:
        decode_picture(content, name)
    assert str(caught.value).startswith(f"{name}: ") and "\n" not in str(caught.value)
    return caught.value.reason


def opens_or_says_why(content: bytes) -> None:
    try:
        assert decode_picture(content, "name").pixels.dtype == np.uint8
    except ImageError as error:
        assert "\n" not in str(error) and "Error" not in error.reason


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 1)


def laughs() -> bytes:
    entities = "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
    return f"<!DOCTYPE svg [<!ENTITY a0 'x'>{entities}]>{SVG.format('<text>&a11;</text>')}".encode()


def blurred() -> bytes:
    filters = "<filter id='f'><feMorphology radius='1000'/><feGaussianBlur stdDeviation='1000'/></filter>"
    return SVG.format(filters + "<rect filter='url(#f)' width='300' height='300'/>" * 900).encode()


@pytest.mark.parametrize(("name", "content"), [("a.pdf", slow_pdf()), ("a.svg", blurred())])
def test_what_takes_for_ever_is_ended_and_the_next_one_opens(monkeypatch, name, content):
    with monkeypatch.context() as patch:
        patch.setattr(limits, "SECONDS", 1)
        assert refusal(content, name) == "drawing it took longer than 1 seconds, so it was stopped"
    assert decode_picture(PLAIN, "name").full_size == (1024, 1024)


def test_a_page_that_takes_for_ever_keeps_no_other_waiting(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 3)
    reasons: list[str] = []
    slow = threading.Thread(target=lambda: reasons.append(refusal(slow_pdf(), "a.pdf")))
    slow.start()
    while not process._shared.busy:
        time.sleep(0.01)
    assert decode_picture(PLAIN, "name").full_size == (1024, 1024)
    assert slow.is_alive()
    slow.join()
    assert reasons == ["drawing it took longer than 3 seconds, so it was stopped"]


def test_what_takes_all_memory_is_ended(monkeypatch):
    monkeypatch.setattr(limits, "MEMORY", 2**25)  # less than the process has when it starts
    assert refusal(slow_pdf(), "a.pdf").startswith("drawing it needs more than 0.03125 GB of memory")


def test_the_process_has_limits_of_its_own():
    decode_picture(PLAIN, "name")
    started = process._shared._started
    assert started is not None
    if hasattr(psutil.Process, "rlimit"):
        assert psutil.Process(started.pid).rlimit(psutil.RLIMIT_DATA)[0] == limits.MEMORY


def test_a_process_that_was_killed_is_started_again():
    decode_picture(PLAIN, "name")
    started = process._shared._started
    assert started is not None
    started.kill()
    started.wait()
    assert decode_picture(PLAIN, "name").full_size == (1024, 1024)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (laughs(), "its SVG data are damaged"),
        (SVG.format("<g>" * 9000 + "</g>" * 9000).encode(), "its groups are nested more than 400 deep"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect", "its SVG data are damaged"),
    ],
)
def test_svg_bombs(content, reason):
    assert reason in refusal(content, "a.svg")


def test_deep_and_huge_drawings_open():
    deep = SVG.format("<g opacity='.99'>" * 390 + "<rect width='9' height='9'/>" + "</g>" * 390)
    assert decode_picture(deep.encode(), "a.svg").full_size == (1024, 1024)
    huge = SVG.format("<rect width='9' height='9'/>").replace("300", "1e9", 1).replace("300", "1")
    assert decode_picture(huge.encode(), "a.svg").full_size == (limits.SVG_SIDE, 1)


def test_a_compressed_svg_that_grows_is_refused(monkeypatch):
    text = PLAIN.replace(b"</svg>", b" " * (limits.SVG_BYTES + 1) + b"</svg>")
    assert "more than 64 MB" in refusal(gzip.compress(text, 1), "a.svgz")


def test_entities_of_a_drawing_read_no_file(tmp_path):
    (tmp_path / "secret").write_text("secret")
    text = f"<!DOCTYPE svg [<!ENTITY a SYSTEM '{tmp_path / 'secret'}'>]>" + SVG.format("<text>&a;</text>")
    assert refusal(text.encode()) == "its SVG data are damaged"


def test_spoiled_documents(tmp_path):
    chance = random.Random(21)
    seeds = [labelled_pdf(), pdf_file(tmp_path / "a.pdf", 1, (40, 30)).read_bytes(), encrypted_pdf(), PLAIN]
    seeds.append(photoshop((8, 8), [bytes(64)] * 3, layers=artboard_layers({"a": (0, 0, 4, 4)})))
    for seed in seeds:
        for _ in range(40):
            spoiled = bytearray(seed)
            for _ in range(chance.choice((1, 3, 20))):
                spoiled[chance.randrange(4, len(seed))] = chance.randrange(256)
            kept = chance.choice((len(seed), chance.randrange(1, len(seed))))
            opens_or_says_why(bytes(spoiled[:kept]))


@pytest.mark.parametrize("compression", [0, 1])
@pytest.mark.parametrize("large", [False, True])
def test_photoshop_files_that_lie_about_their_size(large, compression):
    rows = struct.pack(">I" if large else ">H", 2) * 4 * 3 + b"\x81\0" * 12 if compression else bytes(48)
    side = 300_000 if large else 30_000
    for size in ((side, side), (side, 4), (4, side), (5, 5)):
        reason = refusal(photoshop(size, [rows, b"", b""], large=large, compression=compression))
        assert "truncated" in reason or "damaged" in reason or "of memory to open" in reason
    assert "damaged" in refusal(photoshop((side + 1, 1), [rows] * 3, large=large))
    assert "damaged" in refusal(photoshop((0, 4), [rows] * 3, large=large))


def test_a_folder_is_listed_again_without_trying_again(short, tmp_path, monkeypatch):
    (tmp_path / "slow.pdf").write_bytes(b"%PDF-1.7 damaged")
    assert find_pictures([tmp_path]) == [tmp_path / "slow.pdf"]
    monkeypatch.setattr(process, "ask", None)
    assert find_pictures([tmp_path]) == [tmp_path / "slow.pdf"]


def test_a_page_that_is_gone(tmp_path):
    document = pdf_file(tmp_path / "b.pdf")
    page = document / "b-p02.pdf"
    load_picture(page)
    document.unlink()
    with pytest.raises(ImageError, match="there is no such file"):
        load_picture(page)
