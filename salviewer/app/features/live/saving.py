"""Save files of the source on screen: a frame as shown, the followed path, and the areas' shares."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from salviewer.app.shell import dialogs
from salviewer.app.workers.writer import Export, write, write_pixels
from salviewer.core.scene import render_without_map

if TYPE_CHECKING:
    from salviewer.app.features.live.sources import LiveSources
    from salviewer.app.workbench import Workbench
    from salviewer.media.tables import Table


class FrameSaver:
    """Writes snapshots and tables; the workbench's file jobs report the result."""

    def __init__(self, bench: Workbench, sources: LiveSources) -> None:
        self._bench, self._sources = bench, sources

    def take_snapshot(self) -> None:
        """Write the frame on screen as shown, under a new name in the folder."""
        bench = self._bench
        loaded, saliency, folder = bench.session.loaded, bench.session.saliency, Path(bench.settings.folder)
        if loaded is None:
            return
        scene, shown = bench.shown.scene, bench.settings.now.shown
        picture, stem = loaded.picture, loaded.stem

        def save(stop: threading.Event) -> Path:
            if saliency is None or not shown:
                bare = replace(scene, areas=(), arrangement="single")  # as on screen
                draw = partial(render_without_map, picture.pixels, bare)
                return write_pixels(_free(folder, stem), draw, picture.icc, stop)
            return write(Export(picture, saliency, scene, _free(folder, f"{stem}-{scene.view}")), stop)

        bench.files.writer.do(lambda stop, _: save(stop))

    def save_path(self) -> None:
        """Ask for a file name, then write the path of the followed region."""
        from salviewer.streaming.region import path_table

        run = self._sources.run
        if run is not None:
            self._save("path", path_table(run.renderer.path))

    def save_shares(self) -> None:
        """Ask for a file name, then write the areas' shares over time."""
        run = self._sources.run
        if run is not None:
            self._save("shares", run.renderer.history.table(self._bench.areas.all))

    def _save(self, what: str, table: Table) -> None:
        bench, write_table = self._bench, self._bench.files.documents.save_table
        suggestion = Path(bench.settings.folder) / f"{self._sources.stem}-{what}.csv"
        dialogs.ask_table(bench.dialog_parent, suggestion, lambda path: write_table(Path(path), table))


def _free(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.png", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.png", number + 1
    return path
