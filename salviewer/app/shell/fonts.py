"""Check that fonts are available."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics

NO_FONTS = (
    "salviewer: no fonts are installed, so the window shows no letters; install some, for example"
    " `apt install fonts-dejavu-core`, and start again"
)


def complaint() -> str:
    """Return a sentence for the terminal if there is no font, else ""; needs an application.

    Without fonts, Qt still lists families, but draws boxes.
    """
    return "" if QFontMetrics(QFont()).inFont("A") else NO_FONTS
