"""Make upright designs with pseudo-labels, and keep them like mixtures: parts of screens, or drawn posters.

    PYTHONPATH=. python -m research.attention.upright parts --data ../shared/data --work WORK
        --text TEXT.npz --count 3000
    PYTHONPATH=. python -m research.attention.upright posters --data ../shared/data --work WORK --count 2000

TEXT.npz: of the screens, by `research.domains.text_maps`. The labels are the mean of `TEACHERS["screens"]`,
made flatter by a power, with text, headings and the reading prior of `research.domains.pseudo_labels`. The
powers were chosen on the 26 posters for choosing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from research.attention.mixtures import CHUNK, LARGE, SHOWN, Labelled, Teachers, make_chunks, sources, to_keep
from research.attention.pictures import pack_at
from research.attention.posters import Painter, Poster, fonts, window_of
from research.distil.card_data import SIZE
from research.domains.pseudo_labels import Reading, made, smoothed
from salviewer.models.preprocess import resize

READING = {"parts": replace(Reading(), power=0.75), "posters": replace(Reading(), power=0.65)}
LEAST_TEXT = {"parts": 0.015, "posters": 0.01}
"""Share of the picture that has text; pictures with less are not taken."""
LEAST_CONTRAST = 15
"""Standard deviation of pixels; parts with less are empty."""


class Parts:
    """Draw upright parts of screens."""

    def __init__(self, folder: Path, text: Path) -> None:
        self._pack = pack_at(folder, LARGE)
        kept = np.load(text)
        assert list(kept["names"]) == list(self._pack.names)
        self._text, self._high = kept["text"], kept["high"]

    def draw(self, random: np.random.Generator) -> Poster:
        """Return a part; heights of lines are shares of its own height."""
        while True:
            row = int(random.integers(len(self._pack.names)))
            down, wanted = random.uniform(0.65, 1), random.uniform(0.5, 0.85)
            across = wanted * down / float(self._pack.aspects[row])
            if not 0.2 < across <= 1:
                continue
            window = random.uniform(0, 1 - down), random.uniform(0, 1 - across), down, across
            pixels = window_of(np.asarray(self._pack.stimuli[row]), *window)
            if pixels.std() >= LEAST_CONTRAST:
                both = self._text[row], self._high[row]
                text, high = (window_of(some, *window).astype(np.float32) / 255 for some in both)
                return Poster(pixels, text, np.minimum(high / down, 1), wanted)


def label(poster: Poster, teachers: Teachers, how: Reading) -> Labelled:
    """Return a poster with its pseudo-label, as they are kept."""
    large = np.asarray(resize(poster.pixels, LARGE), np.uint8)
    seen = teachers.mean_map(large, poster.aspect, "screens")
    both = (poster.text, poster.high)
    text, high = (cv2.resize(255 * some, SIZE[::-1], interpolation=cv2.INTER_AREA) for some in both)
    words = smoothed(text.astype(np.uint8), high.astype(np.uint8), how.blur)
    return np.asarray(resize(large, SHOWN), np.uint8), to_keep(made(seen, *words, how)), poster.aspect


def main() -> None:
    """Make the chunks that are missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=READING)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--text", type=Path, help="text maps of the screens, for parts")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=9)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    draw: Callable[[np.random.Generator], Poster]
    if args.kind == "parts":
        if args.text is None:
            parser.error("parts need --text")
        draw = Parts(args.data / "screens", args.text).draw
    else:
        known = sources(args.data)
        draw = Painter([known[name] for name in ("photos", "eyetracking", "designs")], fonts()).draw
    teachers = Teachers(None)

    def make(chunk: int) -> list[Labelled]:
        random = np.random.default_rng([args.seed, chunk])
        labelled: list[Labelled] = []
        while len(labelled) < CHUNK:
            poster = draw(random)
            if (poster.text > 0.5).mean() >= LEAST_TEXT[args.kind]:
                labelled.append(label(poster, teachers, READING[args.kind]))
        return labelled

    make_chunks(args.work, f"{args.kind}-{args.seed}", args.count, make)


if __name__ == "__main__":
    main()
