"""Numbers agree on screen in every locale and are C in files; right-to-left mirrors all but the picture."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QTableWidget, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from salviewer.app.shell.theme import mirrored
from salviewer.app.window import Window

LOCALES = {"C": ".", "de_DE": ",", "ar_EG": "٫"}


@pytest.fixture
def in_locale(
    qtbot: QtBot, qapp: QApplication, make_window: Callable[[], Window], pictures: list[Path]
) -> Iterator[Callable[[str], Window]]:
    """A window with a predicted picture in a locale."""
    before, direction = QLocale(), qapp.layoutDirection()

    def make(name: str) -> Window:
        locale = QLocale(name)
        QLocale.setDefault(locale)
        qapp.setLayoutDirection(locale.textDirection())
        window = make_window()
        window.bench.session.open(pictures)
        qtbot.waitUntil(lambda: window.bench.stage.canvas.layer is not None, timeout=60_000)
        return window

    yield make
    QLocale.setDefault(before)
    qapp.setLayoutDirection(direction)


def ascii_digits(text: str) -> str:
    """A text with the digits that C has."""
    return re.sub(r"\d", lambda found: str(int(found[0])), text)


@pytest.mark.parametrize("name", LOCALES)
def test_screen_is_in_the_locale_and_the_clipboard_in_c(
    qtbot: QtBot, in_locale: Callable[[str], Window], name: str
) -> None:
    window, point = in_locale(name), LOCALES[name]
    digits = "٠١٢٣٤٥٦٧٨٩" if name == "ar_EG" else "0123456789"
    window.bench.panel.show_page("hotspots")
    window.bench.commands["show_hotspots"].trigger()
    page = window.bench.panel
    table = next(
        t for t in page.findChildren(QTableWidget) if t.accessibleName() == "Hotspots in predicted order"
    )
    qtbot.waitUntil(lambda: table.rowCount() > 0, timeout=30_000)
    share = table.item(0, 3)
    assert share is not None
    pattern = rf"[{digits}]+{re.escape(point)}[{digits}] %"
    assert re.fullmatch(pattern, share.text()), share.text()
    together = next(
        label.text() for label in page.findChildren(QLabel) if label.text().startswith("Together")
    )
    assert re.search(rf"[{digits}]+ %", together)
    spin = next(box for box in page.findChildren(QDoubleSpinBox) if box.accessibleName() == "Radius")
    assert re.fullmatch(pattern, spin.text()), spin.text()
    for text in (window.bench.status.zoom.text(),):
        assert not set(re.findall(r"\d", text)) - set(digits), text
    table.copy()  # type: ignore[attr-defined]
    copied = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    shown = float(ascii_digits(share.text().removesuffix(" %")).replace(point, "."))
    column = copied[0].index("share")
    assert abs(100 * float(copied[1][column]) - shown) < 0.06
    assert copied[0][0] in ("number", "rank", "order", "visit", "hotspot")


@pytest.mark.parametrize("name", ["de_DE", "ar_EG"])
def test_an_exported_table_has_a_decimal_point(
    qtbot: QtBot, in_locale: Callable[[str], Window], tmp_path: Path, name: str
) -> None:
    window = in_locale(name)
    window.bench.commands["show_hotspots"].trigger()
    table = next(
        t for t in window.bench.panel.findChildren(QTableWidget)
        if t.accessibleName() == "Hotspots in predicted order"
    )  # fmt: skip
    qtbot.waitUntil(lambda: table.rowCount() > 0, timeout=30_000)
    target = tmp_path / "spots.csv"
    window.bench.files.documents.save_table(target, table._table)  # type: ignore[attr-defined]
    qtbot.waitUntil(target.exists, timeout=30_000)
    rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert len(rows) > 1 and all(re.fullmatch(r"-?[0-9.e-]+", cell, re.ASCII) for cell in rows[1])


def test_right_to_left_mirrors_the_window_and_not_the_picture(
    qtbot: QtBot, in_locale: Callable[[str], Window], tmp_path: Path
) -> None:
    halves = np.zeros((80, 120, 3), np.uint8)
    halves[:, :60, 0] = halves[:, 60:, 2] = 255  # red, blue
    Image.fromarray(halves).save(tmp_path / "halves.png")
    places = []
    for name in ("de_DE", "ar_EG"):
        window = in_locale(name)
        window.bench.session.open([tmp_path / "halves.png"])
        qtbot.waitUntil(lambda window=window: window.windowTitle().startswith("halves"))
        window.bench.commands["view_picture"].trigger()
        canvas, panel = window.bench.stage.canvas, window.bench.panel
        bar = window.findChildren(QToolBar)[0]
        tools = [bar.widgetForAction(window.bench.commands[id]) for id in ("open_files", "export")]
        places.append(
            [left(canvas, window) < left(panel, window), left(tools[0], window) < left(tools[1], window)]
        )
        qtbot.waitUntil(lambda canvas=canvas: red_then_blue(canvas), timeout=10_000)
        window.close()
    assert places == [[True, True], [False, False]]


def red_then_blue(canvas: QWidget) -> bool:
    """Whether a canvas is red to the left of its middle and blue to the right."""
    image = canvas.grab().toImage()
    colours = [image.pixelColor(image.width() // 2 + x, image.height() // 2) for x in (-15, 15)]
    return [(colour.red() > 200, colour.blue() > 200) for colour in colours] == [(True, False), (False, True)]


def left(widget: QWidget, window: QWidget) -> int:
    """Where a widget begins in its window."""
    return widget.mapTo(window, QPoint(0, 0)).x()


def test_the_style_sheet_is_mirrored_where_qt_does_not() -> None:
    sheet = "#a { border-left: 1px; padding-right: 2px; border-top-left-radius: 3px; text-align: left; }"
    assert mirrored(sheet).startswith(
        "#a { border-right: 1px; padding-left: 2px; border-top-right-radius: 3px; text-align: left; }"
    )
    swapped = mirrored("QSlider::sub-page:horizontal { background: red; }")
    assert swapped.startswith("QSlider::add-page:horizontal { background: red; }")
    assert "LiveBar QSlider::sub-page:horizontal { background: red; }" in swapped


def test_axes_run_to_the_right(in_locale: Callable[[str], Window]) -> None:
    window = in_locale("ar_EG")
    legends = [w for w in window.findChildren(QWidget) if type(w).__name__ in ("Legend", "DifferenceLegend")]
    assert len(legends) >= 2
    assert all(legend.layoutDirection() == Qt.LayoutDirection.LeftToRight for legend in legends)
