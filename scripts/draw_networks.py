"""Draw the samples with what networks and uses make of them; run it again when weights change.

    python scripts/draw_networks.py [--out docs/screenshots]

Writes ``networks.jpg`` for docs/models.md, the samples bare and by each network for stills, and ``uses.jpg``
for docs/applications.md, a poster with its square, its regions and its cut-out. Lines of text are looked for,
which needs the extra `areas`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import salviewer
from salviewer import CropRequest, Uses
from salviewer.core.applications.cutouts import CutoutSettings
from salviewer.core.applications.drawing import draw_uses
from salviewer.core.applications.regions import RegionSettings

SAMPLES = Path(__file__).resolve().parents[1] / "resources" / "samples"
NETWORKS = ("deep_convnet", "live_net", "attention_net")
WIDTH, GAP = 480, 8
"""Of a column, and between columns, in pixels."""


def columns_of(rows: list[list[Image.Image]]) -> Image.Image:
    """Lay pictures out in rows and columns, scaled to a width, on white."""
    scaled = [[each.resize((WIDTH, round(each.height * WIDTH / each.width))) for each in row] for row in rows]
    heights = [max(each.height for each in row) for row in scaled]
    size = ((WIDTH + GAP) * len(rows[0]) - GAP, sum(heights) + GAP * (len(rows) - 1))
    sheet, top = Image.new("RGB", size, "white"), 0
    for row, height in zip(scaled, heights, strict=True):
        for place, each in enumerate(row):
            sheet.paste(each, (place * (WIDTH + GAP), top))
        top += height + GAP
    return sheet


def networks() -> Image.Image:
    """Return the samples, bare and with the map of each network."""
    rows = []
    for name in ("web_page.png", "poster.png"):
        pixels = np.asarray(Image.open(SAMPLES / name).convert("RGB"))
        maps = [salviewer.predict(network, pixels) for network in NETWORKS]
        rows.append([pixels, *(salviewer.render(pixels, each) for each in maps)])
    return columns_of([[Image.fromarray(each) for each in row] for row in rows])


def on_checks(cut: NDArray[np.uint8], side: int = 16) -> Image.Image:
    """Lay RGBA pixels on a board of light squares."""
    height, width = cut.shape[:2]
    squares = np.add.outer(np.arange(height) // side, np.arange(width) // side) % 2
    ground = np.where(squares[..., None], 255, 228)
    alpha = cut[..., 3:] / 255
    return Image.fromarray(np.uint8(cut[..., :3] * alpha + ground * (1 - alpha)))


def uses() -> Image.Image:
    """Return the poster with its square, with its regions, and with what is cut out of it."""
    pixels = np.asarray(Image.open(SAMPLES / "poster.png").convert("RGB"))
    saliency = salviewer.predict("live_net", pixels)
    square, regions, cutout = CropRequest(aspect=(1, 1)), RegionSettings(4), CutoutSettings()
    wanted = Uses(crops=(square,), regions=regions, cutout=cutout, find=("text",))
    applied = salviewer.apply(pixels, saliency, wanted)
    ((_, crop),) = applied.crops
    dimmed = pixels // 3
    rows, columns = slice(crop.top, crop.top + crop.height), slice(crop.left, crop.left + crop.width)
    dimmed[rows, columns] = pixels[rows, columns]
    assert applied.cutout is not None
    pictures = [draw_uses(dimmed, crops=(crop,)), draw_uses(pixels, applied.regions)]
    return columns_of([[*map(Image.fromarray, pictures), on_checks(applied.cutout.of(pixels))]])


def main() -> None:
    """Draw both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=SAMPLES.parents[1] / "docs" / "screenshots")
    folder = parser.parse_args().out
    for name, sheet in (("networks", networks()), ("uses", uses())):
        sheet.save(folder / f"{name}.jpg", quality=82, optimize=True)


if __name__ == "__main__":
    main()
