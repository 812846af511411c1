"""For any bytes, a picture opens or ImageError says why not; no other exception is raised."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, features
from skimage import data
from test_images_colour import cmyk_profile_of_odd_inks
from test_images_formats import encoded, with_cv2

from salviewer.errors import ImageError
from salviewer.media.images import DEFAULT_MAX_PIXELS, decode_picture

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
SMALL = data.chelsea()[100:140, 100:160]
FRAMES = [Image.fromarray(np.ascontiguousarray(SMALL[:, ::step])).resize((60, 40)) for step in (1, 2, -1)]
EXIF = Image.Exif()
EXIF[0x0112] = 6
SEEDS = {
    "jpg": encoded(SMALL, "JPEG", exif=EXIF, icc_profile=cmyk_profile_of_odd_inks()),
    "progressive.jpg": encoded(SMALL, "JPEG", progressive=True),
    "cmyk.jpg": encoded(
        Image.fromarray(SMALL).convert("CMYK"), "JPEG", icc_profile=cmyk_profile_of_odd_inks()
    ),
    "png": encoded(SMALL, "PNG", exif=EXIF),
    "palette.png": encoded(Image.fromarray(SMALL).quantize(16), "PNG", transparency=2),
    "16.png": with_cv2(".png", SMALL.astype(np.uint16) * 257),
    "apng": encoded(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]),
    "webp": encoded(SMALL, "WEBP"),
    "anim.webp": encoded(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:], lossless=True),
    "gif": encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
    "tif": encoded(SMALL, "TIFF"),
    "lzw.tif": encoded(SMALL, "TIFF", compression="tiff_lzw"),
    "pages.tif": encoded(FRAMES[0], "TIFF", save_all=True, append_images=FRAMES[1:]),
    "float.tif": with_cv2(".tiff", SMALL.astype(np.float32)),
    "bmp": encoded(SMALL, "BMP"),
    "jp2": encoded(SMALL, "JPEG2000"),
    "ppm": encoded(SMALL, "PPM"),
    "qoi": encoded(SMALL, "QOI"),
    "ico": encoded(SMALL, "ICO"),
    "pcx": encoded(SMALL, "PCX"),
    "sgi": encoded(SMALL, "SGI"),
    "tga": encoded(SMALL, "TGA", compression="tga_rle"),
}
if features.check("avif"):
    SEEDS["avif"] = encoded(SMALL, "AVIF")
QUICK = settings(suppress_health_check=list(HealthCheck), derandomize=True)


def opens_or_says_why(stored: bytes, name: str, max_pixels: int = DEFAULT_MAX_PIXELS) -> bool:
    try:
        picture = decode_picture(stored, name, max_pixels)
    except ImageError as error:
        assert str(error).startswith(f"{name}: ") and "\n" not in str(error)
        return False
    assert picture.pixels.ndim == 3 and picture.pixels.dtype == np.uint8
    return True


@pytest.mark.parametrize("name", SEEDS)
def test_seed_opens(name):
    assert opens_or_says_why(SEEDS[name], f"a.{name}")


@settings(QUICK, max_examples=300)
@given(st.binary(max_size=300))
def test_random_bytes(noise):
    opens_or_says_why(noise, "noise")


@settings(QUICK, max_examples=400)
@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=300), st.integers(2, 64))
def test_random_bytes_after_a_true_beginning(name, noise, kept):
    opens_or_says_why(SEEDS[name][:kept] + noise, f"a.{name}")


@pytest.mark.parametrize("name", SEEDS)
@settings(QUICK, max_examples=20)
@given(st.floats(0, 1, exclude_max=True))
def test_truncated_anywhere(name, part):
    stored = SEEDS[name]
    opens_or_says_why(stored[: int(len(stored) * part)], f"a.{name}")


@pytest.mark.parametrize("name", SEEDS)
@settings(QUICK, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_corrupted_anywhere(name, changes):
    """Half of the changes fall into the first 64 bytes, where the sizes and counts stand."""
    stored = bytearray(SEEDS[name])
    for i, (place, value) in enumerate(changes):
        reach = min(64, len(stored)) if i % 2 else len(stored)
        stored[int(place * reach)] = value
    opens_or_says_why(bytes(stored), f"a.{name}")
    opens_or_says_why(bytes(stored), f"a.{name}", max_pixels=1000)
