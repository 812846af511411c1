"""Draw the sample pictures in ``resources/samples``: a concert poster, and a coffee roaster's front page in
four variants.

    python scripts/draw_samples.py [FOLDER]

Shapes, words and the typeface (which comes with Pillow) are free to share. Drawn at twice the size and scaled
down for smooth edges; every run gives the same pixels.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parent.parent / "resources" / "samples"
SCALE = 2

Colour = tuple[int, int, int]
INK: Colour = (28, 26, 48)
CREAM: Colour = (250, 240, 222)


class Sheet:
    """A drawing surface in final pixels, stored ``SCALE`` times as large."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), colour)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0) -> None:
        corners = (x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1)
        self.draw.rounded_rectangle(corners, radius * SCALE, fill)

    def disc(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self.draw.ellipse(((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE), fill)

    def shape(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def arc(self, x: float, y: float, r: float, start: float, end: float, fill: Colour, width: float) -> None:
        corners = ((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE)
        self.draw.arc(corners, start, end, fill, round(width * SCALE))

    def line(self, points: list[tuple[float, float]], fill: Colour, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill, round(width * SCALE), joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            r = width * SCALE / 2
            self.draw.ellipse((x - r, y - r, x + r, y + r), fill)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        fill: Colour,
        *,
        anchor: str = "la",
        bold: float = 0,
        spacing: float = 0,
    ) -> float:
        """Write a line and return its width; ``bold`` thickens strokes, ``spacing`` spreads letters."""
        font = ImageFont.load_default(size * SCALE)
        assert isinstance(font, ImageFont.FreeTypeFont)
        wide = font.getlength(text) + spacing * SCALE * (len(text) - 1)
        left = x * SCALE - {"l": 0.0, "m": wide / 2, "r": wide}[anchor[0]]
        stroke = bold * SCALE
        if not spacing:
            self.draw.text((left, y * SCALE), text, fill, font, "l" + anchor[1], stroke_width=stroke)
        else:
            for i, letter in enumerate(text):
                at = left + font.getlength(text[:i]) + i * spacing * SCALE
                self.draw.text((at, y * SCALE), letter, fill, font, "l" + anchor[1], stroke_width=stroke)
        return wide / SCALE

    def finished(self) -> Image.Image:
        return self.image.resize(
            (self.image.width // SCALE, self.image.height // SCALE), Image.Resampling.BOX
        )


def poster() -> Image.Image:
    """Draw a singer before a setting sun; headline, names, ticket button, small print. 1200 x 1600."""
    sheet = Sheet(1200, 1600, (255, 199, 107))
    bands: list[Colour] = [(247, 148, 77), (233, 96, 78), (190, 62, 92), (122, 44, 98), (66, 33, 89)]
    for i, colour in enumerate(bands):
        top = 620 + i * 150
        wave = [
            (x, top + 34 * math.sin(x / 190 + i * 1.3) + 14 * math.sin(x / 83 + i))
            for x in range(0, 1210, 10)
        ]
        sheet.shape([*wave, (1200, 1600), (0, 1600)], colour)
        if i == 0:
            sheet.disc(600, 840, 315, 315, (255, 226, 150))
            sheet.shape([*[(x, y + 300) for x, y in wave], (1200, 1600), (0, 1600)], colour)
    _singer(sheet, 600, 800)
    sheet.box(0, 1330, 1200, 270, INK)
    sheet.words(600, 96, "THE HARBOUR SESSIONS", 34, INK, anchor="ma", bold=0.6, spacing=12)
    sheet.words(600, 160, "Midsummer", 196, INK, anchor="ma", bold=4)
    sheet.words(600, 356, "NIGHT", 150, (190, 46, 70), anchor="ma", bold=5, spacing=44)
    sheet.words(90, 1366, "Saturday 21 June", 50, CREAM, bold=1)
    sheet.words(90, 1434, "Old Harbour, Pier 4  ·  doors at 19:00", 30, (255, 199, 107))
    sheet.box(800, 1364, 310, 104, (255, 199, 107), 52)
    sheet.words(955, 1416, "Get tickets", 42, INK, anchor="mm", bold=1.2)
    small = "Free for children under twelve. In rain the concert moves into the boat hall."
    sheet.words(90, 1538, small + " Please leave dogs at home.", 20, (166, 158, 190))
    return sheet.finished()


def _singer(sheet: Sheet, x: float, y: float) -> None:
    """Draw head and shoulders; (x, y) is the middle of the face."""
    skin: Colour = (226, 152, 110)
    shade: Colour = (201, 122, 88)
    hair: Colour = (43, 24, 44)
    dress: Colour = (22, 120, 128)
    sheet.disc(x, y - 52, 196, 206, hair)
    sheet.disc(x - 150, y + 90, 92, 150, hair)
    sheet.disc(x + 150, y + 90, 92, 150, hair)
    sheet.disc(x, y + 560, 330, 310, dress)
    neckline = [(x + 110 * math.cos(t / 20), y + 252 + 74 * math.sin(t / 20)) for t in range(63)]
    sheet.shape([*neckline, (x - 62, y + 206), (x - 58, y + 110), (x + 58, y + 110), (x + 62, y + 206)], skin)
    sheet.shape(
        [(x - 59, y + 120), (x + 59, y + 120), (x + 61, y + 180), (x, y + 208), (x - 61, y + 180)], shade
    )
    sheet.disc(x, y + 10, 138, 172, skin)
    sheet.shape([(x - 150, y - 30), (x - 120, y - 150), (x + 40, y - 175), (x - 60, y - 90)], hair)
    sheet.shape([(x + 150, y - 20), (x + 140, y - 140), (x - 20, y - 180), (x + 90, y - 90)], hair)
    for side in (-1, 1):
        eye = x + side * 56
        sheet.disc(eye, y + 2, 30, 19, (255, 250, 242))
        sheet.disc(eye + 3, y + 2, 15, 17, (60, 40, 34))
        sheet.disc(eye + 8, y - 4, 5, 5, (255, 255, 255))
        sheet.arc(eye, y + 12, 36, 205, 335, hair, 7)
        sheet.arc(eye, y + 2, 52, 225, 315, hair, 9)
        sheet.disc(x + side * 86, y + 66, 28, 18, (235, 128, 100))
        sheet.disc(x + side * 142, y + 92, 12, 12, (255, 214, 110))
    sheet.line([(x + 2, y + 18), (x + 12, y + 54), (x - 6, y + 60)], shade, 7)
    sheet.disc(x, y + 108, 46, 32, (150, 28, 52))
    sheet.shape([(x - 34, y + 92), (x + 34, y + 92), (x + 28, y + 104), (x - 28, y + 104)], (255, 250, 242))
    sheet.disc(x, y + 128, 24, 11, (226, 96, 104))
    sheet.line([(x + 92, y + 250), (x + 66, y + 200)], (58, 56, 74), 30)
    sheet.line([(x + 236, y + 560), (x + 136, y + 340)], skin, 62)
    sheet.line([(x + 250, y + 590), (x + 208, y + 494)], (17, 96, 104), 84)
    sheet.line([(x + 152, y + 376), (x + 96, y + 258)], (58, 56, 74), 24)
    sheet.disc(x + 58, y + 184, 44, 44, (92, 90, 112))
    for i in range(-2, 3):
        sheet.line([(x + 24, y + 184 + i * 14), (x + 92, y + 184 + i * 14)], (70, 68, 88), 3)
    sheet.disc(x + 128, y + 330, 40, 34, skin)
    for i in range(4):
        sheet.line([(x + 104 + i * 9, y + 304 + i * 17), (x + 146 + i * 7, y + 294 + i * 17)], skin, 20)


@dataclass(frozen=True)
class Hero:
    """The upper part of a front page: where its text and its cup stand, and how the button looks.

    Attributes:
        text: left edge of headline, lines and button.
        cup: the middle of the cup.
        headline: its size.
        button: width, height and distance below the usual place.
        fill: of the button.
        aside: whether there is a second, quieter offer beside the button.
    """

    text: float = 150
    cup: float = 1050
    headline: float = 76
    button: tuple[float, float, float] = (258, 70, 0)
    fill: Colour = (214, 84, 44)
    aside: bool = True


def page(hero: Hero | None = None) -> Image.Image:
    """Draw a coffee roaster's front page: navigation, hero, cup, button, three products. 1440 x 1000."""
    hero = hero or Hero()
    sheet = Sheet(1440, 1000, (252, 248, 242))
    dark: Colour = (52, 36, 30)
    accent: Colour = (214, 84, 44)
    grey: Colour = (128, 112, 102)
    sheet.disc(110, 54, 20, 20, accent)
    sheet.disc(110, 54, 8, 8, (252, 248, 242))
    sheet.words(144, 54, "Slow Roast", 28, dark, anchor="lm", bold=0.7)
    for i, item in enumerate(("Coffee", "Subscriptions", "Brewing", "Visit us")):
        sheet.words((640, 744, 914, 1032)[i], 54, item, 20, grey, anchor="lm")
    sheet.box(1206, 32, 144, 44, dark, 22)
    sheet.words(1278, 54, "Basket (2)", 18, (252, 248, 242), anchor="mm")
    sheet.box(90, 108, 1260, 492, (243, 226, 204), 28)
    x = hero.text
    sheet.words(x, 178, "Coffee, unhurried.", hero.headline, dark, bold=1.6)
    for i, line in enumerate(("Small batches, roasted on Tuesdays", "and at your door by Thursday.")):
        sheet.words(x + 2, 292 + i * 38, line, 27, grey)
    wide, high, down = hero.button
    sheet.box(x, 404 + down, wide, high, hero.fill, high / 2)
    middle = 404 + down + high / 2
    sheet.words(
        x + wide / 2, middle, "Find your roast", 26 * high / 70, (255, 255, 255), anchor="mm", bold=0.6
    )
    if hero.aside:
        sheet.words(x + wide + 32, middle, "or try a free sample", 22, dark, anchor="lm")
    sheet.words(x + 2, 536, "4.9 of 5 from 2,318 customers", 18, grey)
    _cup(sheet, hero.cup, 360)
    sheet.words(90, 640, "This week's roasts", 34, dark, bold=0.8)
    sheet.words(1350, 650, "See all twelve", 20, accent, anchor="ra")
    roasts: list[tuple[str, str, str, Colour, Callable[[Sheet, float, float], None]]] = [
        ("Morning Fog", "Peach, black tea, honey", "$12.50", (118, 152, 160), _fog),
        ("Red Hill", "Cherry, cocoa, almond", "$13.90", (176, 62, 54), _hill),
        ("Night Train", "Dark chocolate, fig", "$11.80", (54, 52, 88), _moon),
    ]
    for i, (name, taste, price, colour, picture) in enumerate(roasts):
        x = 90 + i * 430
        sheet.box(x, 702, 400, 200, (255, 255, 255), 20)
        sheet.box(x + 24, 722, 116, 160, colour, 12)
        sheet.box(x + 24, 722, 116, 26, tuple(c * 3 // 4 for c in colour), 10)  # type: ignore[arg-type]
        picture(sheet, x + 82, 812)
        sheet.words(x + 166, 732, name, 27, dark, bold=0.6)
        sheet.words(x + 166, 774, taste, 18, grey)
        sheet.words(x + 166, 842, price, 25, dark, bold=0.5)
        sheet.box(x + 296, 834, 80, 42, (243, 226, 204), 21)
        sheet.words(x + 336, 855, "Add", 19, dark, anchor="mm", bold=0.4)
    sheet.words(
        90,
        950,
        "Delivery from $2.90  ·  Returns within 30 days  ·  Imprint  ·  Privacy",
        15,
        grey,
        anchor="lm",
    )
    return sheet.finished()


def _cup(sheet: Sheet, x: float, y: float) -> None:
    sheet.disc(x, y + 6, 214, 214, (232, 200, 164))
    sheet.disc(x, y + 152, 206, 36, (206, 168, 130))
    sheet.disc(x, y + 140, 190, 32, (255, 252, 246))
    sheet.disc(x, y + 134, 112, 18, (226, 214, 200))
    sheet.arc(x + 128, y + 44, 58, -80, 100, (244, 236, 226), 22)
    sheet.shape([(x - 136, y - 34), (x + 136, y - 34), (x + 84, y + 136), (x - 84, y + 136)], (255, 252, 246))
    sheet.disc(x, y + 134, 84, 14, (255, 252, 246))
    sheet.shape([(x + 70, y - 34), (x + 136, y - 34), (x + 84, y + 136), (x + 40, y + 142)], (240, 230, 218))
    sheet.disc(x, y - 34, 136, 34, (236, 224, 210))
    sheet.disc(x, y - 31, 122, 27, (92, 54, 36))
    sheet.disc(x, y - 29, 70, 15, (214, 168, 122))
    sheet.shape([(x - 30, y - 33), (x, y - 25), (x + 30, y - 33), (x, y - 14)], (250, 232, 206))
    for dx, lift in ((-52, 0), (0, 26), (52, 4)):
        wave = [(x + dx + 13 * math.sin(t / 14), y - 82 - lift - t) for t in range(0, 92, 4)]
        sheet.line(wave, (252, 240, 224), 9)


def _fog(sheet: Sheet, x: float, y: float) -> None:
    for i, half in enumerate((34, 42, 28)):
        sheet.line([(x - half, y - 20 + i * 20), (x + half, y - 20 + i * 20)], (232, 240, 240), 8)


def _hill(sheet: Sheet, x: float, y: float) -> None:
    sheet.disc(x + 12, y - 18, 18, 18, (250, 206, 120))
    sheet.shape(
        [(x - 46, y + 34), (x - 8, y - 18), (x + 16, y + 10), (x + 28, y - 4), (x + 48, y + 34)],
        (242, 226, 204),
    )


def _moon(sheet: Sheet, x: float, y: float) -> None:
    sheet.disc(x, y, 32, 32, (246, 222, 150))
    sheet.disc(x + 14, y - 8, 27, 27, (54, 52, 88))


SAMPLES: dict[str, Callable[[], Image.Image]] = {
    "poster.png": poster,
    "web_page.png": page,
    "web_page_large_button.png": lambda: page(Hero(button=(420, 96, 0), aside=False)),
    "web_page_cup_left.png": lambda: page(Hero(text=690, cup=360)),
    "web_page_quiet_headline.png": lambda: page(Hero(headline=52, fill=(22, 112, 96))),
}


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawn in SAMPLES.items():
        drawn().save(folder / name, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
