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


def together(errors: tuple[str, ...]) -> str:
    """Return several errors as one text: one or two of them, or the first and how many others there are."""
    if len(errors) <= 2:
        return "\n".join(errors)
    return tr("{errors}\n… and {count} others could not be opened.", errors=errors[0], count=len(errors) - 1)
