"""Why a file cannot be opened, before it is known under which name the user knows it."""

from __future__ import annotations


class UnreadableError(Exception):
    """A file cannot be decoded; ``str(error)`` is a clause for ``ImageError``."""


class LockedError(UnreadableError):
    """A document asks for a password, or for another one than the given."""
