"""Times and amounts as text."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """About how long: "40 s", "12 min", "2 h 10 min", "3 days"."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    return f"{round(hours / 24)} days"


def size(count: float) -> str:
    """Bytes: "640 MB", "1.4 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def plural(count: int, noun: str, nouns: str = "") -> str:
    """A count with its noun: "1 picture", "2 pictures", or with ``nouns`` for several."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}".replace(",", "\u202f")
