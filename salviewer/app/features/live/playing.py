"""Play a file: keys, the bar, and the play button's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.live.space import SpaceTool
from salviewer.app.shell import icons
from salviewer.app.translation import tr

if TYPE_CHECKING:
    from salviewer.app.features.live.bar import LiveBar
    from salviewer.app.features.live.run import LiveRun
    from salviewer.app.workbench import Workbench
    from salviewer.streaming.pipeline import Shown
    from salviewer.streaming.player import Player


class Playing:
    """Controls the player of the source on screen; does nothing without one.

    Attributes:
        player: of the source on screen; None unless that is a file.
    """

    def __init__(self, bench: Workbench, bar: LiveBar) -> None:
        self._bench, self._bar = bench, bar
        self.player: Player | None = None
        self._shown: bool | None = None  # whether the button says "pause"
        bar.seek_wanted.connect(self.seek)
        bar.speed_chosen.connect(self.set_speed)
        bench.theme.changed.connect(self._forget)
        bench.stage.canvas.add_tool(SpaceTool(self._space))

    def begin(self, run: LiveRun | None) -> None:
        """Control another source, or none."""
        self.player = None if run is None else run.player
        speed = float(self._bar.speed.currentData())
        if speed != 1:
            self.set_speed(speed)

    def toggle(self) -> None:
        """Play, or pause."""
        if self.player is not None:
            (self.player.pause if self.player.playing else self.player.play)()
            self.refresh()

    def step(self, frames: int) -> None:
        """Pause, and move by `frames`, backwards if negative."""
        if self.player is not None:
            self.player.step(frames)
            self.refresh()

    def seek(self, index: int) -> None:
        """Show the frame of this index."""
        if self.player is not None:
            self.player.seek(index)

    def set_speed(self, speed: float) -> None:
        """Play at `speed` times the file's own speed."""
        if self.player is not None:
            self.player.set_speed(speed)

    def show(self, run: LiveRun, shown: Shown) -> None:
        """Show the place of a frame in the file."""
        if self.player is not None and run.info is not None:
            frame = shown.frame
            self._bar.set_place(frame.index, self.player.length, frame.seconds, run.info.seconds)

    def refresh(self) -> None:
        """Show on the button what it does."""
        playing = self.player is not None and self.player.playing
        if playing is not self._shown:
            self._shown = playing
            action, colours = self._bench.commands["play"], self._bench.theme.colours
            action.setText(tr("&Pause") if playing else tr("&Play"))
            action.setIcon(icons.icon("pause" if playing else "play", colours.text, colours.faint))

    def _space(self) -> bool:
        self.toggle()
        return self.player is not None

    def _forget(self) -> None:
        self._shown = None
        self.refresh()
