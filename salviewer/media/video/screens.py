"""Capture a part of the screen. Only `mss` touches the display."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from salviewer.errors import SourceError
from salviewer.first_use import cv2
from salviewer.media.video.frames import Frame, FrameSource, SourceInfo

if TYPE_CHECKING:
    from mss import MSS

RATE = 30.0
"""Most frames per second, unless another rate is asked for."""
LEAST = 16
"""Least width and height of a part of the screen, in pixels."""

_PART = re.compile(
    r"screen:(?:(?P<name>all|\d{1,2})?|(?P<box>-?\d{1,6},-?\d{1,6},\d{1,6},\d{1,6}))", re.IGNORECASE
)

Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels of the desktop that all screens make up."""


_gate: AbstractContextManager[Any] | None = None


def set_gate(gate: AbstractContextManager[Any] | None) -> None:
    """Enter `gate` around each capture of this process, in the capturing thread; None for none.

    It may wait, and hide what must not be captured: the window's own heat over the screen.
    """
    global _gate
    _gate = gate


class Screen(FrameSource):
    """A part of the screen: what it shows at the moment of each `read`, without the mouse pointer.

    Args:
        ref: ``screen:`` is the first screen, ``screen:2`` the second, ``screen:all`` all of them, and
            ``screen:X,Y,W,H`` a rectangle in pixels; what lies outside all screens is cut off.
        rate: most frames per second; None for `RATE`.

    Raises:
        SourceError: the address is none, there is no display, or the system does not allow it.
    """

    def __init__(self, ref: str, rate: float | None = None) -> None:
        found = _PART.fullmatch(ref.strip())
        if found is None:
            raise SourceError(
                ref, "a part of the screen is screen:X,Y,W,H in pixels, screen:2 for a screen, or screen:all"
            )
        self._name = ref.strip()
        self._refuse_wayland()
        self._mss: MSS | None = None
        self._every = 1 / (rate or RATE)
        try:
            from mss import MSS

            self._mss = MSS()
            monitors = [(m["left"], m["top"], m["width"], m["height"]) for m in self._mss.monitors]
            self._box = _box(found, monitors, self._name)
            first = self._grab()
        except SourceError:
            self.close()
            raise
        except Exception as error:  # mss, ctypes and the display itself raise many kinds
            self.close()
            raise SourceError(self._name, _why_not(error)) from error
        self.info = SourceInfo(
            _ref(self._box), "screen", (first.shape[1], first.shape[0]), rate=1 / self._every
        )
        self._begun = self._due = time.monotonic()
        self._index = 0

    def read(self) -> Frame:
        """Return what the screen shows now, or when the next frame is due."""
        time.sleep(max(0.0, self._due - time.monotonic()))
        try:
            pixels = self._grab()
        except Exception as error:
            raise SourceError(self._name, "the screen cannot be captured any more") from error
        now = time.monotonic()
        self._due = max(self._due + self._every, now)
        milliseconds = round(1000 * (now - self._begun))
        index, self._index = self._index, self._index + 1
        return Frame(pixels, index, milliseconds, milliseconds / 1000)

    def close(self) -> None:
        """Close the connection to the display."""
        if self._mss is not None:
            self._mss.close()
            self._mss = None

    def _grab(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        assert self._mss is not None
        left, top, width, height = self._box
        with _gate or nullcontext():
            shot = self._mss.grab({"left": left, "top": top, "width": width, "height": height})
        bgra = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        return np.asarray(cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGB), np.uint8)

    def _refuse_wayland(self) -> None:
        if sys.platform.startswith("linux") and os.environ.get("WAYLAND_DISPLAY"):
            raise SourceError(
                self._name,
                "Wayland does not let programs capture the screen; log in with an X11 session for that",
            )


def box_in(name: str) -> Box | None:
    """Return the rectangle in a `SourceInfo.name` of this kind of source; None if it has none."""
    found = _PART.fullmatch(name)
    if found is None or found["box"] is None:
        return None
    left, top, width, height = map(int, found["box"].split(","))
    return left, top, width, height


def _ref(box: Box) -> str:
    return "screen:" + ",".join(map(str, box))


def _box(found: re.Match[str], monitors: Sequence[Box], name: str) -> Box:
    """Return the rectangle that an address means, cut to the desktop; `monitors` begins with all of it."""
    desktop, *screens = monitors
    if found["box"] is None:
        wanted = (found["name"] or "1").lower()
        if wanted == "all":
            return desktop
        number = int(wanted)
        if not 1 <= number <= len(screens):
            raise SourceError(name, f"there is no screen {number}; there are {len(screens)}")
        return screens[number - 1]
    x, y, width, height = map(int, found["box"].split(","))
    left, top = max(x, desktop[0]), max(y, desktop[1])
    right = min(x + width, desktop[0] + desktop[2])
    bottom = min(y + height, desktop[1] + desktop[3])
    if right - left < LEAST or bottom - top < LEAST:
        raise SourceError(
            name,
            f"less than {LEAST} x {LEAST} pixels of it are on a screen; all screens together are"
            f" {desktop[2]} x {desktop[3]} from {desktop[0]},{desktop[1]}",
        )
    return left, top, right - left, bottom - top


def _why_not(error: Exception) -> str:
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        return "there is no display to capture"
    if sys.platform == "darwin":
        return "the system refused; allow this program to record the screen in the settings for privacy"
    said = str(error).splitlines() or [type(error).__name__]
    return f"it cannot be captured ({said[0]})"
