"""Format times and amounts."""

from __future__ import annotations

from salviewer.app.translation import plural, tr


def duration(seconds: float) -> str:
    """Format an approximate duration: "40 s", "12 min", "2 h 10 min", "3 days"."""
    if seconds < 90:
        return tr("{seconds} s", seconds=max(round(seconds), 1))
    minutes = round(seconds / 60)
    if minutes < 100:
        return tr("{minutes} min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return (
            tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
            if minutes and hours < 10
            else tr("{hours} h", hours=hours)
        )
    return plural("{count} day", "{count} days", round(hours / 24))


def size(count: float) -> str:
    """Format bytes: "640 MB", "1.4 GB"."""
    return (
        tr("{count:.1f} GB", count=count / 1e9) if count >= 1e9 else tr("{count:.0f} MB", count=count / 1e6)
    )
