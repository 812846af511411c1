"""Measure and draw where maps of designs fail, for docs/failures.md.

    python scripts/draw_failures.py [--model NAME] [--out docs/screenshots/failures.jpg]

Every design of ``designs.py`` has named areas, and pairs of which one should be the warmer. Printed is how
warm each area is: its mean density, where the whole picture's is 1.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from designs import DESIGNS, Box, Design
from PIL import Image

import salviewer
from salviewer.core.saliency_map import SaliencyMap


def warmth(saliency: SaliencyMap, box: Box) -> float:
    """Mean density in a box; 1 is the mean of the whole picture."""
    width, height = saliency.source_size
    full = saliency.density
    rows, columns = full.shape
    x, y, w, h = box
    part = full[
        round(y * rows / height) : max(round((y + h) * rows / height), round(y * rows / height) + 1),
        round(x * columns / width) : max(round((x + w) * columns / width), round(x * columns / width) + 1),
    ]
    return float(part.mean() * full.size / full.sum())


def drawn(designs: list[Design], maps: list[SaliencyMap], height: int = 420) -> Image.Image:
    """Draw all designs above their maps, in two rows of pairs."""
    columns = []
    for design, saliency in zip(designs, maps, strict=True):
        pixels = np.asarray(design.image.convert("RGB"))
        overlay = Image.fromarray(salviewer.render(pixels, saliency))
        width = round(design.image.width * height / design.image.height)
        column = Image.new("RGB", (width, 2 * height + 8), (255, 255, 255))
        for place, some in enumerate((design.image, overlay)):
            column.paste(some.resize((width, height), Image.Resampling.LANCZOS), (0, place * (height + 8)))
        columns.append(column)
    half = (len(columns) + 1) // 2
    rows = [columns[:half], columns[half:]]
    wide = max(sum(each.width + 12 for each in row) - 12 for row in rows)
    sheet = Image.new("RGB", (wide, 2 * (2 * height + 8) + 28), (255, 255, 255))
    for number, row in enumerate(rows):
        x = 0
        for each in row:
            sheet.paste(each, (x, number * (2 * height + 36)))
            x += each.width + 12
    return sheet


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="live_net")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model = salviewer.load_model(args.model)
    designs = [make() for make in DESIGNS]
    maps = [salviewer.predict(model, np.asarray(design.image.convert("RGB"))) for design in designs]
    held = total = 0
    print("| design | how warm | what should be | |\n| --- | --- | --- | --- |")
    for design, saliency in zip(designs, maps, strict=True):
        found = {name: warmth(saliency, box) for name, box in design.areas.items()}
        kind = salviewer.kind_of(np.asarray(design.image.convert("RGB"))).kind
        scores = ", ".join(f"{name} {value:.1f}" for name, value in found.items())
        results = [(one, other, found[one] > found[other]) for one, other in design.orders]
        held, total = held + sum(right for *_, right in results), total + len(results)
        wanted = "; ".join(f"{one} above {other}" for one, other, _ in results)
        marks = "; ".join("yes" if right else "**no**" for *_, right in results)
        print(f"| {design.name} (taken for: {kind}) | {scores} | {wanted} | {marks} |")
    print(f"\n{held} of {total} hold")
    if args.out:
        drawn(designs, maps).save(args.out, quality=82, optimize=True)


if __name__ == "__main__":
    main()
