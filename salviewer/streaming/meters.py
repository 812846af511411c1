"""Measure rates and delays over the last seconds."""

from __future__ import annotations

import threading
import time
from collections import deque

import numpy as np

_SECONDS = 2.0
_MOST = 600


class Rate:
    """Measures events per second over the last two seconds. Thread-safe."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MOST)
        self._lock = threading.Lock()
        self.count = 0

    def tick(self) -> None:
        """Count one event."""
        with self._lock:
            self._times.append(time.monotonic())
            self.count += 1

    @property
    def per_second(self) -> float:
        """Events per second; 0 if there were none lately."""
        now = time.monotonic()
        with self._lock:
            while self._times and now - self._times[0] > _SECONDS:
                self._times.popleft()
            if len(self._times) < 2:
                return 0.0
            return (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-6)


class Delay:
    """Measures durations over the last few hundred calls. Thread-safe."""

    def __init__(self, most: int = 300) -> None:
        self._values: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        """Add a duration in seconds."""
        with self._lock:
            self._values.append(seconds)

    def percentile(self, percent: float) -> float:
        """Return a percentile in milliseconds; 0 without values."""
        with self._lock:
            values = list(self._values)
        return 1000 * float(np.percentile(values, percent)) if values else 0.0
