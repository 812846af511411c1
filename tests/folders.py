"""The content of a folder of results."""

from pathlib import Path

from salviewer.media.written import WRITTEN_NAME


def files_in(folder: Path) -> list[Path]:
    """All of it, hidden files too, but for the record of what was written there."""
    return [path for path in folder.iterdir() if path.name != WRITTEN_NAME]
