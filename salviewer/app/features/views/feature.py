"""The views feature: its controller, with its commands on the workbench."""

from __future__ import annotations

from salviewer.app.features.views.commands import commands
from salviewer.app.features.views.controller import ViewsController
from salviewer.app.workbench import Workbench


class ViewsFeature(ViewsController):
    """Registers the commands that its controller carries out."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        bench.commands.add(*commands(self, bench))
