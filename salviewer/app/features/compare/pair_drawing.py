"""Draw a comparison for a file or the clipboard, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from salviewer.app.workers.writer import Job, write_pixels
from salviewer.core.pairs import PairArrangement, PairScene, Side, render_pair


@dataclass(frozen=True, slots=True, eq=False)
class PairDrawing:
    """Everything that the file is made of; later changes in the window do not affect it."""

    first: Side
    second: Side
    shown: PairScene
    icc: bytes | None

    def writer(self, path: Path) -> Job:
        """Return a job for `FileWriter.do`."""
        return lambda stop, _: write_pixels(path, self.render, self.icc, stop)

    def render(self) -> NDArray[np.uint8]:
        """Return the two, drawn as one picture: (H, W, 3)."""
        return render_pair(self.first, self.second, self.shown)


def suggestion(folder: Path, names: tuple[str, str], kind: PairArrangement) -> Path:
    """Return a file name without characters that file systems refuse."""
    plain = [
        "".join(letter if letter.isalnum() or letter in "-_ ." else "_" for letter in Path(name).stem)
        for name in names
    ]
    return folder / f"{plain[0]}-{plain[1]}-{kind}.png"
