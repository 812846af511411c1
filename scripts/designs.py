"""Designs of our own with named areas, to see where maps fail: posters, a shelf, pages, a chart, packs.

Shapes, words and the typeface (which comes with Pillow) are free to share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from draw_samples import Colour, Sheet
from PIL import Image

Box = tuple[float, float, float, float]
"""x, y, width and height in pixels."""

WHITE: Colour = (255, 255, 255)
DARK: Colour = (34, 34, 40)
GREY: Colour = (120, 120, 126)
LIGHT: Colour = (226, 226, 230)
RED: Colour = (206, 52, 46)


@dataclass
class Design:
    """A picture, its areas, and which of them people look at more than at which.

    Attributes:
        name: of the design.
        image: the picture.
        areas: by name.
        orders: pairs of areas, the warmer one first. These are a designer's expectations; nobody's eyes were
            recorded.
    """

    name: str
    image: Image.Image
    areas: dict[str, Box] = field(default_factory=dict)
    orders: list[tuple[str, str]] = field(default_factory=list)


def _face(sheet: Sheet, x: float, y: float, r: float) -> None:
    sheet.disc(x, y - 0.25 * r, 1.15 * r, 1.2 * r, (56, 36, 30))
    sheet.disc(x, y, 0.85 * r, 1.05 * r, (230, 176, 140))
    for side in (-1, 1):
        sheet.disc(x + side * 0.34 * r, y - 0.1 * r, 0.17 * r, 0.1 * r, WHITE)
        sheet.disc(x + side * 0.34 * r, y - 0.1 * r, 0.08 * r, 0.09 * r, DARK)
        sheet.line(
            [(x + side * 0.2 * r, y - 0.3 * r), (x + side * 0.5 * r, y - 0.32 * r)], (56, 36, 30), 0.06 * r
        )
    sheet.line(
        [(x, y), (x + 0.06 * r, y + 0.25 * r), (x - 0.05 * r, y + 0.28 * r)], (196, 138, 104), 0.05 * r
    )
    sheet.line(
        [(x - 0.28 * r, y + 0.52 * r), (x, y + 0.6 * r), (x + 0.28 * r, y + 0.52 * r)],
        (176, 60, 62),
        0.1 * r,
    )


def _pack(sheet: Sheet, x: float, y: float, w: float, h: float, colour: Colour, label: str) -> None:
    ink = DARK if sum(colour) > 500 else WHITE
    sheet.box(x, y, w, h, colour, 0.06 * w)
    sheet.box(x, y, w, 0.14 * h, (colour[0] * 3 // 4, colour[1] * 3 // 4, colour[2] * 3 // 4), 0.06 * w)
    sheet.words(x + w / 2, y + 0.36 * h, label, 0.2 * w, ink, anchor="mm", bold=0.5)
    sheet.disc(x + w / 2, y + 0.68 * h, 0.22 * w, 0.22 * w, (236, 186, 84))


def headline_poster() -> Design:
    """Draw a poster of type alone: a line of 110 pixels above a small one."""
    sheet = Sheet(800, 1000, (243, 233, 214))
    sheet.words(60, 120, "Open", 110, DARK, bold=3)
    sheet.words(60, 240, "Studio", 110, RED, bold=3)
    sheet.words(62, 400, "an evening of prints, drawings and talks", 26, GREY)
    for row in range(3):
        sheet.box(60 + 230 * row, 520, 200, 260, ((64, 120, 140), (222, 160, 60), (120, 80, 130))[row], 6)
    sheet.words(60, 850, "12 May, 18:00", 44, DARK, bold=1)
    sheet.words(60, 920, "Mill Lane 3  ·  free entry", 24, GREY)
    areas: dict[str, Box] = {
        "headline": (55, 115, 420, 240), "small line": (55, 395, 500, 42), "date": (55, 845, 320, 60),
    }  # fmt: skip
    return Design("poster of type", sheet.finished(), areas, [("headline", "small line")])


def face_poster() -> Design:
    """Draw an advertisement with a face, a headline, a price and a button."""
    sheet = Sheet(900, 900, (206, 226, 232))
    sheet.disc(640, 780, 300, 300, (52, 92, 140))
    _face(sheet, 640, 400, 170)
    sheet.words(60, 110, "Sleep well", 92, DARK, bold=2.4)
    sheet.words(60, 220, "again.", 92, DARK, bold=2.4)
    sheet.words(62, 350, "Pillows of buckwheat", 28, GREY)
    sheet.words(60, 520, "$39", 96, RED, bold=2.4)
    sheet.box(60, 680, 260, 80, DARK, 40)
    sheet.words(190, 720, "Buy now", 34, WHITE, anchor="mm", bold=0.8)
    sheet.words(60, 850, "While stocks last. Delivery in three days.", 17, GREY)
    areas: dict[str, Box] = {
        "face": (495, 220, 290, 360), "headline": (55, 105, 430, 215), "price": (55, 515, 210, 110),
        "button": (60, 680, 260, 80), "small print": (55, 845, 330, 30), "body": (420, 620, 440, 270),
    }  # fmt: skip
    orders = [(name, "small print") for name in ("face", "headline", "price", "button")] + [("face", "body")]
    return Design("advertisement with a face", sheet.finished(), areas, orders)


def shelf() -> Design:
    """Draw three boards of coloured packs, one of them white."""
    sheet = Sheet(1200, 900, (214, 206, 196))
    colours: list[Colour] = [(188, 54, 50), (52, 104, 160), (224, 150, 44), (60, 130, 84), (120, 66, 132)]
    areas: dict[str, Box] = {}
    for row in range(3):
        sheet.box(0, 282 + 290 * row, 1200, 16, (120, 96, 76))
        for column in range(8):
            place: Box = (50 + 140 * column, 62 + 290 * row, 110, 220)
            white = (row, column) == (1, 4)
            colour = WHITE if white else colours[(column * 2 + row) % 5]
            _pack(sheet, *place, colour, "Oat" if white else "Nut")
            if row == 1 and column in (3, 4, 5):
                areas[("left neighbour", "white pack", "right neighbour")[column - 3]] = place
    orders = [("white pack", "left neighbour"), ("white pack", "right neighbour")]
    return Design("shelf with one white pack", sheet.finished(), areas, orders)


def article() -> Design:
    """Draw a page of text: navigation, a headline, a column that is read, boxes on the right."""
    sheet = Sheet(1280, 960, WHITE)
    sheet.box(0, 0, 1280, 70, (28, 60, 110))
    sheet.words(40, 35, "The Daily River", 30, WHITE, anchor="lm", bold=0.8)
    for place, word in enumerate(("News", "Sport", "Weather", "Help")):
        sheet.words(760 + 120 * place, 35, word, 19, WHITE, anchor="lm")
    sheet.words(60, 120, "Bridge opens after nine years", 48, DARK, bold=1.2)
    text = "The first walkers crossed at dawn, some with dogs, one with a piano on wheels and no plan "
    for line in range(22):
        start = 9 * line % len(text)
        sheet.words(60, 220 + 31 * line, (text + text)[start : start + 70], 19, (60, 60, 66))
    for place, colour in enumerate([(232, 238, 246), (244, 240, 228), (236, 236, 240)]):
        sheet.box(900, 130 + 270 * place, 320, 240, colour, 8)
        sheet.words(
            924, 156 + 270 * place, ("Tides today", "Most read", "Tickets")[place], 22, DARK, bold=0.4
        )
        for line in range(4):
            sheet.box(924, 205 + 270 * place + 34 * line, 240 - 30 * (line % 2), 12, (190, 190, 196), 4)
    areas: dict[str, Box] = {
        "headline": (55, 115, 720, 66), "column, upper half": (55, 215, 720, 340),
        "column, lower half": (55, 560, 720, 340), "boxes on the right": (900, 130, 320, 780),
    }  # fmt: skip
    orders = [("headline", "column, lower half"), ("column, upper half", "column, lower half")]
    return Design(
        "page of text", sheet.finished(), areas, [*orders, ("column, upper half", "boxes on the right")]
    )


def chart() -> Design:
    """Draw a bar chart with a title, one bar of another colour, and a legend."""
    sheet = Sheet(1000, 700, WHITE)
    sheet.words(80, 50, "Rain fell mostly in May", 42, DARK, bold=1)
    sheet.words(80, 110, "Millimetres a month, Old Harbour", 21, GREY)
    for line in range(5):
        sheet.box(80, 590 - 100 * line, 840, 1.5, LIGHT)
        sheet.words(64, 590 - 100 * line, str(40 * line), 17, GREY, anchor="rm")
    heights = (60, 110, 90, 170, 390, 210, 120, 70, 150, 190, 130, 80)
    for month, height in enumerate(heights):
        colour = RED if month == 4 else (150, 176, 200)
        sheet.box(96 + 69 * month, 590 - height, 46, height, colour)
        sheet.words(119 + 69 * month, 616, "JFMAMJJASOND"[month], 18, GREY, anchor="mm")
    sheet.words(395, 182, "156", 24, RED, anchor="mm", bold=0.6)
    sheet.words(80, 664, "Source: our own gauge.", 15, GREY)
    areas: dict[str, Box] = {
        "title": (75, 45, 560, 60), "highest bar": (366, 165, 58, 425),
        "other bars, right": (430, 370, 490, 220),
        "source": (75, 655, 200, 24),
    }  # fmt: skip
    return Design(
        "chart", sheet.finished(), areas, [("title", "source"), ("highest bar", "other bars, right")]
    )


def badge() -> Design:
    """Draw a product with a small badge in the corner."""
    sheet = Sheet(900, 900, (246, 246, 244))
    _pack(sheet, 280, 170, 340, 520, (52, 120, 112), "Green tea")
    sheet.words(450, 780, "Now with mint", 46, DARK, anchor="mm", bold=1)
    sheet.disc(800, 90, 62, 62, RED)
    sheet.words(800, 90, "-30%", 34, WHITE, anchor="mm", bold=0.8)
    areas: dict[str, Box] = {
        "product": (280, 170, 340, 520), "badge": (738, 28, 124, 124), "line": (280, 745, 340, 70),
        "name on the pack": (330, 320, 240, 80),
    }  # fmt: skip
    return Design("badge in the corner", sheet.finished(), areas, [("name on the pack", "badge")])


def pack() -> Design:
    """Draw the front of a package: brand, what it is, a picture of it, the weight."""
    sheet = Sheet(700, 900, (236, 232, 224))
    sheet.box(130, 60, 440, 780, (250, 206, 72), 24)
    sheet.words(350, 170, "Alpina", 92, (140, 40, 30), anchor="mm", bold=2.2)
    sheet.words(350, 265, "Corn flakes with honey", 27, DARK, anchor="mm")
    sheet.disc(350, 560, 170, 80, WHITE)
    for place in range(14):
        sheet.disc(235 + 18 * place, 535 + 16 * (place % 4), 24, 16, (226, 150, 40))
    sheet.words(530, 800, "375 g", 24, DARK, anchor="rm")
    areas: dict[str, Box] = {
        "brand": (180, 115, 340, 110), "kind": (190, 243, 320, 44), "bowl": (180, 480, 340, 160),
        "weight": (445, 784, 95, 34),
    }  # fmt: skip
    return Design(
        "pack", sheet.finished(), areas, [("brand", "weight"), ("bowl", "weight"), ("brand", "kind")]
    )


DESIGNS: tuple[Callable[[], Design], ...] = (
    headline_poster, face_poster, shelf, article, chart, badge, pack,
)  # fmt: skip
