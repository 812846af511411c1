"""What `draw_screenshots.py` does in the window: python screenshot_scenarios.py WHAT OUT APPEARANCE PAUSE"""

from __future__ import annotations

import shutil
import sys
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from salviewer import paths
from salviewer.app import main as program
from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.batch.dialog import BatchDialog
from salviewer.app.features.explain.feature import ExplainFeature
from salviewer.app.features.variants.feature import VariantsFeature
from salviewer.app.window import Window
from salviewer.core.areas import Rectangle

Steps = Generator[None, None, None]
LEFT = Qt.MouseButton.LeftButton
PATIENCE = 240  # seconds for one thing to happen


class Driver:
    """Waits, clicks and takes pictures."""

    def __init__(self, window: Window, out: Path, pause: float) -> None:
        self.window, self.out, self.pause = window, out, pause
        self.clicks, self.steps = 0, 0

    def until(self, test: Callable[[], object]) -> Steps:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not test():
            if time.monotonic() > end:
                raise TimeoutError("waited too long")
            yield

    def rest(self, seconds: float) -> Steps:
        """Wait."""
        end = time.monotonic() + seconds
        yield from self.until(lambda: time.monotonic() > end)

    def click(self, widget: QWidget) -> Steps:
        """Look for a while, then click."""
        yield from self.rest(self.pause)
        self.clicks += 1
        QTest.mouseClick(widget, LEFT)

    def press(self, parent: QWidget, name: str) -> Steps:
        """Click a button by its name."""
        found = parent.findChild(QPushButton, name)
        assert found is not None, name
        yield from self.click(found)

    def trigger(self, command: str) -> Steps:
        """Click a command's button on the tool bar."""
        yield from self.rest(self.pause)
        self.clicks += 1
        self.window.bench.commands[command].trigger()

    def grab(self, widget: QWidget, name: str) -> None:
        """Save what a window shows, with a user's folder in place of this run's."""
        fields: list[QLabel | QLineEdit] = [*widget.findChildren(QLabel), *widget.findChildren(QLineEdit)]
        plain = {field: field.text().replace("\u200b", "") for field in fields}
        changed = {field: field.text() for field in fields if str(self.out) in plain[field]}
        for field in changed:
            _put(field, plain[field].replace(str(self.out), "/home/me/Pictures"))
        QApplication.processEvents()
        assert widget.grab().save(str(self.out / f"{name}.png"))
        for field, text in changed.items():
            _put(field, text)

    def grab_both(self, widget: QWidget, name: str) -> None:
        """Save what a window shows, light and dark."""
        for appearance, suffix in (("light", ""), ("dark", "-dark")):
            self.window.bench.settings.change(appearance=appearance)
            QApplication.processEvents()
            self.grab(widget, f"{name}{suffix}")
        self.window.bench.settings.change(appearance="light")

    def step(self, widget: QWidget) -> None:
        """Save the next picture of the strip."""
        self.steps += 1
        self.grab(widget, f"step{self.steps}")

    def drop(self, pictures: list[Path]) -> None:
        """Drop pictures on the window."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in pictures])
        at, actions = QPointF(400, 300), Qt.DropAction.CopyAction
        for event in (
            QDragEnterEvent(at.toPoint(), actions, mime, LEFT, Qt.KeyboardModifier.NoModifier),
            QDropEvent(at, actions, mime, LEFT, Qt.KeyboardModifier.NoModifier),
        ):
            QApplication.sendEvent(self.window, event)

    def shown(self) -> Steps:
        """Wait for the picture's heatmap."""
        bench = self.window.bench
        yield from self.until(lambda: bench.session.saliency and bench.stage.canvas.layer is not None)
        yield from self.rest(0.4)


def _put(field: QLabel | QLineEdit, text: str) -> None:
    """Show another text, and tell nobody."""
    blocked = field.blockSignals(True)
    field.setText(text)
    field.blockSignals(blocked)


