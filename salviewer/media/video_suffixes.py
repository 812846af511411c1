"""The endings of video files, for those who list files and open none."""

from os import PathLike
from pathlib import Path

VIDEO_SUFFIXES = frozenset(
    f".{name}"
    for name in [
        "mp4",
        "m4v",
        "mov",
        "mkv",
        "webm",
        "avi",
        "mpg",
        "mpeg",
        "ts",
        "mts",
        "m2ts",
        "wmv",
        "flv",
        "3gp",
        "ogv",
        "mxf",
    ]
)


def is_video(path: str | PathLike[str]) -> bool:
    """Return whether a file's name is a video's."""
    return Path(path).suffix.lower() in VIDEO_SUFFIXES
