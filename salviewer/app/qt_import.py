"""Qt without its search of sources.

PySide6 replaces Python's `__import__`, so that a program may write `from __feature__ import snake_case`. The
replacement reads the source of every module that is imported from then on and searches it for "PySide6". This
program uses no such feature.
"""

from __future__ import annotations

import builtins


def import_qt() -> None:
    """Import Qt, and put back the `__import__` that PySide6 replaced; also where Qt was imported before.

    To be called while no other thread imports: the replacement would put itself back when it ends.

    Raises:
        ImportError: a part of Qt is missing.
    """
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
