"""Draw documents in a process of its own: one that hangs, crashes or takes all memory costs a sentence."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from typing import Any

import psutil

from salviewer import launch
from salviewer.media.openers import limits
from salviewer.media.openers.messages import receive, send
from salviewer.media.openers.refusals import LockedError, UnreadableError

_log = logging.getLogger(__name__)

_LOOK = 0.05  # seconds between two looks at its memory
_GONE = "drawing it failed: it is damaged, or needs more than {memory:g} GB of memory"
_LATE = "drawing it took longer than {seconds} seconds, so it was stopped"
_LARGE = "drawing it needs more than {memory:g} GB of memory, so it was stopped"


class _Process:
    """The process, started at the first question, and again after one that ended it. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: subprocess.Popen[bytes] | None = None
        self._by = 0  # who started it: a fork of this process must not use its pipes

    @property
    def busy(self) -> bool:
        """Whether it draws just now."""
        return self._lock.locked()

    def ask(self, request: dict[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its answer, within `limits`.

        Raises:
            UnreadableError: the answer is a refusal, or there is none.
            LockedError: it asks for a password.
        """
        with self._lock:
            for again in (True, False):
                process = self._running()
                ended = threading.Event()
                reason: list[str] = []
                guard = threading.Thread(target=_guard, args=(process, ended, reason), daemon=True)
                guard.start()
                try:
                    assert process.stdin is not None and process.stdout is not None
                    send(process.stdin, request, content)
                    header, pixels = receive(process.stdout)
                    break
                except (OSError, EOFError) as error:
                    ended.set()
                    guard.join()
                    self._end(process)
                    if again and not reason and process.returncode == 0:  # it had been idle, and left
                        continue
                    _log.info("the process that draws ended with %s", process.returncode)
                    raise UnreadableError(reason[0] if reason else _say(_why(process.returncode))) from error
                finally:
                    ended.set()
        refusal = str(header.get("refusal", ""))
        if refusal:
            raise (LockedError if header.get("locked") else UnreadableError)(refusal)
        return header, pixels

    def _running(self) -> subprocess.Popen[bytes]:
        if self._started is None or self._by != os.getpid() or self._started.poll() is not None:
            self._started, self._by = _start(), os.getpid()
        return self._started

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        self._started = None
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what it did not take
                    _log.debug("a request was not taken", exc_info=True)


def _start() -> subprocess.Popen[bytes]:
    apart: dict[str, Any] = {"start_new_session": True}  # Ctrl+C is for the one who asks
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    few = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    try:
        return subprocess.Popen(
            launch.helper("salviewer.media.openers.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if _log.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL,
            env=launch.environment() | few,
            **apart,
        )
    except OSError as error:
        raise UnreadableError(f"the process that draws it cannot be started ({error.strerror})") from error


def _guard(process: subprocess.Popen[bytes], ended: threading.Event, reason: list[str]) -> None:
    """End the process when it takes too long or too much."""
    looks = int(limits.SECONDS / _LOOK)
    try:
        looked = psutil.Process(process.pid)
        for _ in range(looks):
            if ended.wait(_LOOK):
                return
            if looked.memory_info().rss > limits.MEMORY:
                reason.append(_say(_LARGE))
                break
        else:
            reason.append(_say(_LATE))
        process.kill()
    except psutil.Error:  # it has ended by itself
        return


def _why(code: int | None) -> str:
    if sys.platform != "win32" and code is not None:
        import signal

        if code == -signal.SIGALRM:
            return _LATE
    return _GONE


def _say(text: str) -> str:
    return text.format(seconds=limits.SECONDS, memory=limits.MEMORY / 2**30)


_shared, _second = _Process(), _Process()
"""The second draws while the first is busy: a hostile page in a list does not keep the next one waiting."""


def ask(request: dict[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
    """Ask the process that draws: see `worker` for the requests.

    Returns:
        the answer, and the pixels that came with it.

    Raises:
        UnreadableError: the file cannot be drawn within `limits`; the text is a clause.
        LockedError: it asks for a password.
    """
    chosen = _second if _shared.busy and not _second.busy else _shared
    return chosen.ask(request, content)
