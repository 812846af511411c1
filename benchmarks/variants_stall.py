"""Measure the longest stall of the window while many large variants are compared.

    python benchmarks/variants_stall.py [--variants 12] [--megapixels 24] [--model MODEL]

Runs the real `salviewer.app.main.run` under DISPLAY or offscreen: opens the pictures, compares them, goes
through all arrangements, zooms, drags an area, changes the goal, looks for areas and writes the table and a
report. A 5 ms timer records every gap between its ticks; a longer gap is time in which the window could not
respond. Beside it stands the processor time of the window's own thread in the worst gap: on a busy machine
the rest is waiting.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import checkout  # noqa: F401
import numpy as np
from window_stall import TICK, photograph

from salviewer.core.areas import Rectangle

AREAS = (
    Rectangle(0.05, 0.05, 0.35, 0.25, name="Headline"),
    Rectangle(0.5, 0.1, 0.9, 0.5, name="Picture"),
    Rectangle(0.1, 0.6, 0.3, 0.7, name="Button"),
    Rectangle(0.1, 0.8, 0.9, 0.95, name="Products"),
)


def main() -> int:
    """Run the scenario and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--variants", type=int, default=12)
    parser.add_argument("--megapixels", type=float, default=24.0)
    parser.add_argument("--model", help="a model's name or path (default: the shipped one)")
    options = parser.parse_args()
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SALVIEWER_CONFIG_DIR"] = os.environ["SALVIEWER_DATA_DIR"] = folder
        pictures = [photograph(Path(folder), seed, options.megapixels) for seed in range(options.variants)]
        return measure(pictures, options.model)


def measure(pictures: list[Path], model: str | None) -> int:
    """Drive the window and report."""
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from salviewer.app import main as program
    from salviewer.app.features.variants.feature import VariantsFeature
    from salviewer.app.window import Window
    from salviewer.results.report_template import ReportTemplate

    application = QApplication([sys.argv[0]])
    gaps: dict[str, list[tuple[float, float]]] = {}
    phase = ["started"]
    last = [(time.perf_counter(), time.thread_time())]

    def beat() -> None:
        now = time.perf_counter(), time.thread_time()
        if phase[0] != "started":
            gaps.setdefault(phase[0], []).append((1000 * (now[0] - last[0][0]), 1000 * (now[1] - last[0][1])))
        try:
            next(steps)
        except BaseException as error:
            if not isinstance(error, StopIteration):  # the crash dialog would hide it
                print(f"{phase[0]}: {error!r}")
            report()  # here: the program may end the process itself
            application.exit()  # closing the window would ask about the areas
        last[0] = time.perf_counter(), time.thread_time()  # without what the scenario itself did

    def report() -> None:
        machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        print(f"{machine}, Qt {application.platformName()}, {len(pictures)} variants")
        for name, values in gaps.items():
            wall, own = max(values)
            busiest = max(own for _, own in values)
            p99 = np.percentile([one for one, _ in values], 99)
            print(
                f"{name:70} worst gap {wall:6.1f} ms (own {own:5.1f}), p99 {p99:5.1f}, busiest {busiest:5.1f}"
            )
        sys.stdout.flush()

    def windows() -> list[Window]:
        return [w for w in application.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]

    def until(test: Callable[[], object], seconds: float = 600) -> Generator[None, None, None]:
        end = time.perf_counter() + seconds
        while not test():
            if time.perf_counter() > end:
                raise SystemExit(f"{phase[0]}: not done after {seconds:.0f} s")
            yield

    def rest(ticks: int = 40) -> Generator[None, None, None]:
        for _ in range(ticks):
            yield

    def scenario() -> Generator[None, None, None]:
        yield from until(windows)
        bench = windows()[0].bench
        feature = windows()[0].feature(VariantsFeature)
        yield from until(lambda: len(bench.session.listing.order) == len(pictures))
        yield from until(lambda: bench.session.saliency is not None)
        for picture in list(bench.session.listing.order)[:-1]:  # the last one has no areas yet
            areas = [replace(area, id=f"{picture.name}-{area.name}") for area in AREAS]
            bench.areas.put_on(picture.absolute(), areas, "draw")
        yield from rest()
        phase[0] = "opened and predicted, the picture and its mirrored and shifted copies"
        feature.show()
        window = feature.window
        yield from until(lambda: feature._found is not None)
        yield from rest()
        for name in ("side", "over", "swipe", "difference", "seconds", "grid"):
            phase[0] = f"arranged: {name}"
            window.arrangement.button(name).click()
            yield from rest()
        phase[0] = "zoomed and moved, all together"
        first = window.board.canvases[0]
        for factor in [1.1] * 30 + [1 / 1.1] * 30:
            first.zoom(factor)
            first.pan(5, 2)
            yield
        window.board.fit()
        yield from rest()
        phase[0] = "an area dragged, numbers made again"
        found = feature._found
        rect = first.picture_rect()
        at = QPoint(round(rect.left() + 0.2 * rect.width()), round(rect.top() + 0.65 * rect.height()))
        QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=at)
        for step in range(12):
            QTest.mouseMove(first, at + QPoint(step, step))
            yield
        QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=at + QPoint(12, 12))
        yield from until(lambda: feature._found is not found)
        yield from rest()
        phase[0] = "another goal, another class"
        found = feature._found
        window.goal_chosen.emit("Button")
        yield from until(lambda: feature._found is not found)
        yield from rest()
        phase[0] = "areas looked for on the last one"
        window.put.click()
        yield from until(lambda: window.suggestions.isVisible() or window.notices.text)
        yield from rest()
        phase[0] = "table and report written"
        made: list[object] = []
        feature.worker.saved.connect(made.append)
        assert feature._found is not None
        feature.worker.save_table(pictures[0].with_name("table.xlsx"), feature._found)
        yield from until(lambda: len(made) == 1)
        feature.worker.save_report(pictures[0].with_name("report.pdf"), feature._found, ReportTemplate())
        yield from until(lambda: len(made) == 2)
        yield from rest()

    steps = scenario()
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(TICK)
    return program.run([str(picture) for picture in pictures], model=model)


if __name__ == "__main__":
    raise SystemExit(main())
