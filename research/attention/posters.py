"""Draw posters: photographs and colours with headings, paragraphs, captions and signs.

Pictures come from the train parts and the unlabelled photographs, words from this project's documents, fonts
from this machine. Where text is, and how high its lines are, is known exactly.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from research.attention.mixtures import Source
from research.domains.text_maps import HIGHEST
from salviewer.media.fonts import shipped_font, system_fonts

HEIGHT = 720
"""Height of an upright poster while it is drawn, in pixels."""
LEAST_TEXT = 6
"""Smallest size of text, in pixels."""
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Poster:
    """What was drawn.

    Attributes:
        pixels: uint8 (h, w, 3).
        text: float32 (h, w), 1 where text is.
        high: float32 (h, w), height of the line there, in 0..1: 1 is `HIGHEST` of the picture's height.
        aspect: width / height.
    """

    pixels: np.ndarray
    text: np.ndarray
    high: np.ndarray
    aspect: float


def words() -> list[str]:
    """Return words from the project's documents."""
    read = " ".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/models.md"))
    return re.findall(r"[A-Za-z]{2,12}", read)


def fonts() -> list[Path]:
    """Return files of fonts for posters: ours, and of this machine DejaVu and heavy or serif ones of Noto."""
    found = sorted(each for each in system_fonts() if re.search(r"DejaVu|Black|NotoSerif", each.name))
    return [shipped_font(), *(each for each in found if not re.search(r"Mono|Math", each.name))]


def window_of(full: np.ndarray, top: float, left: float, down: float, across: float) -> np.ndarray:
    """Return a part of a picture or map; all numbers are shares of its height or width."""
    high, wide = full.shape[:2]
    rows = slice(int(top * high), int((top + down) * high))
    columns = slice(int(left * wide), int((left + across) * wide))
    return np.ascontiguousarray(full[rows, columns])


def colour(random: np.random.Generator) -> tuple[int, ...]:
    """Draw a colour, sRGB in 0..255."""
    value = random.choice([random.uniform(0, 0.3), random.uniform(0.3, 1), 1.0])
    mixed = colorsys.hsv_to_rgb(random.random(), random.uniform(0, 0.95), value)
    return tuple(int(255 * channel) for channel in mixed)


class Painter:
    """Draw posters."""

    def __init__(self, sources: list[Source], typefaces: list[Path]) -> None:
        self._sources, self._fonts = sources, typefaces
        self._words = words()

    def _part(self, random: np.random.Generator, wide: int, high: int) -> Image.Image:
        """Return a part of some picture in these proportions."""
        source = self._sources[random.integers(len(self._sources))]
        row = source.rows[random.integers(len(source.rows))]
        stimulus, aspect = np.asarray(source.pack.stimuli[row]), float(source.pack.aspects[row])
        share, asked = random.uniform(0.6, 1), wide / high
        down, across = (share, share * asked / aspect) if asked < aspect else (share * aspect / asked, share)
        top, left = random.uniform(0, 1 - down), random.uniform(0, 1 - across)
        part = window_of(stimulus, top, left, down, across)
        return Image.fromarray(cv2.resize(part, (wide, high), interpolation=cv2.INTER_CUBIC))

    def _ground(self, random: np.random.Generator, wide: int, high: int) -> Image.Image:
        """Return a plain or shaded ground with up to two pictures on it."""
        first = colour(random)
        ground = Image.new("RGB", (wide, high), first)
        if random.random() < 0.4:
            down = np.linspace(0, 1, high)[:, None, None]
            shaded = np.array(first) * (1 - down) + np.array(colour(random)) * down
            ground = Image.fromarray(shaded.astype(np.uint8)).resize((wide, high))
        for _ in range(random.choice([0, 1, 1, 1, 2])):
            size = int(wide * random.uniform(0.4, 1)), int(high * random.uniform(0.25, 0.65))
            part = self._part(random, *size)
            left = int((wide - size[0]) * random.choice([0.5, random.random()]))
            mask = None
            if random.random() < 0.25:
                mask = Image.new("L", size, 0)
                ImageDraw.Draw(mask).ellipse((0, 0, *size), fill=255)
            ground.paste(part, (left, int((high - size[1]) * random.random())), mask)
        return ground

    def draw(self, random: np.random.Generator) -> Poster:
        """Draw one: four of five upright."""
        upright = random.random() < 0.8
        aspect = random.uniform(0.6, 0.85) if upright else random.uniform(1.2, 1.6)
        wide = int(HEIGHT * min(aspect, 1.2))
        high = int(wide / aspect)
        over_photograph = random.random() < 0.45
        image = self._part(random, wide, high) if over_photograph else self._ground(random, wide, high)
        sheet = Sheet(image, over_photograph, self._words, random)
        for _ in range(random.integers(0, 4)):
            size = int(wide * random.uniform(0.05, 0.5)), int(high * random.uniform(0.02, 0.12))
            sheet.shape(size, colour(random), ("rectangle", "ellipse", "rounded_rectangle"))
        self._letter(random, sheet)
        return Poster(np.asarray(image), sheet.text, sheet.high, aspect)

    def _letter(self, random: np.random.Generator, sheet: Sheet) -> None:
        """Put a heading on the sheet, and mostly a line below it, a paragraph, a caption and a sign."""
        wide, high = sheet.image.size
        face, other = (self._fonts[random.integers(len(self._fonts))] for _ in range(2))
        side = str(random.choice(["left", "middle", "right"], p=[0.35, 0.55, 0.1]))
        margin = wide * random.uniform(0.03, 0.1)
        across = (margin, wide - margin)
        place = random.choice([0, 1, 2], p=[0.6, 0.2, 0.2])
        y = high * random.uniform(*((0.02, 0.12), (0.6, 0.75), (0.25, 0.5))[place])
        size = high * random.uniform(0.05, 0.15)
        y = sheet.block(y, size, (1, 4), (1, 4), across, side, face, upper=random.random() < 0.5)
        if random.random() < 0.7:
            size = high * random.uniform(0.025, 0.05)
            upper = random.random() < 0.3
            y = sheet.block(y + 0.01 * high, size, (1, 3), (2, 6), across, side, face, upper=upper)
        if random.random() < 0.65:
            left = margin + (wide * random.uniform(0, 0.4) if random.random() < 0.4 else 0)
            column = (left, min(wide - margin, left + wide * random.uniform(0.35, 0.9)))
            top = y + 0.03 * high if random.random() < 0.5 else high * random.uniform(0.4, 0.85)
            sheet.block(top, high * random.uniform(0.012, 0.026), (2, 11), (4, 9), column, side, other)
        if random.random() < 0.6:
            size = high * random.uniform(0.014, 0.035)
            sheet.block(high * random.uniform(0.9, 0.96), size, (1, 2), (2, 7), across, side, other)
        if random.random() < 0.4:
            edge = int(wide * random.uniform(0.05, 0.16))
            corner = (
                int(random.choice([margin, wide - margin - edge])),
                int(random.choice([0.03 * high, 0.95 * high - edge])),
            )
            sheet.shape((edge, edge), colour(random), ("rectangle", "ellipse"), corner)
            column = (float(corner[0]), float(corner[0] + edge))
            sheet.block(
                corner[1] + 0.35 * edge, 0.3 * edge, (1, 2), (1, 2), column, "middle", face, upper=True
            )


