"""Turn an error into a sentence for the user."""

from __future__ import annotations

import logging

from salviewer.app.translation import tr
from salviewer.errors import SalviewerError

log = logging.getLogger("salviewer")


def sentence(error: BaseException, doing: str) -> str:
    """Return what went wrong while `doing` ("opening the picture"); log unexpected errors."""
    if isinstance(error, SalviewerError):
        return str(error)
    log.error("while %s", doing, exc_info=error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for {doing}.", doing=doing)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return tr("{where}{strerror} (while {doing}).", where=where, strerror=error.strerror, doing=doing)
    what = str(error).splitlines()[0] if str(error) else type(error).__name__
    return tr("Something went wrong while {doing}: {what}", doing=doing, what=what)
