"""Pictures in every form that a program may have."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from salviewer.errors import ImageError
from salviewer.media.any_picture import is_one_picture, to_picture

RGB = data.coffee()[::4, ::4]
GREY = data.camera()[::8, ::8]


def encoded(image, fmt="PNG", **extra):
    stream = io.BytesIO()
    image.save(stream, fmt, **extra)
    return stream.getvalue()


def test_bytes_files_and_pillow_are_one(tmp_path):
    content = encoded(Image.fromarray(RGB))
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with path.open("rb") as file:
        from_file = to_picture(file).pixels
    same = (
        path, str(path), content, bytearray(content), memoryview(content), io.BytesIO(content),
        Image.fromarray(RGB), Image.open(path), to_picture(path),
    )  # fmt: skip
    for value in same:
        np.testing.assert_array_equal(to_picture(value).pixels, RGB)
        assert is_one_picture(value)
    np.testing.assert_array_equal(from_file, RGB)


def test_arrays_of_each_kind():
    np.testing.assert_array_equal(to_picture(RGB).pixels, RGB)
    for grey in (GREY, GREY[..., None]):
        np.testing.assert_array_equal(to_picture(grey).pixels, np.stack([GREY] * 3, 2))
    for floats in (RGB / 255, (RGB / 255).astype(np.float32), (RGB / 255).astype(np.float16)):
        assert np.abs(to_picture(floats).pixels.astype(int) - RGB).max() <= (floats.dtype == np.float16)
    np.testing.assert_array_equal(to_picture(RGB.astype(np.uint16) * 257).pixels, RGB)
    np.testing.assert_array_equal(to_picture(GREY > 99).pixels[..., 0], np.where(GREY > 99, 255, 0))
    assert not to_picture(RGB).pixels.flags.writeable


def test_transparency_lies_over_white_as_in_files():
    alpha = np.zeros(RGB.shape[:2], np.uint8)
    alpha[:, 40:] = 255
    alpha[5] = 128
    rgba = np.dstack([RGB, alpha])
    expected = to_picture(encoded(Image.fromarray(rgba))).pixels
    np.testing.assert_array_equal(to_picture(rgba).pixels, expected)
    np.testing.assert_array_equal(to_picture(Image.fromarray(rgba)).pixels, expected)
    assert (expected[0, 0] == 255).all()


def test_pillow_is_turned_upright_and_of_any_mode():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(Image.fromarray(RGB), "PNG", exif=exif)
    opened = to_picture(Image.open(io.BytesIO(content)))
    np.testing.assert_array_equal(opened.pixels, np.rot90(RGB, -1))
    deep = Image.fromarray(GREY.astype(np.uint16))
    for image in (deep, *(Image.fromarray(GREY).convert(mode) for mode in ("L", "P", "1", "CMYK"))):
        assert to_picture(image).pixels.shape == (*GREY.shape, 3)


def test_tensors_have_their_channels_first_or_last():
    chw = torch.from_numpy(RGB.copy()).permute(2, 0, 1)
    for tensor in (chw, chw / 255, torch.from_numpy(RGB.copy()), (chw / 255).requires_grad_()):
        np.testing.assert_array_equal(to_picture(tensor).pixels, RGB)
        assert is_one_picture(tensor)
    np.testing.assert_array_equal(to_picture(torch.from_numpy(GREY.copy())[None]).pixels[..., 1], GREY)
    assert not is_one_picture(chw[None]) and not is_one_picture([chw])


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (3, TypeError, "a picture is a path, the bytes of a file, .* not int"),
        (None, TypeError, "not NoneType"),
        (RGB.astype(np.int64), TypeError, "uint8, uint16, bool or of floats, not int64"),
        (RGB * 1.0, ValueError, r"lie in 0\.\.1, and these in"),
        (np.full((4, 4), np.nan), ValueError, "nan"),
        (np.zeros((4, 4, 5)), ValueError, r"not \(4, 4, 5\)"),
        (np.zeros((0, 4, 3)), ValueError, "not"),
        (b"no picture", ImageError, "the picture: "),
        (io.StringIO("text"), TypeError, "mode 'rb'"),
        ("https://example.org/a.jpg", ImageError, "it is an address; fetch the picture"),
        ("file:///tmp/a.jpg", ImageError, "it is an address"),
    ],
)
def test_what_is_no_picture_is_named(value, kind, words):
    with pytest.raises(kind, match=words):
        to_picture(value)
