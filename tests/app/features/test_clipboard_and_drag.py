"""What comes from the clipboard and from drops, and what is dragged out of the window."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.shell import incoming
from salviewer.app.workbench import Workbench
from salviewer.app.workers.drag_out import Parcel
from salviewer.core.scene import render_scene
from tests.app.features.bench import open_picture

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='9' height='9'/></svg>"


def png(width: int) -> bytes:
    """Return a grey PNG of this width."""
    data = io.BytesIO()
    Image.new("RGB", (width, 20), "#888888").save(data, "PNG")
    return data.getvalue()


def mime(text: str = "", html: str = "", **forms: bytes) -> QMimeData:
    """Return what a program puts on the clipboard."""
    made = QMimeData()
    if text:
        made.setText(text)
    if html:
        made.setHtml(html)
    for name, data in forms.items():
        made.setData(f"image/{name}", data)
    return made


def test_pictures_are_found_in_text_html_and_beside_them() -> None:
    inside = f"data:image/png;base64,{base64.b64encode(png(30)).decode()}"
    web = "<p>Hi <img alt='a &gt; b' src='https://example.org/a.png'></p>"
    assert incoming.read(mime(html=f'<img src="{inside}">')).image == png(30)
    assert incoming.read(mime(html=f"{web}<IMG class=x SRC={inside}>")).image == png(30)
    assert incoming.read(mime(text=inside)).image == png(30)
    assert incoming.read(mime(html=web, png=png(31))).image == png(31)
    assert incoming.read(mime(text=f"<?xml version='1.0'?>\n{SVG}")).image is not None
    assert incoming.read(mime(html="<img src='data:image/svg+xml,%3Csvg%20a/%3E'>")).image == b"<svg a/>"
    for nothing in (
        mime(html=web),
        mime(text="<?xml version='1.0'?><a/>"),
        mime(text="data:image/png;base64,?"),
    ):
        assert not incoming.read(nothing) and not incoming.acceptable(nothing)
    several = QMimeData()
    several.setUrls([QUrl.fromLocalFile(f"/tmp/{name}.png") for name in "ab"])
    assert incoming.read(several).paths == (Path("/tmp/a.png"), Path("/tmp/b.png"))


def test_text_is_pasted_as_a_picture_and_what_is_shown_is_dragged_out(
    qtbot: QtBot, bench: Workbench, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, session, canvas = FilesFeature(bench), bench.session, bench.stage.canvas
    bench.commands.refresh()
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(mime(html="<img src='https://example.org/a.png'>"))
    bench.commands["paste"].trigger()
    assert "web page" in bench.notices.text and session.loaded is None
    clipboard.setMimeData(mime(text=SVG))
    with qtbot.waitSignal(session.picture_changed, timeout=20_000):
        bench.commands["paste"].trigger()
    assert session.loaded is not None and session.loaded.picture.pixels.shape[1] >= 40
    clipboard.clear()

    open_picture(qtbot, bench, pictures[0])
    loaded, saliency = session.loaded, session.saliency
    assert loaded is not None and saliency is not None
    parcels: list[Parcel] = []
    files.drag_out.ready.connect(parcels.append)
    middle, ctrl = canvas.rect().center(), Qt.KeyboardModifier.ControlModifier
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, ctrl, middle)
    qtbot.waitUntil(lambda: bool(parcels), timeout=20_000)

    QTimer.singleShot(300, canvas, QDrag.cancel)
    qtbot.mouseMove(canvas, middle + QPoint(30, 0))
    path = parcels[0].path
    assert path.name == "picture0-overlay.png"
    expected = render_scene(loaded.picture.pixels, saliency, bench.shown.scene)
    assert np.array_equal(np.asarray(Image.open(path)), expected)
    made = parcels[0].mime()
    assert (
        made.urls() == [QUrl.fromLocalFile(str(path))] and made.data("image/png").data() == path.read_bytes()
    )
    assert isinstance(made.imageData(), QImage)
    assert not bench.files.clipboard.worker.busy
    view = canvas.view  # the canvas is free again
    canvas.zoom(3)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(canvas, middle + QPoint(-40, 0))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert canvas.view != view
