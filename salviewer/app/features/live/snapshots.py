"""One frame as it is shown, in a file, without a question."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.app.workers.writer import Export, write, write_pixels

if TYPE_CHECKING:
    from salviewer.app.window import Window


def take_snapshot(window: Window, folder: Path) -> None:
    """Write the frame on screen under a name that nothing in `folder` has; the window's saver tells of it."""
    loaded, saliency = window.session.loaded, window.session.saliency
    if loaded is None:
        return
    scene, shown = window.scene(), window.preferences.now.shown
    picture, stem = loaded.picture, loaded.stem

    def save(stop: threading.Event) -> Path:
        if saliency is None or not shown:
            return write_pixels(_free(folder, stem), lambda: picture.pixels, picture.icc, stop)
        return write(Export(picture, saliency, scene, _free(folder, f"{stem}-{scene.view}")), stop)

    window.saver.do(lambda stop, _: save(stop))


def _free(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.png", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.png", number + 1
    return path
