"""Every kind of picture opens with the right pixels."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, features
from skimage import data

from salviewer.media.images import Picture, decode_picture, load_picture

ASTRONAUT = data.astronaut()[:200, :300]
CHELSEA = data.chelsea()


def encoded(image: Image.Image | np.ndarray, fmt: str, **options) -> bytes:
    stream = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(stream, fmt, **options)
    return stream.getvalue()


def with_cv2(suffix: str, values: np.ndarray) -> bytes:
    if values.ndim == 3:
        values = values[..., [2, 1, 0, 3][: values.shape[2]]]
    done, stored = cv2.imencode(suffix, values)
    assert done
    return stored.tobytes()


def opened(stored: bytes, name: str = "picture", **options) -> Picture:
    picture = decode_picture(stored, name, **options)
    pixels = picture.pixels
    assert pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3
    assert pixels.flags.c_contiguous and not pixels.flags.writeable
    return picture


def assert_close(pixels: np.ndarray, expected: np.ndarray, worst: int = 0) -> None:
    assert pixels.shape == expected.shape
    assert int(np.abs(pixels.astype(int) - expected).max()) <= worst


def mean_difference(pixels: np.ndarray, expected: np.ndarray) -> float:
    assert pixels.shape == expected.shape
    return float(np.abs(pixels.astype(float) - expected).mean())


@pytest.mark.parametrize("fmt", ["PNG", "TIFF", "BMP", "PPM", "QOI", "JPEG2000", "PCX", "SGI", "TGA"])
def test_lossless_formats_are_exact(fmt):
    picture = opened(encoded(ASTRONAUT, fmt), f"a.{fmt.lower()}")
    assert_close(picture.pixels, ASTRONAUT)
    assert picture.full_size == (300, 200)
    assert picture.note == "" and picture.icc is None and picture.path is None


@pytest.mark.parametrize("fmt", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats_are_near(fmt):
    if fmt == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    assert mean_difference(opened(encoded(ASTRONAUT, fmt, quality=95)).pixels, ASTRONAUT) < 4


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_tiff_compressions(tmp_path, compression):
    path = tmp_path / "a.tif"
    path.write_bytes(encoded(ASTRONAUT, "TIFF", compression=compression))
    assert mean_difference(load_picture(path).pixels, ASTRONAUT) < (4 if compression == "jpeg" else 1e-9)


def test_tiled_tiff():
    """Made by hand: neither Pillow nor OpenCV writes tiles."""
    tile, size = 64, 128
    grey = data.camera()[:size, :size]
    tiles = [grey[y : y + tile, x : x + tile].tobytes() for y in (0, tile) for x in (0, tile)]
    start = 8 + 4 * tile * tile
    tags = [
        (256, 3, 1, size),
        (257, 3, 1, size),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (277, 3, 1, 1),
    ]
    arrays = start + 2 + 12 * 10 + 4
    tags += [(322, 3, 1, tile), (323, 3, 1, tile), (324, 4, 4, arrays), (325, 4, 4, arrays + 16)]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    offsets = struct.pack("<4I", *(8 + i * tile * tile for i in range(4))) + struct.pack(
        "<4I", *[tile * tile] * 4
    )
    stored = b"II*\0" + struct.pack("<I", start) + b"".join(tiles) + directory + offsets
    assert_close(opened(stored).pixels, np.repeat(grey[..., None], 3, axis=2))


def ramp16() -> np.ndarray:
    return np.linspace(0, 65535, 256 * 64).reshape(64, 256).astype(np.uint16)


@pytest.mark.parametrize("fmt", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_clipped(fmt):
    picture = opened(encoded(Image.fromarray(ramp16()), fmt))
    expected = np.rint(ramp16() / 257.0)
    assert_close(picture.pixels, np.repeat(expected[..., None], 3, axis=2), 1)
    assert picture.pixels.min() == 0 and picture.pixels.max() == 255


def test_16_bit_pgm_and_12_bit_pgm():
    for white in (65535, 4095):
        values = np.linspace(0, white, 300).astype(">u2")
        picture = opened(b"P5 300 1 %d\n" % white + values.tobytes())
        assert_close(picture.pixels[0, :, 0], values / (white / 255.0), 1)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("alpha", [False, True])
def test_16_bit_colour(suffix, alpha):
    deep = ASTRONAUT.astype(np.uint16) * 257
    if alpha:
        deep = np.dstack([deep, np.full(deep.shape[:2], 65535, np.uint16)])
    assert_close(opened(with_cv2(suffix, deep)).pixels, ASTRONAUT, 1)


def test_16_bit_half_transparent_lies_over_white():
    deep = np.zeros((4, 4, 4), np.uint16)
    deep[..., 3] = 32768
    assert_close(opened(with_cv2(".png", deep)).pixels, np.full((4, 4, 3), 127), 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_float_tiff_within_0_and_1_keeps_its_range(channels):
    values = (ASTRONAUT // 2 / 255.0).astype(np.float32)
    expected = ASTRONAUT // 2
    if channels == 1:
        values, expected = values[..., 0], np.repeat(expected[..., :1], 3, axis=2)
    picture = opened(with_cv2(".tiff", values))
    assert_close(picture.pixels, expected, 1)
    assert picture.note == ""


@pytest.mark.parametrize("channels", [1, 3])
def test_float_tiff_beyond_is_stretched_and_says_so(channels):
    values = np.linspace(-2, 6, 48 * channels, dtype=np.float32).reshape(4, 12, channels)
    picture = opened(with_cv2(".tiff", values if channels == 3 else values[..., 0]))
    assert picture.pixels.min() == 0 and picture.pixels.max() == 255
    assert picture.note == "values -2 to 6 shown as black to white"


def test_float_tiff_with_nan_and_infinity():
    values = np.array([[0.0, 0.5, np.nan, np.inf]], np.float32)
    assert opened(with_cv2(".tiff", values)).pixels[0, :, 0].tolist() == [0, 128, 0, 255]


@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "TIFF"])
def test_transparency_lies_over_white(fmt):
    alpha = np.tile(np.arange(200, dtype=np.uint8), (100, 1))
    rgba = np.dstack([ASTRONAUT[:100, :200], alpha])
    options = {"lossless": True, "exact": True} if fmt == "WEBP" else {}
    weight = alpha[..., None] / 255.0
    assert_close(
        opened(encoded(rgba, fmt, **options)).pixels, np.rint(rgba[..., :3] * weight + 255 * (1 - weight)), 1
    )


def test_grey_with_and_without_alpha():
    grey = ASTRONAUT[..., 0]
    assert_close(opened(encoded(grey, "PNG")).pixels, np.repeat(grey[..., None], 3, axis=2))
    clear = Image.merge("LA", [Image.fromarray(grey), Image.new("L", (300, 200), 0)])
    assert (opened(encoded(clear, "PNG")).pixels == 255).all()


def test_palette_with_and_without_transparency():
    palette = Image.fromarray(ASTRONAUT).quantize(32)
    expected = np.asarray(palette.convert("RGB"))
    assert_close(opened(encoded(palette, "PNG")).pixels, expected)
    hidden = np.asarray(palette) == 3
    assert hidden.any()
    pixels = opened(encoded(palette, "PNG", transparency=3)).pixels
    assert (pixels[hidden] == 255).all()
    assert_close(pixels[~hidden], expected[~hidden])


def test_colour_key_transparency_of_rgb_png():
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = (10, 20, 30)
    assert opened(encoded(pixels, "PNG", transparency=(0, 0, 0))).pixels.tolist() == [
        [[10, 20, 30], [255, 255, 255]],
        [[255, 255, 255], [255, 255, 255]],
    ]


@pytest.mark.parametrize("fmt", ["PNG", "BMP", "TIFF", "PPM"])
def test_1_bit(fmt):
    bits = ASTRONAUT[..., 0] > 100
    expected = np.repeat(np.where(bits, 255, 0)[..., None], 3, axis=2)
    assert_close(opened(encoded(Image.fromarray(bits), fmt)).pixels, expected)


@pytest.mark.parametrize("fmt", ["GIF", "WEBP", "PNG", "AVIF"])
def test_animation_shows_its_first_frame(fmt):
    if fmt == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]
    frames = [Image.new("RGB", (40, 30), colour) for colour in colours]
    options = {"lossless": True} if fmt == "WEBP" else {}
    picture = opened(encoded(frames[0], fmt, save_all=True, append_images=frames[1:], duration=50, **options))
    assert_close(picture.pixels, np.asarray(frames[0]), 5)
    assert picture.note == "first of 3 frames"


def test_multi_page_tiff_shows_its_first_page():
    pages = [Image.fromarray(ASTRONAUT), Image.fromarray(CHELSEA)]
    picture = opened(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert_close(picture.pixels, ASTRONAUT)
    assert picture.note == "first of 2 pages"


def test_animation_with_a_broken_later_frame_still_opens():
    frames = [Image.fromarray(np.full((30, 40), value, np.uint8)) for value in (10, 90, 200)]
    whole = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = opened(whole[: len(whole) - 40])
    assert_close(picture.pixels, np.full((30, 40, 3), 10))


TURNS = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a, -1),
}


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", TURNS)
def test_exif_orientation(fmt, orientation):
    """The stored picture is the upright one turned the other way; opened it stands upright again."""
    if fmt == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(fmt, {})
    stored = encoded(np.ascontiguousarray(TURNS[orientation](ASTRONAUT)), fmt, exif=exif, **options)
    picture = opened(stored)
    assert picture.full_size == (300, 200)
    assert mean_difference(picture.pixels, ASTRONAUT) < 6


def test_broken_exif_is_ignored():
    stored = encoded(ASTRONAUT, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage", quality=95)
    assert mean_difference(opened(stored).pixels, ASTRONAUT) < 4


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_one_pixel(fmt):
    picture = opened(encoded(np.full((1, 1, 3), 200, np.uint8), fmt))
    assert picture.full_size == (1, 1)
    assert_close(picture.pixels, np.full((1, 1, 3), 200), 3)


def test_interlaced_and_deep_png_by_hand():
    """A 2-bit grey PNG, written without a library."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">2I5B", 4, 1, 2, 0, 0, 0, 0)
    stored = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x1b"))
    assert opened(stored + chunk(b"IEND", b"")).pixels[0, :, 0].tolist() == [0, 85, 170, 255]


def test_path_with_spaces_and_unicode(tmp_path):
    path = tmp_path / "Фото № 1 – été 🌄.png"
    path.write_bytes(encoded(ASTRONAUT, "PNG"))
    picture = load_picture(str(path))
    assert picture.path == Path(path)
    assert_close(picture.pixels, ASTRONAUT)


def test_suffix_does_not_matter(tmp_path):
    path = tmp_path / "really a png.jpg"
    path.write_bytes(encoded(ASTRONAUT, "PNG"))
    assert_close(load_picture(path).pixels, ASTRONAUT)
