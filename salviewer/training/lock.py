"""Lock a run's folder for one process, whose heartbeat shows others that it is alive.

The window imports this module before it appears; rarely needed modules are imported where they are used.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from salviewer.core.strict_json import loads
from salviewer.errors import DataError

BEAT = 2.0
"""Seconds between two heartbeats."""
SILENT = 60.0
"""Seconds without a heartbeat after which a process on another machine counts as dead."""

_LOCK, _HOLDER = "lock", "holder.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that works in a run's folder.

    Attributes:
        pid, host: its number and its machine.
        started: its start, Unix seconds; tells it from a later process with the same number.
        beat: its last heartbeat, Unix seconds.
    """

    pid: int
    host: str
    started: float
    beat: float = 0.0

    @property
    def here(self) -> bool:
        """Whether it runs on this machine."""
        return self.host == socket.gethostname()

    @property
    def alive(self) -> bool:
        """Whether it still runs; for a process on another machine, whether its heartbeat is recent."""
        if not self.here:
            return time.time() - self.beat < SILENT
        import psutil

        try:
            process = psutil.Process(self.pid)
            same = abs(float(process.create_time()) - self.started) < 2
            return same and bool(process.status() != psutil.STATUS_ZOMBIE)
        except psutil.AccessDenied:
            return True
        except psutil.Error:
            return False

    def kill(self) -> bool:
        """End it at once. Return True if it ran on this machine and was ended."""
        if not (self.here and self.alive):
            return False
        import psutil

        with suppress(psutil.Error):
            psutil.Process(self.pid).kill()
        return True


def holder(root: Path) -> Holder | None:
    """Return the living process that works in a run's folder; None if there is none."""
    found = _read(root)
    return found if found is not None and found.alive else None


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the lock of ``root`` while the block runs; the system releases it if this process is killed.

    Raises:
        DataError: another process holds the lock, or the folder is not writable.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(root / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise refusal(root) from error
    except (OSError, NotImplementedError) as error:
        raise DataError(root, f"the run's folder cannot be locked ({error})") from error
    try:
        other = holder(root)
        if other is not None and other.pid != os.getpid():  # the file system's locks cover one machine only
            raise refusal(root)
        with _beating(root):
            yield
    finally:
        lock.release()


def refusal(root: Path) -> DataError:
    """Return the error for a run's folder in which another process works."""
    other = _read(root)
    who = f" (process {other.pid} on {other.host})" if other else ""
    return DataError(root, f"another training is at work in this folder{who}; choose another, or wait for it")


def _read(root: Path) -> Holder | None:
    path = root / _HOLDER
    try:
        return holder_in(loads(path.read_text(encoding="utf-8")), path.stat().st_mtime)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def holder_in(values: Any, beat: float = 0.0) -> Holder:
    """Read a process from a file's JSON.

    Raises:
        ValueError, KeyError, TypeError, OverflowError: it is damaged.
    """
    pid = int(values["pid"])
    if not 0 < pid < 2**31:
        raise ValueError("no process has such a number")
    return Holder(pid, str(values["host"]), float(values["started"]), beat)


@contextmanager
def _beating(root: Path) -> Iterator[None]:
    import psutil

    path = root / _HOLDER
    me = Holder(os.getpid(), socket.gethostname(), psutil.Process().create_time())
    try:
        path.write_text(json.dumps(asdict(me)), encoding="utf-8")
    except OSError as error:
        raise DataError(path, f"it could not be written ({error.strerror or error})") from error
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT):
            with suppress(OSError):
                os.utime(path)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with suppress(OSError):
            path.unlink()
