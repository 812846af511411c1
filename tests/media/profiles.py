"""ICC profiles made by hand: what they should do is known from numbers, not from another library."""

import struct

import numpy as np

# Columns are the XYZ (D50) of the primaries.
ADOBE_RGB = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
DISPLAY_P3 = np.array(
    [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
)
SRGB = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content
    header = struct.pack(">I4sI4s4s4s", start + len(body), b"lcms", 0x02400000, kind, space, connection)
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    return header + bytes(128 - len(header)) + struct.pack(">I", len(tags)) + table + body


def rgb_profile(primaries: np.ndarray, gamma: float) -> bytes:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
    tags = {
        name: b"XYZ " + bytes(4) + b"".join(map(_fixed, primaries[:, i]))
        for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    white = b"XYZ " + bytes(4) + _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve) | {b"wtpt": white}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def grey_profile(gamma: float) -> bytes:
    white = b"XYZ " + bytes(4) + _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve, b"wtpt": white})


def cmyk_profile_of_odd_inks() -> bytes:
    """Full cyan prints as a mid red, whatever else; black ink darkens as it should."""
    nodes = []
    for cyan in (0, 1):
        for _magenta in (0, 1):
            for _yellow in (0, 1):
                for black in (0, 1):
                    lightness = 0 if black else 255 if not cyan else 128
                    redness = 128 + (60 if cyan and not black else 0)
                    nodes += [lightness, redness, 128 + (40 if cyan and not black else 0)]
    straight = bytes(range(256))
    matrix = b"".join(map(_fixed, np.eye(3).ravel()))
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + straight * 4 + bytes(nodes) + straight * 3
    white = b"XYZ " + bytes(4) + _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut, b"A2B1": lut, b"wtpt": white})


def to_srgb(pixels: np.ndarray, primaries: np.ndarray, gamma: float) -> np.ndarray:
    """What (n, 3) uint8 of an ``rgb_profile`` are in sRGB, computed here; floats in 0..255."""
    linear = (pixels / 255.0) ** gamma
    linear = np.clip(linear @ (np.linalg.inv(SRGB) @ primaries).T, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
