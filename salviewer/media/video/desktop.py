"""Ask the system where windows are, and whether a window can be see-through or kept out of captures.

X11 by libX11, Windows by user32. The code for Windows has not been run. Elsewhere there are no answers.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from salviewer.media.video.screens import Box

_VIEWABLE, _INPUT_ONLY = 2, 2  # of XWindowAttributes
_EXCLUDED = 0x11  # WDA_EXCLUDEFROMCAPTURE: Windows 10, version 2004, and newer
_FRAME_BOUNDS = 9  # DWMWA_EXTENDED_FRAME_BOUNDS
_CLOAKED = 14  # DWMWA_CLOAKED


class _Attributes(ctypes.Structure):
    """`XWindowAttributes` of Xlib."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("x", "y", "width", "height", "border_width", "depth")),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        *((name, ctypes.c_int) for name in ("c_class", "bit_gravity", "win_gravity", "backing_store")),
        ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("all_event_masks", "your_event_mask", "do_not_propagate")),
        ("override_redirect", ctypes.c_int),
        ("screen", ctypes.c_void_p),
    ]


def window_boxes() -> tuple[Box, ...]:
    """Return the visible windows, topmost first, in pixels of the desktop; empty where there is no answer."""
    if sys.platform == "win32":
        return _windows_boxes()
    with _display() as x11:
        return () if x11 is None else tuple(_x11_boxes(*x11))


def sees_through() -> bool:
    """Return whether a translucent window shows what is below: on X11, whether something composites."""
    if not sys.platform.startswith("linux"):
        return True
    with _display() as x11:
        if x11 is None:
            return False
        library, display = x11
        name = f"_NET_WM_CM_S{library.XDefaultScreen(display)}"
        return bool(library.XGetSelectionOwner(display, library.XInternAtom(display, name.encode(), 0)))


def keep_out_of_captures(window: int) -> bool:
    """Keep a window of this program out of all captures; return False where the system cannot."""
    if sys.platform != "win32":
        return False
    return bool(ctypes.windll.user32.SetWindowDisplayAffinity(ctypes.c_void_p(window), _EXCLUDED))


@contextmanager
def _display() -> Iterator[tuple[Any, ctypes.c_void_p] | None]:
    """Yield libX11 and a connection of our own; None without X11."""
    name = ctypes.util.find_library("X11") if sys.platform.startswith("linux") else None
    if name is None or not os.environ.get("DISPLAY"):
        yield None
        return
    library = ctypes.CDLL(name)
    library.XOpenDisplay.restype = ctypes.c_void_p
    for function in ("XDefaultRootWindow", "XGetSelectionOwner", "XInternAtom"):
        getattr(library, function).restype = ctypes.c_ulong
    library.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    library.XGetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    opened = library.XOpenDisplay(None)
    if not opened:
        yield None
        return
    display = ctypes.c_void_p(opened)
    try:
        yield library, display
    finally:
        library.XCloseDisplay(display)


def _x11_boxes(library: Any, display: ctypes.c_void_p) -> Iterator[Box]:
    root, parent, children = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)()
    count = ctypes.c_uint()
    top = ctypes.c_ulong(library.XDefaultRootWindow(display))
    library.XGrabServer(display)  # a window that closes now would end this program
    try:
        found = library.XQueryTree(
            display, top, *map(ctypes.byref, (root, parent, children)), ctypes.byref(count)
        )
        for place in reversed(range(count.value if found else 0)):  # from the top
            one = _Attributes()
            if not library.XGetWindowAttributes(display, ctypes.c_ulong(children[place]), ctypes.byref(one)):
                continue
            if one.map_state == _VIEWABLE and one.c_class != _INPUT_ONLY:
                edges = 2 * one.border_width
                yield one.x, one.y, one.width + edges, one.height + edges
        if children:
            library.XFree(children)
    finally:
        library.XUngrabServer(display)
        library.XFlush(display)


def _windows_boxes() -> tuple[Box, ...]:  # pragma: no cover  (not run here)
    from ctypes import wintypes

    user, frame = ctypes.windll.user32, ctypes.windll.dwmapi  # type: ignore[attr-defined]
    boxes: list[Box] = []

    def take(window: int, _: int) -> bool:
        cloaked, box = wintypes.DWORD(), wintypes.RECT()
        frame.DwmGetWindowAttribute(wintypes.HWND(window), _CLOAKED, ctypes.byref(cloaked), 4)
        got = frame.DwmGetWindowAttribute(wintypes.HWND(window), _FRAME_BOUNDS, ctypes.byref(box), 16)
        if user.IsWindowVisible(window) and not user.IsIconic(window) and not cloaked.value and not got:
            boxes.append((box.left, box.top, box.right - box.left, box.bottom - box.top))
        return True

    callback = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)  # type: ignore[attr-defined]
    user.EnumWindows(callback(take), 0)  # from the top
    return tuple(boxes)
