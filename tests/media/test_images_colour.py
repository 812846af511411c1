"""Colour spaces and profiles: what arrives is sRGB."""

import shutil
import struct
import subprocess
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from profiles import ADOBE_RGB, DISPLAY_P3, cmyk_profile_of_odd_inks, grey_profile, rgb_profile, to_srgb
from skimage import data
from test_images_formats import assert_close, encoded, mean_difference, opened

from salviewer.media.colour import srgb_profile

COFFEE = data.coffee()[:200, :300]


@pytest.mark.parametrize("fmt", ["PNG", "TIFF"])
@pytest.mark.parametrize(("primaries", "gamma"), [(ADOBE_RGB, 2.19921875), (DISPLAY_P3, 2.2)])
def test_wide_gamut_rgb_becomes_srgb(fmt, primaries, gamma):
    stored = encoded(COFFEE, fmt, icc_profile=rgb_profile(primaries, gamma))
    picture = opened(stored)
    expected = to_srgb(COFFEE.reshape(-1, 3), primaries, gamma).reshape(COFFEE.shape)
    assert mean_difference(COFFEE, expected) > 2, (
        "the profile must make a difference for this test to mean anything"
    )
    away_from_black = COFFEE.min(axis=2) > 20
    assert np.abs(picture.pixels - expected)[away_from_black].max() <= 2
    assert mean_difference(picture.pixels, expected) < 1
    assert picture.icc == srgb_profile()
    assert picture.note == ""


@pytest.mark.parametrize("fmt", ["JPEG", "WEBP"])
def test_wide_gamut_in_lossy_formats(fmt):
    stored = encoded(COFFEE, fmt, quality=98, icc_profile=rgb_profile(DISPLAY_P3, 2.2))
    expected = to_srgb(COFFEE.reshape(-1, 3), DISPLAY_P3, 2.2).reshape(COFFEE.shape)
    assert mean_difference(opened(stored).pixels, expected) < 3


def test_profile_and_palette_and_transparency_together():
    palette = Image.fromarray(COFFEE).quantize(16)
    stored = encoded(palette, "PNG", icc_profile=rgb_profile(ADOBE_RGB, 2.2), transparency=0)
    pixels = opened(stored).pixels
    hidden = np.asarray(palette) == 0
    expected = to_srgb(np.asarray(palette.convert("RGB")).reshape(-1, 3), ADOBE_RGB, 2.2).reshape(
        COFFEE.shape
    )
    assert pixels[hidden].min() >= 254
    assert np.abs(pixels - expected)[~hidden].mean() < 1.5


def test_srgb_profile_changes_nothing():
    picture = opened(encoded(COFFEE, "PNG", icc_profile=srgb_profile()))
    assert_close(picture.pixels, COFFEE)
    assert picture.icc == srgb_profile()


def test_srgb_profile_is_the_same_every_time_and_valid():
    again = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert len(again) == len(srgb_profile())
    assert srgb_profile()[24:36] == bytes.fromhex("07d0 0001 0001 0000 0000 0000")


def test_grey_profile():
    grey = COFFEE[..., 1]
    pixels = opened(encoded(grey, "PNG", icc_profile=grey_profile(1.0))).pixels
    linear = grey / 255.0
    expected = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(pixels[..., 0] - expected)[grey > 10].max() <= 2
    assert (pixels[..., 0] == pixels[..., 2]).all()


@pytest.mark.parametrize(
    ("profile", "note"),
    [
        (b"this is no profile at all" * 20, "its colour profile is broken and was ignored"),
        (rgb_profile(ADOBE_RGB, 2.2)[:200], "its colour profile is broken and was ignored"),
        (grey_profile(2.2), "its colour profile is for another kind of picture and was ignored"),
        (cmyk_profile_of_odd_inks(), "its colour profile is for another kind of picture and was ignored"),
    ],
)
def test_unusable_profile_is_ignored_with_a_note(profile, note):
    picture = opened(encoded(COFFEE, "PNG", icc_profile=profile))
    assert_close(picture.pixels, COFFEE)
    assert picture.note == note


INKS = {(0, 0, 0, 0): (255, 255, 255), (255, 0, 0, 0): (0, 255, 255), (0, 0, 0, 255): (0, 0, 0)}
INKS |= {(0, 255, 255, 0): (255, 0, 0), (0, 0, 0, 127): (128, 128, 128)}


