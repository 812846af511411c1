"""Load PyAV when it is first needed, and explain its errors."""

from __future__ import annotations

import errno
import os
from types import ModuleType

from salviewer.errors import SalviewerError


def load_av() -> ModuleType:
    """Return the module `av`, silenced.

    Raises:
        SalviewerError: it is not installed.
    """
    os.environ.setdefault("SVT_LOG", "1")  # otherwise the AV1 encoder prints its settings
    try:
        import av
        import av.logging
    except ImportError as error:
        raise SalviewerError(
            f"videos and streams need PyAV, which cannot be loaded ({error}); `pip install av` installs it"
        ) from error
    av.logging.set_level(None)
    return av


def reason(error: BaseException) -> str:
    """Return a clause about what went wrong while reading."""
    name = type(error).__name__
    known = {
        "FileNotFoundError": "there is no such file",
        "IsADirectoryError": "it is a folder",
        "PermissionError": "you do not have permission to read it",
        "InvalidDataError": "it is no video, or it is damaged from the start",
        "EOFError": "it is empty or ends before the first frame",
        "TimeoutError": "it did not answer in time",
        "ExitError": "it did not answer in time",
        "ConnectionRefusedError": "the connection was refused",
        "ConnectionResetError": "the connection was closed by the other side",
        "HTTPUnauthorizedError": "it asks for a user name and a password",
        "HTTPForbiddenError": "access is forbidden",
        "HTTPNotFoundError": "the server has nothing there",
        "ProtocolNotFoundError": "this kind of address is not supported",
        "DecoderNotFoundError": "its codec is not supported",
    }
    if name in known:
        return known[name]
    if getattr(error, "errno", None) == errno.EIO:
        return "it cannot be reached, or the connection broke off"
    return (getattr(error, "strerror", None) or str(error) or name).strip().rstrip(".").lower()
