"""One window per user: lock it, or pass the pictures to the open one. Imports no Qt, so it is fast.

The process of the window holds a lock, which the system releases however it ends; so a socket that a killed
window left behind is recognised. Every user, settings folder and display has its own window.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from salviewer.addresses import is_address, is_screen
from salviewer.app.state.settings import config_folder
from salviewer.first_use import filelock

PATIENCE = 10.0
"""Seconds that a second start waits for the window's answer, before it opens its own window."""

OPENED = b"opened\n"
"""The window's answer."""

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@dataclass(slots=True)
class SingleInstance:
    """The right to be the one window.

    Attributes:
        address: of the socket, as `QLocalServer` takes it; "" for a window that takes no files from others.
    """

    address: str = ""
    _lock: filelock.FileLock | None = field(default=None, repr=False)

    def leave(self) -> None:
        """Release the right."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def settle(paths: Sequence[str], patience: float = PATIENCE) -> SingleInstance | None:
    """Become the one window, or pass the pictures to it.

    Returns:
        the new instance; None if the open window has taken the pictures.
    """
    place = _place()
    if place is None:
        return SingleInstance()
    until = time.monotonic() + patience
    whole = [path if is_address(path) or is_screen(path) else str(Path(path).absolute()) for path in paths]
    message = json.dumps(whole).encode() + b"\n"
    while True:
        lock = _lock(place.with_suffix(".lock"))
        if lock is not None:
            return SingleInstance(_address(place), lock)
        left = until - time.monotonic()
        if left <= 0:
            return SingleInstance()
        if _say(_address(place), message, left) == OPENED:
            return None
        time.sleep(0.05)  # it is about to listen, or about to end


def _place() -> Path | None:
    """Return the path of lock and socket, without suffix; None if there is no private folder."""
    display = [os.environ.get(name, "") for name in _DISPLAYS]
    key = json.dumps([str(config_folder().absolute()), *display])
    name = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    user = "" if sys.platform == "win32" else f"-{os.getuid()}"
    # The system's own folder is often too long for a socket's name, which is limited to 100 bytes.
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"salviewer{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if sys.platform != "win32":
            found = folder.lstat()
            if found.st_uid != os.getuid() or found.st_mode & 0o077:
                return None
    except OSError:
        return None
    return folder / name if len(os.fsencode(folder / name)) < 90 or sys.platform == "win32" else None


def _address(place: Path) -> str:
    return f"salviewer-{place.name}" if sys.platform == "win32" else str(place)


def _lock(path: Path) -> filelock.FileLock | None:
    # Held by the process, not by a thread.
    lock = filelock.FileLock(path, timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except (filelock.Timeout, OSError):
        return None
    return lock


def _say(address: str, message: bytes, patience: float) -> bytes:
    """Send a message and return the answer; b"" if there is none."""
    with suppress(OSError):
        if sys.platform == "win32":
            with Path(rf"\\.\pipe\{address}").open("r+b", buffering=0) as pipe:
                pipe.write(message)
                return pipe.read(len(OPENED))
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(patience)
            line.connect(address)
            line.sendall(message)
            return line.makefile("rb").readline(100)
    return b""
