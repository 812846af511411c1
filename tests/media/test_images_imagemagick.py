"""Colours of PNGs beside ImageMagick's: code points (cICP) and 16-bit pictures with a transparent value.

ImageMagick ignores cICP, so it is told what the code points mean: the curves of ITU-R BT.2100 and the
matrices of BT.2087 and of Display P3, which it computes by itself. Light above white follows the curve of
`encodings.EncodedToSrgb`.
"""

import struct
import subprocess

import cv2
import numpy as np
import pytest
from test_images_colour import COFFEE, imagemagick, with_chunks
from test_images_formats import opened

SMALL = cv2.resize(COFFEE, (60, 40), interpolation=cv2.INTER_AREA)
P3_TO_SRGB = ((1.2249402, -0.2249402, 0.0), (-0.0420570, 1.0420570, 0.0), (-0.0196376, -0.0786361, 1.0982736))
BT2020_TO_BT709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
PQ = (
    "49.2610837*(max({v}^(1/78.84375)-0.8359375,0)/(18.8515625-18.6875*{v}^(1/78.84375)))^(1/0.1593017578125)"
)
HLG = "({v}<=0.5?{v}*{v}/3:(exp(({v}-0.55991073)/0.17883277)+0.28466892)/12)"


def png(values: np.ndarray, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of 8 or 16 bits, grey (h, w) or RGB (h, w, 3)."""
    _, packed = cv2.imencode(".png", values[..., ::-1] if values.ndim == 3 else values)
    return with_chunks(packed.tobytes(), *chunks)


def theirs(folder, stored: bytes, shape: tuple[int, ...], *operators: str) -> np.ndarray:
    """What ImageMagick makes of a picture, over white: (h, w, 3) of 0..255."""
    (folder / "in.png").write_bytes(stored)
    flat = ["-background", "white", "-flatten", "-depth", "8", f"rgb:{folder / 'out.rgb'}"]
    subprocess.run([imagemagick(), str(folder / "in.png"), *operators, *flat], check=True)
    return np.fromfile(folder / "out.rgb", np.uint8).reshape(*shape[:2], 3).astype(int)


def mapped(curve: str, hlg: bool) -> list[str]:
    """Operators from numbers of BT.2100 to sRGB."""
    steps = [
        f"{name}={curve.format(v=f'u.{channel}')}"
        for name, channel in zip(("ka", "kb", "kc"), "rgb", strict=True)
    ]
    if hlg:  # scene light to display light of 1000 cd/m2, with white at 203
        steps.append("gg=max(0.2627*ka+0.6780*kb+0.0593*kc,0.000001)^0.2*1000/203")
        steps += [f"{name}={name}*gg" for name in ("ka", "kb", "kc")]
    names = ("qa", "qb", "qc")
    for name, row in zip(names, BT2020_TO_BT709, strict=True):
        steps.append(f"{name}=max(({row[0]})*ka+({row[1]})*kb+({row[2]})*kc,0)")
    steps += ["mm=max(max(qa,qb),max(qc,0.000001))", "vv=max(mm-0.8,0)/0.2"]
    steps.append("ww=(mm<=0.8)?1:((0.8+0.2*vv/(1+vv))/mm)")
    operators: list[str] = []
    for name in names:
        light = f"min({name}*ww,1)"
        curved = f"({light}<=0.0031308)?(12.92*{light}):(1.055*{light}^(1/2.4)-0.055)"
        clone = ["(", "-clone", "0", "-fx", ";".join([*steps, curved]), "-channel", "R", "-separate", ")"]
        operators += [*clone, "+channel"]
    return [*operators, "-delete", "0", "-set", "colorspace", "sRGB", "-combine"]


@pytest.mark.parametrize("depth", [8, 16])
def test_display_p3_by_code_points(tmp_path, depth):
    stored = png(SMALL.astype(np.uint16) * 257 if depth == 16 else SMALL, (b"cICP", bytes((12, 13, 0, 1))))
    matrix = "3x3: " + " ".join(",".join(map(str, row)) for row in P3_TO_SRGB)
    expected = theirs(
        tmp_path, stored, SMALL.shape, "-colorspace", "RGB", "-color-matrix", matrix, "-colorspace", "sRGB"
    )
    assert np.abs(SMALL - expected).max() > 20, "it must make a difference"
    assert np.abs(opened(stored).pixels - expected).max() <= 2


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("transfer", "curve"), [(16, PQ), (18, HLG)])
def test_high_dynamic_range_by_code_points(tmp_path, depth, transfer, curve):
    stored = png(
        SMALL.astype(np.uint16) * 257 if depth == 16 else SMALL, (b"cICP", bytes((9, transfer, 0, 1)))
    )
    expected = theirs(tmp_path, stored, SMALL.shape, *mapped(curve, transfer == 18))
    assert np.abs(SMALL - expected).max() > 20, "it must make a difference"
    assert np.abs(opened(stored).pixels - expected).max() <= 2


@pytest.mark.parametrize("key", [300, 0x8000, 65535])
def test_16_bit_grey_with_a_transparent_value(tmp_path, key):
    """The value alone is transparent, not its neighbours that share the upper byte."""
    values = np.clip(np.arange(key - 32, key + 32), 0, 65535).astype(np.uint16)[None].repeat(4, axis=0)
    stored = png(values, (b"tRNS", struct.pack(">H", key)))
    pixels, expected = opened(stored).pixels, theirs(tmp_path, stored, values.shape)
    assert (expected[0, 32] == 255).all() and np.abs(pixels - expected).max() <= 2


def test_16_bit_colour_with_a_transparent_colour(tmp_path):
    values = np.full((4, 4, 3), (0x1234, 0x5678, 0x9ABC), np.uint16)
    values[1] += 1
    stored = png(values, (b"tRNS", struct.pack(">3H", *values[0, 0])))
    expected = theirs(tmp_path, stored, values.shape)
    assert (expected[0] == 255).all() and expected[1].max() < 200
    assert np.abs(opened(stored).pixels - expected).max() <= 2
