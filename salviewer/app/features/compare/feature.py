"""The compare feature: its controller, with its commands on the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.compare.commands import ARRANGEMENTS, commands, conditions
from salviewer.app.features.compare.controller import CompareController

if TYPE_CHECKING:
    from salviewer.app.workbench import Workbench


class CompareFeature(CompareController):
    """Registers the commands that its controller carries out."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        bench.commands.add_conditions(**conditions(self, bench))
        bench.commands.add(*commands(self, bench))
        self.page.add_arrangements([bench.commands[id] for id in ARRANGEMENTS])
        self.begin()
