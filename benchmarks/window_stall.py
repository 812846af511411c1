"""Measure the longest stall of the window's event loop, and how long a slider takes to repaint.

    python benchmarks/window_stall.py [--model MODEL] [--megapixels 24]

Runs the real `salviewer.app.main.run` on a generated photograph, under DISPLAY or offscreen. A 5 ms timer
records every gap between its ticks; a longer gap is time in which the window could not respond. Of the worst
it tells what the window's thread worked, and on Linux how long it waited for a processor. On a busy machine
the last of the lines about gaps alone says something: it takes away that wait, and what the window waited for
the interpreter beyond the work of the process's other threads, since then they waited for a processor too.
QT_SCALE_FACTOR=2 measures a high-density screen.

Our modules are compiled beforehand, as they are where the program is installed.
"""

from __future__ import annotations

import argparse
import compileall
import ctypes
import os
import platform
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import checkout  # noqa: F401
import numpy as np
from PySide6.QtCore import QEvent, QObject

import salviewer
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.viewer.canvas import Canvas

TICK = 5


def main() -> int:
    """Run the scenario and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", help="a model's name or path (default: the shipped one)")
    parser.add_argument("--megapixels", type=float, default=24.0)
    options = parser.parse_args()
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    compileall.compile_dir(Path(salviewer.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SALVIEWER_CONFIG_DIR"] = folder
        pictures = [photograph(Path(folder), seed, options.megapixels) for seed in (0, 1)]
        return measure(pictures, options.model)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Seconds so far: by the clock, of the calling thread's work and the other threads', of waiting.

    Attributes:
        waited: of the calling thread, for a processor.
    """

    passed: float
    worked: float
    others: float
    waited: float

    @classmethod
    def now(cls) -> Clocks:
        """Read them; without Linux, waiting for a processor is unknown and 0."""
        worked = time.thread_time()
        return cls(time.perf_counter(), worked, time.process_time() - worked, _waited())

    def since(self, before: Clocks) -> Clocks:
        """Return the differences in milliseconds."""
        return Clocks(
            1000 * (self.passed - before.passed),
            1000 * (self.worked - before.worked),
            1000 * (self.others - before.others),
            1000 * (self.waited - before.waited),
        )

    @property
    def needed(self) -> float:
        """Its own work, and its wait for the interpreter as far as other threads worked meanwhile."""
        return self.worked + min(max(self.passed - self.waited - self.worked, 0), self.others)


@cache
def _schedule() -> tuple[Any, Any, int] | None:
    """Open what Linux tells about the calling thread, the window's; None where it does not."""
    try:
        opened = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    except OSError:
        return None
    return ctypes.PyDLL(None).pread, ctypes.create_string_buffer(100), opened


def _waited() -> float:
    """Read it without letting other threads in: the window would wait for them before it goes on."""
    if (schedule := _schedule()) is None:
        return 0.0
    read, text, opened = schedule
    read(opened, text, 100, 0)
    return int(text.value.split()[1]) / 1e9


class Painted(QObject):
    """The layer that a canvas was last painted with."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.layer = canvas.layer
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note the paint; it has finished when the loop asks again."""
        if event.type() == QEvent.Type.Paint:
            self.layer = self._canvas.layer
        return False


