"""Reports are looked at: the HTML page in Chromium and the PDF by pdftoppm, as pictures."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from salviewer.app.workers.report_pdf import report_pdf
from salviewer.core.areas import Rectangle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.media.images import Picture
from salviewer.results.report import Report, build_report
from salviewer.results.report_page import report_html
from salviewer.results.source import Source
from tests.browsers import needs_chromium

Pixels = NDArray[np.uint8]
MM = 96 / 25.4  # pixels of a millimetre in Chromium, and in the PDF at this resolution

NAME = "The price tag beside the second shelf from the left"
CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", "--force-color-profile=srgb", "--force-device-scale-factor=1")  # fmt: skip

browser = pytest.mark.browser
needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="there is no pdftoppm")


@pytest.fixture(scope="module")
def report() -> Report:
    """A plain grey picture, with attention in the middle, and an area with a long name."""
    return make_report()


def make_report() -> Report:
    """Make the report of a picture whose pixels and map are simple."""
    rows, columns = np.mgrid[0:90, 0:120]
    density = np.exp(-(((rows - 45) / 20) ** 2 + ((columns - 60) / 25) ** 2)).astype(np.float32) + 1e-3
    areas = (Rectangle(0.1, 0.1, 0.5, 0.9, name=NAME), Rectangle(0.6, 0.1, 0.9, 0.9, name="Face"))
    picture = Picture(np.full((360, 480, 3), 128, np.uint8), None, (480, 360))
    saliency = SaliencyMap(density, (480, 360), "live_net")
    return build_report(Source(picture, saliency, areas, "shelf"), Scene(), date(2026, 1, 31))


def chromium_picture(html: str, folder: Path) -> Pixels:
    """Show a page at 900 x 1250 pixels."""
    page, shot = folder / "report.html", folder / "html.png"
    page.write_text(html, encoding="utf-8")
    command = ["chromium", *CHROMIUM, f"--user-data-dir={folder / 'chromium'}", "--window-size=900,1250",
               f"--screenshot={shot}", page.as_uri()]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=150)
    return np.asarray(Image.open(shot).convert("RGB"))


def pdf_picture(pdf: bytes, folder: Path) -> Pixels:
    """Render the only page at 96 pixels an inch."""
    (folder / "report.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "96", "-png", "-singlefile", "report.pdf", "pdf"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True, timeout=60)
    return np.asarray(Image.open(folder / "pdf.png").convert("RGB"))


def bar_place(page: Pixels, report: Report) -> tuple[int, int, int]:
    """Find the colour bar: its top, its height, its width, in pixels; zeros where it is not.

    The bar is the longest run of rows across which all colours of the scale follow one another.
    """
    ramp = report.bar[0].astype(int)
    steps = np.linspace(0.02, 0.98, 33)
    wanted = np.stack([np.interp(steps * (len(ramp) - 1), range(len(ramp)), ramp[:, c]) for c in range(3)], 1)
    rows = []
    width = 0
    for number, row in enumerate(page.astype(int)):
        coloured = np.flatnonzero(np.ptp(row, axis=1) > 24)
        if len(coloured) < 100:
            continue
        left, right = int(coloured[0]), int(coloured[-1])
        found = row[np.rint(left + steps * (right - left)).astype(int)]
        if np.abs(found - wanted).mean() < 14:
            rows.append(number)
            width = right - left + 1
    return (rows[0], len(rows), width) if rows else (0, 0, 0)


@browser
@needs_chromium
def test_the_colour_bar_of_the_page_is_seen(report: Report, tmp_path: Path) -> None:
    page = chromium_picture(report_html(report), tmp_path)
    _, height, width = bar_place(page, report)
    assert height == pytest.approx(2.2 * MM, abs=1.6), "the bar is 2.2 mm high"
    assert width > 300, "the bar is as wide as the picture"


@needs_poppler
def test_the_colour_bar_of_the_pdf_is_seen(qapp: object, report: Report, tmp_path: Path) -> None:
    page = pdf_picture(report_pdf(report), tmp_path)
    _, height, width = bar_place(page, report)
    assert height == pytest.approx(2.2 * MM, abs=1.6) and width > 300


@browser
@needs_chromium
@needs_poppler
def test_page_and_pdf_show_the_same_picture(qapp: object, report: Report, tmp_path: Path) -> None:
    """The main picture stands right above the bar in both, and holds the same pixels."""
    crops = []
    for page in (chromium_picture(report_html(report), tmp_path), pdf_picture(report_pdf(report), tmp_path)):
        top, _, width = bar_place(page, report)
        left = int(np.flatnonzero(np.ptp(page[top + 2].astype(int), axis=1) > 24)[0])
        tall = round(width * report.main.shape[0] / report.main.shape[1])
        bottom = top - round(1.5 * MM)
        while bottom > 0 and (page[bottom, left + width // 2] > 240).all():
            bottom -= 1
        crop = Image.fromarray(page[bottom - tall + 1 : bottom + 1, left : left + width])
        crops.append(np.asarray(crop.resize((240, 180))).astype(int))
    main = np.asarray(Image.fromarray(report.main).resize((240, 180))).astype(int)
    for crop in crops:
        assert np.abs(crop - main).mean() < 8
    assert np.abs(crops[0] - crops[1]).mean() < 8


@needs_poppler
def test_rows_that_do_not_fit_go_on_the_next_page(qapp: object, report: Report, tmp_path: Path) -> None:
    first = report.tables[0]
    rows = tuple((f"Area {number:03d} {NAME}", *first.rows[0][1:]) for number in range(60))
    areas = replace(first, rows=rows, more="and 7 more")
    (tmp_path / "report.pdf").write_bytes(report_pdf(replace(report, tables=(areas, *report.tables[1:]))))
    command = ["pdftotext", "-raw", "report.pdf", "-"]
    said = subprocess.run(command, check=True, cwd=tmp_path, capture_output=True, timeout=60).stdout.decode()
    pages = said.rstrip("\f").split("\f")
    assert len(pages) > 1 and report.title in pages[1] and f"{first.title}, continued" in pages[1]
    assert [said.count(f"Area {number:03d}") for number in range(60)] == [1] * 60
    assert said.count("and 7 more") == 1 and "and 7 more" in pages[-1]


@needs_poppler
def test_names_of_areas_are_whole_in_the_pdf(qapp: object, report: Report, tmp_path: Path) -> None:
    """Long names wrap, as on the page, with and without spaces."""
    word = "IMG_20260131_shelf_without_a_single_space_in_its_long_name"
    areas = replace(report.tables[0], rows=((word, *report.tables[0].rows[0][1:]), *report.tables[0].rows))
    (tmp_path / "report.pdf").write_bytes(report_pdf(replace(report, tables=(areas, *report.tables[1:]))))
    command = ["pdftotext", "-raw", "report.pdf", "-"]
    said = subprocess.run(command, check=True, cwd=tmp_path, capture_output=True, timeout=60).stdout.decode()
    letters = "".join(said.replace("\u200b", "").split())
    assert word in letters and "…" not in letters
    for part in NAME.split():
        assert part in said
