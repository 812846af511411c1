"""The files feature: its controller, with its commands on the workbench."""

from __future__ import annotations

from salviewer.app.features.files.commands import commands
from salviewer.app.features.files.controller import FilesController
from salviewer.app.workbench import Workbench


class FilesFeature(FilesController):
    """Registers the commands that its controller carries out."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        bench.commands.add(*commands(self, bench))
