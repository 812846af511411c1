"""Draw the curves of docs/research/live_net_recurrent.md from the numbers of research/recurrent.

    python scripts/draw_memory.py

reads ``live_net_recurrent.json`` (`measure.py`) and ``live_net_recurrent-clips.json`` (`clips.py`) of
docs/research and writes four pictures beside them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from salviewer.media.saving import save_picture

NOTES = Path(__file__).resolve().parents[1] / "docs" / "research"
INK, PAPER, GRID = (40, 44, 52), (255, 255, 255), (226, 229, 233)
LINES = {"live_net": (37, 99, 235), "live_net_recurrent": (220, 88, 42)}
TITLES = {"noise": "noise", "dark": "dark", "jpeg": "JPEG"}
"""Of the kinds of damage that are drawn."""
WIDE, HIGH = 900, 520
SMALL, LARGE = ImageFont.load_default(15), ImageFont.load_default(19)


def sheet(title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return an empty picture with a title and the key."""
    image = Image.new("RGB", (WIDE, HIGH), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((80, 18), title, INK, LARGE)
    for number, (name, colour) in enumerate(LINES.items()):
        pen.ellipse((WIDE - 200, 56 + 22 * number, WIDE - 190, 66 + 22 * number), colour)
        pen.text((WIDE - 182, 53 + 22 * number), name, INK, SMALL)
    return image, pen


def curve(
    rows: list[dict[str, Any]], lags: dict[tuple[str, int], float], title: str, unit: str, most: float
) -> Image.Image:
    """Draw flicker against lag, both on logarithmic axes.

    Args:
        rows: with flicker by damage, network and half-life.
        lags: in milliseconds, by network and half-life.
        title, unit: of the picture, and of the lags.
        most: the end of the axis of lags.
    """
    image, pen = sheet(f"{title} (lower left is better)")
    left, top, right, bottom = 90, 60, WIDE - 30, HIGH - 70
    low, high = np.log10(0.003), np.log10(0.2)

    def across(lag: float) -> float:
        return float(left + (right - left) * np.log10(1 + lag / 5) / np.log10(1 + most / 5))

    def down(flicker: float) -> float:
        return float(bottom - (bottom - top) * (np.log10(flicker) - low) / (high - low))

    for tick in (0.005, 0.01, 0.02, 0.05, 0.1):
        pen.line([(left, down(tick)), (right, down(tick))], GRID)
        pen.text((left - 8, down(tick)), f"{tick:g}", INK, SMALL, anchor="rm")
    for tick in (0, 10, 30, 100, 300, 700, 1300):
        if tick > most:
            continue
        pen.line([(across(tick), top), (across(tick), bottom)], GRID)
        pen.text((across(tick), bottom + 16), f"{tick:g}", INK, SMALL, anchor="mm")
    pen.text(((left + right) / 2, bottom + 46), unit, INK, SMALL, anchor="mm")
    pen.text((left, top - 14), "flicker under noise, darkness and JPEG (mean)", INK, SMALL)
    for name, colour in LINES.items():
        points = []
        for half, lag in sorted((half, lag) for (network, half), lag in lags.items() if network == name):
            some = [
                row["flicker"]
                for row in rows
                if (row["network"], row["half_life"]) == (name, half) and row["damage"] in TITLES
            ]
            points.append((across(max(lag, 0)), down(float(np.mean(some)))))
            if name == "live_net":
                pen.text((points[-1][0] + 9, points[-1][1] - 9), f"{half}", INK, SMALL)
        pen.line(points, colour, 3, joint="curve")
        for x, y in points:
            pen.ellipse((x - 5, y - 5, x + 5, y + 5), colour)
    return image


def panels(rows: list[dict[str, Any]], title: str) -> Image.Image:
    """Draw CC with the clean frame's map against flicker, in a panel for each damage."""
    image, pen = sheet(f"{title} (upper left is better)")
    wide = (WIDE - 60) // len(TITLES)
    for number, (kind, name) in enumerate(TITLES.items()):
        left, right = 70 + wide * number, 30 + wide * (number + 1)
        panel(pen, (left, 120, right, HIGH - 70), f"{name}: CC", mean_points(rows, kind))
    pen.text((WIDE / 2, HIGH - 24), "flicker, the filter at every half-life", INK, SMALL, anchor="mm")
    return image


def panel(
    pen: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    title: str,
    found: dict[str, list[tuple[float, float]]],
) -> None:
    """Draw the (flicker, CC) of each network within a box, left, top, right, bottom."""
    left, top, right, bottom = box
    flickers, likeness = np.array([at for points in found.values() for at in points]).T
    low, high = np.log10(flickers.min() / 1.2), np.log10(flickers.max() * 1.2)
    least, most = likeness.min() - 0.004, likeness.max() + 0.004

    def across(flicker: float) -> float:
        return float(left + (right - left) * (np.log10(flicker) - low) / (high - low))

    def down(cc: float) -> float:
        return float(bottom - (bottom - top) * (cc - least) / (most - least))

    for tick in (0.005, 0.01, 0.02, 0.05, 0.1):
        if low < np.log10(tick) < high:
            pen.line([(across(tick), top), (across(tick), bottom)], GRID)
            pen.text((across(tick), bottom + 16), f"{tick:g}", INK, SMALL, anchor="mm")
    for tick in np.arange(0.8, 1, 0.01):
        if least < tick < most:
            pen.line([(left, down(tick)), (right, down(tick))], GRID)
            pen.text((left - 4, down(tick)), f"{tick:.2f}"[1:], INK, SMALL, anchor="rm")
    pen.text((left, top - 24), title, INK, SMALL)
    for name, points in found.items():
        places = [(across(flicker), down(cc)) for flicker, cc in points]
        pen.line(places, LINES[name], 3, joint="curve")
        for x, y in places:
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), LINES[name])