class Sheet:
    """A poster on which shapes and text are put."""

    def __init__(
        self, image: Image.Image, outlined: bool, vocabulary: list[str], random: np.random.Generator
    ) -> None:
        self.image, self._pen = image, ImageDraw.Draw(image)
        self.text: np.ndarray = np.zeros(image.size[::-1], np.float32)
        self.high: np.ndarray = np.zeros(image.size[::-1], np.float32)
        self._outlined, self._words, self._random = outlined, vocabulary, random

    def shape(
        self,
        size: tuple[int, int],
        colour: tuple[int, ...],
        kinds: tuple[str, ...],
        corner: tuple[int, int] | None = None,
    ) -> None:
        """Draw one of these shapes, anywhere or at an upper left corner."""
        random = self._random
        left, top = corner or (
            int((self.image.width - size[0]) * random.random()),
            int((self.image.height - size[1]) * random.random()),
        )
        draw = getattr(self._pen, kinds[random.integers(len(kinds))])
        draw((left, top, left + size[0], top + size[1]), fill=colour)

    def block(
        self,
        y: float,
        size: float,
        lines: tuple[int, int],
        count: tuple[int, int],
        across: tuple[float, float],
        side: str,
        face: Path,
        *,
        upper: bool = False,
    ) -> float:
        """Write lines of text from a height on, until the sheet ends; return the height below them.

        Args:
            y: top of the first line, in pixels.
            size: of the text, in pixels; less where a line would be too long.
            lines, count: from how many to below how many lines, and words in each.
            across: left and right end of the column.
            side: ``left``, ``middle`` or ``right``.
            face: file of the font.
            upper: whether all letters are capitals.
        """
        words_in_line = int(self._random.integers(*count))
        for _ in range(int(self._random.integers(*lines))):
            written = " ".join(self._random.choice(self._words, words_in_line))
            written = written.upper() if upper else written.capitalize()
            font = ImageFont.truetype(face, max(int(size), LEAST_TEXT))
            length, room = self._pen.textlength(written, font), across[1] - across[0]
            if length > room:
                font = ImageFont.truetype(face, max(int(size * room / length), LEAST_TEXT))
                length = self._pen.textlength(written, font)
            x = {"left": across[0], "middle": (sum(across) - length) / 2, "right": across[1] - length}[side]
            left, top, right, bottom = (int(v) for v in self._pen.textbbox((x, y), written, font))
            left, top = max(left, 0), max(top, 0)
            right, bottom = min(right, self.image.width), min(bottom, self.image.height)
            if bottom - top < 4 or right - left < 4:
                break
            self._write(written, (x, y), font, (left, top, right, bottom))
            self.text[top:bottom, left:right] = 1
            self.high[top:bottom, left:right] = min((bottom - top) / self.image.height / HIGHEST, 1)
            y = bottom + size * self._random.uniform(0.15, 0.4)
        return y

    def _write(
        self,
        written: str,
        at: tuple[float, float],
        font: ImageFont.FreeTypeFont,
        box: tuple[int, int, int, int],
    ) -> None:
        """Write a line, mostly dark on light ground or light on dark."""
        random = self._random
        light = float(np.asarray(self.image.crop(box)).mean((0, 1)) @ (0.3, 0.59, 0.11)) > 128
        hue = random.uniform(0, 70, 3) if light else random.uniform(190, 255, 3)
        if random.random() < 0.25:
            hue = random.uniform(0, 255, 3)
        line = max(1, int(font.size * 0.04)) if self._outlined and random.random() < 0.3 else 0
        edge = (255, 255, 255) if light else (0, 0, 0)
        fill = tuple(int(v) for v in hue)
        self._pen.text(at, written, fill, font, stroke_width=line, stroke_fill=edge)
