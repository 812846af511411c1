"""Show rates and delays over the picture."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from salviewer.app.translation import tr
from salviewer.streaming.meters import Delay, Rate

if TYPE_CHECKING:
    from salviewer.app.state.viewport import View
    from salviewer.streaming.pipeline import LiveStats

_PLATE, _TEXT = QColor(18, 20, 24, 228), QColor(236, 239, 243)
_SIZE, _LEADING, _INSET, _MARGIN = 12, 17, 9, 12  # logical pixels


class Hud:
    """Paints over the top left corner of the canvas.

    It is painted last, so it also measures how long a frame took until then.

    Attributes:
        shown: whether it is painted.
        latency: from the decoded frame to its painting.
        painted: painted frames.
    """

    def __init__(self) -> None:
        self.shown = False
        self.latency, self.painted = Delay(), Rate()
        self.lines: tuple[str, ...] = ()
        self._due: float | None = None

    def begin(self) -> None:
        """Start again for another source."""
        self.latency, self.painted, self._due = Delay(), Rate(), None
        self.lines = ()

    def expect(self, captured: float) -> None:
        """Note that the next painting shows a frame decoded at `captured`, by `time.monotonic()`."""
        self._due = captured

    def paint(self, painter: QPainter, view: View, ratio: float) -> None:
        """Paint, as `Ornament` describes."""
        if self._due is not None:
            self.latency.add(time.monotonic() - self._due)
            self.painted.tick()
            self._due = None
        if not self.shown or not self.lines:
            return
        font = QFont(painter.font())
        font.setPixelSize(round(_SIZE * ratio))
        painter.setFont(font)
        metrics = painter.fontMetrics()
        inset, leading = _INSET * ratio, _LEADING * ratio
        wide = max(metrics.horizontalAdvance(line) for line in self.lines) + 2 * inset
        plate = QRectF(_MARGIN * ratio, _MARGIN * ratio, wide, len(self.lines) * leading + 1.3 * inset)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(plate, 6 * ratio, 6 * ratio)
        painter.setPen(_TEXT)
        for number, line in enumerate(self.lines):
            row = QRectF(
                plate.left() + inset, plate.top() + 0.65 * inset + number * leading, wide - 2 * inset, leading
            )
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)


def hud_lines(stats: LiveStats, painted: float, latency: Delay, dropped: int) -> tuple[str, ...]:
    """Return the lines of the HUD.

    Args:
        painted: painted frames per second.
        latency: from the decoded frame to its painting.
        dropped: number of frames that were never painted.
    """
    return (
        tr(
            "{capture_rate:.1f} frames/s in, {painted:.1f} painted",
            capture_rate=stats.capture_rate,
            painted=painted,
        ),
        tr(
            "{inference_rate:.1f} maps/s, {predict:.0f} ms each",
            inference_rate=stats.inference_rate,
            predict=stats.predict,
        ),
        tr(
            "{median:.0f} ms from frame to screen, 95 % within {slow:.0f} ms",
            median=latency.percentile(50),
            slow=latency.percentile(95),
        ),
        tr("{dropped} dropped", dropped=dropped),
        stats.device or tr("Loading the model…"),
    )
