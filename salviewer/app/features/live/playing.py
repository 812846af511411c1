"""Playing a file: the keys, the bar and what its first button says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.live.bar import LiveBar
from salviewer.app.features.live.run import LiveRun
from salviewer.app.features.live.space import SpaceTool
from salviewer.app.shell import icons
from salviewer.streaming.pipeline import Shown
from salviewer.streaming.player import Player

if TYPE_CHECKING:
    from salviewer.app.window import Window


class Playing:
    """Passes wishes on to the player of the source on screen; nothing happens while there is none.

    Attributes:
        player: set by the desk.
    """

    def __init__(self, window: Window, bar: LiveBar) -> None:
        self._window, self._bar = window, bar
        self.player: Player | None = None
        self._told: bool | None = None  # whether the button says "pause"
        bar.seek_wanted.connect(self.seek)
        bar.speed_chosen.connect(self.set_speed)
        window.theme.changed.connect(self._forget)
        window.canvas.add_tool(SpaceTool(self._space))

    def begin(self, run: LiveRun | None) -> None:
        """Another source is on screen."""
        self.player = None if run is None else run.player
        speed = float(self._bar.speed.currentData())
        if speed != 1:
            self.set_speed(speed)

    def toggle(self) -> None:
        """Play, or pause."""
        if self.player is not None:
            (self.player.pause if self.player.playing else self.player.play)()
            self.tell()

    def step(self, frames: int) -> None:
        """Pause, and show the frame so many later, or earlier."""
        if self.player is not None:
            self.player.step(frames)
            self.tell()

    def seek(self, index: int) -> None:
        """Show this frame."""
        if self.player is not None:
            self.player.seek(index)

    def set_speed(self, speed: float) -> None:
        """So many times as fast as the file says."""
        if self.player is not None:
            self.player.set_speed(speed)

    def show(self, run: LiveRun, shown: Shown) -> None:
        """A frame is on screen."""
        if self.player is not None and run.info is not None:
            frame = shown.frame
            self._bar.set_place(frame.index, self.player.length, frame.seconds, run.info.seconds)

    def tell(self) -> None:
        """What pressing the button would do."""
        playing = self.player is not None and self.player.playing
        if playing is not self._told:
            self._told = playing
            action, colours = self._window.catalogue["play"], self._window.theme.colours
            action.setText("&Pause" if playing else "&Play")
            action.setIcon(icons.icon("pause" if playing else "play", colours.text, colours.faint))

    def _space(self) -> bool:
        self.toggle()
        return self.player is not None

    def _forget(self) -> None:
        self._told = None
        self.tell()
