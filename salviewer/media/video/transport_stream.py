"""Whether an MPEG transport stream (ISO/IEC 13818-1) breaks off: nothing in it says how long it should be."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_SYNC = 0x47
_PACKETS = ((188, 0), (192, 4), (204, 0))  # their length, and where the mark stands in them
_LOOKED_AT = 1 << 20  # bytes at the end


def breaks_off(path: Path) -> bool:
    """Whether it ends within a packet, or within a unit (PES) whose length is known, as that of sound is.

    A cut between two packets of pictures cannot be distinguished from an end.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
            size = stream.seek(0, os.SEEK_END)
            known = [each for each in _PACKETS if _has_marks(head, *each)]
            if not known:
                return False
            length, first = known[0]
            if size % length:
                return True
            stream.seek(max(0, size - _LOOKED_AT // length * length))
            tail = stream.read()
    except OSError:
        return False
    packets = (tail[at + first : at + first + 188] for at in range(0, len(tail), length))
    return _lacks_a_part(packet for packet in packets if packet[0] == _SYNC)


def _has_marks(head: bytes, length: int, first: int) -> bool:
    at = range(first, min(len(head), 4 * length), length)
    return len(at) > 1 and all(head[place] == _SYNC for place in at)


def _lacks_a_part(packets: Iterable[bytes]) -> bool:
    """Return whether the last unit of a stream is shorter than it declares."""
    missing: dict[int, int] = {}  # by stream; 0 for what may be of any length
    for packet in packets:
        stream = (packet[1] & 0x1F) << 8 | packet[2]
        begin = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        payload = packet[begin:] if packet[3] & 0x10 else b""
        if packet[1] & 0x40 and payload[:3] == b"\0\0\1" and len(payload) >= 6:
            declared = payload[4] << 8 | payload[5]
            missing[stream] = declared + 6 if declared else 0
        if missing.get(stream):
            missing[stream] = max(0, missing[stream] - len(payload))
    return any(missing.values())
