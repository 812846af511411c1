"""The variants feature alone: numbers as core has them, areas found again, files that are written."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from salviewer.app.features.variants.feature import VariantsFeature
from salviewer.app.viewer.canvas import Canvas
from salviewer.app.workbench import Command, Workbench
from salviewer.core.areas import Rectangle, measure
from salviewer.results.report_template import ReportTemplate
from tests.app.features.bench import open_picture

AREA = Rectangle(0.1, 0.2, 0.4, 0.5, name="Stripes")


@pytest.fixture
def layouts(tmp_path: Path) -> list[Path]:
    """Three pages with a striped box: at the left, at the right, and none."""
    folder = tmp_path / "layouts"
    folder.mkdir()
    rng = np.random.default_rng(5)
    box = np.kron(rng.integers(0, 255, (12, 18, 3)), np.ones((5, 5, 1))).astype(np.uint8)
    paths = []
    for name, left in (("a", 30), ("b", 190), ("c", None)):
        page = np.full((200, 300, 3), 235, np.uint8)
        page[180:190, 20:280] = 90
        if left is not None:
            page[40:100, left : left + 90] = box
        paths.append(folder / f"{name}.png")
        Image.fromarray(page).save(paths[-1])
    return paths


@pytest.fixture
def feature(qtbot: QtBot, bench: Workbench, layouts: list[Path]) -> VariantsFeature:
    """The feature with its window open on the three pages, and an area on the first."""
    made = VariantsFeature(bench)
    open_picture(qtbot, bench, layouts[0])
    bench.session.open(layouts)
    qtbot.waitUntil(lambda: len(bench.session.listing.order) == 3, timeout=20_000)
    bench.areas.show(layouts[0])
    bench.areas.put([AREA], "draw")
    with qtbot.waitSignal(made.worker.compared, timeout=120_000):
        made.show()
    return made


def drag(qtbot: QtBot, canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse from one place of the picture to another, both in its fractions."""
    rect = canvas.picture_rect()
    begin, middle, stop = (
        QPointF(rect.left() + rect.width() * x, rect.top() + rect.height() * y).toPoint()
        for x, y in (start, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), end)
    )
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(canvas, middle)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=stop)


def cells(feature: VariantsFeature, row: int) -> list[str]:
    table = feature.window.table
    return [table.item(row, column).text() for column in range(table.columnCount())]


def test_a_set_is_compared_and_areas_are_put_on_all(
    qtbot: QtBot, bench: Workbench, feature: VariantsFeature, layouts: list[Path]
) -> None:
    window = feature.window
    assert cells(feature, 0)[0] == "Stripes" and cells(feature, 0)[2:] == ["–", "–"]
    assert "Put the first variant's areas" in window.sentence.text()
    with qtbot.waitSignal(feature.worker.suggested, timeout=60_000):
        qtbot.mouseClick(window.put, Qt.MouseButton.LeftButton)
    texts = [window.suggestions.list.item(row).text() for row in range(2)]
    assert "found elsewhere" in texts[0] and "not found" in texts[1]
    assert [area.name for area in window.board.canvases[1].marks.suggested] == ["Stripes"]
    assert bench.areas.of(layouts[1]) == ()  # a suggestion is none of the picture's areas
    drag(qtbot, window.board.canvases[1], (0.75, 0.35), (0.75, 0.45))
    assert "dragged" in window.suggestions.list.item(0).text()
    with qtbot.waitSignal(feature.worker.compared, timeout=60_000):
        window.suggestions._accept()
    (there,) = bench.areas.of(layouts[1])
    assert isinstance(there, Rectangle) and there.left == pytest.approx(190 / 300, abs=0.02)
    assert there.top == pytest.approx(0.3, abs=0.03)  # 0.1 lower than where it was found
    assert bench.areas.of(layouts[2]) == ()
    found = feature._found
    assert found is not None
    cell = found.table.cell("Stripes", "B")
    assert cell is not None and cell.share == measure(found.pictures[1].looks[0], [there])[0].share
    assert cells(feature, 0)[3] == "–" and cells(feature, 0)[2].startswith(f"{100 * cell.share:.1f} %")


def test_areas_are_dragged_on_their_variants(
    qtbot: QtBot, bench: Workbench, feature: VariantsFeature, layouts: list[Path]
) -> None:
    bench.areas.put_on(layouts[1], [replace(AREA, id="b")], "draw")
    with qtbot.waitSignal(feature.worker.compared, timeout=60_000):
        feature._compare()
    first, second, _ = feature.window.board.canvases
    with qtbot.waitSignal(feature.worker.compared, timeout=60_000):
        drag(qtbot, second, (0.2, 0.3), (0.95, 0.3))
    (moved,) = bench.areas.of(layouts[1])
    assert isinstance(moved, Rectangle) and moved.right == pytest.approx(1) and moved.top == AREA.top
    assert bench.areas.of(layouts[0]) == (AREA,)
    assert feature.window.board.canvases == (first, second, _)  # no canvas is made again
    drag(qtbot, first, (0.2, 0.3), (0.25, 0.3))
    assert bench.areas.history.undoes == "move"
    bench.areas.undo()
    assert bench.areas.of(layouts[0]) == (AREA,)
    bench.areas.lock([AREA.id], True)
    with qtbot.waitSignal(feature.worker.compared, timeout=60_000):
        feature._compare()
    drag(qtbot, first, (0.2, 0.3), (0.25, 0.3))
    assert bench.areas.of(layouts[0])[0] == replace(AREA, locked=True)