@pytest.mark.parametrize("fmt", ["JPEG", "TIFF"])
@pytest.mark.parametrize(("ink", "colour"), INKS.items())
def test_cmyk_without_a_profile(fmt, ink, colour):
    pixels = opened(encoded(Image.new("CMYK", (32, 32), ink), fmt)).pixels
    assert_close(pixels, np.full((32, 32, 3), colour), 2)


@pytest.mark.parametrize(("ink", "colour"), INKS.items())
def test_ycck_jpeg(ink, colour):
    """As Photoshop writes them: luma and chroma of three inks, all inverted, Adobe's mark says 2."""
    c, m, y, k = ink
    luma = np.array(Image.new("RGB", (1, 1), (c, m, y)).convert("YCbCr").getpixel((0, 0)))
    stored = encoded(Image.new("CMYK", (32, 32), (*(255 - luma).tolist(), k)), "JPEG", quality=100)
    mark = stored.index(b"Adobe") + 11
    assert stored[mark] == 0
    pixels = opened(stored[:mark] + b"\x02" + stored[mark + 1 :]).pixels
    assert_close(pixels, np.full((32, 32, 3), colour), 3)


@pytest.mark.parametrize("fmt", ["JPEG", "TIFF"])
def test_cmyk_with_a_profile_follows_it(fmt):
    profile = cmyk_profile_of_odd_inks()
    cyan = opened(encoded(Image.new("CMYK", (8, 8), (255, 0, 0, 0)), fmt, icc_profile=profile))
    red, green, blue = cyan.pixels[4, 4].astype(int)
    assert red > green + 60 and red > blue + 60, "this profile's cyan is red"
    assert cyan.note == ""
    paper = opened(encoded(Image.new("CMYK", (8, 8), (0, 0, 0, 0)), fmt, icc_profile=profile))
    assert paper.pixels.min() >= 250


def test_lab_tiff():
    lab = ImageCms.applyTransform(
        Image.fromarray(COFFEE),
        ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"),
    )
    assert mean_difference(opened(encoded(lab, "TIFF")).pixels, COFFEE) < 2


