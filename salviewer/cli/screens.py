"""Parts of the screen as pictures for commands that take files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from PIL import Image

from salviewer.addresses import is_screen
from salviewer.media.video.screens import Screen


@contextmanager
def as_files(paths: Sequence[str]) -> Iterator[list[str]]:
    """Replace each ``screen:...`` by a PNG of what it shows now; the files last as long as the block.

    Raises:
        SourceError: a part of the screen cannot be captured.
    """
    if not any(map(is_screen, paths)):
        yield list(paths)
        return
    with tempfile.TemporaryDirectory(prefix="salviewer-screen-") as folder:
        yield [str(_capture(path, Path(folder))) if is_screen(path) else path for path in paths]


def _capture(ref: str, folder: Path) -> Path:
    with closing(Screen(ref)) as screen:
        pixels = screen.read().pixels
    parts = re.findall(r"-?\w+", ref.partition(":")[2])
    path = folder / f"{'-'.join(['screen', *parts])}.png"
    Image.fromarray(pixels).save(path, compress_level=1)
    return path
