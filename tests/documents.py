"""Documents for tests: PDF, SVG and Photoshop files, real and hostile."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

from PIL import Image

COLOURS = ("red", "lime", "blue")


def pdf_file(path: Path, pages: int = 3, size: tuple[int, int] = (144, 96)) -> Path:
    """Write a PDF of plain coloured pages, `size` in points each."""
    drawn = [Image.new("RGB", size, COLOURS[number % 3]) for number in range(pages)]
    drawn[0].save(path, "PDF", save_all=True, append_images=drawn[1:], resolution=72)
    return path


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from one; the first is the catalogue."""
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"<< /Size %d /Root 1 0 R %s >>" % (len(objects) + 1, trailer)
    return content + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (head, start)


def labelled_pdf() -> bytes:
    """Return a PDF of two pages that call themselves iv and v."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 144 96] >>"
    labels = b"/PageLabels << /Nums [0 << /S /r /St 4 >>] >>"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R %s >>" % labels
    return pdf_of([catalogue, b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>", page, page])


def large_pdf(side: int) -> bytes:
    """Return a PDF with one page of `side` x `side` points."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] >>" % (side, side)
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page])


def slow_pdf(levels: int = 12) -> bytes:
    """Return a PDF whose page draws a form ten times, which draws another ten times, and so on."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>"
    )
    ten = b"/F Do " * 10
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page]
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(ten), ten))
    for level in range(levels):
        drawn = ten if level < levels - 1 else b"0 0 300 300 re f"
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 500 500] /Length %d"
            b" /Resources << /XObject << /F %d 0 R >> >> >>\nstream\n%s\nendstream"
            % (len(drawn), 6 + level, drawn)
        )
    return pdf_of(objects)


def photoshop(
    size: tuple[int, int],
    channels: list[bytes],
    *,
    depth: int = 8,
    mode: int = 3,
    large: bool = False,
    resources: bytes = b"",
    layers: bytes = b"",
    compression: int = 0,
    palette: bytes = b"",
) -> bytes:
    """Return a PSD or PSB file, its channels as they are stored."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 2 if large else 1, len(channels), size[1], size[0], depth, mode)
    head += struct.pack(">I", len(palette)) + palette
    head += struct.pack(">I", len(resources)) + resources
    head += struct.pack(">Q" if large else ">I", len(layers)) + layers
    return head + struct.pack(">H", compression) + b"".join(channels)


def photoshop_resource(number: int, content: bytes) -> bytes:
    """Return one image resource."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + b"\0" * (len(content) % 2)


def encrypted_pdf() -> bytes:
    """Return a PDF whose password is "opensesame", by RC4 with 40 bits as PDF 1.1 has it."""
    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    password = (b"opensesame" + pad)[:32]

    def rc4(key: bytes, text: bytes) -> bytes:
        box, j, out = list(range(256)), 0, bytearray()
        for i in range(256):
            j = (j + box[i] + key[i % len(key)]) % 256
            box[i], box[j] = box[j], box[i]
        i = j = 0
        for byte in text:
            i = (i + 1) % 256
            j = (j + box[i]) % 256
            box[i], box[j] = box[j], box[i]
            out.append(byte ^ box[(box[i] + box[j]) % 256])
        return bytes(out)

    number = bytes(16)
    owner = rc4(hashlib.md5(password).digest()[:5], password)
    key = hashlib.md5(password + owner + struct.pack("<i", -4) + number).digest()[:5]
    user = rc4(key, pad)
    encrypt = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (
        owner.hex().encode(),
        user.hex().encode(),
    )
    plain = large_pdf(200)
    trailer = b"/Encrypt %s /ID [<%s> <%s>]" % (encrypt, number.hex().encode(), number.hex().encode())
    return plain.replace(b"/Root 1 0 R ", b"/Root 1 0 R " + trailer)


def _wide(text: str) -> bytes:
    return struct.pack(">I", len(text) + 1) + (text + "\0").encode("utf-16-be")


def artboard_layers(boards: dict[str, tuple[int, int, int, int]], large: bool = False) -> bytes:
    """Return a layer section with an artboard for each name: left, top, right and bottom in pixels."""
    records = struct.pack(">h", len(boards))
    for name, box in boards.items():
        sides = b"".join(
            struct.pack(">I", 0) + key + b"doub" + struct.pack(">d", side)
            for key, side in zip((b"Left", b"Top ", b"Rght", b"Btm "), box, strict=True)
        )
        rectangle = _wide("") + struct.pack(">I", 14) + b"classFloatRect" + struct.pack(">I", 4) + sides
        told = struct.pack(">I", 16) + _wide("") + struct.pack(">I", 8) + b"artboard" + struct.pack(">I", 2)
        told += struct.pack(">I", 0) + b"lfty" + b"long" + struct.pack(">i", 3)
        told += struct.pack(">I", 12) + b"artboardRect" + b"Objc" + rectangle
        told += b"\0" * (-len(told) % 4)
        named = _wide(name)
        named += b"\0" * (-len(named) % 4)
        extra = struct.pack(">II", 0, 0) + b"\3low" + b"8BIMluni" + struct.pack(">I", len(named)) + named
        extra += b"8BIMartb" + struct.pack(">I", len(told)) + told
        records += bytes(16) + struct.pack(">H", 0) + b"8BIMnorm" + bytes(4)
        records += struct.pack(">I", len(extra)) + extra
    return struct.pack(">Q" if large else ">I", len(records)) + records + struct.pack(">I", 0)
