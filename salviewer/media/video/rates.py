"""Frames per second from the times of frames, where a container only guesses them."""

from __future__ import annotations

from typing import Any

_LOOKED_AT = 64  # frames
_WRONG = 0.2  # share by which the rate that is said may be off
_GUESSED = {"matroska", "webm"}
"""Formats whose tracks need not say how long a frame lasts, or say it of another rate."""


def guesses_rate(container: Any) -> bool:
    """Whether what the format says of a rate may be made up."""
    return not _GUESSED.isdisjoint(container.format.name.split(","))


def measured_rate(container: Any, stream: Any, said: float) -> float:
    """Return what a file says of its rate, or the measured one where that is another.

    Args:
        container: just opened for this alone; it is read from.
        stream: the video stream in it.
        said: frames per second as the container has it; 0 for unknown.
    """
    times: list[int] = []
    for packet in container.demux(stream):
        if packet.pts is not None and packet.size:
            times.append(packet.pts)
        if len(times) == _LOOKED_AT:
            break
    span = (max(times) - min(times)) * float(stream.time_base) if times else 0.0
    if len(times) < 3 or span <= 0:
        return said
    measured = (len(times) - 1) / span
    return measured if abs(measured - said) > _WRONG * said else said
