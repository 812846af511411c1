"""PDF, SVG, Photoshop, HEIC and JPEG XL files open like any picture."""

import gzip
import io
import struct
from pathlib import Path

import numpy as np
import pillow_heif
import pillow_jxl
import psd_tools
import pypdfium2
import pytest
from PIL import Image
from skimage import data

from salviewer.errors import ImageError, LockedImageError
from salviewer.media.images import decode_picture, find_pictures, load_picture
from salviewer.media.listing import find_pictures_below, pictures_still_there
from salviewer.media.openers import limits
from salviewer.media.openers.names import file_of, page_of, page_path, typed
from salviewer.media.openers.options import Opening, keep_password
from salviewer.media.openers.pages import known_page_name, page_name
from salviewer.media.openers.table import OPENERS, PICTURE_SUFFIXES
from tests.documents import (
    artboard_layers,
    encrypted_pdf,
    labelled_pdf,
    large_pdf,
    pdf_file,
    photoshop,
    photoshop_resource,
)

assert pillow_jxl
ENCRYPTED = encrypted_pdf()
PHOTO = Image.fromarray(data.chelsea()[:100, :150])
PIXELS = np.asarray(PHOTO)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}'>{}</svg>"


def middle(pixels: np.ndarray) -> list[int]:
    return pixels[pixels.shape[0] // 2, pixels.shape[1] // 2].tolist()


def test_every_suffix_has_one_row():
    suffixes = [suffix for opener in OPENERS for suffix in opener.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert {".pdf", ".ai", ".svg", ".psd", ".psb", ".heic", ".jxl", ".avif", ".png"} <= PICTURE_SUFFIXES


def test_names_of_pages():
    page = page_path(Path("in/report.v2.pdf"), 7)
    assert page == Path("in/report.v2.pdf/report.v2-p07.pdf") and page.stem == "report.v2-p07"
    assert page_of(page) == (Path("in/report.v2.pdf"), 7)
    assert page_of(page_path(Path("b.pdf"), 123)) == (Path("b.pdf"), 123)
    assert file_of(page) == Path("in/report.v2.pdf")
    for other in ("b.pdf", "b-p02.pdf", "c.pdf/b-p02.pdf", "b.pdf/b-p2.pdf", "b.pdf/b-p00.pdf", "b/b-p01"):
        assert page_of(Path(other)) is None
    assert typed("b.pdf#page=12") == page_path(Path("b.pdf"), 12)


def test_pages_of_a_pdf_are_a_list(tmp_path):
    document = pdf_file(tmp_path / "b.pdf")
    pages = find_pictures([tmp_path])
    assert [page.name for page in pages] == ["b-p01.pdf", "b-p02.pdf", "b-p03.pdf"]
    assert find_pictures([document]) == find_pictures_below(tmp_path) == pages
    assert pictures_still_there([tmp_path]) == pictures_still_there([document]) == pages
    assert find_pictures([f"{document}#page=2"]) == [pages[1]]
    with pytest.raises(ImageError, match="it has no page 4, only 3"):
        find_pictures([page_path(document, 4)])
    colours = [middle(load_picture(page).pixels) for page in pages]
    for colour, wanted in zip(colours, ([255, 0, 0], [0, 255, 0], [0, 0, 255]), strict=True):
        assert np.allclose(colour, wanted, atol=3)
    first = load_picture(document)
    assert (first.full_size, first.path, first.note) == ((300, 200), document, "first of 3 pages")
    assert load_picture(pages[1]).note == "page 2 of 3"
    pdf_file(document, 2)
    assert len(find_pictures([document])) == 2


def test_names_of_pages_that_are_known(tmp_path):
    (tmp_path / "a.pdf").write_bytes(labelled_pdf())
    page = page_path(tmp_path / "a.pdf", 2)
    assert known_page_name(page) == ""
    assert page_name(page) == known_page_name(page) == "v"
    assert known_page_name(tmp_path / "a.pdf") == known_page_name(page_path(tmp_path / "b.pdf", 1)) == ""


def test_one_page_is_the_file_itself(tmp_path):
    poster = pdf_file(tmp_path / "poster.pdf", 1)
    assert find_pictures([tmp_path]) == [poster]
    assert load_picture(poster).note == ""
    assert load_picture(poster, opening=Opening(dpi=72)).full_size == (144, 96)
    (tmp_path / "drawing.ai").write_bytes(poster.read_bytes())
    assert load_picture(tmp_path / "drawing.ai").full_size == (300, 200)
    assert decode_picture(poster.read_bytes(), "pasted").full_size == (300, 200)


def test_pages_keep_their_labels(tmp_path):
    document = tmp_path / "book.pdf"
    document.write_bytes(labelled_pdf())
    page = page_path(document, 2)
    assert load_picture(page).note == "page v (2 of 2)"
    assert page_name(page) == "v"


def test_a_very_large_page_is_drawn_smaller():
    picture = decode_picture(large_pdf(14400), "wall.pdf")
    assert 0.9 * limits.PIXELS < picture.pixels.size / 3 <= limits.PIXELS
    assert "pixels per inch, since it is very large" in picture.note


def test_an_encrypted_pdf_asks_for_its_password(tmp_path):
    document = tmp_path / "secret.pdf"
    document.write_bytes(ENCRYPTED)
    assert find_pictures([document]) == [document]
    with pytest.raises(LockedImageError, match="it is encrypted and needs its password"):
        load_picture(document)
    with pytest.raises(LockedImageError, match="its password is another one"):
        load_picture(document, opening=Opening(password="guess"))
    assert load_picture(document, opening=Opening(password="opensesame")).full_size == (417, 417)
    keep_password(document, "opensesame")
    assert load_picture(document).full_size == (417, 417)


@pytest.mark.parametrize("packed", [False, True])
def test_svg(tmp_path, packed):
    path = tmp_path / ("a.svgz" if packed else "a.svg")
    text = SVG.format(1200, 600, "<rect width='1200' height='600' fill='#10a020'/>").encode()
    path.write_bytes(gzip.compress(text) if packed else text)
    picture = load_picture(path)
    assert picture.full_size == (1875, 938) and middle(picture.pixels) == [0x10, 0xA0, 0x20]
    assert load_picture(path, opening=Opening(dpi=96)).full_size == (1200, 600)
    assert find_pictures([tmp_path]) == [path]


def test_svg_texts_are_drawn_whatever_their_font():
    for family in ("Arial, sans-serif", "No Such Font", "monospace"):
        text = f"<text x='10' y='50' font-size='40' font-family='{family}'>Sale</text>"
        assert (decode_picture(SVG.format(200, 80, text).encode(), "a.svg").pixels < 60).mean() > 0.02, family


def test_a_small_svg_is_drawn_large_and_transparency_is_white():
    picture = decode_picture(SVG.format(16, 8, "<circle r='2'/>").encode(), "icon.svg")
    assert picture.full_size == (1024, 512) and middle(picture.pixels) == [255, 255, 255]


def test_svg_without_outside_references_and_scripts(tmp_path):
    PHOTO.save(tmp_path / "outside.png")
    parts = (
        f"<image href='{tmp_path / 'outside.png'}' width='100' height='100'/>"
        f"<image href='file://{tmp_path / 'outside.png'}' width='100' height='100'/>"
        "<image href='outside.png' width='100' height='100'/><script>alert(1)</script>"
    )
    path = tmp_path / "a.svg"
    path.write_text(SVG.format(100, 100, parts))
    picture = load_picture(path)
    assert picture.note == "without 3 outside pictures; without its scripts"
    assert (picture.pixels == 255).all()


def test_psd_by_another_program(tmp_path):
    for mode in ("RGB", "L", "CMYK"):
        path = tmp_path / f"{mode}.psd"
        psd_tools.PSDImage.frompil(PHOTO.convert(mode)).save(path)
        with Image.open(path) as by_pillow:
            expected = np.asarray(by_pillow.convert("RGB"), int)
        assert np.abs(load_picture(path).pixels - expected).max() < 2, mode


def planes(pixels: np.ndarray) -> list[bytes]:
    return [np.ascontiguousarray(pixels[..., band]).tobytes() for band in range(pixels.shape[2])]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("depth", [8, 16, 32])
def test_psd_of_every_depth(large, depth):
    values = {8: PIXELS, 16: PIXELS.astype(">u2") * 257}
    linear = PIXELS / 255.0
    values[32] = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4).astype(">f4")
    content = photoshop(PHOTO.size, planes(values[depth]), depth=depth, large=large)
    assert (decode_picture(content, "a").pixels == PIXELS).all()


def packed(pixels: np.ndarray, large: bool) -> list[bytes]:
    """Channels by PackBits, every row as it is in runs of at most 128 bytes."""
    counts, rows = b"", b""
    for band in range(3):
        for row in pixels[..., band]:
            text = row.tobytes()
            coded = b"".join(
                bytes([len(text[at : at + 128]) - 1]) + text[at : at + 128] for at in range(0, len(text), 128)
            )
            counts += struct.pack(">I" if large else ">H", len(coded))
            rows += coded
    return [counts, rows, b""]


@pytest.mark.parametrize("large", [False, True])
def test_packed_psb(large):
    content = photoshop(PHOTO.size, packed(PIXELS, large), large=large, compression=1)
    assert (decode_picture(content, "a").pixels == PIXELS).all()


def test_psd_in_other_colour_modes():
    grey = np.asarray(PHOTO.convert("L"))
    shown = decode_picture(photoshop(PHOTO.size, [grey.tobytes()], mode=1), "a").pixels
    assert (shown[..., 0] == grey).all()
    indexed = np.arange(256, dtype=np.uint8).reshape(16, 16)
    palette = bytes(range(256)) + bytes(reversed(range(256))) + bytes(256)
    shown = decode_picture(photoshop((16, 16), [indexed.tobytes()], mode=2, palette=palette), "a").pixels
    assert shown[15, 15].tolist() == [255, 0, 0] and shown[0, 0].tolist() == [0, 255, 0]
    bits = decode_picture(photoshop((8, 1), [b"\xf0"], depth=1, mode=0), "a").pixels
    assert bits[0, :, 0].tolist() == [0, 0, 0, 0, 255, 255, 255, 255]
    lab = decode_picture(photoshop((1, 1), [b"\xff", b"\x80", b"\x80"], mode=9), "a").pixels
    assert (lab > 250).all()


def test_psd_without_a_picture_of_the_whole():
    layers = struct.pack(">Ih", 40, 1) + bytes(38)
    version = photoshop_resource(1057, struct.pack(">IB", 1, 0) + bytes(10))
    content = photoshop(PHOTO.size, planes(PIXELS), resources=version, layers=layers)
    with pytest.raises(ImageError, match=r"it has layers only.*Maximize compatibility"):
        decode_picture(content, "a")
    whole = photoshop_resource(1057, struct.pack(">IB", 1, 1) + bytes(10))
    content = photoshop(PHOTO.size, planes(PIXELS), resources=whole, layers=layers)
    assert (decode_picture(content, "a").pixels == PIXELS).all()


@pytest.mark.parametrize("large", [False, True])
def test_artboards_are_pages_with_names(tmp_path, large):
    boards = {"Deep": (-9, 50, 40, 200), "Home – ä": (0, 0, 70, 40), "outside": (500, 500, 600, 600)}
    path = tmp_path / ("app.psb" if large else "app.psd")
    layers = artboard_layers(boards, large)
    path.write_bytes(photoshop(PHOTO.size, planes(PIXELS), layers=layers, large=large))
    pages = find_pictures([tmp_path])
    assert [page.stem for page in pages] == ["app-p01", "app-p02"]
    first, second = map(load_picture, pages)
    assert (first.pixels == PIXELS[:40, :70]).all() and (second.pixels == PIXELS[50:, :40]).all()
    assert first.note.startswith("artboard Home – ä (1 of 2)")
    assert page_name(pages[0]) == "Home – ä"
    assert (load_picture(path).pixels == PIXELS).all() and load_picture(path).note.startswith(
        "all 2 artboards"
    )


def test_heic_and_jpeg_xl(tmp_path):
    pillow_heif.register_heif_opener()
    for name in ("a.heic", "a.jxl"):
        PHOTO.save(tmp_path / name, quality=95)
        shown = load_picture(tmp_path / name)
        assert np.abs(shown.pixels.astype(int) - PIXELS).mean() < 5 and shown.note == ""
    assert [path.name for path in find_pictures([tmp_path])] == ["a.heic", "a.jxl"]


def test_a_kind_whose_extra_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("salviewer.media.openers.table.find_spec", lambda name: None)
    PHOTO.save(tmp_path / "a.jxl")
    with pytest.raises(ImageError, match=r"JPEG XL needs “pip install salviewer\[jxl\]”"):
        load_picture(tmp_path / "a.jxl")


def test_the_encrypted_one_is_encrypted():
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(io.BytesIO(ENCRYPTED))
