"""Make the program's icon in each system's format, from the SVG.

python -m scripts.bundling.icons SVG FOLDER
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
"""Pixels per side of the PNGs, as desktops on Linux look for them."""

_WINDOWS = (16, 24, 32, 48, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Paths of the icons: ``folder`` has ``SIZE.png`` for each of `SIZES`."""

    folder: Path
    windows: Path
    macos: Path


def make(svg: Path, folder: Path) -> Pictures:
    """Draw the icons into ``folder``, in a separate process, because Qt stays loaded once used."""
    folder = folder / "icons"
    subprocess.run(
        [sys.executable, "-m", __name__, str(svg), str(folder)],
        check=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    return Pictures(folder, folder / "salviewer.ico", folder / "salviewer.icns")


def draw(svg: Path, folder: Path) -> None:
    """Draw all icons, each size rendered from the SVG."""
    from PIL import Image
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    renderer = QSvgRenderer(str(svg))
    folder.mkdir(parents=True, exist_ok=True)
    for size in (*SIZES, 1024):
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        image.save(str(folder / f"{size}.png"))
    del application
    drawn = {size: Image.open(folder / f"{size}.png") for size in (*SIZES, 1024)}
    drawn[256].save(
        folder / "salviewer.ico",
        sizes=[(size, size) for size in _WINDOWS],
        append_images=[drawn[size] for size in _WINDOWS],
    )
    drawn[1024].save(
        folder / "salviewer.icns", append_images=[drawn[size] for size in (32, 64, 128, 256, 512)]
    )


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
