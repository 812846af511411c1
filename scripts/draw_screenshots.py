"""Draw pictures of the window for the documentation, and time a newcomer's way to a report.

    python scripts/draw_screenshots.py [steps] [window] [batch] [explain] [live] [lost] [documents] [screen]
        [--pause SECONDS] [--out docs/screenshots]

Starts the real program on an X server of its own (Xvfb) and drives it with mouse and keys. `steps`: four
variants are dropped and compared, areas suggested and put on all, a report is written; `variants-steps.jpg`
is the strip of what is seen on the way, light at 1280 x 720, and dark with twice the density. It prints how
long that took, with a pause before each click. `window`: the other pictures of pages on comparing, areas,
hotspots, folders, export and the first page. `batch`: a batch, its progress and its end. `explain`: the
window that explains a place. `live`: a video with areas, and its export. `lost`: a stream that breaks off.
`documents`: PDF, SVG and PSD in a list, a pasted drawing, a file that is saved again. `screen`: a part of the
screen that is chosen, followed and covered by its heat; needs `xcompmgr`. Photographs come from
scikit-image's free samples.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCREEN = "2800x1800x24"
COLUMNS, TILE = 4, 640  # of the strip
SCENES = ("window", "batch", "explain", "live", "lost", "documents", "screen")


def main() -> int:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", nargs="*", default=["steps", *SCENES])
    parser.add_argument("--pause", type=float, default=3.0, help="seconds before each click of `steps`")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    options = parser.parse_args()
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            display = f":{pipe.readline().strip()}"
        with tempfile.TemporaryDirectory() as folder:
            if "steps" in options.what:
                for name, scale in (("light", 1), ("dark", 2)):
                    drive(display, "steps", Path(folder) / name, name, scale, options.pause)
                strip(Path(folder), options.out / "variants-steps.jpg")
                for name in ("areas-suggested", "variants", "variants-put", "variants-dark"):
                    source = Path(folder) / ("dark" if name.endswith("dark") else "light") / f"{name}.png"
                    slim(source, options.out / f"{name}.png")
            for what in SCENES:
                if what not in options.what:
                    continue
                drive(display, what, Path(folder) / what, "light", 1, 0.3)
                for source in sorted((Path(folder) / what).glob("*.png")):
                    photographic = source.stem.startswith(("folder", "live", "screen"))
                    jpeg = photographic and source.stem != "live-export"
                    slim(source, options.out / f"{source.stem}.{'jpg' if jpeg else 'png'}")
    finally:
        server.terminate()
        server.wait(10)
    return 0


def drive(display: str, what: str, out: Path, appearance: str, scale: int, pause: float) -> None:
    """Run the program with a scenario of `screenshot_scenarios` in a process of its own."""
    out.mkdir(parents=True)
    environment = os.environ | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": str(scale),
        "SALVIEWER_CONFIG_DIR": str(out / "config"),
        "SALVIEWER_DATA_DIR": str(out / "data"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "scripts")]),
    }
    script = [sys.executable, str(ROOT / "scripts" / "screenshot_scenarios.py")]
    subprocess.run([*script, what, str(out), appearance, str(pause)], env=environment, check=True, cwd=out)


def strip(folder: Path, target: Path) -> None:
    """Put the steps of both runs into one picture, numbered by their order."""
    from PIL import Image

    rows = []
    for name in ("light", "dark"):
        tiles = []
        for path in sorted((folder / name).glob("step*.png")):
            picture = Image.open(path).convert("RGB")
            tiles.append(
                picture.resize((TILE, round(picture.height * TILE / picture.width)), Image.Resampling.LANCZOS)
            )
        rows += [tiles[at : at + COLUMNS] for at in range(0, len(tiles), COLUMNS)]
    gap = 12
    height = sum(max(tile.height for tile in row) + gap for row in rows) - gap
    sheet = Image.new("RGB", (COLUMNS * (TILE + gap) - gap, height), (255, 255, 255))
    top = 0
    for row in rows:
        for column, tile in enumerate(row):
            sheet.paste(tile, (column * (TILE + gap), top))
        top += max(tile.height for tile in row) + gap
    sheet.save(target, quality=82, optimize=True)


def slim(source: Path, target: Path) -> None:
    """Save a picture small: JPEG, or PNG with at most 256 colours."""
    from PIL import Image

    picture = Image.open(source).convert("RGB")
    if target.suffix == ".jpg":
        picture.save(target, quality=85, optimize=True)
    else:
        few = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
        few.save(target, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
