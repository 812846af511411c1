"""The endings of video files, for those who list files and open none."""

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
