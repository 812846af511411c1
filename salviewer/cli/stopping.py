"""End well on Ctrl+C, SIGTERM (systemd, docker stop), SIGHUP or a closed console; again, at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # Windows sends SIGBREAK for a closed console


@contextmanager
def interrupt_on_stop() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` in the block for every signal that asks the program to end."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with _handling(interrupt):
        yield


@contextmanager
def stop_at_interrupt() -> Iterator[threading.Event]:
    """Yield an event that the first such signal sets; the same signal once more interrupts the block."""
    asked = threading.Event()
    with _handling(asked.set):
        yield asked


@contextmanager
def _handling(begin: Callable[[], None]) -> Iterator[None]:
    """Call `begin` for the first signal, in the main thread.

    The same signal once more raises ``KeyboardInterrupt``; another one does not: a session that ends sends
    several, which must not cut off work that is being completed. Ignored signals stay ignored (`nohup`).
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    first: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if not first:
            first.append(number)
            begin()
        elif first[0] == number:
            raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    handled = [number for number in numbers if before[number] not in (signal.SIG_IGN, None)]
    for number in handled:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])