def steps(driver: Driver) -> Steps:
    """Take a newcomer's way from dropping four variants to a written report."""
    window, bench = driver.window, driver.window.bench
    window.resize(1280, 720)
    yield from driver.rest(1.0)
    driver.step(window)
    began = time.monotonic()
    yield from driver.rest(driver.pause)
    driver.drop(sorted((paths.resources() / "samples").glob("web_page*.png")))
    yield from driver.until(lambda: len(bench.session.listing.order) == 4)
    yield from driver.shown()
    yield from driver.trigger("compare_variants")
    feature = window.feature(VariantsFeature)
    compared = feature.window
    compared.resize(1280, 720)
    yield from driver.until(lambda: feature._found is not None)
    yield from driver.rest(0.3)
    driver.step(compared)
    before = feature._found
    yield from driver.click(compared.draw)
    suggestions = window.feature(AreasFeature).page.suggestions
    yield from driver.until(suggestions.isVisible)
    yield from driver.rest(0.3)
    driver.step(window)
    driver.grab(window, "areas-suggested")
    yield from driver.press(suggestions, "acceptSuggestions")
    yield from driver.until(lambda: feature._found is not before)
    yield from driver.rest(0.3)
    yield from driver.click(compared.put)
    yield from driver.until(compared.suggestions.isVisible)
    yield from driver.rest(0.3)
    driver.step(compared)
    driver.grab(compared, "variants-put")
    before = feature._found
    yield from driver.press(compared.suggestions, "acceptSuggestions")
    yield from driver.until(lambda: feature._found is not before)
    before = feature._found
    assert before is not None
    yield from driver.rest(driver.pause)
    goal = next(name for name in before.table.areas if "Find your roast" in name)
    compared.goal.select(goal)
    compared.goal.chosen.emit(goal)
    yield from driver.until(lambda: feature._found is not None and feature._found.request.goal == goal)
    yield from driver.rest(0.3)
    driver.step(compared)
    driver.grab(compared, "variants")
    yield from driver.click(compared.report)
    dialog = compared.findChild(QDialog, "reportDialog")
    assert dialog is not None
    yield from driver.until(dialog.isVisible)
    client = dialog.findChild(QLineEdit, "reportClient")
    assert client is not None
    yield from driver.rest(driver.pause)
    QTest.keyClicks(client, "Slow Roast", delay=60)
    driver.step(dialog)
    yield from driver.press(dialog, "reportWrite")
    yield from driver.until(lambda: dialog.findChild(QFileDialog) is not None)
    asked = dialog.findChild(QFileDialog)
    assert asked is not None
    yield from driver.until(asked.isVisible)
    yield from driver.rest(driver.pause)
    written: list[Path] = []
    feature.worker.saved.connect(written.append)
    field = asked.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(driver.out / "report.pdf"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    yield from driver.until(lambda: written)
    took = time.monotonic() - began
    actions = driver.clicks + 5
    print(f"from drop to report: {took:.0f} s with {driver.pause:g} s before each of {actions} actions")
    yield from driver.rest(0.5)
    driver.step(compared)
    compared.arrangement.button("difference").click()
    yield from driver.rest(0.5)
    driver.grab(compared, "variants-dark")
    compared.arrangement.button("seconds").click()
    yield from driver.rest(0.5)
    driver.step(compared)


def pictures(folder: Path) -> list[Path]:
    """Save free photographs, and our samples, to a folder."""
    from PIL import Image
    from skimage import data

    folder.mkdir()
    for name in ("astronaut", "chelsea", "coffee", "rocket"):
        Image.fromarray(getattr(data, name)()).save(folder / f"{name}.jpg", quality=92)
    for sample in (paths.resources() / "samples").glob("*.png"):
        shutil.copy(sample, folder)
    return sorted(folder.iterdir())


def opened(driver: Driver, name: str) -> Steps:
    """Wait for a picture."""
    session = driver.window.bench.session
    yield from driver.until(lambda: session.loaded is not None and session.loaded.name == name)


def window(driver: Driver) -> Steps:
    """Take the pictures of pages on folders, comparing, hotspots and export, light and dark."""
    shown, bench = driver.window, driver.window.bench
    both = (("light", ""), ("dark", "-dark"))
    shown.resize(1180, 820)
    for appearance, suffix in both:
        bench.settings.change(appearance=appearance)
        yield from driver.rest(0.5)
        driver.grab(shown, f"first-page{suffix}")
    shown.resize(1280, 860)
    found = pictures(driver.out / "photographs")
    bench.session.open([driver.out / "photographs"])
    yield from driver.until(lambda: len(bench.session.listing.order) == len(found))
    bench.session.go(next(path for path in found if path.stem == "coffee"))
    bench.commands["thumbnail_overlays"].trigger()
    yield from driver.shown()
    yield from driver.rest(6)
    for appearance, suffix in both:
        bench.settings.change(appearance=appearance)
        yield from driver.rest(0.5)
        driver.grab(shown, f"folder{suffix}")
    bench.settings.change(appearance="light")
    shown.resize(1280, 800)
    samples = paths.resources() / "samples"
    alone = driver.out / "alone" / "poster.png"
    alone.parent.mkdir()
    shutil.copy(samples / "poster.png", alone)
    bench.session.open([alone])
    yield from opened(driver, "poster.png")
    yield from driver.shown()
    yield from poster(driver)
    shown.resize(1280, 800)
    for command in ("show_hotspots", "show_path"):
        bench.commands[command].trigger()
    bench.panel.show_page("hotspots")
    yield from driver.rest(1)
    driver.grab(shown, "hotspots")
    for command in ("show_hotspots", "show_path"):
        bench.commands[command].trigger()
    bench.settings.change(export=replace(bench.settings.now.export, folder="/home/me/Pictures/attention"))
    for appearance, suffix in both:
        bench.settings.change(appearance=appearance)
        yield from driver.rest(0.3)
        bench.commands["export"].trigger()
        yield from driver.rest(1.0)
        dialog = next(one for one in shown.findChildren(QDialog, "exportDialog") if one.isVisible())
        driver.grab(dialog, f"export{suffix}")
        dialog.reject()
    bench.settings.change(appearance="light")
    bench.session.open([samples / "web_page.png", samples / "web_page_large_button.png"])
    yield from opened(driver, "web_page.png")
    yield from driver.shown()
    bench.commands["compare_next"].trigger()
    bench.panel.show_page("compare")
    yield from driver.rest(5)
    driver.grab(shown, "compare")
    bench.settings.change(appearance="dark")
    bench.commands["show_difference"].trigger()
    yield from driver.rest(5)
    driver.grab(shown, "compare-dark")


def explain(driver: Driver) -> Steps:
    """Take the picture of the window that explains a place, the face on the sample poster."""
    shown, bench = driver.window, driver.window.bench
    shown.resize(1180, 820)
    bench.session.set_engine(replace(bench.session.engine, model="attention_net"))
    bench.session.open([paths.resources() / "samples" / "poster.png"])
    yield from driver.shown()
    feature = shown.feature(ExplainFeature)
    feature.explain_at((0.5, 0.5))
    yield from driver.until(lambda: feature.window is not None and feature.window.save.isEnabled())
    assert feature.window is not None
    feature.window.resize(1120, 620)
    yield from driver.rest(0.5)
    driver.grab(feature.window, "explain-window")


def poster(driver: Driver) -> Steps:
    """Take the pictures of a poster, and of the areas on it."""
    shown, bench = driver.window, driver.window.bench
    shown.resize(1180, 860)
    areas = [
        Rectangle(0.05, 0.1, 0.96, 0.33, name="Headline"),
        Rectangle(0.375, 0.4, 0.625, 0.625, name="Face"),
        Rectangle(0.07, 0.85, 0.42, 0.89, name="Date"),
        Rectangle(0.665, 0.853, 0.925, 0.918, name="Button"),
        Rectangle(0.07, 0.957, 0.838, 0.98, name="Small print"),
    ]
    for page, name in (("heatmap", "window"), ("areas", "areas")):
        bench.panel.show_page(page)
        for appearance, suffix in (("light", ""), ("dark", "-dark")):
            bench.settings.change(appearance=appearance)
            yield from driver.rest(1)
            driver.grab(shown, f"{name}{suffix}")
        bench.settings.change(appearance="light")
        bench.areas.put([] if bench.areas.all else areas, "draw")
        bench.areas.select(())
    bench.areas.select(area.id for area in bench.areas.all)
    bench.areas.remove(bench.areas.selection)


def batch(driver: Driver) -> Steps:
    """Take the pictures of a batch over a folder with two files that fail, light and dark."""
    shown, bench = driver.window, driver.window.bench
    folder = driver.out / "Spring campaign"
    for path in pictures(folder):
        for number in range(2, 7):
            shutil.copy(path, folder / f"{path.stem}-{number}{path.suffix}")
    (folder / "notes.jpg").write_bytes(b"no picture")
    whole = (folder / "rocket.jpg").read_bytes()
    (folder / "rocket-7.jpg").write_bytes(whole[: len(whole) // 2])
    bench.session.open([folder])
    yield from driver.until(lambda: len(bench.session.listing.order) > 1)
    yield from driver.shown()
    bench.commands["batch"].trigger()
    yield from driver.rest(3)
    dialog = next(one for one in shown.findChildren(BatchDialog) if one.isVisible())
    dialog.setup.source.deselect()
    driver.grab_both(dialog, "batch")
    dialog.start.click()
    yield from driver.until(lambda: dialog.progress.bar.value() * 3 > max(dialog.progress.bar.maximum(), 1))
    driver.grab(dialog, "batch-running")
    yield from driver.until(dialog.again.isVisible)
    yield from driver.rest(1)
    driver.grab_both(dialog, "batch-end")
    dialog.close()


def main() -> int:
    """Run the program and a scenario in it."""
    from design_scenarios import documents, on_screen
    from live_scenarios import live, lost

    what, out, appearance, pause = sys.argv[1:]
    scenarios = {"steps": steps, "window": window, "batch": batch, "explain": explain}
    scenarios |= {"live": live, "lost": lost}
    scenarios |= {"documents": documents, "screen": on_screen}
    application = QApplication([sys.argv[0]])
    failed: list[str] = []
    running: list[Steps] = []

    def beat() -> None:
        windows = [w for w in application.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]
        try:
            if running:
                next(running[0])
            elif windows:
                windows[0].bench.settings.change(appearance=appearance)
                driver = Driver(windows[0], Path(out), float(pause))
                running.append(scenarios[what](driver))
        except StopIteration:
            application.exit()
        except Exception:
            failed.append(traceback.format_exc())
            print(*failed, file=sys.stderr, flush=True)
            application.exit()

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(20)
    code = program.run([])
    return 3 if failed else code


if __name__ == "__main__":
    raise SystemExit(main())
