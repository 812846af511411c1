"""The export dialog, and the files it writes, through the window."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QImage, QPainter
from pytestqt.qtbot import QtBot

from salviewer.app.features.export.dialog import ExportDialog
from salviewer.app.state.export_choices import ExportChoices, choices_from
from salviewer.app.viewer.lettering import set_lettering
from salviewer.app.window import Window
from salviewer.app.workers.writer import Export
from salviewer.app.workers.writer import write as write_view
from salviewer.core.areas import Rectangle
from salviewer.core.postprocess import shown_density
from salviewer.core.scene import Scene
from salviewer.media.colour import srgb_profile
from salviewer.media.fonts import shipped_font
from salviewer.media.images import load_picture
from salviewer.media.listing import find_pictures_below
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.media.saving import save_picture
from salviewer.results.order import PICTURE_FORMATS, Size
from tests.disks import make_read_only, small_disk
from tests.folders import files_in

LONG = 60_000


@pytest.fixture
def photo(pictures: list[Path]) -> Path:
    """A picture of 120 x 80 with a colour profile, which files keep."""
    save_picture(pictures[0], load_picture(pictures[0]).pixels, icc=srgb_profile())
    return pictures[0]


@pytest.fixture
def ready(qtbot: QtBot, window: Window, photo: Path) -> Window:
    """A window with a picture, its map and an area."""
    window.bench.session.open([photo])
    qtbot.waitUntil(lambda: window.bench.session.saliency is not None, timeout=LONG)
    window.bench.areas.put([Rectangle(0.1, 0.2, 0.4, 0.9, name="Logo")], "add")
    return window


def ask(qtbot: QtBot, window: Window, **choices: object) -> ExportDialog:
    """The dialog with these choices and its names known."""
    settings = window.bench.settings.now
    window.bench.settings.change(export=replace(settings.export, **choices))  # type: ignore[arg-type]
    window.bench.commands["export"].trigger()
    (dialog,) = (found for found in window.findChildren(ExportDialog) if found.isVisible())
    planned(qtbot, dialog)
    return dialog


def planned(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.waitUntil(lambda: dialog.planned is not None, timeout=LONG)


def write(qtbot: QtBot, window: Window, dialog: ExportDialog) -> list[str]:
    """The names of the files written, by pressing Export."""
    with qtbot.waitSignal(window.bench.files.writer.saved, timeout=LONG) as saved:
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    return [path.name for path in saved.args[0]]


def refused(qtbot: QtBot, window: Window, dialog: ExportDialog) -> str:
    """What the banner says when it cannot be written."""
    with qtbot.waitSignal(window.bench.files.writer.failed, timeout=LONG):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    return window.bench.notices.text


@pytest.mark.parametrize("fmt", PICTURE_FORMATS)
def test_views_at_a_chosen_size_keep_the_colour_profile(
    qtbot: QtBot, ready: Window, tmp_path: Path, fmt: str
) -> None:
    kinds = ("heatmap", "focus", "contours", "side-by-side", "picture")
    out = tmp_path / "out"
    dialog = ask(qtbot, ready, kinds=kinds, picture_format=fmt, size=Size.parse("50%"), folder=str(out))
    assert dialog.names.toPlainText().splitlines()[0] == f"picture0-overlay.{fmt}"
    assert dialog.export.text() == "&Export 6 files"
    assert write(qtbot, ready, dialog) == [f"picture0-{kind}.{fmt}" for kind in ("overlay", *kinds)]
    assert ready.bench.notices.text == f"Saved 6 files in {out}"
    seen = set()
    for kind in ("overlay", *kinds):
        with Image.open(out / f"picture0-{kind}.{fmt}") as image:
            assert image.format is not None and image.format.lower() == {"jpg": "jpeg"}.get(fmt, fmt)
            assert image.size[1] == 40 and (image.size[0] > 120 if kind == "side-by-side" else 60)
            assert image.info.get("icc_profile") == srgb_profile()
            seen.add(image.convert("RGB").tobytes())
    assert len(seen) == 6


def test_letters_that_no_font_has_are_named_once_after_saving(
    qtbot: QtBot, ready: Window, tmp_path: Path
) -> None:
    """Of a single view and of an export alike."""
    letters = "\ue5a1\ue5a2"  # for private use: nobody has them
    bench, stop = ready.bench, threading.Event()
    for number, letter in enumerate(letters):
        area = Rectangle(0.1, 0.2, 0.4, 0.9, name=f"Logo {letter}", id="logo")
        scene = Scene(areas=(area,))
        assert bench.session.loaded is not None and bench.session.saliency is not None
        export = Export(bench.session.loaded.picture, bench.session.saliency, scene, tmp_path / "a.png")
        job = (lambda *_, export=export: (write_view(export, stop), tmp_path / "b.png")) if number else None
        for expected in (True, False):
            with qtbot.waitSignal(bench.files.writer.saved, timeout=LONG):
                bench.files.writer.save(export) if job is None else bench.files.writer.do(job)
            assert (f"no font on this computer has {letter}" in bench.notices.text) == expected


def test_labels_on_the_canvas_have_the_typeface_of_files(qapp: object) -> None:
    image = QImage(400, 60, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    set_lettering(painter, 22)
    font, found = painter.font(), QFontInfo(painter.font())
    wide = painter.fontMetrics().horizontalAdvance("Shelf label 42.1 %")
    painter.end()
    assert (found.family(), found.bold(), font.pixelSize()) == ("DejaVu Sans", True, 22)
    reference = ImageFont.truetype(str(shipped_font()), 22).getlength("Shelf label 42.1 %")
    assert wide == pytest.approx(reference, rel=0.03)


def test_results_go_to_a_folder_beside_the_picture_and_are_no_pictures(
    qtbot: QtBot, ready: Window, tmp_path: Path
) -> None:
    loaded = ready.bench.session.loaded
    assert loaded is not None and loaded.picture.path is not None
    folder = loaded.picture.path.parent
    before = find_pictures_below(folder)
    dialog = ask(qtbot, ready)
    assert dialog.folder.text() == str(folder / "attention")
    write(qtbot, ready, dialog)
    assert (folder / "attention" / "picture0-overlay.png").is_file()
    write(qtbot, ready, ask(qtbot, ready, folder=str(folder)))
    assert (folder / "picture0-overlay.png").is_file()
    assert find_pictures_below(folder) == before


def test_maps_hold_what_is_shown(qtbot: QtBot, ready: Window, tmp_path: Path) -> None:
    dialog = ask(qtbot, ready, shown=False, maps=tuple(MAP_FORMATS), folder=str(tmp_path / "out"))
    names = write(qtbot, ready, dialog)
    assert len(names) == len(MAP_FORMATS) == 4
    saliency = ready.bench.session.saliency
    assert saliency is not None
    density = shown_density(saliency, ready.bench.settings.now.heat)
    by_kind = {Path(name).suffix + name.partition("_")[2]: tmp_path / "out" / name for name in names}
    assert (np.load(by_kind.pop(".npy")) == density).all()
    scaled = density / density.max()
    for name, path in by_kind.items():
        with Image.open(path) as image:
            pixels = np.asarray(image, np.float64)
        if name.startswith(".tiff"):
            assert (pixels == density).all()
        else:
            top = 255 if "map8" in name else 65535
            assert pixels.max() == top and np.abs(pixels / top - scaled).max() <= 0.51 / top


def test_tables_of_hotspots_and_areas(qtbot: QtBot, ready: Window, tmp_path: Path) -> None:
    tables = {"shown": False, "hotspots": True, "areas": True, "folder": str(tmp_path / "out")}
    assert write(qtbot, ready, ask(qtbot, ready, **tables)) == [
        "picture0_hotspots.csv",
        "picture0_areas.csv",
    ]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/picture0_areas.csv").read_text("utf-8-sig"))))
    write(qtbot, ready, ask(qtbot, ready, **tables, table_format="json"))
    (area,) = json.loads((tmp_path / "out/picture0_areas.json").read_text())
    assert rows[0]["name"] == area["name"] == "Logo"
    assert float(rows[0]["share"]) == pytest.approx(area["share"], abs=1e-6) and 0 < area["share"] < 1
    spots = json.loads((tmp_path / "out/picture0_hotspots.json").read_text())
    assert [spot["number"] for spot in spots] == list(range(1, len(spots) + 1)) and spots


def test_the_report_is_one_page_with_pictures_settings_and_tables(
    qtbot: QtBot, ready: Window, tmp_path: Path
) -> None:
    for number in range(30):  # more than the page has room for
        ready.bench.areas.put([Rectangle(0, 0, 0.2, 0.2, name=f"Area {number}")], "add")
    dialog = ask(qtbot, ready, shown=False, reports=("pdf", "html"), folder=str(tmp_path / "out"))
    assert write(qtbot, ready, dialog) == ["picture0-report.pdf", "picture0-report.html"]
    pdf = (tmp_path / "out/picture0-report.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert pdf.count(b"/Subtype /Image") >= 3  # the view, its colour bar, the strip of views
    page = (tmp_path / "out/picture0-report.html").read_text("utf-8")
    for words in ("picture0.png", "Logo", "120 × 80", "Smoothing", "How to read this"):
        assert words in page
    assert page.count("data:image/") >= 3 and "http" not in re.sub(r"http://www.w3.org\S*", "", page)


def test_names_that_are_taken_are_kept_unless_a_person_says_otherwise(
    qtbot: QtBot, ready: Window, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "picture0-overlay.png").write_text("mine")
    dialog = ask(qtbot, ready, folder=str(out))
    assert dialog.policy.isVisible() and dialog.taken.text() == "picture0-overlay.png is there already:"
    assert write(qtbot, ready, dialog) == ["picture0-2-overlay.png"]
    assert (out / "picture0-overlay.png").read_text() == "mine"

    dialog = ask(qtbot, ready, folder=str(out))
    dialog.policy.select("replace")
    dialog.policy.chosen.emit("replace")
    planned(qtbot, dialog)
    assert write(qtbot, ready, dialog) == ["picture0-overlay.png"]
    with Image.open(out / "picture0-overlay.png") as image:
        assert image.size == (120, 80)
    assert sorted(path.name for path in files_in(out)) == ["picture0-2-overlay.png", "picture0-overlay.png"]


def test_a_file_that_appears_meanwhile_is_kept(qtbot: QtBot, ready: Window, tmp_path: Path) -> None:
    out = tmp_path / "out"
    dialog = ask(qtbot, ready, folder=str(out))
    out.mkdir()
    (out / "picture0-overlay.png").write_text("mine")
    said = refused(qtbot, ready, dialog)
    assert "picture0-overlay.png" in said and "appeared there meanwhile" in said
    assert (out / "picture0-overlay.png").read_text() == "mine"


def test_what_is_missing_is_said_before_anything_can_be_pressed(qtbot: QtBot, ready: Window) -> None:
    dialog = ask(qtbot, ready)
    for change, words in (
        (lambda: dialog.form.shown.click(), "Choose what to write."),
        (lambda: dialog.folder.clear(), "Choose a folder."),
        (lambda: dialog.stem.setText("a/b"), "Give a name without"),
    ):
        if not dialog.form.shown.isChecked():
            dialog.form.shown.click()
        change()
        qtbot.waitUntil(lambda said=words: dialog.taken.text().startswith(said), timeout=LONG)
        assert not dialog.export.isEnabled() and dialog.names.toPlainText() == ""
        if not dialog.folder.text():
            dialog.folder.setText("/somewhere")
    dialog.reject()


def test_a_full_disk_and_a_read_only_folder_leave_nothing_half_done(
    qtbot: QtBot, ready: Window, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        dialog = ask(qtbot, ready, kinds=("picture", "heatmap"), size=Size.parse("200"), folder=str(disk))
        said = refused(qtbot, ready, dialog)
        assert "the disk is full" in said and str(disk) in said
        for path in files_in(disk):
            with Image.open(path) as image:
                image.load()
        make_read_only(disk)
        before = sorted(files_in(disk))
        dialog = ask(qtbot, ready, folder=str(disk / "new"))
        said = refused(qtbot, ready, dialog)
        assert "new" in said and "read-only" in said.lower()
        assert sorted(files_in(disk)) == before
    assert ready.bench.stage.canvas.layer is not None


def test_a_file_where_the_folder_should_be(qtbot: QtBot, ready: Window, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    said = refused(qtbot, ready, ask(qtbot, ready, folder=str(tmp_path / "taken")))
    assert "taken" in said and (tmp_path / "taken").read_text() == "a file"


def test_cancelled_files_are_whole_or_not_there(qtbot: QtBot, ready: Window, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kinds = ("heatmap", "focus", "contours", "side-by-side", "picture")
    dialog = ask(qtbot, ready, kinds=kinds, size=Size.parse("2000"), folder=str(out))
    ready.bench.files.writer.progressed.connect(
        lambda done, _: ready.bench.files.writer.cancel() if done == 1 else None,
        Qt.ConnectionType.DirectConnection,
    )
    with qtbot.waitSignal(
        ready.bench.files.writer.busy_changed, check_params_cb=lambda busy: not busy, timeout=LONG
    ):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert [path.name for path in files_in(out)] == ["picture0-overlay.png"]
    with Image.open(out / "picture0-overlay.png") as image:
        image.load()
    assert not ready.bench.notices.text


def test_choices_are_remembered_and_what_cannot_be_used_costs_only_itself(
    qtbot: QtBot, ready: Window, tmp_path: Path
) -> None:
    wanted = ExportChoices(
        False, ("focus",), "jpg", 80, Size.parse("640"), ("npy",), True, True, "tsv", ("html",), str(tmp_path)
    )
    dialog = ask(qtbot, ready, **{name: getattr(wanted, name) for name in ExportChoices.__slots__})
    assert dialog.choices == wanted
    dialog.form.reports["pdf"].click()
    planned(qtbot, dialog)
    write(qtbot, ready, dialog)
    assert ready.bench.settings.now.export == replace(wanted, reports=("pdf", "html"))
    lost: list[str] = []
    assert choices_from(wanted.to_dict(), lost) == wanted and not lost
    spoilt = wanted.to_dict() | {"format": "bmp", "quality": 900, "maps": "npy", "later": 1}
    kept = choices_from(spoilt, lost)
    assert kept == replace(wanted, picture_format="png", quality=92, maps=())
    assert lost == ["export.format", "export.quality", "export.maps"]