def with_chunks(png: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with these chunks after its header."""
    packed = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return png[:33] + packed + png[33:]


def gamma(value: float) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", round(value * 100_000))


def chromaticities(*values: float) -> tuple[bytes, bytes]:
    return b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values))


P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
"""White, red, green and blue of Display P3, as cHRM has them."""


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA"])
def test_png_gamma(mode):
    image = Image.fromarray(COFFEE).convert(mode)
    pixels = opened(with_chunks(encoded(image, "PNG"), gamma(1.0))).pixels
    linear = np.asarray(image.convert("RGB")) / 255.0
    expected = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(pixels - expected).max() <= 1


@pytest.mark.parametrize("chunks", [(gamma(0.45455),), (gamma(0.0),), (gamma(1.0), (b"sRGB", b"\0"))])
def test_png_gamma_that_changes_nothing(chunks):
    assert_close(opened(with_chunks(encoded(COFFEE, "PNG"), *chunks)).pixels, COFFEE)


def test_png_chromaticities_and_display_p3_by_code_points():
    measured = opened(with_chunks(encoded(COFFEE, "PNG"), gamma(1 / 2.2), chromaticities(*P3))).pixels
    expected = to_srgb(COFFEE.reshape(-1, 3), DISPLAY_P3, 2.2).reshape(COFFEE.shape)
    away_from_black = COFFEE.min(axis=2) > 20
    assert np.abs(measured - expected)[away_from_black].max() <= 2
    coded = opened(with_chunks(encoded(COFFEE, "PNG"), (b"cICP", bytes((12, 13, 0, 1))))).pixels
    numbers = COFFEE / 255.0
    linear = np.where(numbers <= 0.04045, numbers / 12.92, ((numbers + 0.055) / 1.055) ** 2.4)
    same_light = 255 * linear ** (1 / 2.2)
    expected = to_srgb(same_light.reshape(-1, 3), DISPLAY_P3, 2.2).reshape(COFFEE.shape)
    assert np.abs(coded - expected)[away_from_black].max() <= 2
    assert mean_difference(coded, COFFEE) > 1


def test_code_points_come_before_a_profile_and_unknown_ones_do_not():
    stored = encoded(COFFEE, "PNG", icc_profile=rgb_profile(ADOBE_RGB, 2.2))
    assert_close(opened(with_chunks(stored, (b"cICP", bytes((1, 13, 0, 1))))).pixels, COFFEE)
    unknown = opened(with_chunks(stored, (b"cICP", bytes((200, 200, 0, 1))))).pixels
    np.testing.assert_array_equal(unknown, opened(stored).pixels)


@pytest.mark.parametrize(("transfer", "white"), [(16, 0.5807), (18, 0.75)])
def test_high_dynamic_range_is_mapped_and_said(transfer, white):
    """Reference white of BT.2408: 203 cd/m2, 58 % of PQ and 75 % of HLG; grey stays grey, black black."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    picture = opened(with_chunks(encoded(ramp, "PNG"), (b"cICP", bytes((9, transfer, 0, 1)))))
    grey = picture.pixels[0].astype(int)
    assert picture.note == "high dynamic range, mapped to the range of sRGB"
    assert (np.ptp(grey, axis=1) <= 1).all() and (np.diff(grey[:, 1]) >= 0).all()
    assert grey[0].tolist() == [0, 0, 0]
    knee = 0.8 + 0.2 * 0.5  # light of white itself, after the stated curve
    expected = 255 * (1.055 * knee ** (1 / 2.4) - 0.055)
    assert abs(grey[round(white * 255), 1] - expected) <= 3


def test_transparency_is_blended_after_the_conversion():
    pixels = np.full((8, 8, 4), (0, 200, 0, 128), np.uint8)
    stored = encoded(pixels, "PNG", icc_profile=rgb_profile(ADOBE_RGB, 2.19921875))
    opaque = to_srgb(np.array([[0, 200, 0]], np.uint8), ADOBE_RGB, 2.19921875)[0]
    expected = opaque * (128 / 255) + 255 * (127 / 255)
    assert np.abs(opened(stored).pixels[0, 0] - expected).max() <= 1.5


@pytest.mark.parametrize("key", [1000, 40000])
def test_16_bit_grey_with_a_transparent_value(key):
    values = np.array([[key, key + 1, 0, 65535]], np.uint16)
    stored = with_chunks(encoded(values, "PNG"), (b"tRNS", struct.pack(">H", key)))
    expected = [255, round((key + 1) / 257), 0, 255]
    assert opened(stored).pixels[0, :, 0].tolist() == expected


def test_16_bit_colour_with_a_transparent_colour():
    values = np.array([[(0x1234, 0x5678, 0x9ABC), (0x2034, 0x5678, 0x9ABC)]], np.uint16)
    _, packed = cv2.imencode(".png", values[..., ::-1])
    stored = with_chunks(packed.tobytes(), (b"tRNS", struct.pack(">3H", *values[0, 0])))
    assert opened(stored).pixels.tolist() == [[[255, 255, 255], [0x20, 0x56, 0x9A]]]


def deep_ramp(shape: str) -> np.ndarray:
    """The darkest 1/16 of the range in 256 steps of 16 bits, as grey, colour or colour with alpha."""
    ramp = np.arange(0, 4096, 16, dtype=np.uint16)[None]
    if shape == "grey":
        return ramp
    colour = np.stack([ramp, ramp // 2, ramp // 4], axis=-1)
    return colour if shape == "colour" else np.concatenate([colour, np.full_like(colour[..., :1], 65535)], -1)


@pytest.mark.parametrize("shape", ["grey", "colour", "alpha"])
def test_16_bits_are_converted_before_they_are_reduced(shape):
    """In linear light the darkest 1/16 has 16 values of 8 bits, and 70 levels of sRGB."""
    values = deep_ramp(shape)
    order = [2, 1, 0, 3][: values.shape[2]] if values.ndim == 3 else slice(None)
    _, packed = cv2.imencode(".png", values[..., order])
    pixels = opened(with_chunks(packed.tobytes(), gamma(1.0))).pixels
    linear = (values if values.ndim == 3 else np.repeat(values[..., None], 3, axis=-1))[..., :3] / 65535
    expected = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(pixels - expected).max() <= 1
    assert len(np.unique(pixels[..., 0])) > 60


@pytest.mark.parametrize("shape", ["grey", "colour", "alpha"])
def test_16_bits_are_converted_before_they_are_scaled_down(shape):
    """Full size and scaled down mean the same colours: the mean of what is converted, not of upper bytes."""
    values = np.repeat(np.repeat(deep_ramp(shape), 2, axis=0), 2, axis=1)  # scaled down to the ramp
    order = [2, 1, 0, 3][: values.shape[2]] if values.ndim == 3 else slice(None)
    _, packed = cv2.imencode(".png", values[..., order])
    stored = with_chunks(packed.tobytes(), gamma(1.0))
    full, small = opened(stored).pixels, opened(stored, max_pixels=values.shape[0] * values.shape[1] // 2)
    assert small.pixels.shape == (1, 256, 3) and small.full_size == (512, 2)
    assert np.abs(small.pixels.astype(int) - full[::2, ::2]).max() <= 1
    assert len(np.unique(small.pixels[..., 0])) > 60


@pytest.mark.parametrize("scaled", [False, True])
def test_upper_bytes_of_srgb_are_within_a_level(scaled):
    """Where no conversion is due, 16 bits are reduced by Pillow: at most one level from the exact mean."""
    values = np.random.default_rng(4).integers(0, 65536, (32, 32, 3), dtype=np.uint16)
    values[:8], values[8:16] = 0x00FF, 0xFF00  # the worst: 0.99 levels below and above
    _, packed = cv2.imencode(".png", values)
    pixels = opened(packed.tobytes(), max_pixels=256 if scaled else 1024).pixels
    exact = values[..., ::-1] / 257.0
    if scaled:
        exact = exact.reshape(16, 2, 16, 2, 3).mean(axis=(1, 3))
    assert pixels.shape == exact.shape and np.abs(pixels - exact).max() <= 1


def test_high_dynamic_range_of_16_bits_is_said_too():
    _, packed = cv2.imencode(".png", deep_ramp("colour"))
    picture = opened(with_chunks(packed.tobytes(), (b"cICP", bytes((9, 16, 0, 1)))))
    assert picture.note == "high dynamic range, mapped to the range of sRGB"


def imagemagick() -> str:
    """The real ImageMagick's program; skips the test where there is none."""
    for name in ("magick", "convert-im6.q16", "convert"):
        if found := shutil.which(name):
            said = subprocess.run([found, "-version"], capture_output=True, text=True).stdout
            if said.startswith("Version: ImageMagick"):
                return found
    pytest.skip("ImageMagick is not installed")


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("value", [1.0, 1 / 1.8])
@pytest.mark.parametrize("transparent", [False, True])
def test_gamma_and_transparency_agree_with_imagemagick(tmp_path, depth, value, transparent):
    """Within two levels; transparency over white, of single colours and of an alpha channel."""
    pixels = COFFEE.astype(np.uint16) * 257 if depth == 16 else COFFEE
    chunks = [gamma(value)]
    if transparent:
        top = 255 if depth == 8 else 65535
        alpha = np.where(np.arange(COFFEE.shape[1]) % 2, top, 0).astype(pixels.dtype)
        pixels = np.concatenate([pixels, np.broadcast_to(alpha[None, :, None], (*COFFEE.shape[:2], 1))], -1)
    order = [2, 1, 0, 3][: pixels.shape[2]]
    _, packed = cv2.imencode(".png", pixels[..., order])
    stored = with_chunks(packed.tobytes(), *chunks)
    (tmp_path / "in.png").write_bytes(stored)
    linear = ["-set", "colorspace", "RGB", "-gamma", f"{value}"]  # it knows linear gAMA alone by itself
    command = [imagemagick(), str(tmp_path / "in.png"), *linear, "-colorspace", "sRGB"]
    command += ["-background", "white", "-flatten", "-depth", "8", f"rgb:{tmp_path / 'out.rgb'}"]
    subprocess.run(command, check=True)
    theirs = np.fromfile(tmp_path / "out.rgb", np.uint8).reshape(COFFEE.shape)
    assert np.abs(opened(stored).pixels.astype(int) - theirs).max() <= 2
