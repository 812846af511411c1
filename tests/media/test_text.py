"""Texts of every script are drawn shaped, in reading order, by a font that has them."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from salviewer import paths
from salviewer.core.area_drawing import draw_areas
from salviewer.core.area_labels import area_label
from salviewer.core.areas import Rectangle
from salviewer.core.text_drawing import put_label
from salviewer.media import fonts, text

WHITE = (255, 255, 255)


def label(words: str) -> np.ndarray:
    """A label in the middle of a picture, uint8 (60, 500)."""
    pixels = np.zeros((60, 500, 3), np.uint8)
    put_label(pixels, words, (250, 30), 16, WHITE)
    return pixels[..., 0]


def ink(words: str) -> float:
    """How much of a label is bright."""
    return float((label(words) > 128).sum())


def columns(pixels: np.ndarray) -> np.ndarray:
    """Brightness of each column between the first and the last that has letters."""
    profile = (pixels > 128).sum(axis=0)
    used = np.flatnonzero(profile)
    return profile[used[0] : used[-1] + 1]


def by_raqm(words: str) -> np.ndarray:
    """The same words set by Raqm itself, with the shipped font, at the same size."""
    font = ImageFont.truetype(str(fonts.shipped_font()), 100, layout_engine=ImageFont.Layout.RAQM)
    image = Image.new("L", (1600, 200))
    ImageDraw.Draw(image).text((20, 150), words, fill=255, font=font, anchor="ls")
    return columns(np.asarray(image))


def likeness(words: str, reference: np.ndarray) -> float:
    """Correlation of a label's columns with those of a reference of another size."""
    own = columns(label(words))
    steps = np.linspace(0, len(reference) - 1, len(own))
    smooth = np.convolve(reference, np.ones(9) / 9, "same")
    return float(np.corrcoef(own, np.interp(steps, np.arange(len(reference)), smooth))[0, 1])


needs_raqm = pytest.mark.skipif(not text.shapes(), reason="FriBidi is not installed")


@needs_raqm
@pytest.mark.parametrize("words", ["שלום עולם", "مرحبا بالعالم", "שלום 12.3 %", "Logo שלום"])
def test_right_to_left_text_is_shaped_and_in_order(words):
    assert likeness(words, by_raqm(words)) > 0.85
    assert likeness(words, by_raqm(words)) > likeness(words, by_raqm(words)[::-1]) + 0.3


@needs_raqm
def test_arabic_letters_are_joined():
    joined, apart = "ببب", "ب\u200cب\u200cب"  # the second with characters that keep them apart
    assert len(columns(label(joined))) < 0.9 * len(columns(label(apart)))


@pytest.mark.parametrize("words", ["é", "ß", "Ω", "Ж", "א", "م", "…", "€", "😀"])
def test_no_question_mark_stands_for_what_the_shipped_font_has(words):
    assert text.renderer._runs(words)[0].font == fonts.shipped_font()
    assert (label(words) != label("?")).any() and ink(words) > 5


def test_a_long_name_is_shortened_with_an_ellipsis_that_is_drawn():
    shortened = area_label(Rectangle(0, 0, 1, 1, name="n" * 50), None)
    assert shortened.endswith("…") and (label("…") != label("?")).any()


def test_what_no_font_has_is_reported_once_and_a_box_is_drawn(monkeypatch):
    monkeypatch.setattr(text, "renderer", text.ShapingRenderer())
    text.renderer.draw("a\u0378\u0379 b", 16, WHITE, (0, 0))
    note = text.missing_note()
    assert note.startswith("no font on this computer has") and "\u0378" in note
    text.renderer.draw("\u0378", 16, WHITE, (0, 0))
    assert text.missing_note() == ""


def test_a_font_of_the_system_steps_in_for_what_the_shipped_one_lacks(monkeypatch):
    others = [path for path in fonts.system_fonts() if "DejaVuSans.ttf" in path.name]
    if not others:
        pytest.skip("there is no other font here")
    own, other = fonts.characters_of(fonts.shipped_font()), fonts.characters_of(others[0])
    lacking = [p for each in other for p in each if not any(p in has for has in own)]
    letter = next(chr(p) for p in lacking if chr(p).isprintable() and not chr(p).isspace())
    assert [run.font.name for run in text.renderer._runs(letter)] != [fonts.SHIPPED]


def test_characters_of_the_shipped_font_are_those_that_it_draws():
    font = ImageFont.truetype(str(fonts.shipped_font()), 40, layout_engine=ImageFont.Layout.BASIC)
    nothing = bytes(font.getmask("\u0378", mode="L"))
    for point in range(0x21, 0x700):
        if chr(point).isprintable():
            drawn = bytes(font.getmask(chr(point), mode="L")) != nothing
            assert fonts.has(fonts.shipped_font(), chr(point)) == drawn, hex(point)


def test_damaged_fonts_have_no_characters(tmp_path):
    whole = fonts.shipped_font().read_bytes()
    for number, content in enumerate((b"", b"abc", whole[:40], whole[:2000], b"ttcf" + bytes(40))):
        path = tmp_path / f"{number}.ttf"
        path.write_bytes(content)
        assert not fonts.has(path, "a")


def test_threads_draw_the_same(monkeypatch):
    words = ["Größe 12 %", "שלום", "مرحبا", "Logo"] * 6
    alone = [label(each) for each in words]
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(*pair) for pair in zip(pool.map(label, words), alone, strict=True))


def test_areas_of_a_picture_carry_their_names():
    plain, named = (np.full((300, 400, 3), 90, np.uint8) for _ in range(2))
    draw_areas(plain, [Rectangle(0.2, 0.3, 0.8, 0.8, name="???? ????")])
    draw_areas(named, [Rectangle(0.2, 0.3, 0.8, 0.8, name="שלום עולם")])
    assert (plain != named).any()


def test_the_shipped_font_and_its_licence_are_there():
    assert fonts.shipped_font().parent == paths.resources() / "fonts"
    assert "bitstream" in (paths.resources() / "fonts" / "LICENSE-DejaVu.txt").read_text().lower()


def test_without_fribidi_right_to_left_text_is_in_order_all_the_same():
    program = (
        "from PIL import features, ImageFont\n"
        "features.check = lambda name: False\n"
        "from salviewer.media import text\n"
        "print([run.text for run in text.renderer._runs('Logo שלום 12')])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert ended.returncode == 0, ended.stderr
    assert "םולש" in ended.stdout


@pytest.mark.parametrize("words", ["棚の商品", "价格标签", "가격표", "シャンプー"])
def test_chinese_japanese_and_korean_are_drawn_by_a_font_of_the_system(words):
    if not any(all(fonts.has(path, letter) for letter in words) for path in fonts.system_fonts()):
        pytest.skip("no font of this system has them; install fonts-noto-cjk")
    text.missing_note()
    boxes = label("\U000e0fff" * len(words))
    assert ink(words) > 100 and not np.array_equal(label(words), boxes)
    assert not set(words) & set(text.missing_note())
