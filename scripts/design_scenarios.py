"""What `draw_screenshots.py` does with documents, the clipboard, a file saved again, and the screen."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from salviewer import paths
from salviewer.app.features.screen.feature import ScreenFeature
from salviewer.core.areas import Rectangle
from salviewer.media.saving import atomic_path

if TYPE_CHECKING:
    from screenshot_scenarios import Driver

Steps = Generator[None, None, None]
SAMPLES = paths.resources() / "samples"
PLACE = QRect(30, 30, 960, 640)
"""Of the picture that stands for another program on the screen."""

BANNER = """<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540" font-family="DejaVu Sans">
<rect width="960" height="540" fill="#f4efe6"/><circle cx="700" cy="270" r="190" fill="#e8b04b"/>
<path d="M600 330 q100 -190 210 0 z" fill="#7a3b1d"/><text x="70" y="210" font-size="68"
 font-weight="bold" fill="#2b211b">Morning light</text><text x="72" y="280" font-size="30" fill="#6a5d52">
Roasted on Tuesday, here on Thursday</text><rect x="72" y="340" width="240" height="70" rx="35"
 fill="#c0392b"/><text x="112" y="386" font-size="30" fill="#fff">Order now</text></svg>"""


def documents(driver: Driver) -> Steps:
    """Take the pictures of documents in a list, of a pasted drawing, and of a file that is saved again."""
    window, bench = driver.window, driver.window.bench
    window.resize(1280, 800)
    folder = driver.out / "Designs"
    folder.mkdir()
    pages = [Image.open(SAMPLES / f"{name}.png").convert("RGB") for name in ("web_page", "poster")]
    pages[0].save(folder / "Brochure.pdf", save_all=True, append_images=pages[1:], resolution=150)
    (folder / "Banner.svg").write_text(BANNER, "utf-8")
    boards = {"Shop, quiet": "web_page_quiet_headline", "Shop, large button": "web_page_large_button"}
    (folder / "Shop.psd").write_bytes(
        photoshop({name: SAMPLES / f"{file}.png" for name, file in boards.items()})
    )
    bench.session.open([folder])
    yield from driver.until(lambda: len(bench.session.listing.order) == 5)
    bench.commands["thumbnail_overlays"].trigger()
    bench.session.go(next(path for path in bench.session.listing.paths if path.stem == "Shop-p01"))
    yield from driver.until(lambda: bench.session.loaded and bench.session.loaded.name.startswith("Shop"))
    yield from driver.shown()
    yield from driver.rest(8)
    driver.grab(window, "documents")
    mime = QMimeData()
    mime.setText(BANNER)
    QGuiApplication.clipboard().setMimeData(mime)
    bench.commands["paste"].trigger()
    yield from driver.until(lambda: bench.session.loaded and bench.session.shown is None)
    yield from driver.shown()
    driver.grab(window, "clipboard")
    yield from _saved_again(driver)


def _saved_again(driver: Driver) -> Steps:
    window, bench = driver.window, driver.window.bench
    path = driver.out / "alone" / "web_page.png"
    path.parent.mkdir()
    shutil.copy(SAMPLES / "web_page.png", path)
    bench.session.open([path], alone=True)
    yield from driver.until(lambda: bench.session.shown == path)
    yield from driver.shown()
    bench.areas.put(
        [
            Rectangle(0.09, 0.39, 0.41, 0.51, name="Button"),
            Rectangle(0.09, 0.17, 0.55, 0.28, name="Headline"),
        ],
        "draw",
    )
    yield from driver.rest(2)
    with atomic_path(path) as temporary:
        shutil.copy(SAMPLES / "web_page_large_button.png", temporary)
    yield from driver.until(lambda: "→" in bench.notices.text)
    yield from driver.rest(0.6)
    driver.grab(window, "watching")


def on_screen(driver: Driver) -> Steps:
    """Take the pictures of a part of the screen that is chosen, followed, and covered by its heat."""
    window, bench = driver.window, driver.window.bench
    bench.settings.change_live(hud=False)
    window.resize(1000, 640)
    window.move(PLACE.right() + 30, PLACE.top())
    other = QLabel()
    other.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    picture = QPixmap(str(SAMPLES / "web_page.png"))
    other.setPixmap(picture.scaled(PLACE.size(), Qt.AspectRatioMode.IgnoreAspectRatio,
                                   Qt.TransformationMode.SmoothTransformation))  # fmt: skip
    other.setGeometry(PLACE)
    other.show()
    compositor = subprocess.Popen(["xcompmgr"], stderr=subprocess.DEVNULL)
    try:
        yield from driver.rest(2)
        feature = window.feature(ScreenFeature)
        bench.commands["follow_screen"].trigger()
        yield from driver.rest(1.5)
        assert feature.picker is not None
        cover, button = feature.picker.covers[0], Qt.MouseButton.LeftButton
        QTest.mousePress(cover, button, pos=PLACE.topLeft())
        QTest.mouseMove(cover, PLACE.center())
        QTest.mouseMove(cover, PLACE.bottomRight())
        yield from driver.rest(0.5)
        _whole_screen(driver, window.frameGeometry(), "screen-choosing")
        QTest.mouseRelease(cover, button, pos=PLACE.bottomRight())
        yield from driver.until(lambda: bench.session.live and bench.stage.canvas.layer is not None)
        bench.commands["screen_overlay"].trigger()
        yield from driver.until(lambda: feature.overlay is not None and feature.overlay._layer is not None)
        yield from driver.rest(4)
        overlay = feature.overlay
        assert overlay is not None
        yield from driver.until(lambda: overlay._empty)  # for a capture: afterwards it is there for a second
        yield from driver.until(lambda: not overlay._empty)
        yield from driver.rest(0.4)
        _whole_screen(driver, window.frameGeometry(), "screen")
    finally:
        compositor.terminate()
        compositor.wait(10)
        other.close()


def _whole_screen(driver: Driver, beside: QRect, name: str) -> None:
    part = PLACE.united(beside).adjusted(-30, -30, 30, 30).intersected(QRect(QPoint(0, 0), PLACE.size() * 4))
    shot = QGuiApplication.primaryScreen().grabWindow(0, part.x(), part.y(), part.width(), part.height())
    assert shot.save(str(driver.out / f"{name}.png"))


def photoshop(boards: dict[str, Path]) -> bytes:
    """Return a PSD file with these pictures as artboards beside one another, and its composite."""
    images = [Image.open(path).convert("RGB") for path in boards.values()]
    whole = Image.new("RGB", (sum(image.width for image in images), max(image.height for image in images)))
    records, left = struct.pack(">h", len(images)), 0
    for name, image in zip(boards, images, strict=True):
        whole.paste(image, (left, 0))
        records += _artboard(name, (left, 0, left + image.width, image.height))
        left += image.width
    layers = struct.pack(">I", len(records)) + records + struct.pack(">I", 0)
    stream = io.BytesIO(b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, whole.height, whole.width, 8, 3))
    stream.seek(0, 2)
    stream.write(struct.pack(">III", 0, 0, len(layers)) + layers + struct.pack(">H", 0))
    stream.write(b"".join(plane.tobytes() for plane in whole.split()))
    return stream.getvalue()


def _artboard(name: str, box: tuple[int, int, int, int]) -> bytes:
    """Return the record of a layer without pixels: its name, and the rectangle of its artboard."""
    sides = b"".join(
        struct.pack(">I", 0) + key + b"doub" + struct.pack(">d", side)
        for key, side in zip((b"Left", b"Top ", b"Rght", b"Btm "), box, strict=True)
    )
    rectangle = _text("") + struct.pack(">I", 14) + b"classFloatRect" + struct.pack(">I", 4) + sides
    told = struct.pack(">I", 16) + _text("") + struct.pack(">I", 8) + b"artboard" + struct.pack(">I", 1)
    told += struct.pack(">I", 12) + b"artboardRect" + b"Objc" + rectangle
    extra = struct.pack(">II", 0, 0) + b"\3low" + _block(b"luni", _text(name)) + _block(b"artb", told)
    head = bytes(16) + struct.pack(">H", 0) + b"8BIMnorm" + bytes(4)
    return head + struct.pack(">I", len(extra)) + extra


def _text(text: str) -> bytes:
    return struct.pack(">I", len(text) + 1) + (text + "\0").encode("utf-16-be")


def _block(key: bytes, content: bytes) -> bytes:
    content += b"\0" * (-len(content) % 4)
    return b"8BIM" + key + struct.pack(">I", len(content)) + content
