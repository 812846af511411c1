"""An X server of our own with a coloured background, for tests that capture the screen."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable, Iterator

import pytest

from tests.x_server import x_server

Paint = Callable[[int], None]


def coloured_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paint]:
    """Yield what paints the background of a screen of 200 x 150 pixels, which `DISPLAY` names; red first."""
    library = ctypes.util.find_library("X11")
    if library is None:
        pytest.skip("there is no X11 library")
    with x_server("200x150x24") as (name, _):
        monkeypatch.setenv("DISPLAY", name)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        x11 = ctypes.CDLL(library)
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(name.encode()))
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))

        def fill(colour: int) -> None:
            x11.XSetWindowBackground(display, root, ctypes.c_ulong(colour))
            x11.XClearWindow(display, root)
            x11.XSync(display, 0)

        fill(0xFF0000)
        yield fill
        x11.XCloseDisplay(display)
