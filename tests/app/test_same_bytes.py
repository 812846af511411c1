"""The window and the command line write the same files, byte for byte, for the same settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.window import Window
from salviewer.app.workers.writer import Export
from salviewer.cli import main
from salviewer.core.areas import Ellipse, Rectangle
from salviewer.core.hotspots import HotspotSettings
from salviewer.core.postprocess import PostprocessSettings, Threshold
from salviewer.core.render import OverlayStyle
from salviewer.core.views import canvas_views
from salviewer.media.colour import srgb_profile
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, save_project
from salviewer.media.saving import save_picture
from salviewer.results.order import PICTURE_FORMATS

LOOK = (
    PostprocessSettings(0.03, Threshold("percentile", 60), normalise="fixed", fixed_peak=3),
    OverlayStyle("magma", 0.6, gamma=0.7),
)
AREAS = (Rectangle(0.1, 0.2, 0.4, 0.9, name="Logo"), Ellipse(0.6, 0.5, 0.2, 0.3, name="Cup"))


@pytest.fixture
def photo(pictures: list[Path]) -> Path:
    """A picture with a colour profile, which files keep."""
    save_picture(pictures[0], load_picture(pictures[0]).pixels, icc=srgb_profile())
    return pictures[0]


@pytest.fixture
def predict(model_folder: Path) -> Callable[..., None]:
    """``salviewer predict`` with the window's network."""

    def run(*arguments: object) -> None:
        assert main(["predict", *map(str, arguments), "--model", str(model_folder)]) == 0

    return run


def save(qtbot: QtBot, window: Window, path: Path) -> bytes:
    """What the window writes of what it shows."""
    loaded, saliency = window.bench.session.loaded, window.bench.session.saliency
    assert loaded is not None and saliency is not None
    path.parent.mkdir(exist_ok=True)
    with qtbot.waitSignal(window.bench.files.writer.saved, timeout=30_000):
        window.bench.files.writer.save(Export(loaded.picture, saliency, window.bench.shown.scene, path))
    return path.read_bytes()


def wait(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: window.bench.session.saliency is not None, timeout=60_000)


def test_every_view_in_every_format(
    qtbot: QtBot, window: Window, photo: Path, predict: Callable[..., None], tmp_path: Path
) -> None:
    window.bench.session.open([photo])
    wait(qtbot, window)
    views = [option for view in canvas_views() for option in ("--view", view)]
    for fmt in PICTURE_FORMATS:
        predict(photo, "-o", tmp_path / "out", *views, "--format", fmt)
    for view in canvas_views():
        window.bench.settings.change(view=view)
        for fmt in PICTURE_FORMATS:
            written = (tmp_path / "out" / f"{photo.stem}-{view}.{fmt}").read_bytes()
            assert save(qtbot, window, tmp_path / "window" / f"{view}.{fmt}") == written, (view, fmt)


@pytest.mark.parametrize("arrangement", ["side", "swipe"])
def test_all_of_a_project_with_hotspots_and_outline(
    qtbot: QtBot,
    window: Window,
    photo: Path,
    predict: Callable[..., None],
    model_folder: Path,
    tmp_path: Path,
    arrangement: str,
) -> None:
    project = tmp_path / "shop.salviewer.json"
    save_project(project, Project((ProjectPicture(photo, AREAS),), str(model_folder), *LOOK))
    options = ("--hotspots", 3, "--hotspot-radius", 0.1, "--draw-hotspots", "--draw-areas", "--outline")
    formats = ("png", "jpg")
    for fmt in formats:
        predict("--project", project, "-o", tmp_path / f"a.{fmt}", *options, "--arrangement", arrangement)

    window.feature(FilesFeature).projects.open(project)
    wait(qtbot, window)
    assert window.bench.areas.all == AREAS
    spots = HotspotSettings(3, 0.1)
    window.bench.settings.change(
        outline=True, spots=spots, spots_shown=True, path=True, arrangement=arrangement
    )
    for fmt in formats:
        assert save(qtbot, window, tmp_path / f"b.{fmt}") == (tmp_path / f"a.{fmt}").read_bytes()
