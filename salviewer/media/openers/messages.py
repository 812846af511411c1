"""How the process that draws and the one that asks speak: a JSON header, then bytes."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

_HEAD = struct.Struct("<IQ")
_LONGEST = 16 * 2**20


def send(stream: IO[bytes], header: dict[str, Any], content: bytes | memoryview = b"") -> None:
    """Write one message.

    Raises:
        OSError: the other side is gone.
    """
    text = json.dumps(header).encode()
    stream.write(_HEAD.pack(len(text), len(content)))
    stream.write(text)
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Raises:
        EOFError: the other side is gone, or says what no message is.
    """
    length, size = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if length > _LONGEST:
        raise EOFError
    try:
        header = json.loads(_exactly(stream, length))
    except ValueError as error:
        raise EOFError from error
    return header, _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
