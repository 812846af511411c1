"""Measure how a part of the screen is followed: overlays a second, and what they cost.

    python benchmarks/screen.py [--seconds 10] [--quick] [--json FILE]

Starts an X server of its own (Xvfb). A process of its own moves a photograph over 1280x720 pixels of it, 30
times a second; that part is followed, in turn:

- by the real window beside it: overlays painted a second, time from capture to screen, and the processor time
  of this process, apart from the server and the moving photograph;
- the same with the heat over the real screen, where `xcompmgr` is installed: one capture a second is made
  then;
- by a plain loop: mss captures, eager torch predicts, cv2 blends, in sequence, without a display.

It also times the capture alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import common
import live
import numpy as np

PART = (1280, 720)
REF = f"screen:0,0,{PART[0]},{PART[1]}"
BELOW = (0, PART[1] + 20)
"""Where the window lies: it is not in the part that is followed."""


def main() -> int:
    """Run all and print a table."""
    parser = common.options(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="that each is watched")
    parser.add_argument(
        "--scene", action="store_true", help="only move the photograph; for the other process"
    )
    chosen = parser.parse_args()
    if chosen.scene:
        return scene()
    if shutil.which("Xvfb") is None:
        print("Xvfb is not installed; nothing was measured.")
        return 1
    seconds = 2.0 if chosen.quick else chosen.seconds
    known = common.about()
    print(common.heading(known))
    values: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, display() as name:
        os.environ |= {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb", "SALVIEWER_CONFIG_DIR": folder}
        with running([sys.executable, str(Path(__file__)), "--scene"]):
            time.sleep(3.0)
            values["capture"] = captures(seconds)
            plain = plain_rate(seconds)
            title = f"{PART[0]}x{PART[1]} of the screen"
            values["followed"] = live.watch(REF, title, seconds, plain, BELOW)
            if shutil.which("xcompmgr"):
                with running(["xcompmgr"]):
                    time.sleep(0.5)
                    title += ", with the heat over it"
                    values["over"] = live.watch(REF, title, seconds, plain, BELOW, lay_over)
    common.write(chosen.json, known, values)
    return 0


def lay_over(window: Any) -> None:
    """Lay the heat over the real screen."""
    window.bench.commands["screen_overlay"].trigger()


@contextmanager
def display() -> Iterator[str]:
    """Start an X server; yield its name."""
    read, write = os.pipe()
    screen = f"{PART[0]}x{PART[1] + 900}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    """Run a program until the block ends."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def scene() -> int:
    """Move a photograph over the part of the screen until the process is ended."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
    from PySide6.QtWidgets import QApplication, QWidget

    application = QApplication([])
    pixels = np.ascontiguousarray(np.concatenate([common.real_stimuli((900, 1600))[-1]] * 2, axis=1))
    image = QImage(
        pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB888
    )
    photograph = QPixmap.fromImage(image)

    class Moving(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            left = int(time.monotonic() * 120) % 1600
            QPainter(self).drawPixmap(0, 0, photograph, left, 90, *PART)

    moving = Moving()
    moving.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    moving.setGeometry(0, 0, *PART)
    moving.show()
    timer = QTimer()
    timer.timeout.connect(moving.update)
    timer.start(33)
    return application.exec()


def captures(seconds: float) -> dict[str, float]:
    """Time captures as fast as they go."""
    from salviewer.media.video.screens import Screen

    with closing(Screen(REF, rate=1000.0)) as screen:
        begun, busy, count = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - begun < seconds / 2:
            screen.read()
            count += 1
        took, used = time.perf_counter() - begun, time.process_time() - busy
    wall, processor = 1000 * took / count, 1000 * used / count
    print(f"\nOne capture of {PART[0]}x{PART[1]}: {wall:.2f} ms, {processor:.2f} of them in this process")
    return {"wall_ms": wall, "processor_ms": processor}


def plain_rate(seconds: float) -> float:
    """Return the frames a second of a plain loop over the screen."""
    from mss import MSS

    predict = live.plain_predictor()
    part = {"left": 0, "top": 0, "width": PART[0], "height": PART[1]}
    count, begun = 0, time.perf_counter()
    with MSS() as screen:
        while time.perf_counter() - begun < seconds / 2:
            pixels = np.ascontiguousarray(np.asarray(screen.grab(part))[..., 2::-1])
            live.plain_blend(pixels, predict(pixels))
            count += 1
    return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    raise SystemExit(main())