def photograph(folder: Path, seed: int, megapixels: float) -> Path:
    """Make a JPEG with large shapes and fine grain."""
    from PIL import Image

    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    height = round(width / 1.5)
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (20, 30, 3), dtype=np.uint8))
    path = folder / f"photograph{seed}.jpg"
    coarse.resize((width, height), Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def measure(pictures: list[Path], model: str | None) -> int:
    """Drive the window and report."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from salviewer.app import main as program
    from salviewer.app.window import Window

    application = QApplication([sys.argv[0]])
    gaps: dict[str, list[Clocks]] = {}
    phase = ["start: window, torch imported, model loaded, first picture"]
    last = [Clocks.now()]
    seen: list[bool] = []  # ticks since the window is there; the first belongs to building it

    def beat() -> None:
        gap = Clocks.now().since(last[0])
        if windows():
            if seen:
                gaps.setdefault(phase[0], []).append(gap)
            seen.append(True)
        try:
            next(steps)
        except StopIteration:
            for window in windows():
                window.close()
        last[0] = Clocks.now()  # what the scenario itself did is not the window's

    def windows() -> list[Window]:
        return [w for w in application.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]

    slider: list[float] = []
    notes: dict[str, float] = {}

    def scenario() -> Generator[None, None, None]:
        begun = time.perf_counter()
        while not windows():
            yield
        window = windows()[0]
        notes["window visible after (ms)"] = 1000 * (time.perf_counter() - begun)
        begun = time.perf_counter()
        while window.bench.session.loaded is None:
            yield
        notes["first picture after the window (ms)"] = 1000 * (time.perf_counter() - begun)
        while window.bench.stage.canvas.layer is None and not window.bench.notices.text:
            yield
        if window.bench.notices.text:
            print(window.bench.notices.text)
            return
        notes["first heatmap after the window (ms)"] = 1000 * (time.perf_counter() - begun)
        yield from rest(50)
        phase[0] = "another large picture opened and predicted"
        begun = time.perf_counter()
        window.bench.session.open([pictures[1]])
        while window.bench.session.loaded is None or window.bench.session.loaded.name != pictures[1].name:
            yield
        window.bench.stage.canvas.repaint()
        notes["another picture visible after (ms)"] = 1000 * (time.perf_counter() - begun)
        while window.bench.stage.canvas.layer is None:
            yield
        yield from rest(20)
        phase[0] = "sliders swept"
        painted = Painted(window.bench.stage.canvas)
        for amount in (
            window.feature(ViewsFeature).display.opacity,
            window.feature(ViewsFeature).display.smoothing,
            window.feature(ViewsFeature).display.threshold,
        ):
            for place in range(50, 950, 15):
                before = painted.layer = window.bench.stage.canvas.layer
                value = amount.value
                begun = time.perf_counter()
                amount.slider.setValue(place)
                if amount.value == value:
                    continue
                while painted.layer is before:
                    application.processEvents()
                slider.append(1000 * (time.perf_counter() - begun))
            yield
        window.feature(ViewsFeature).display.reset.click()
        yield from rest(20)
        phase[0] = "zoomed and panned"
        for factor in [1.1] * 40 + [1 / 1.1] * 40:
            window.bench.stage.canvas.zoom(factor)
            window.bench.stage.canvas.pan(7, 3)
            yield
        phase[0] = "overlay saved"
        window.bench.commands["save_overlay"].trigger()
        from PySide6.QtWidgets import QFileDialog

        dialog = window.findChild(QFileDialog)
        assert dialog is not None
        dialog.fileSelected.emit(str(pictures[0].with_name("out.jpg")))
        dialog.close()
        while not window.bench.notices.text:
            yield
        yield from rest(20)

    def rest(ticks: int) -> Generator[None, None, None]:
        for _ in range(ticks):
            yield

    steps = scenario()
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(TICK)
    code = program.run([str(pictures[0])], model=model)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}, Qt {application.platformName()}")
    for name, values in gaps.items():
        worst = max(values, key=lambda gap: gap.passed)
        p99 = np.percentile([gap.passed for gap in values], 99)
        print(f"{name:58} worst gap {worst.passed:6.1f} ms, p99 {p99:6.1f} ms")
        print(
            f"{'  of the worst':58} own work {worst.worked:.1f}, waiting for a processor {worst.waited:.1f}"
        )
        print(f"{'  worst without that':58} {max(gap.passed - gap.waited for gap in values):.1f} ms")
        print(f"{'  worst of own work and work waited for':58} {max(gap.needed for gap in values):.1f} ms")
    for name, value in notes.items():
        print(f"{name:58} {value:8.0f}")
    if slider:
        p50, p95 = np.percentile(slider, [50, 95])
        print(f"{'slider to repaint':58} median {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(slider):.1f} ms")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
