"""Capture a part of the screen, as a picture or as a live source, and lay the heat over it."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QRect, QTimer

from salviewer.app.features.screen.overlay_window import Gate, OverlayWindow
from salviewer.app.features.screen.places import box_of, rectangle_of
from salviewer.app.translation import tr
from salviewer.app.workbench import Command, Feature, Workbench
from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome
from salviewer.app.workers.sentences import sentence
from salviewer.media.video.screens import LEAST, Box, Screen, box_in, set_gate

if TYPE_CHECKING:
    from salviewer.app.features.screen.picker import Picker
    from salviewer.app.workers.overlay_layers import OverlayLayer
    from salviewer.media.video.frames import SourceInfo

_COVERS_GO = 250
"""Milliseconds from the choice to the capture, so that what was chosen with is no longer on the screen."""


class ScreenFeature(Feature):
    """Lets the user choose a part of the screen; the live feature shows it."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.worker = LatestOnlyWorker("screen", self, self._landed)
        bench.workers.add(self.worker)
        self.gate = Gate(self)
        self.picker: Picker | None = None
        self.overlay: OverlayWindow | None = None
        self._live = False  # whether what is being chosen is for a live source
        self._box: Box | None = None  # of the source on screen; None if it is no part of the screen
        self._ticket = 0
        set_gate(self.gate)
        menu = "File"
        bench.commands.add_conditions(screen=lambda: self._box is not None)
        bench.commands.add(
            Command("capture_screen", "Capt&ure part of the screen…", lambda: self.pick(False), menu, (2, 4),
                    ("Ctrl+Shift+X",),
                    tip="Drag a rectangle over the screen, or click a window, for a picture of it"),
            Command("follow_screen", "Follow part of t&he screen…", lambda: self.pick(True), menu, (2, 5),
                    tip="Show a part of the screen with its overlay, as it goes"),
            Command("screen_overlay", "Heat over the real scree&n", self.show_overlay, "Live", (2, 3),
                    when="screen",
                    tip="Lay the heat over the part of the screen that is followed; clicks go through it",
                    checked=lambda: self.overlay is not None),
        )  # fmt: skip
        bench.shown.frame_drawn.connect(self._show_frame)
        bench.session.live_changed.connect(self._follow_live)

    def close(self) -> None:
        """Remove what lies over the screen."""
        self._end_overlay()
        if self.picker is not None:
            self.picker.cancel()
        set_gate(None)

    def pick(self, live: bool) -> None:
        """Let the user choose a part of the screen, for a live source or for a picture."""
        if self.picker is not None:
            return
        from salviewer.app.features.screen.picker import Picker

        self._live = live
        self.picker = Picker(self._bench.dialog_parent)
        self.picker.chosen.connect(self._take)
        self.picker.ended.connect(self._end_picker)

    def show_overlay(self, on: bool) -> None:
        """Lay the heat over the screen, or take it away."""
        from salviewer.media.video.desktop import sees_through

        if not on or self._box is None:
            self._end_overlay()
        elif not sees_through():
            self._bench.notices.error(
                tr("The heat cannot be laid over this screen: nothing composites windows on this desktop.")
            )
        else:
            self.overlay = OverlayWindow()
            self.overlay.lie_over(rectangle_of(self._box))
            self.gate.keep_out(None if self.overlay.excluded else self.overlay)
        self._bench.commands.refresh()

    def _end_overlay(self) -> None:
        overlay, self.overlay = self.overlay, None
        self.gate.keep_out(None)
        if overlay is not None:
            overlay.hide()
            overlay.deleteLater()

    def _end_picker(self) -> None:
        picker, self.picker = self.picker, None
        if picker is not None:
            picker.deleteLater()

    def _take(self, rectangle: QRect) -> None:
        box = box_of(rectangle)
        if min(box[2:]) < LEAST:
            self._bench.notices.error(
                tr("A part of the screen is at least {least} × {least} pixels.", least=LEAST)
            )
            return
        ref, do = "screen:" + ",".join(map(str, box)), self._open if self._live else self._capture
        QTimer.singleShot(_COVERS_GO, self, lambda: do(ref))

    def _open(self, ref: str) -> None:
        from salviewer.media.video.opening import SourceChoice

        self._bench.session.source_requested.emit(SourceChoice(ref))

    def _capture(self, ref: str) -> None:
        self._ticket += 1
        self.worker.submit(self._ticket, lambda: _still(ref))

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket != self._ticket:
            return
        if outcome.error is not None:
            self._bench.notices.error(sentence(outcome.error, tr("capturing the screen")))
        else:
            self._bench.session.paste(outcome.value, tr("Part of the screen"))

    def _show_frame(self, info: SourceInfo, layer: OverlayLayer | None) -> None:
        box = box_in(info.name) if info.kind == "screen" else None
        if box != self._box:
            self._box = box
            self._end_overlay()
            self._bench.commands.refresh()
        if self.overlay is not None:
            self.overlay.set_layer(None if layer is None else layer.image)

    def _follow_live(self, live: bool) -> None:
        if not live:
            self._box = None
            self._end_overlay()
            self._bench.commands.refresh()


def _still(ref: str) -> bytes:
    with closing(Screen(ref)) as screen:
        pixels = screen.read().pixels
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", compress_level=1)
    return data.getvalue()