def mean_points(rows: list[dict[str, Any]], kind: str) -> dict[str, list[tuple[float, float]]]:
    """Return flicker and CC under a damage by network, means of clips, by growing half-life."""
    found: dict[str, list[tuple[float, float]]] = {}
    for name in LINES:
        some = [row for row in rows if (row["damage"], row["network"]) == (kind, name)]
        for half in sorted({row["half_life"] for row in some}):
            of = [(row["flicker"], row["cc"]) for row in some if row["half_life"] == half]
            flicker, cc = np.mean(of, 0)
            found.setdefault(name, []).append((float(flicker), float(cc)))
    return found


def main() -> int:
    """Draw all."""
    found = json.loads((NOTES / "live_net_recurrent.json").read_text(encoding="utf-8"))
    late = {(row["network"], row["half_life"]): row["lag"] for row in found["lag"] if row["damage"] == "none"}
    title = "Flicker against lag, the filter at every half-life"
    made = curve(found["steady"], late, title, "lag in milliseconds", 800)
    save_picture(NOTES / "live_net_recurrent-lag.png", np.asarray(made))
    clips = json.loads((NOTES / "live_net_recurrent-clips.json").read_text(encoding="utf-8"))["measured"]
    like: dict[tuple[str, int], list[float]] = {}
    for row in clips:
        if row["damage"] == "none":
            like.setdefault((row["network"], row["half_life"]), []).append(row["like"])
    lags = {key: float(np.median(some)) for key, some in like.items()}
    title = "Real clips: flicker against lag, the filter at every half-life"
    made = curve(clips, lags, title, "lag: half-life in milliseconds of the filter that is as late", 2000)
    save_picture(NOTES / "live_net_recurrent-clips.png", np.asarray(made))
    for name, rows, on in (
        ("cc", found["steady"], "Sequences from stills"),
        ("clips-cc", clips, "Real clips"),
    ):
        made = panels(rows, f"{on}: CC with the clean frame's map against flicker")
        save_picture(NOTES / f"live_net_recurrent-{name}.png", np.asarray(made))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
