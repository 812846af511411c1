"""Uses of a map: window, its batch, both commands and Python give the same files, byte for byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

import salviewer as library
from salviewer import CropRequest, Uses
from salviewer.app.features.batch.feature import BatchFeature
from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.features.uses.feature import UsesFeature
from salviewer.app.window import Window
from salviewer.cli import main
from salviewer.core.applications.cutouts import CutoutSettings
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.uses import FINDABLE
from salviewer.core.applications.words import WordSettings
from salviewer.core.areas import Area, Rectangle
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, save_project
from salviewer.paths import resources
from salviewer.results.applying import save_use
from salviewer.results.extra_areas import finders_possible
from salviewer.results.order import Order
from salviewer.results.source import Source

USES = Uses((CropRequest((9, 16)),), RegionSettings(), CutoutSettings(), WordSettings())
FILES = {
    "crop 9x16": "-crop-9x16.png",
    "regions csv": "_regions.csv",
    "cutout png": "-cutout.png",
    "words txt": "_words.txt",
}
"""What `save_use` calls a file, and the ending of its name."""
LONG = 120_000


def by_python(
    photo: Path, model: Path, folder: Path, areas: Sequence[Area] = (), uses: Uses = USES
) -> dict[str, bytes]:
    """What Python writes, by ending."""
    folder.mkdir()
    picture = load_picture(photo)
    saliency = library.predict(library.load_model(model, device="cpu"), picture)
    applied = library.apply(picture, saliency, uses, areas)
    assert applied.regions and applied.cutout is not None and applied.description is not None
    found = {}
    for what, ending in FILES.items():
        path = folder / f"{photo.stem}{ending}"
        save_use(path, what, Order(), Source(picture, saliency, areas=tuple(areas)), applied)
        found[ending] = path.read_bytes()
    return found


def by_commands(
    pictures: Sequence[object], model: Path, folder: Path, found: Sequence[str] = ()
) -> tuple[Path, Path]:
    """Folders with what ``salviewer apply`` and ``salviewer predict`` write."""
    engine = ["--model", str(model), "--device", "cpu"]
    own = {
        "crop": "--aspect=9:16",
        "regions": "--write=csv",
        "cutout": "--write=png",
        "describe": "--write=txt",
    }
    for use, option in own.items():
        also = () if use == "cutout" else found
        words = ["apply", use, *map(str, pictures), "-o", str(folder / "apply"), option, *engine]
        assert main([*words, *also]) == 0
    wanted = [*found, "--crop=9:16", "--save-regions=csv", "--save-cutout=png", "--save-words=txt"]
    assert main(["predict", *map(str, pictures), "-o", str(folder / "predict"), *wanted, *engine]) == 0
    return folder / "apply", folder / "predict"


def by_window(qtbot: QtBot, window: Window, folder: Path, stem: str) -> dict[str, bytes]:
    """What *Save…* of the page *Use* writes of the picture on screen, by ending."""
    folder.mkdir()
    feature, found = window.feature(UsesFeature), {}
    controller = feature.controller
    for kind, ending in zip(("crop", "regions", "cutout", "words"), FILES.values(), strict=True):
        feature.show(kind)
        qtbot.waitUntil(lambda: controller.applied is not None and not controller.busy, timeout=LONG)
        feature.page.save.click()
        dialog = window.bench.dialog_parent.findChild(QFileDialog)
        assert dialog is not None
        with qtbot.waitSignal(window.bench.files.writer.saved, timeout=LONG):
            dialog.fileSelected.emit(str(folder / f"{stem}{ending}"))
        dialog.close()
        dialog.deleteLater()
        qtbot.waitUntil(lambda: window.bench.dialog_parent.findChild(QFileDialog) is None, timeout=LONG)
        found[ending] = (folder / f"{stem}{ending}").read_bytes()
    return found


def by_batch(
    qtbot: QtBot, window: Window, photo: Path, folder: Path, endings: Sequence[str], find: bool = False
) -> dict[str, bytes]:
    """What the window's batch writes of a picture's folder, by ending."""
    window.bench.settings.change(folder=str(photo.parent))
    window.bench.commands["batch"].trigger()
    dialog = window.feature(BatchFeature).dialog
    dialog.setup.into.setText(str(folder))
    for box in dialog.setup.form.uses.values():
        box.setChecked(True)
    dialog.setup.form.finds.setChecked(find)
    qtbot.waitUntil(lambda: dialog.start.isEnabled(), timeout=LONG)
    dialog.start.click()
    qtbot.waitUntil(lambda: (folder / "salviewer-summary.csv").exists(), timeout=LONG)
    qtbot.waitUntil(lambda: window.feature(BatchFeature).working.request is None, timeout=LONG)
    return {ending: (folder / f"{photo.stem}{ending}").read_bytes() for ending in endings}


@pytest.fixture
def photo(pictures: list[Path], tmp_path: Path) -> Path:
    """A picture, alone in its folder."""
    path = tmp_path / "photos" / pictures[0].name
    path.parent.mkdir()
    return pictures[0].rename(path)


def test_window_batch_commands_and_python(
    qtbot: QtBot, window: Window, photo: Path, model_folder: Path, tmp_path: Path
) -> None:
    own = by_python(photo, model_folder, tmp_path / "python")
    window.bench.session.open([photo])
    qtbot.waitUntil(lambda: window.bench.session.saliency is not None, timeout=LONG)
    assert by_window(qtbot, window, tmp_path / "window", photo.stem) == own
    for folder in by_commands([photo], model_folder, tmp_path):
        assert {ending: (folder / f"{photo.stem}{ending}").read_bytes() for ending in own} == own, folder

    assert by_batch(qtbot, window, photo, tmp_path / "batch", list(own)) == own


def test_with_areas_of_a_project(
    qtbot: QtBot, window: Window, photo: Path, model_folder: Path, tmp_path: Path
) -> None:
    """The areas are known by name: ranked among regions, and named in words."""
    areas = (Rectangle(0.05, 0.1, 0.5, 0.9, name="Logo"), Rectangle(0.6, 0.5, 0.9, 0.8, name="Cup"))
    own = by_python(photo, model_folder, tmp_path / "python", areas)
    assert b"Logo" in own["_regions.csv"] and b"Logo" in own["_words.txt"]
    project = tmp_path / "shop.salviewer.json"
    save_project(project, Project((ProjectPicture(photo, areas),), str(model_folder)))
    for folder in by_commands(["--project", project], model_folder, tmp_path):
        assert {ending: (folder / f"{photo.stem}{ending}").read_bytes() for ending in own} == own, folder
    window.feature(FilesFeature).projects.open(project)
    qtbot.waitUntil(lambda: window.bench.session.saliency is not None, timeout=LONG)
    assert window.bench.areas.all == areas
    assert by_window(qtbot, window, tmp_path / "window", photo.stem) == own


def test_an_area_that_is_drawn_counts_among_regions_at_once(
    qtbot: QtBot, window: Window, photo: Path
) -> None:
    window.bench.session.open([photo])
    qtbot.waitUntil(lambda: window.bench.session.saliency is not None, timeout=LONG)
    feature = window.feature(UsesFeature)
    feature.show("regions")
    controller = feature.controller
    qtbot.waitUntil(lambda: controller.applied is not None and not controller.busy, timeout=LONG)
    assert controller.applied is not None and controller.applied.objects == ()
    window.bench.areas.put([Rectangle(0.1, 0.1, 0.4, 0.5, name="Logo")], "draw")
    qtbot.waitUntil(lambda: bool(controller.applied and controller.applied.objects), timeout=LONG)


@pytest.mark.slow
@pytest.mark.skipif(not finders_possible(), reason="the extra `areas` (rapidocr) is not installed")
def test_texts_are_named_in_the_order_of_attention_every_way(
    qtbot: QtBot, window: Window, model_folder: Path, tmp_path: Path
) -> None:
    poster = tmp_path / "photos" / "poster.png"  # alone in its folder
    poster.parent.mkdir()
    shutil.copy(resources() / "samples" / "poster.png", poster)
    own = by_python(poster, model_folder, tmp_path / "python", uses=replace(USES, find=FINDABLE))
    listing = tmp_path / "words.json"
    engine = ["--model", str(model_folder), "--device", "cpu"]
    found = ["--read-text", "--find-faces"]
    words = ["apply", "describe", str(poster), "-o", str(tmp_path / "list"), "--json", str(listing)]
    assert main([*words, *engine, *found]) == 0
    (described,) = json.loads(listing.read_text())
    texts = [stop["what"] for stop in described["stops"] if stop["kind"] == "text"]
    sentence = own["_words.txt"].decode()
    places = [sentence.index(f'"{text}"') for text in texts]
    assert texts and places == sorted(places)
    for folder in by_commands([poster], model_folder, tmp_path, found):
        assert {ending: (folder / f"poster{ending}").read_bytes() for ending in own} == own, folder

    window.bench.session.open([poster])
    qtbot.waitUntil(lambda: window.bench.session.saliency is not None, timeout=LONG)
    feature = window.feature(UsesFeature)
    feature.show("words")
    feature.page.finds.click()
    assert feature.controller.choices.find
    assert by_window(qtbot, window, tmp_path / "window", "poster") == own
    made = by_batch(qtbot, window, poster, tmp_path / "batch", list(own), find=True)
    assert made == own
