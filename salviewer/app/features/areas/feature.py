"""The areas feature: its controller, with its commands on the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.areas.commands import commands
from salviewer.app.features.areas.controller import AreasController

if TYPE_CHECKING:
    from salviewer.app.workbench import Workbench


class AreasFeature(AreasController):
    """Registers the commands that its controller carries out."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        bench.commands.add(*commands(self, bench))
        self.page.set_actions(
            [bench.commands[f"draw_{mode}"] for mode in ("select", "rectangle", "ellipse", "polygon")],
            bench.commands["show_areas"],
            bench.commands["suggest_areas"],
            [bench.commands["copy_areas"], bench.commands["save_areas"]],
        )
        self.begin()
