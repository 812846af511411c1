"""What cannot be opened is refused with one sentence, and never hangs."""

import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data
from test_images_formats import encoded

from salviewer.errors import ImageError
from salviewer.media.images import MEMORY_LIMIT, decode_picture, load_picture

CHELSEA = data.chelsea()


def refusal(path_or_bytes) -> str:
    """The sentence, which must be one line, start with the name and speak no program's language."""
    with pytest.raises(ImageError) as caught:
        if isinstance(path_or_bytes, bytes):
            decode_picture(path_or_bytes, "name")
        else:
            load_picture(path_or_bytes)
    sentence = str(caught.value)
    name = "name" if isinstance(path_or_bytes, bytes) else str(path_or_bytes)
    assert sentence.startswith(f"{name}: ")
    reason = sentence[len(name) + 2 :]
    assert "\n" not in reason and not reason.endswith(".") and 10 < len(reason) < 160
    for jargon in ("Error", "Traceback", "0x", "PIL", "cv2", "Errno", "buffer", "codec"):
        assert jargon not in reason
    return reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"Dear diary,\n", "it is not a picture, or of a kind that is not supported"),
        (b"\0" * 5000, "it is not a picture, or of a kind that is not supported"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'>", "its SVG data are damaged"),
        (b"%PDF-1.7\n", "its PDF data are damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript and EPS are not supported; export it as PNG first"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "its HEIC data are damaged"),
        (b"\0\0\0\x18ftypisom" + bytes(50), "it is a video, not a picture"),
        (b"\x89PNG\r\n\x1a\n", "its PNG header is damaged"),
        (b"\xff\x0a" + bytes(50), "its JPEG XL data are damaged"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(50), "its JPEG XL data are damaged"),
        (b"DDS |\0\0\0" + bytes(120), "DDS textures are not supported; export it as PNG first"),
        (b"icns" + bytes(50), "ICNS icons are not supported; export it as PNG first"),
        (b"SIMPLE  =                    T", "FITS is not supported; export it as PNG first"),
        (b"v/1\x01" + bytes(50), "OpenEXR is not supported; export it as PNG first"),
        (b"\0\0\0\x18ftypcrx " + bytes(50), "camera raw pictures are not supported; export it as JPEG first"),
        (b"FUJIFILMCCD-RAW 0201", "camera raw pictures are not supported; export it as JPEG first"),
        (b"\x1aE\xdf\xa3" + bytes(50), "it is a video, not a picture"),
    ],
)
def test_not_a_picture(tmp_path, content, reason):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    assert refusal(path) == reason
    assert refusal(content) == reason


