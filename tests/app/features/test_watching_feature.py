"""A picture that another program saves again is read again, alone on a small bench, with real files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.preferences.feature import PreferencesFeature
from salviewer.app.features.watching.feature import WatchingFeature
from salviewer.app.workbench import Workbench
from salviewer.core.areas import Rectangle, share_of
from salviewer.core.screens import predict_in_screens
from salviewer.media.images import SCREEN_KEY
from tests.app.features.bench import open_picture

BUTTON = Rectangle(0.5, 0.0, 1.0, 1.0, name="Button")


@pytest.fixture
def bench(bench: Workbench) -> Workbench:
    """A bench that reads pictures again and has areas."""
    for feature in (AreasFeature, WatchingFeature, PreferencesFeature):
        feature(bench)
    return bench


def encoded(seed: int, size: tuple[int, int] = (120, 80), screen: int = 0) -> bytes:
    """Return a PNG of noise, brighter on the right for a larger seed; of a page with screens so high."""
    pixels = np.random.default_rng(seed).integers(0, 128, (size[1], size[0], 3), np.uint8)
    pixels[:, size[0] // 2 :] += np.uint8(20 * seed)
    data = io.BytesIO()
    texts = PngInfo()
    if screen:
        texts.add_text(SCREEN_KEY, str(screen))
    Image.fromarray(pixels).save(data, "PNG", pnginfo=texts)
    return data.getvalue()


def test_a_picture_that_is_saved_again_is_read_again_with_its_areas(
    qtbot: QtBot, bench: Workbench, pictures: list[Path]
) -> None:
    """In place, in two pieces, then by renaming over it, then with another size."""
    path, session, canvas = pictures[0], bench.session, bench.stage.canvas
    open_picture(qtbot, bench, path)
    bench.areas.put([BUTTON], "draw")
    canvas.zoom(2)
    view, first = canvas.view, session.loaded
    assert view is not None and first is not None and session.saliency is not None
    empty: list[object] = []
    bench.shown.overlay_changed.connect(lambda overlay: empty.append(overlay) if overlay is None else None)

    data, before = encoded(1), session.saliency
    with path.open("wb") as half:
        half.write(data[: len(data) // 2])
        half.flush()
        qtbot.wait(400)  # it rests, and is no whole picture
        assert session.loaded is first and canvas.pyramid is first.pyramid and not bench.notices.text
        with qtbot.waitSignal(session.renewed, timeout=20_000):
            half.write(data[len(data) // 2 :])
            half.flush()
    second = session.loaded
    assert second is not None and second is not first and session.saliency is not None
    shares = [100 * share_of(saliency, BUTTON) for saliency in (before, session.saliency)]
    qtbot.waitUntil(lambda: "Button" in bench.notices.text, timeout=20_000)
    assert "Button {:.1f} % → {:.1f} %".format(*shares) in bench.notices.text
    qtbot.waitUntil(lambda: canvas.pyramid is second.pyramid, timeout=20_000)
    assert canvas.view is not None and canvas.view.scale == view.scale
    assert bench.areas.all == (BUTTON,) and not empty

    beside = path.with_suffix(".new")
    for data in (encoded(2), encoded(3, (180, 80))):
        beside.write_bytes(data)
        with qtbot.waitSignal(session.renewed, timeout=20_000):
            beside.replace(path)
        now = session.loaded
        assert now is not None
        qtbot.waitUntil(lambda: canvas.pyramid is now.pyramid, timeout=20_000)  # noqa: B023
    assert canvas.view is not None and canvas.view.picture == (180, 80) and not canvas.view.fitted
    assert bench.areas.all == (BUTTON,) and not empty


def test_a_long_page_is_predicted_in_screens_again(
    qtbot: QtBot, bench: Workbench, pictures: list[Path]
) -> None:
    path, session = pictures[0], bench.session
    open_picture(qtbot, bench, path)
    with qtbot.waitSignal(session.renewed, timeout=20_000):
        path.write_bytes(encoded(1, (80, 240), screen=80))
    loaded, saliency = session.loaded, session.saliency
    assert loaded is not None and saliency is not None and loaded.picture.screen == 80
    predict = session.inference.predictor(session.engine).predict
    expected = predict_in_screens(predict, loaded.picture.pixels, 80)
    np.testing.assert_array_equal(saliency.density, expected.density)
    assert saliency.density.shape != predict(loaded.picture.pixels).density.shape


def test_a_picture_is_not_read_again_where_the_setting_is_off(
    qtbot: QtBot, bench: Workbench, pictures: list[Path]
) -> None:
    path, session = pictures[0], bench.session
    bench.settings.change_browsing(watch=False)
    open_picture(qtbot, bench, path)
    first = session.loaded
    path.write_bytes(encoded(1))
    qtbot.wait(500)
    assert session.loaded is first
    with qtbot.waitSignal(session.renewed, timeout=20_000):
        bench.settings.change_browsing(watch=True)
    assert session.loaded is not first
