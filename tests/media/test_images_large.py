"""Very large pictures open scaled down, in bounded memory."""

import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from profiles import DISPLAY_P3, rgb_profile
from skimage import data
from test_images_formats import assert_close, encoded, mean_difference, opened, with_cv2

from salviewer.errors import ImageError
from salviewer.media.images import decode_picture, load_picture

# Not ru_maxrss: that of a new process begins with what its parent had.
MEASURE = """if True:
    import sys
    from salviewer.media.images import load_picture
    def peak():
        return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    before = peak()
    picture = load_picture(sys.argv[1])
    after = peak()
    middle = picture.pixels[picture.pixels.shape[0] // 2, ::1000, 0].tolist()
    print((after - before) // 1024, *picture.full_size, *picture.pixels.shape[:2], *middle)
    print(picture.note)
"""


def measured(path: Path) -> tuple[int, list[int], str]:
    """Megabytes that opening took at its worst, in a process of its own; sizes and pixels; the note."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    numbers, note = done.stdout.splitlines()
    megabytes, *rest = map(int, numbers.split())
    return megabytes, rest, note


def wide_jpeg(path: Path, width: int, height: int) -> None:
    """Eight rows of blocks, encoded once and repeated: a true JPEG without the memory to make one."""
    ramp = np.tile(np.linspace(0, 255, width).astype(np.uint8), (128, 1))
    stored = encoded(Image.merge("RGB", [Image.fromarray(ramp)] * 3), "JPEG", restart_marker_rows=1)
    scan = stored.index(b"\xff\xda")
    start = scan + 2 + int.from_bytes(stored[scan + 2 : scan + 4], "big")
    frame = stored.index(b"\xff\xc0") + 5
    head = stored[:frame] + height.to_bytes(2, "big") + stored[frame + 2 : start]
    assert height % 128 == 0
    path.write_bytes(head + b"\xff\xd7".join([stored[start:-2]] * (height // 128)) + b"\xff\xd9")


def wide_png(path: Path, width: int, height: int) -> None:
    """RGB rows of a ramp, each stored as its difference from the row above."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    ramp = np.repeat(np.linspace(0, 255, width).astype(np.uint8), 3).tobytes()
    packer = zlib.compressobj(1)
    packed = packer.compress(b"\0" + ramp)
    same = (b"\2" + bytes(3 * width)) * 100
    for _ in range((height - 1) // 100):
        packed += packer.compress(same)
    packed += packer.compress((b"\2" + bytes(3 * width)) * ((height - 1) % 100)) + packer.flush()
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured by /proc")


@needs_proc
def test_30000_pixels_wide_jpeg(tmp_path):
    wide_jpeg(tmp_path / "wide.jpg", 30_000, 20_096)
    megabytes, (width, height, rows, columns, *middle), note = measured(tmp_path / "wide.jpg")
    assert (width, height) == (30_000, 20_096)
    assert (columns, rows) == (7_500, 5_024)
    assert note == "shown at 1/4 of its 30000 x 20096 pixels"
    assert np.abs(np.array(middle) - np.arange(0, 7500, 1000) / 7500 * 255).max() < 3
    assert megabytes < 400, "the scaled-down picture takes 7 bytes a pixel: 264 MB"


@needs_proc
def test_30000_pixels_wide_png(tmp_path):
    """30,000 x 20,000 was measured by hand: 265 MB, 200 of them the result. This is less, for the time."""
    wide_png(tmp_path / "wide.png", 30_000, 8_000)
    megabytes, (width, height, rows, columns, *middle), note = measured(tmp_path / "wide.png")
    assert (width, height) == (30_000, 8_000)
    assert (columns, rows) == (15_000, 4_000)
    assert note == "shown at 1/2 of its 30000 x 8000 pixels"
    assert np.abs(np.array(middle) - np.arange(0, 15_000, 1000) / 15_000 * 255).max() < 3
    assert megabytes < 300, "decoded whole it takes 960 MB; the result 180"


def png_kinds() -> dict[str, bytes]:
    pixels = data.chelsea()[:234, :332]
    image = Image.fromarray(pixels)
    grey = pixels[..., 1]
    return {
        "rgb": encoded(pixels, "PNG"),
        "rgba": encoded(np.dstack([pixels, grey]), "PNG"),
        "grey": encoded(grey, "PNG"),
        "grey and alpha": encoded(Image.merge("LA", [Image.fromarray(grey)] * 2), "PNG"),
        "16-bit grey": encoded(grey.astype(np.uint16) * 257, "PNG"),
        "palette": encoded(image.quantize(200), "PNG"),
        "4-bit palette with transparency": encoded(image.quantize(13), "PNG", transparency=2),
        "1-bit": encoded(image.convert("1"), "PNG"),
        "colour key": encoded(pixels, "PNG", transparency=tuple(map(int, pixels[0, 0]))),
        "16-bit colour (whole)": with_cv2(".png", pixels.astype(np.uint16) * 257),
        "turned": encoded(pixels, "PNG", exif=turned(6)),
        "with a profile": encoded(pixels, "PNG", icc_profile=rgb_profile(DISPLAY_P3, 2.2)),
    }


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("kind", png_kinds())
def test_png_in_strips_is_the_same_picture(kind, monkeypatch):
    """Strips of few rows against the same file decoded whole and averaged here."""
    stored = png_kinds()[kind]
    whole = opened(stored)
    height, width = whole.pixels.shape[:2]
    monkeypatch.setattr("salviewer.media.decoding._BAND_PIXELS", 3000)
    picture = opened(stored, max_pixels=20_000)
    assert picture.full_size == whole.full_size and picture.icc == whole.icc
    small = np.asarray(Image.fromarray(whole.pixels).reduce(2))
    assert (height + 1) // 2 * ((width + 1) // 2) <= 20_000
    if kind == "with a profile":  # averaged before its colours are converted, not after
        assert mean_difference(picture.pixels, small) < 0.5
    else:
        assert_close(picture.pixels, small, 1)


def test_damaged_and_truncated_png_in_strips():
    stored = png_kinds()["rgb"]
    with pytest.raises(ImageError, match="truncated or still being written"):
        decode_picture(stored[: len(stored) // 2], "a.png", max_pixels=1000)
    damaged = bytearray(stored)
    damaged[len(stored) // 2] ^= 0x55
    with pytest.raises(ImageError, match="its PNG data are damaged"):
        decode_picture(bytes(damaged), "a.png", max_pixels=1000)


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "TIFF", "WEBP", "JPEG2000", "BMP", "GIF"])
def test_scaling_down_keeps_the_picture(fmt):
    """Every format by the same rule, with an odd size so that the edges count."""
    chelsea = data.chelsea()[:299, :449]
    picture = opened(encoded(chelsea, fmt), max_pixels=20_000)
    rows, columns = picture.pixels.shape[:2]
    assert rows * columns <= 20_000 and rows * columns > 5_000
    assert picture.full_size == (449, 299)
    assert picture.note.startswith("shown at 1/")
    small = np.asarray(Image.fromarray(chelsea).resize((columns, rows), Image.Resampling.BOX))
    assert mean_difference(picture.pixels, small) < 5


def test_scaling_down_in_every_mode():
    grey = data.camera()
    for image in (
        Image.fromarray(grey).convert("1"),
        Image.fromarray(grey).quantize(16),
        Image.fromarray(grey.astype(np.uint16) * 257),
        Image.fromarray(grey.astype(np.float32) / 255),
        Image.fromarray(grey).convert("CMYK"),
        Image.fromarray(grey).convert("LA"),
        Image.fromarray(grey).convert("RGBA"),
    ):
        picture = opened(encoded(image, "TIFF"), max_pixels=20_000)
        assert picture.pixels.shape == (129, 129, 3) or picture.pixels.shape[0] <= 141
        expected = Image.fromarray(grey).resize(picture.pixels.shape[1::-1], Image.Resampling.BOX)
        assert mean_difference(picture.pixels[..., 0], np.asarray(expected)) < (
            25 if image.mode == "1" else 5
        )


def test_scaled_down_and_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = data.chelsea()
    stored = encoded(np.ascontiguousarray(np.rot90(upright)), "JPEG", exif=exif, quality=95)
    picture = opened(stored, max_pixels=20_000)
    assert picture.full_size == (451, 300)
    assert picture.pixels.shape[1] > picture.pixels.shape[0]
    small = Image.fromarray(upright).resize(picture.pixels.shape[1::-1], Image.Resampling.BOX)
    assert mean_difference(picture.pixels, np.asarray(small)) < 6


def test_large_tiff_opens_beyond_pillow_s_own_limit(tmp_path):
    """190 million pixels: Pillow alone refuses more than 179."""
    path = tmp_path / "large.tif"
    Image.new("1", (19_000, 10_000), 1).save(path, compression="group4")
    picture = load_picture(path)
    assert picture.full_size == (19_000, 10_000)
    assert picture.pixels.shape == (5_000, 9_500, 3) and picture.pixels.min() == 255


def test_long_thin_pictures():
    for size in ((60_000, 1), (1, 60_000)):
        picture = opened(encoded(Image.new("RGB", size, "red"), "JPEG"), max_pixels=10_000)
        assert picture.full_size == size
        assert 1 in picture.pixels.shape[:2]


def test_pillow_s_settings_are_left_alone_and_threads_do_not_mix():
    limit = Image.MAX_IMAGE_PIXELS
    pictures = [data.chelsea(), data.astronaut(), data.coffee()]
    stored = [encoded(pixels, "PNG") for pixels in pictures]
    right = []

    def work(index: int) -> None:
        for _ in range(6):
            right.append(np.array_equal(opened(stored[index]).pixels, pictures[index]))

    workers = [threading.Thread(target=work, args=(i % 3,)) for i in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert right == [True] * 36
    assert limit == Image.MAX_IMAGE_PIXELS