def test_the_first_seconds_are_focus_maps_with_the_areas_visited_by_then(
    qtbot: QtBot, feature: VariantsFeature
) -> None:
    window, found = feature.window, feature._found
    assert found is not None
    qtbot.mouseClick(window.arrangement.button("seconds"), Qt.MouseButton.LeftButton)
    first = window.board.canvases[:3]
    assert len(window.board.canvases) == 6 and window.other.isVisible()
    assert [canvas.caption.text().rpartition(": ")[2] for canvas in first] == [
        f"seen after {seconds} s" for seconds in (1, 2, 3)
    ]
    clear = [int(canvas.pyramid.pixels[0].astype(int).sum()) for canvas in first]
    assert clear == sorted(clear) and clear[0] < clear[2]
    cell = found.table.cell("Stripes", "A")
    assert cell is not None and cell.visit is not None
    for canvas, visits in zip(first, (3, 6, 9), strict=True):
        assert [area.name for area in canvas.marks.areas] == ["Stripes"] * (cell.visit <= visits)


def test_without_an_area_on_the_first_there_is_none_to_put_on_all(
    feature: VariantsFeature,
) -> None:
    assert feature.window.put.isEnabled() and not feature.window.draw.isVisible()
    found = feature.window._found
    feature.window.set_compared(replace(found, request=replace(found.request, areas=((),) * 3)))
    assert not feature.window.put.isEnabled() and feature.window.report.isEnabled()
    assert feature.window.draw.isVisible() and not feature.window.put.isVisible()


def test_areas_are_suggested_on_the_first_variant_in_the_main_window(
    qtbot: QtBot, bench: Workbench, feature: VariantsFeature, layouts: list[Path]
) -> None:
    asked: list[Path | None] = []
    bench.commands.add(
        Command("suggest_areas", "Suggest areas", lambda: asked.append(bench.session.shown), "Areas", (1, 9))
    )
    bench.session.go(layouts[1])
    qtbot.waitUntil(lambda: bench.session.shown == layouts[1], timeout=20_000)
    feature.window.draw.click()
    qtbot.waitUntil(lambda: bool(asked), timeout=60_000)
    assert asked == [layouts[0]] and bench.session.saliency is not None


def test_layouts_zoom_together(qtbot: QtBot, feature: VariantsFeature) -> None:
    window = feature.window
    for name, count in (
        ("side", 3),
        ("over", 3),
        ("swipe", 1),
        ("difference", 2),
        ("seconds", 6),
        ("grid", 3),
    ):
        qtbot.mouseClick(window.arrangement.button(name), Qt.MouseButton.LeftButton)
        assert len(window.board.canvases) == count
        if name == "swipe":  # the first variant's areas are left of the divider, and the other's right of it
            (canvas,) = window.board.canvases
            (under,) = canvas.cover.pane.ornaments
            assert list(under.areas) == [AREA] and canvas.marks.areas == ()
    first, second, _ = window.board.canvases
    first.zoom(2.0)
    assert first.view is not None and second.view is not None
    assert second.view.scale == pytest.approx(first.view.scale, rel=0.02)


def test_table_and_report_are_written(qtbot: QtBot, feature: VariantsFeature, tmp_path: Path) -> None:
    found = feature._found
    assert found is not None
    for name in ("t.csv", "r.html", "r.pdf"):
        with qtbot.waitSignal(feature.worker.saved, timeout=60_000):
            if name == "t.csv":
                feature.worker.save_table(tmp_path / name, found)
            else:
                feature.worker.save_report(tmp_path / name, found, ReportTemplate(client="A Client"))
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["share"] != "" for row in csv.DictReader(stream)] == [True, False, False]
    assert "A Client" in (tmp_path / "r.html").read_text()
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_the_report_asks_for_a_template(qtbot: QtBot, feature: VariantsFeature, tmp_path: Path) -> None:
    qtbot.mouseClick(feature.window.report, Qt.MouseButton.LeftButton)
    dialog = feature.window.findChild(QDialog, "reportDialog")
    dialog.client.setText("Slow Roast")
    assert dialog.template == ReportTemplate(client="Slow Roast")
    with qtbot.waitSignal(feature.worker.saved, timeout=60_000):
        dialog.wanted.emit(tmp_path / "report.html", dialog.template)
    assert "for Slow Roast" in (tmp_path / "report.html").read_text()
    dialog.setObjectName("")
    dialog.reject()
    qtbot.mouseClick(feature.window.report, Qt.MouseButton.LeftButton)
    again = feature.window.findChild(QDialog, "reportDialog")
    assert again.template.client == "Slow Roast"
    again.reject()


def test_a_failure_is_one_sentence(qtbot: QtBot, feature: VariantsFeature, tmp_path: Path) -> None:
    found = feature._found
    assert found is not None
    with qtbot.waitSignal(feature.worker.failed, timeout=60_000) as failed:
        feature.worker.save_table(tmp_path / "missing" / "t.csv", found)
    assert "missing" in failed.args[0] and "\n" not in failed.args[0]


def test_messages_are_in_the_window_and_escape_closes_it(
    qtbot: QtBot, bench: Workbench, feature: VariantsFeature, layouts: list[Path]
) -> None:
    window = feature.window
    for path in layouts[1:]:
        bench.areas.put_on(path, [AREA], "draw")
    with qtbot.waitSignal(feature.worker.compared, timeout=60_000):
        feature._compare()
    with qtbot.waitSignal(feature.worker.suggested, timeout=60_000):
        qtbot.mouseClick(window.put, Qt.MouseButton.LeftButton)
    assert "have the first one's areas already" in window.notices.text and window.notices.isVisible()
    assert bench.notices.text == ""
    qtbot.keyClick(window.put, Qt.Key.Key_Escape)
    assert window.notices.text == "" and window.isVisible()
    qtbot.keyClick(window.table, Qt.Key.Key_Escape)
    assert not window.isVisible()