def test_postscript_is_not_run(tmp_path):
    """Pillow would hand an EPS to Ghostscript; this one asks it to write a file."""
    trace = tmp_path / "trace"
    content = (
        f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({trace}) (w) file closefile showpage\n%%EOF\n"
    )
    path = tmp_path / "a.png"
    path.write_text(content)
    refusal(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    "fmt", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "QOI", "JPEG2000", "AVIF"]
)
def test_truncated(tmp_path, fmt):
    whole = encoded(CHELSEA, fmt)
    path = tmp_path / "half"
    path.write_bytes(whole[: len(whole) // 2])
    refusal(path)
    refusal(whole[: len(whole) // 2])


def test_truncated_says_so():
    for fmt in ("JPEG", "PNG", "BMP"):
        whole = encoded(CHELSEA, fmt)
        assert "truncated or still being written" in refusal(whole[: len(whole) // 2])


def test_tiff_with_fewer_rows_of_data_than_it_claims():
    whole = encoded(np.zeros((257, 300, 3), np.uint8), "TIFF")
    more = whole.replace((257).to_bytes(4, "little"), (9257).to_bytes(4, "little"), 1)
    assert more != whole
    assert "truncated" in refusal(more)


def test_damaged_says_so():
    whole = bytearray(encoded(CHELSEA, "PNG"))
    whole[len(whole) // 2] ^= 0xFF
    assert refusal(bytes(whole)) == "its PNG data are damaged"


def test_folder(tmp_path):
    assert refusal(tmp_path) == "it is a folder, not a picture"


def test_missing(tmp_path):
    assert refusal(tmp_path / "none.jpg") == "there is no such file"
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "a.jpg") == "there is no such file"


def test_dangling_and_circular_links(tmp_path):
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "none")
    assert refusal(tmp_path / "dangling.jpg") == "there is no such file"
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    refusal(tmp_path / "loop.jpg")


def test_impossible_names(tmp_path):
    refusal(tmp_path / ("a" * 300 + ".jpg"))
    with pytest.raises(ImageError, match="not a valid file name"):
        load_picture("a\0b.jpg")


def test_no_permission(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(CHELSEA, "PNG"))
    path.chmod(0)
    if os.geteuid() != 0:
        assert refusal(path) == "you do not have permission to read it"
        return
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    os.seteuid(65534)  # root may read everything
    try:
        assert refusal(path) == "you do not have permission to read it"
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_and_device_do_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    reasons = []
    paths = [tmp_path / "pipe.png", Path("/dev/zero"), Path("/dev/stdin")]
    worker = threading.Thread(target=lambda: reasons.extend(map(refusal, paths)), daemon=True)
    worker.start()
    worker.join(10)
    assert not worker.is_alive()
    assert reasons[:2] == ["it is a pipe or a device, not a picture file"] * 2


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny PNG with a large size in its header."""
    stored = encoded(np.zeros((4, 4, 3), np.uint8), "PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + stored[24:29]
    return stored[:12] + header + struct.pack(">I", zlib.crc32(header)) + stored[33:]


def test_bomb_is_refused_by_its_header():
    limit = f"(the limit is {MEMORY_LIMIT >> 30}.0 GB)"
    reason = refusal(png_that_claims(60_000, 60_000))
    assert reason == f"its 60000 x 60000 pixels would take 13.4 GB of memory to open {limit}"
    refusal(png_that_claims(2**31 - 1, 2**31 - 1))


@pytest.mark.parametrize("fmt", ["GIF", "BMP", "TIFF", "JPEG2000", "PPM"])
def test_bombs_of_other_formats(fmt):
    whole = encoded(np.zeros((257, 257, 3), np.uint8), fmt)
    huge = {"GIF": (b"\x01\x01", b"\xff\xff"), "PPM": (b"257", b"65521")}.get(fmt)
    if huge is None:
        order = ">" if fmt == "JPEG2000" else "<"
        small, large = (int(n).to_bytes(4, "big" if order == ">" else "little") for n in (257, 70_000))
        huge = (small, large)
    bomb = whole.replace(*huge)
    assert bomb != whole
    refusal(bomb)


def test_progressive_jpeg_counts_what_its_decoder_keeps():
    """Its decoder holds the coefficients of the whole picture however small the result."""
    stored = encoded(Image.new("RGB", (64, 64)), "JPEG", progressive=True)
    frame = stored.index(b"\xff\xc2") + 5
    reason = refusal(stored[:frame] + (60_000).to_bytes(2, "big") * 2 + stored[frame + 4 :])
    assert "60000 x 60000 pixels would take" in reason


def test_nothing_is_printed_on_a_terminal(tmp_path):
    """Libraries under the decoders like to write to stderr themselves."""
    files = []
    for fmt in ("JPEG", "PNG", "TIFF", "WEBP", "GIF"):
        whole = bytearray(encoded(CHELSEA, fmt))
        for part in (bytes(whole[: len(whole) // 2]), bytes(whole[:40]) + os.urandom(len(whole) - 40)):
            files.append(tmp_path / f"{len(files)}.{fmt}")
            files[-1].write_bytes(part)
    code = """if True:
        import sys
        from salviewer.media.images import load_picture
        from salviewer.errors import ImageError
        for path in sys.argv[1:]:
            try: load_picture(path)
            except ImageError: pass
    """
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr == "" and done.stdout == ""


def bitmap(compression: int, masks: tuple[int, ...] = ()) -> bytes:
    """A 4x4 BMP of 16 bits a pixel with these bit fields."""
    head = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 16, compression, 32, 0, 0, 0, 0)
    head += struct.pack(f"<{len(masks)}I", *masks)
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + 32, 0, 0, 14 + len(head)) + head + bytes(32)


def test_what_is_not_supported_is_not_called_damaged():
    assert refusal(bitmap(3, (0x0F00, 0x00F0, 0x000F))) == (
        "BMP of this kind is not supported; export it as PNG first"
    )
    assert refusal(bitmap(11)) == "BMP of this kind is not supported; export it as PNG first"


@pytest.mark.parametrize("fmt", ["BMP", "PNG", "JPEG2000", "WEBP", "GIF", "PSD", "TIFF"])
def test_a_sentence_never_names_another_format(fmt):
    """Headers of every format, with each byte spoiled in turn."""
    titles = {"JPEG2000": "JPEG 2000", "WEBP": "WebP"}
    if fmt == "PSD":
        content = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 4, 4, 8, 3) + bytes(12) + bytes(50)
    else:
        content = encoded(Image.fromarray(CHELSEA[:20, :20]), fmt)
    for place in range(4, min(len(content), 60)):
        spoiled = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        try:
            decode_picture(spoiled, "name")
        except ImageError as error:
            said = error.reason.removesuffix("; export it as PNG first")
            for title in ("TIFF", "BMP", "PNG", "JPEG 2000", "WebP", "GIF", "PSD"):
                assert title == titles.get(fmt, fmt) or title not in said, (place, said)


def test_libtiff_writes_nothing_to_the_terminal(tmp_path):
    content = bytearray(encoded(Image.fromarray(CHELSEA), "TIFF", compression="tiff_lzw"))
    for place in range(2000, 90000, 97):
        content[place] ^= 0x5A
    (tmp_path / "a.tif").write_bytes(content)
    program = (
        "import sys; from salviewer.media.images import load_picture\n"
        "try: load_picture(sys.argv[1])\nexcept Exception as error: print(error)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "a.tif"], capture_output=True, text=True, timeout=120
    )
    assert ended.stdout == f"{tmp_path / 'a.tif'}: its TIFF data are damaged\n"
    assert ended.stderr == ""
