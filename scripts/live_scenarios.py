"""What `draw_screenshots.py` does with a video, and with a stream that breaks off."""

from __future__ import annotations

from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QDialog

from salviewer.app.features.live.feature import LiveFeature
from salviewer.core.areas import Rectangle

if TYPE_CHECKING:
    from screenshot_scenarios import Driver

Steps = Generator[None, None, None]


def walk(path: Path) -> Path:
    """Make a video of 12 s: a camera moves over a photograph."""
    import av

    data: Any = import_module("skimage.data")
    scene = np.asarray(Image.fromarray(data.astronaut()).resize((1500, 1500), Image.Resampling.LANCZOS))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 960, 600, "yuv420p", 8_000_000
        for index in range(360):
            left = round(270 + 200 * np.sin(index / 40))
            top = round(60 + 50 * np.cos(index / 61))
            view = np.ascontiguousarray(scene[top : top + 600, left : left + 960])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(view, "rgb24")))
        container.mux(stream.encode())
    return path


def live(driver: Driver) -> Steps:
    """Take the pictures of a video with two areas and a followed region; rates are those of this machine."""
    window, bench = driver.window, driver.window.bench
    window.resize(1180, 760)
    bench.settings.change_live(hud=False, loop=True)
    clips = driver.out / "clips"  # alone: what is grabbed beside it would join its folder
    clips.mkdir()
    bench.session.request([walk(clips / "A walk.mp4")])
    feature = window.feature(LiveFeature)
    yield from driver.until(lambda: feature.run is not None and bench.stage.canvas.layer is not None)
    areas = [Rectangle(0.06, 0.2, 0.3, 0.75, name="Left"), Rectangle(0.62, 0.2, 0.95, 0.75, name="Right")]
    bench.areas.put(areas, "draw")
    bench.commands["follow_region"].trigger()
    bench.panel.show_page("live")
    for appearance, suffix in (("light", ""), ("dark", "-dark")):
        bench.settings.change(appearance=appearance)
        yield from driver.rest(12)
        driver.grab(window, f"live{suffix}")
    bench.settings.change(appearance="light")
    bench.commands["export_video"].trigger()
    yield from driver.rest(1)
    dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
    driver.grab(dialog, "live-export")
    dialog.reject()


def lost(driver: Driver) -> Steps:
    """Take the picture of a stream whose server goes away, an MJPEG stream from this machine."""
    from tests.video.loopback import mjpeg

    window, bench = driver.window, driver.window.bench
    window.resize(1320, 800)
    bench.settings.change_live(hud=False)
    scene = np.asarray(Image.fromarray(import_module("skimage.data").coffee()).resize((1200, 800)))
    with mjpeg(rate=10, picture=lambda index: scene[100:700, 120 + index % 60 :][:, :960]) as served:
        bench.session.request([served.url])
        feature = window.feature(LiveFeature)
        yield from driver.until(lambda: feature.run is not None and bench.stage.canvas.layer is not None)
        bench.panel.show_page("live")
        yield from driver.rest(8)
        served.refuse.set()
        served.ended.set()  # after a whole frame
        yield from driver.until(lambda: bench.notices.text)
        yield from driver.rest(0.5)
        driver.grab(window, "live-lost")
        feature.sources.close_source()
