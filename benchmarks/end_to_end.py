"""Time the steps of one prediction, from a 12 megapixel JPEG to the overlay's JPEG.

    python benchmarks/end_to_end.py [--model live_net] [--megapixels 12] [--rounds 10] [--engine auto]
                                    [--json FILE] [--quick]

The steps are those of the window and of `salviewer predict`, one after another in one thread.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
from common import about, heading, options, photograph, write

from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle, heat_layer, overlay
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.images import load_picture
from salviewer.media.saving import save_picture
from salviewer.models.engines.base import ENGINE_REQUESTS
from salviewer.models.loading import load_model
from salviewer.models.preprocess import resize
from salviewer.models.timing import Times


def main() -> int:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--model", default="live_net")
    parser.add_argument("--engine", default="auto", choices=ENGINE_REQUESTS)
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--rounds", type=int, default=10)
    chosen = parser.parse_args()
    rounds, megapixels = (1, 0.5) if chosen.quick else (chosen.rounds, chosen.megapixels)
    known = about()
    predictor = load_model(chosen.model, "auto", chosen.engine)
    size = predictor.input_size
    taken: dict[str, list[float]] = {}

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        taken.setdefault(what, []).append(1000 * (time.perf_counter() - start))

    with tempfile.TemporaryDirectory() as folder:
        path = photograph(Path(folder), megapixels)
        for _ in range(rounds + 1):
            with timed("decode"):
                shown = load_picture(path).pixels
            with timed("resize to the network's input"):
                batch = np.ascontiguousarray(resize(shown, size)[None], dtype=np.uint8)
            with timed("network"):
                maps = predictor.densities(batch)
            saliency = SaliencyMap(maps[0], (shown.shape[1], shown.shape[0]), predictor.name)
            with timed("smooth, threshold, colour"):
                layer = heat_layer(saliency, PostprocessSettings(), OverlayStyle())
            with timed("lay over the whole picture"):
                result = overlay(shown, layer)
            with timed("encode and write"):
                save_picture(Path(folder) / "out.jpg", result)
    print(heading(known))
    print(f"{megapixels:g} megapixels, {predictor.name} on {predictor.device_title}")
    steps = {what: Times(min(times[1:]), float(np.median(times[1:]))) for what, times in taken.items()}
    whole = sum(step.best for step in steps.values())
    for what, step in steps.items():
        print(f"{what:32} best {step.best:7.1f} ms {step.best / whole:5.0%}   median {step.median:7.1f} ms")
    print(f"{'all':32} best {whole:7.1f} ms")
    found = {what: asdict(step) for what, step in steps.items()}
    setting = {"megapixels": megapixels, "model": predictor.name, "engine": predictor.device_title}
    write(chosen.json, known, setting | {"milliseconds": found})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
